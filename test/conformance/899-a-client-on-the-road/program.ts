import { constants } from 'node:os';
import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { Block, SocketFactory } from 'poe-kernel/wheels';

// A client on the road: it is refused, shut down while it connects, goes from one server to the next with other filters, and is sent away.

const port: Record<string, any> = {};
function server(name: string, more: Record<string, any> = {}) {
  ServerTCP.create({
    alias: name,
    address: '127.0.0.1',
    port: 0,
    started({ heap }: any) {
      port[name] = heap.listener.getsockname()?.port;
    },
    clientConnected({ heap }: any) {
      heap.client.put(`${name} greets`);
    },
    clientInput({ kernel, heap }: any, line: any) {
      heap.client.put(`${name} heard ${line}`);
      if (line === 'send me away') kernel.yield('shutdown');
    },
    clientError() {},
    ...more,
  });
}
server('home');
server('away');
server('blocks', {
  clientFilter: [Block, { blockSize: 4 }],
  clientConnected({ heap }: any) {
    heap.client.put('blocks!!');
  },
  clientInput({ heap }: any, block: any) {
    heap.client.put([...String(block)].reverse().join(''));
  },
});

const errno = (n: number) => (n === constants.errno.ECONNREFUSED ? 'ECONNREFUSED' : n);
const stateOf = (heap: any) =>
  `connected ${heap.connected || 0}, shutdown ${heap.shutdown || 0}, server ${heap.server ? 'there' : 'gone'}`;
const nameOf = (wanted: number) =>
  Object.keys(port)
    .sort()
    .find((name) => port[name] === wanted) ?? 'unknown';

const road: ((kernel: any, heap: any) => void)[] = [
  (kernel) => {
    console.log('-- nobody is there');
    const free = new SocketFactory({ bindAddress: '127.0.0.1', bindPort: 0, successEvent: 'x', failureEvent: 'x' });
    port.closed = free.getsockname()?.port;
    free.destroy();
    kernel.yield('connect', '127.0.0.1', port.closed);
  },
  (kernel) => {
    console.log('-- again');
    kernel.yield('reconnect');
  },
  (kernel) => {
    console.log('-- home');
    kernel.yield('connect', '127.0.0.1', port.home);
  },
  (_kernel, heap) => {
    console.log('-- talk');
    heap.server.put('one');
  },
  (kernel) => {
    console.log('-- a second connection over the first');
    kernel.yield('connect', '127.0.0.1', port.away);
  },
  (_kernel, heap) => {
    console.log('-- sent away');
    heap.server.put('send me away');
  },
  (kernel) => {
    console.log('-- back again');
    kernel.yield('reconnect');
  },
  (kernel) => {
    console.log('-- blocks');
    kernel.yield('connect', '127.0.0.1', port.blocks);
  },
  (_kernel, heap) => {
    console.log('-- another filter');
    heap.server.setFilter(new Block({ blockSize: 2 }));
    heap.server.put('abcd');
  },
  (kernel, heap) => {
    console.log('-- shut down with something put');
    kernel.yield('connect', '127.0.0.1', port.home);
    heap.last = 1;
  },
];

