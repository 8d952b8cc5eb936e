import { kernel, Session } from 'poe-kernel';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('directory');
      console.log('directory: up');
      patient();
    },
    lookup(_, what) {
      console.log(`directory: lookup ${what}`);
      return `value of ${what}`;
    },
    _stop() {
      console.log('directory: stopped');
    },
  },
});

function patient() {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        kernel.aliasSet('patient');
        kernel.sig('IDLE', 'idle', 'extra');
        kernel.sig('ZOMBIE', 'zombie');
        heap.idle = 0;
      },
      idle({ kernel, heap }, signal, extra) {
        heap.idle++;
        console.log(`patient: ${signal} number ${heap.idle} (${extra})`);
        kernel.sigHandled();
        if (heap.idle === 1) kernel.delay('more', 0.1);
      },
      more() {
        console.log('patient: did more work');
      },
      zombie({ kernel }, signal) {
        console.log(`patient: ${signal}`);
        kernel.sigHandled();
      },
      _stop() {
        console.log('patient: stopped');
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('ask', 0.1);
      console.log('client: up');
    },
    ask({ kernel }) {
      console.log(`client: ${kernel.call('directory', 'lookup', 'x')}`);
    },
    _stop() {
      console.log('client: stopped');
    },
  },
});

await kernel.run();
console.log('run returned');
