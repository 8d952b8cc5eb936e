import { kernel, Session } from 'poe-kernel';

const time = () => Date.now() / 1000;

let shared = 0;

function make(name: string) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        shared ||= time() + 0.2;
        kernel.alarmAdd('same', shared, `${name}-1`);
        kernel.alarmAdd('same', shared, `${name}-2`);
      },
      same(_, what) {
        console.log(`same ${what}`);
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('note', 'posted 1');
      kernel.yield('note', 'posted 2');
      kernel.alarmAdd('note', time() - 10, 'ten seconds ago');
      kernel.alarmAdd('note', time() - 20, 'twenty seconds ago');
      kernel.alarmAdd('note', 1, 'start of the epoch');
      kernel.delayAdd('note', -5, 'five seconds ago');
      kernel.delayAdd('note', 0.1, 'soon');
      kernel.yield('chain', 3);
    },
    note(_, what) {
      console.log(`note: ${what}`);
    },
    chain({ kernel }, n) {
      console.log(`chain ${n}`);
      if (!n) return;
      kernel.yield('chain', n - 1);
      kernel.alarmAdd('note', time() - 1, `past, set in chain ${n}`);
    },
  },
});

make('p');
make('q');
await kernel.run();
