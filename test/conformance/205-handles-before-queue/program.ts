import { kernel, oneWay, Session } from 'poe-kernel';

const [r, w] = oneWay();

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.selectRead(r, 'readable');
      kernel.yield('first', 1);
    },
    first({ kernel }, n) {
      console.log(`first ${n}`);
      w.write(String(n));
      kernel.yield('second', n);
      console.log(`first ${n}: wrote, then posted`);
    },
    second({ kernel }, n) {
      console.log(`second ${n}`);
      if (n < 3) kernel.yield('first', n + 1);
      else w.destroy();
    },
    readable({ kernel }, handle) {
      const buf = handle.read()?.toString();
      console.log(`readable: ${buf ?? 'eof'}`);
      if (!buf) kernel.selectRead(handle);
    },
  },
});
await kernel.run();
