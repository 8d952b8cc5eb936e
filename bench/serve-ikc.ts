import { kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';

/** Offers what all the clients of IKC here, of either language, talk to. */
export async function serveIkc(port: number): Promise<void> {
  Server.spawn({ ip: '127.0.0.1', port, name: 'Bench' });
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.count = 0;
        kernel.aliasSet('bench');
        kernel.call('IKC', 'publish', 'bench', ['echo', 'sink', 'count']);
      },
      echo: (_, value) => value,
      sink({ heap }) {
        heap.count++;
      },
      count: ({ heap }) => heap.count,
    },
  });
  kernel.run();
}
