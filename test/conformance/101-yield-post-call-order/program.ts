import { kernel, Session } from 'poe-kernel';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('clerk');
      console.log('clerk: start');
    },
    stamp({ kernel }, doc) {
      console.log(`clerk: stamp ${doc}`);
      kernel.yield('archive', doc);
      return `stamped-${doc}`;
    },
    archive(_, doc) {
      console.log(`clerk: archive ${doc}`);
    },
    closing({ kernel }) {
      kernel.aliasRemove('clerk');
      console.log('clerk: closing');
    },
    _stop() {
      console.log('clerk: stop');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      console.log('boss: start');
      kernel.yield('step', 1);
      kernel.post('clerk', 'stamp', 'A');
      const got = kernel.call('clerk', 'stamp', 'B');
      console.log(`boss: call gave ${got}`);
      kernel.yield('step', 2);
      kernel.post('clerk', 'stamp', 'C');
      console.log('boss: start done');
    },
    step({ kernel }, n) {
      console.log(`boss: step ${n}`);
      if (n === 1) {
        kernel.yield('step', 3);
        console.log('boss: call in step 1 gave', kernel.call('clerk', 'stamp', 'D'));
        kernel.post('clerk', 'closing');
      }
    },
  },
});

await kernel.run();
console.log('run returned');