ClientTCP.create({
  alias: 'traveller',
  remoteAddress: '127.0.0.1',
  remotePort: port.home,
  connectTimeout: 20,
  args: ['a', ['b']],
  started({ heap }: any, ...args: any[]) {
    console.log(`started with ${args[0]} ${args[1][0]}, ${stateOf(heap)}`);
    heap.stay = 1;
  },
  preConnect({ kernel, heap }: any, socket: any, address: any, remotePort: any) {
    console.log(`preconnect ${address} ${nameOf(remotePort)}, ${socket ? 'socket' : 'none'}`);
    if (heap.veto) return socket;
    heap.veto = 1;
    kernel.yield('next_stop');
    return;
  },
  connected({ kernel, heap }: any, _socket: any, _address: any, remotePort: any) {
    const name = nameOf(remotePort);
    console.log(
      `connected to ${name}, ${stateOf(heap)}, filter POE::Filter::${heap.server.getInputFilter().constructor.name}`,
    );
    if (name === 'blocks') heap.server.setFilter(new Block({ blockSize: 8 }));
    if (heap.last) {
      heap.server.put('farewell');
      kernel.yield('shutdown');
    }
  },
  connectError({ kernel, heap }: any, operation: any, number: any) {
    console.log(`connect error ${operation} ${errno(number)}, ${stateOf(heap)}`);
    kernel.yield('next_stop');
  },
  serverInput({ kernel, heap }: any, record: any) {
    console.log(`input ${record}`);
    if (heap.last) return;
    if (!/away$|^dc$/.test(String(record))) kernel.yield('next_stop');
  },
  serverFlushed({ heap }: any) {
    heap.flushed = (heap.flushed ?? 0) + 1;
  },
  serverError({ heap }: any, operation: any, number: any, text: any) {
    console.log(`server error ${operation} ${errno(number)} '${text}', ${stateOf(heap)}`);
  },
  disconnected({ kernel, heap }: any) {
    console.log(`disconnected, ${stateOf(heap)}, flushed ${heap.flushed ? 'something' : 'nothing'}`);
    delete heap.flushed;
    if (heap.last) kernel.post('after', 'begin');
    else kernel.yield('next_stop');
  },
  inlineStates: {
    next_stop({ kernel, heap }: any) {
      road.shift()?.(kernel, heap);
    },
  },
});

// Clients one after the other, each shut down at another moment.
const moments: [string, Record<string, any>, string][] = [
  [
    'shut down in Started',
    {
      started({ kernel }: any) {
        kernel.yield('shutdown');
      },
    },
    'home',
  ],
  [
    'shut down in PreConnect',
    {
      preConnect({ kernel }: any, socket: any) {
        kernel.yield('shutdown');
        return socket;
      },
    },
    'home',
  ],
  [
    'shut down in Connected',
    {
      connected({ kernel, session, heap }: any) {
        console.log('connected');
        heap.server.put('unheard');
        kernel.call(session, 'shutdown');
      },
    },
    'home',
  ],
  [
    'shut down in ServerInput',
    {
      serverInput({ kernel }: any, line: any) {
        console.log(`input ${line}`);
        kernel.yield('shutdown');
      },
    },
    'home',
  ],
  [
    'shut down in ConnectError',
    {
      connectError({ kernel }: any, operation: any, number: any) {
        console.log(`error ${operation} ${errno(number)}`);
        kernel.yield('shutdown');
      },
    },
    'closed',
  ],
  [
    'never shut down',
    {
      connected({ heap }: any) {
        console.log('connected');
        heap.server.put('send me away');
      },
    },
    'away',
  ],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('after');
    },
    begin({ kernel }) {
      console.log('-- moments');
      kernel.yield('next');
    },
    next({ kernel }) {
      const moment = moments.shift();
      if (!moment) {
        for (const alias of ['home', 'away', 'blocks', 'traveller']) kernel.post(alias, 'shutdown');
        kernel.aliasRemove('after');
        return;
      }
      const [label, more, to] = moment;
      console.log(`-- ${label}`);
      ClientTCP.create({
        remoteAddress: '127.0.0.1',
        remotePort: port[to],
        serverInput(_: any, line: any) {
          console.log(`input ${line}`);
        },
        serverError(_: any, operation: any, number: any) {
          console.log(`server error ${operation} ${errno(number)}`);
        },
        connectError(_: any, operation: any, number: any) {
          console.log(`error ${operation} ${errno(number)}`);
        },
        disconnected({ heap }: any) {
          console.log(`disconnected, ${stateOf(heap)}`);
        },
        ...more,
      });
    },
    _child({ kernel }, what) {
      if (what === 'lose') kernel.delay('next', 0.05);
    },
  },
});
await kernel.run();
console.log('over');
