import { constants } from 'node:os';
import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

const outcome = (make: () => unknown): string => {
  try {
    make();
    return 'made';
  } catch {
    return 'dies';
  }
};

const port: Record<string, any> = {};
kernel.hooks.warn.tap('test', () => {
  console.log('warning');
  return false;
});
const server = (name: string) =>
  ServerTCP.create({
    alias: name,
    address: '127.0.0.1',
    port: 0,
    started({ heap }) {
      port[name] = heap.listener.getsockname()?.port;
    },
    clientConnected({ heap }) {
      heap.client.put(`this is ${name}`);
    },
    clientInput({ kernel, heap }, l) {
      if (l === 'quit') kernel.yield('shutdown');
      else heap.client.put(`${name}: ${l}`);
    },
    clientError() {},
  });
server('one');
server('two');
let steps = 0;
ClientTCP.create({
  alias: 'traveller',
  remoteAddress: '127.0.0.1',
  remotePort: port.one,
  preConnect({ heap }, socket) {
    console.log(`preconnect, server ${heap.server ? 'set' : 'unset'}, connected ${heap.connected}`);
    return socket;
  },
  connected({ heap }) {
    console.log(`connected ${heap.connected}, shutdown ${heap.shutdown}`);
  },
  connectError({ kernel, heap }, op, errno) {
    console.log(
      `connect error ${op} ${errno === constants.errno.ECONNREFUSED ? 'ECONNREFUSED' : errno}, server ${heap.server ? `POE::Wheel::${heap.server.constructor.name}` : 'none'}`,
    );
    kernel.delay('next', 0.1);
  },
  serverInput({ kernel }, l) {
    console.log(`got ${l}`);
    kernel.yield('next');
  },
  serverFlushed() {
    console.log('flushed');
  },
  serverError({ heap }, op, errno) {
    console.log(`server error ${op} ${errno}, got_an_error ${heap.gotAnError || 0}`);
  },
  disconnected({ kernel, heap }) {
    console.log(`disconnected, shutdown ${heap.shutdown}, server ${heap.server ? 'there' : 'gone'}`);
    kernel.yield('next');
  },
  inlineStates: {
    next({ kernel, heap }) {
      steps++;
      console.log(`step ${steps}`);
      if (steps === 1) heap.server.put('hi');
      else if (steps === 2) kernel.yield('connect', '127.0.0.1', port.two);
      else if (steps === 3) kernel.yield('reconnect');
      else if (steps === 4) heap.server.put('quit');
      else if (steps === 5) {
        console.log(`alias after shutdown: ${kernel.aliasResolve('traveller') ? 'there' : 'gone'}`);
        kernel.post('one', 'shutdown');
        kernel.delay('next', 0.1);
      } else if (steps === 6) kernel.yield('connect', '127.0.0.1', port.one);
      else if (steps === 7) kernel.yield('connect', undefined, port.two);
      else if (steps === 8) {
        console.log(`alias: ${kernel.aliasResolve('traveller') ? 'there' : 'gone'}`);
        heap.server.put('last words');
        kernel.yield('shutdown');
      } else if (steps === 9) {
        kernel.post('two', 'shutdown');
        kernel.yield('shutdown');
      }
    },
  },
});
await kernel.run();
const f = () => {};
for (const [what, p] of [
  ['no address', { remotePort: 1, serverInput: f }],
  ['no port', { remoteAddress: '127.0.0.1', serverInput: f }],
  ['no input', { remoteAddress: '127.0.0.1', remotePort: 1 }],
  ['high only', { remoteAddress: '127.0.0.1', remotePort: 1, serverInput: f, highMark: 5 }],
  ['text as callback', { remoteAddress: '127.0.0.1', remotePort: 1, serverInput: 'got_input' }],
  ['args', { remoteAddress: '127.0.0.1', remotePort: 1, serverInput: f, args: 'x' }],
  ['inline', { remoteAddress: '127.0.0.1', remotePort: 1, serverInput: f, inlineStates: [] }],
] as [string, any][]) {
  console.log(`client ${what}: ${outcome(() => ClientTCP.create(p))}`);
}
for (const [what, p] of [
  ['neither', { port: 0 }],
  ['both', { port: 0, clientInput: f, acceptor: f }],
  ['one filter', { port: 0, clientInput: f, clientInputFilter: 'POE::Filter::Line' }],
  ['stray', { port: 0, acceptor: f, clientConnected: f }],
  ['text', { port: 0, clientInput: 'x' }],
  ['args', { port: 0, clientInput: f, clientArgs: 'x' }],
  ['high', { port: 0, clientInput: f, highMark: 5, lowMark: 1 }],
  ['params', { port: 0, clientInput: f, sessionParams: [] }],
] as [string, any][]) {
  console.log(`server ${what}: ${outcome(() => ServerTCP.create(p))}`);
}
