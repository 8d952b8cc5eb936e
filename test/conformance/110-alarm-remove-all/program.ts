import { kernel, Session } from 'poe-kernel';

const time = () => Math.trunc(Date.now() / 1000);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('mine', 0.3);
    },
    mine() {
      console.log("other session's timer still fired");
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delaySet('c', 3, 'x', 'y');
      kernel.delaySet('a', 1);
      kernel.alarmSet('b', time() + 2, 'z');
      kernel.delayAdd('a', 4, 'again');
      kernel.yield('posted');
      const all = kernel.alarmRemoveAll();
      for (const [name, at, ...args] of all) {
        const left = at - time();
        console.log(`removed ${name} (${args.join(' ')}), due ${left > 0 && left <= 5.5 ? 'ok' : 'odd'}`);
      }
      kernel.delay('z', 5);
      const rest = kernel.alarmRemoveAll();
      console.log(`scalar: ${Array.isArray(rest) ? 'ARRAY' : ''} of ${rest.length}: ${rest[0]?.[0]}`);
      const none = kernel.alarmRemoveAll();
      console.log(`empty: ${none.length}`);
    },
    posted() {
      console.log('yield survived');
    },
    _default(_, event) {
      if (!/^_/.test(event)) console.log(`unexpected ${event}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});

await kernel.run();
