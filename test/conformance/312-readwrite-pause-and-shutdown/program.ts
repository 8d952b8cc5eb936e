import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

const [near, far] = twoWay();

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.near = new ReadWrite({
        handle: near,
        inputEvent: 'nearLine',
        errorEvent: 'nearError',
        flushedEvent: 'nearFlushed',
      });
      heap.far = new ReadWrite({ handle: far, inputEvent: 'farLine', errorEvent: 'farError' });
      heap.far.put('a', 'b', 'c');
    },
    nearLine({ kernel, heap }, line) {
      console.log(`near: ${line}`);
      if (line === 'a') {
        console.log('near: paused');
        heap.near.pauseInput();
        kernel.delay('more', 0.1);
      } else if (line === 'e') heap.near.put('last words');
    },
    more({ kernel, heap }) {
      heap.far.put('d');
      kernel.delay('resume', 0.1);
    },
    resume({ kernel, heap }) {
      console.log('near: resumed');
      heap.near.resumeInput();
      kernel.delay('sendE', 0.1);
    },
    sendE({ heap }) {
      heap.far.put('e');
    },
    nearFlushed({ heap }) {
      console.log('near: flushed, shutting down output');
      heap.near.shutdownOutput();
    },
    farLine(_, line) {
      console.log(`far: ${line}`);
    },
    farError({ kernel, heap }, op, errno) {
      console.log(`far: ${op} ${errno}`);
      heap.far.put('f');
      kernel.delay('shutdownInput', 0.1);
    },
    shutdownInput({ kernel, heap }) {
      console.log('near: shutting down input');
      heap.near.shutdownInput();
      kernel.delay('after', 0.1);
    },
    nearError(_, op, errno) {
      console.log(`near: ${op} ${errno}`);
    },
    after({ heap }) {
      console.log('end');
      heap.near.destroy();
      heap.far.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
