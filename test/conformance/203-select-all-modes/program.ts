import { kernel, Session, twoWay } from 'poe-kernel';

const [a, b] = twoWay();

Session.create({
  heap: { writes: 0 },
  inlineStates: {
    _start({ kernel }) {
      b.write('hello');
      console.log(`select returned ${kernel.select(a, 'readable', 'writable', 'expedited', 'x', 'y')}`);
    },
    readable({ kernel }, handle, mode, ...args) {
      const buf = handle.read()?.toString();
      console.log(`readable: mode ${mode} (${args.join(' ')}) ${buf ?? 'eof'}`);
      if (!buf) {
        console.log('remove all');
        kernel.select(handle);
        a.destroy();
      }
    },
    writable({ kernel, heap }, handle, mode, ...args) {
      const n = ++heap.writes;
      console.log(`writable: mode ${mode} (${args.join(' ')}) time ${n}`);
      if (n === 2) {
        console.log('drop write only');
        kernel.select(handle, 'readable', undefined, undefined, 'z');
        handle.write('bye');
        console.log(`peer read ${b.read()}`);
        b.destroy();
      }
    },
    expedited() {
      console.log('expedited?');
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
