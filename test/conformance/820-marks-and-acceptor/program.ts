import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { ReadWrite, Stream } from 'poe-kernel/wheels';

const port: Record<string, any> = {};
const log: string[] = [];
const n = { highEvent: 0, low: 0, flushed: 0, full: 0, octets: 0 };
ServerTCP.create({
  alias: 'producer',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port.producer = heap.listener.getsockname()?.port;
  },
  clientFilter: Stream,
  highMark: 1_000_000,
  lowMark: 100_000,
  clientHigh() {
    n.highEvent++;
  },
  clientLow({ kernel }) {
    n.low++;
    kernel.yield('more');
  },
  clientFlushed() {
    n.flushed = 1;
  },
  clientConnected({ kernel, heap }) {
    heap.left = 4_000_000;
    kernel.yield('more');
  },
  clientInput() {},
  clientDisconnected({ kernel }) {
    kernel.post('producer', 'shutdown');
  },
  inlineStates: {
    more({ kernel, heap }) {
      while (heap.left > 0) {
        heap.left -= 100_000;
        if (heap.client.put('x'.repeat(100_000))) {
          n.full++;
          return;
        }
      }
      kernel.yield('shutdown');
    },
  },
});
ClientTCP.create({
  remoteAddress: '127.0.0.1',
  remotePort: port.producer,
  filter: Stream,
  connected({ kernel, heap }) {
    heap.server.pauseInput();
    kernel.delay('go_on', 0.3);
  },
  serverInput(_, octets) {
    n.octets += octets.length;
  },
  serverError() {},
  inlineStates: {
    go_on({ heap }) {
      heap.server.resumeInput();
    },
  },
});
ServerTCP.create({
  alias: 'acceptor',
  address: '127.0.0.1',
  port: 0,
  concurrency: 2,
  started({ heap }) {
    port.acceptor = heap.listener.getsockname()?.port;
  },
  acceptor({ heap, session }, socket, address, _port, id) {
    const listener = session.id;
    log.push(`accepted from ${address}, ${heap.connections} open, wheel ${id === heap.listener.id ? 'ok' : 'wrong'}`);
    Session.create({
      inlineStates: {
        _start({ heap }, socket) {
          heap.w = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'bye' });
          heap.w.put('hello');
        },
        line({ heap }, l) {
          heap.w.put(l[0].toUpperCase() + l.slice(1));
        },
        bye({ kernel, heap }) {
          heap.w.destroy();
          delete heap.w;
          kernel.post(listener, 'disconnected');
        },
      },
      args: [socket],
    });
  },
});
let left = 4;
for (let c = 1; c <= 4; c++) {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port.acceptor,
    serverInput({ kernel, heap }, l) {
      log.push(`got ${l}`);
      if (l === 'hello') heap.server.put('name');
      else kernel.yield('shutdown');
    },
    serverError() {},
    disconnected({ kernel }) {
      if (!--left) kernel.post('acceptor', 'shutdown');
    },
  });
}
await kernel.run();
for (const l of log.sort()) console.log(l);
const many = (x: number) => (x >= 2 ? 'several' : x);
console.log(
  `octets ${n.octets}, low ${many(n.low)}, full ${many(n.full)}, low and full ${n.full === n.low ? 'alike' : 'differ'}, high events ${n.highEvent}, flushed ${n.flushed}`,
);
