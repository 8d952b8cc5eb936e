import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

const [near, far] = twoWay();

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.wheel = new ReadWrite({ handle: near, inputEvent: 'line', errorEvent: 'failed' });
      heap.firstId = heap.wheel.id;
      far.write('one\ntwo\nthree\n');
    },
    line({ kernel, heap }, line, id) {
      console.log(`line ${line}, wheel ${heap.wheel ? 'held' : 'dropped'}`);
      if (line === 'one') {
        heap.wheel.destroy();
        delete heap.wheel;
        far.write('unread\n');
        kernel.delay('check', 0.1);
      } else if (line === 'fresh') {
        console.log(`id differs: ${id !== heap.firstId ? 'yes' : 'no'}`);
        heap.wheel.destroy();
        console.log('dropped for good');
      }
    },
    check({ kernel }) {
      console.log(`handle still open: ${near.destroyed ? 'no' : 'yes'}`);
      process.stdout.write(`read by hand: ${near.read()}`);
      const wheel = new ReadWrite({ handle: near, inputEvent: 'never' });
      console.log('a wheel kept only in a lexical');
      wheel.destroy();
      far.write('lost?\n');
      kernel.delay('again', 0.1);
    },
    never(_, line) {
      console.log(`never: ${line}`);
    },
    again({ heap }) {
      process.stdout.write(`read by hand: ${near.read()}`);
      heap.wheel = new ReadWrite({ handle: near, inputEvent: 'line', errorEvent: 'failed' });
      far.write('fresh\n');
    },
    failed(_, op) {
      console.log(`failed ${op}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
far.write('x');
console.log(`after run, far end still usable: ${far.writable ? 'yes' : 'no'}`);
