/**
 * A service for other kernels, as in the synopsis of POE::Component::IKC::Server. Nothing in it says in how many processes it runs, who
 * looks after them, or how it is watched: that is in poe.config.json beside it.
 *
 *     poe run --config examples/operated/poe.config.json dist/examples/operated/server.js
 *
 * Then `poe call clock/time --port 31337`, or curl http://127.0.0.1:9464/metrics. The guide is docs/guide/operating.md.
 */
import { kernel, Session } from 'poe-kernel';
import { createIkcServer } from 'poe-kernel/ikc';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('clock');
      kernel.sig('__parent', 'parent');
    },
    parent: () => console.log(`${process.pid} is the parent`),
    time: () => `${process.pid} ${new Date().toISOString()}`,
    // What no handler should do: nothing else happens in this process until it is over.
    block(_, seconds: number) {
      const end = performance.now() + 1000 * seconds;
      while (performance.now() < end);
    },
  },
});

createIkcServer({ ip: '127.0.0.1', port: Number(process.env.PORT ?? 31_337), name: 'Server' });
kernel.call('IKC', 'publish', 'clock', ['time', 'block']);

await kernel.run();
