import { constants } from 'node:os';
import { errnoText, kernel, Session } from 'poe-kernel';
import { SocketFactory, type SocketFactoryOptions } from 'poe-kernel/wheels';

function errname(n: number): string {
  const names = ['EADDRINUSE', 'ECONNREFUSED', 'EADDRNOTAVAIL', 'EACCES', 'ENOENT'] as const;
  return names.find((e) => constants.errno[e] === n) ?? String(n);
}

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.name = {};
      heap.failures = 0;
      heap.first = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
      heap.port = heap.first.getsockname().port;
      heap.second = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: heap.port,
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
      heap.name[heap.second.id] = 'second listener';
      console.log(`second listener constructed: POE::Wheel::${heap.second.constructor.name}`);
      kernel.yield('mark');
    },
    mark() {
      console.log('mark');
    },
    failed({ heap }, op, errno, text, id, ...more) {
      console.log(
        `failed: ${heap.name[id]}: ${op} ${errname(errno)}, ` +
          `text matches: ${text === errnoText(errname(errno)) ? 'yes' : 'no'}, more args ${more.length}`,
      );
      const step = ++heap.failures;
      if (step === 1) {
        heap.second.destroy();
        heap.first.destroy();
        heap.client = new SocketFactory({
          remoteAddress: '127.0.0.1',
          remotePort: heap.port,
          successEvent: 'connected',
          failureEvent: 'failed',
        });
        heap.name[heap.client.id] = 'client';
        console.log('client constructed');
      } else if (step === 2) {
        heap.client.destroy();
        heap.third = new SocketFactory({
          bindAddress: '192.0.2.1',
          bindPort: 0,
          successEvent: 'accepted',
          failureEvent: 'failed',
        });
        heap.name[heap.third.id] = 'foreign address';
      } else heap.third.destroy();
    },
    connected({ heap }) {
      console.log('connected?');
      heap.client.destroy();
    },
    accepted() {
      console.log('accepted?');
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();

const cases: Partial<SocketFactoryOptions>[] = [
  {},
  { successEvent: 's' },
  { failureEvent: 'f' },
  { successEvent: 's', failureEvent: 'f', remoteAddress: '127.0.0.1' },
];
for (const options of cases) {
  let why = 'accepted';
  try {
    new SocketFactory(options as SocketFactoryOptions);
  } catch (error) {
    why = `died: ${/^\w+ required/.exec((error as Error).message)?.[0]}`;
  }
  // POE writes its parameters with a capital letter.
  why = why.replace(/: \w/, (text) => text.toUpperCase());
  console.log(`constructor with ${Object.keys(options).length} parameters: ${why}`);
}
