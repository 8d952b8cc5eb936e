/**
 * A server by hand, of the wheels that everything else is made of: SocketFactory accepts, ReadWrite speaks with each client. One
 * session serves them all, with the events that POE's own servers have: _start, accept, error, shutdown.
 *
 *     node dist/examples/greeter/index.js [port]
 *
 * Then `nc 127.0.0.1 3137`, a name a line; `bye` ends the connection, INT ends the server. For servers without wishes of
 * their own there is `ServerTCP` in poe-kernel/components.
 */
import { constants } from 'node:os';
import { events, kernel, Session } from 'poe-kernel';
import { ReadWrite, type ReadWriteEvents, SocketFactory, type SocketFactoryEvents } from 'poe-kernel/wheels';

interface Events {
  _start: [port: number];
  accept: SocketFactoryEvents['successEvent'];
  error: SocketFactoryEvents['failureEvent'];
  input: ReadWriteEvents['inputEvent'];
  gone: ReadWriteEvents['errorEvent'];
  flushed: ReadWriteEvents['flushedEvent'];
  shutdown: [];
  sig_INT: [];
}

interface Client {
  readonly wheel: ReadWrite;
  readonly name: string;
  leaving: boolean;
}

interface Heap {
  wheel?: SocketFactory | undefined;
  readonly clients: Map<number, Client>;
}

function drop(heap: Heap, wheelId: number, why: string): void {
  const client = heap.clients.get(wheelId);
  if (client === undefined) return;
  console.log(`${client.name} ${why}`);
  client.wheel.destroy();
  heap.clients.delete(wheelId);
}

Session.create({
  args: [Number(process.argv[2] ?? 3137)],
  heap: { clients: new Map() } as Heap,
  events: events<Events>(),
  inlineStates: {
    _start({ kernel, heap }, port) {
      kernel.aliasSet('greeter');
      kernel.sig('INT', 'sig_INT');
      heap.wheel = new SocketFactory({
        kernel,
        reuse: 'yes',
        bindAddress: '127.0.0.1',
        bindPort: port,
        successEvent: 'accept',
        failureEvent: 'error',
      });
      const own = heap.wheel.getsockname();
      if (own !== undefined) console.log(`listening on ${own.address}:${own.port}`);
    },

    // The socket factory has accepted a connection.
    accept({ kernel, heap }, handle, address, port) {
      const wheel = new ReadWrite({
        kernel,
        handle,
        inputEvent: 'input',
        errorEvent: 'gone',
        flushedEvent: 'flushed',
      });
      const client = { wheel, name: `${address}:${port}`, leaving: false };
      heap.clients.set(wheel.id, client);
      console.log(`${client.name} is here`);
      wheel.put('who is there?');
    },

    // It cannot listen, or not accept.
    error({ kernel, heap }, operation, errno, message) {
      console.error(`encountered ${operation} error ${errno}: ${message}`);
      if (errno === constants.errno.EADDRINUSE) console.error('is another greeter running?');
      process.exitCode = 1;
      heap.wheel?.destroy();
      kernel.yield('shutdown');
    },

    input({ heap }, line, wheelId) {
      const client = heap.clients.get(wheelId);
      if (client === undefined || client.leaving) return;
      client.leaving = line === 'bye';
      client.wheel.put(client.leaving ? 'good bye' : `hello, ${line}`);
    },

    // A client has hung up, or is not to be reached any more.
    gone({ heap }, operation, errno, message, wheelId) {
      drop(heap, wheelId, errno === 0 ? 'has gone' : `is lost: ${operation}: ${message}`);
    },

    // Everything is written: who is leaving can be let go.
    flushed({ heap }, wheelId) {
      if (heap.clients.get(wheelId)?.leaving) drop(heap, wheelId, 'was let go');
    },

    // Nobody else gets in; who is here is told, and the session ends with the last of them.
    shutdown({ kernel, heap }) {
      heap.wheel?.destroy();
      heap.wheel = undefined;
      for (const client of heap.clients.values()) {
        client.leaving = true;
        client.wheel.put('the server closes');
      }
      kernel.aliasRemove('greeter');
    },

    sig_INT({ kernel }) {
      kernel.yield('shutdown');
      kernel.sigHandled();
    },

    _stop() {
      console.log('stopped');
    },
  },
});

await kernel.run();
