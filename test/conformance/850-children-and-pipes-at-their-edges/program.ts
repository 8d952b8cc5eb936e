import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite, Run } from 'poe-kernel/wheels';

// Children and pipes at their edges: what comes of put after the end, of events turned off and on, of kill after death, of a wheel that is destroyed in its own event.

const steps = [
  () => {
    console.log('-- a child that ends while its wheel is paused');
    Session.create({
      inlineStates: {
        _start({ kernel, heap }) {
          heap.wheel = new Run({
            program: ['sh', '-c', 'echo one; echo two; echo three >&2; exit 3'],
            stdoutEvent: 'out',
            stderrEvent: 'err',
            closeEvent: 'closed',
          });
          heap.wheel.pauseStdout();
          kernel.sigChild(heap.wheel.pid, 'ended', 'sh');
        },
        out(_, line) {
          console.log(`out ${line}`);
        },
        err(_, line) {
          console.log(`err ${line}`);
        },
        ended({ kernel, heap }, name, _pid, status, what) {
          console.log(`${name} of ${what}: ${status >> 8}`);
          console.log(`kill: ${heap.wheel.kill(0) ? 'still there' : 'gone'}`);
          kernel.delay('resume', 0.1);
        },
        resume({ heap }) {
          console.log('resumed');
          heap.wheel.resumeStdout();
        },
        closed({ heap }) {
          console.log('closed');
          heap.wheel.destroy();
          nextStep();
        },
        _stop() {
          console.log('stopped');
        },
      },
    });
  },
  () => {
    console.log('-- events turned off and on');
    Session.create({
      inlineStates: {
        _start({ kernel, heap }) {
          heap.wheel = new Run({ program: 'cat', stdoutEvent: 'out', stdinEvent: 'flushed', closeEvent: 'closed' });
          kernel.sigChild(heap.wheel.pid, 'ended');
          console.log(`put: ${heap.wheel.put('first') ? 'full' : 'fine'}`);
        },
        flushed({ heap }) {
          if (!heap.flushed) console.log('flushed');
          heap.flushed = true;
        },
        out({ heap }, line) {
          console.log(`out ${line}`);
          if (line === 'first') {
            heap.wheel.event({ stdoutEvent: 'other' });
            heap.wheel.put('second', 'third');
          }
        },
        other({ heap }, line) {
          console.log(`other ${line}`);
          if (line !== 'third') return;
          heap.wheel.shutdownStdin();
          let outcome = 'fine';
          try {
            heap.wheel.put('x');
          } catch {
            outcome = 'dies';
          }
          console.log(`put after shutdown: ${outcome}`);
        },
        closed({ heap }) {
          console.log('closed');
          heap.closed = true;
          ready(heap);
        },
        ended({ heap }, _name, _pid, status) {
          heap.status = status;
          ready(heap);
        },
        _stop() {
          console.log('stopped');
        },
      },
    });
  },
  () => {
    console.log('-- a wheel destroyed in its own event');
    Session.create({
      inlineStates: {
        _start({ heap }) {
          const [a, b] = twoWay();
          heap.a = new ReadWrite({ handle: a, inputEvent: 'line', errorEvent: 'error' });
          heap.aHandle = a;
          heap.b = new ReadWrite({ handle: b, inputEvent: 'heard', errorEvent: 'error', flushedEvent: 'flushed' });
          heap.b.put('one', 'two', 'three');
          console.log(`messages ${heap.b.getDriverOutMessages()}, octets ${heap.b.getDriverOutOctets()}`);
        },
        flushed({ heap }) {
          console.log(`flushed, octets ${heap.b.getDriverOutOctets()}`);
        },
        heard(_, line) {
          console.log(`heard ${line}`);
        },
        line({ heap }, line) {
          console.log(`line ${line}`);
          if (line !== 'two') return;
          heap.a.put('leaving');
          heap.a.destroy();
          heap.aHandle.end();
        },
        error({ heap }, operation, errno, _text, id) {
          console.log(`${operation} error ${errno} of ${heap.b.id === id ? 'b' : 'a'}`);
          heap.b.destroy();
          nextStep();
        },
        _stop() {
          console.log('stopped');
        },
      },
    });
  },
];

function ready(heap: Record<string, any>) {
  if (!heap.closed || heap.status === undefined) return;
  console.log(`exit ${heap.status}`);
  heap.wheel.destroy();
  nextStep();
}

function nextStep() {
  const step = steps.shift();
  if (step !== undefined) kernel.post('stepper', 'step', step);
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('stepper');
      nextStep();
    },
    step(_, step) {
      step();
    },
    _child() {},
  },
});
await kernel.run();
console.log('done');
