import { type Handle, type HandlerContext, kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { ReadWrite, SocketFactory, Stream, SysRW } from 'poe-kernel/wheels';

const port: Record<string, any> = {};
const log: string[] = [];
const count: Record<string, number> = {};
const add = (k: string, n = 1) => {
  count[k] = (count[k] ?? 0) + n;
};
ServerTCP.create({
  alias: 'target',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port.target = heap.listener.getsockname()?.port;
  },
  clientInput({ kernel, heap }, l) {
    heap.client.put([...l].reverse().join(''));
    if (l === 'bye') kernel.yield('shutdown');
  },
});
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('forwarder');
      heap.listener = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
      port.forwarder = heap.listener.getsockname()?.port;
    },
    accepted(_, socket) {
      add('accepted');
      spawn(socket, port.target);
    },
    failed(_, op) {
      console.log(`failed ${op}`);
    },
    shutdown({ kernel, heap }) {
      heap.listener.destroy();
      delete heap.listener;
      kernel.aliasRemove('forwarder');
    },
    _child(_, what) {
      add(what);
    },
    _stop() {
      log.push('forwarder stops');
    },
  },
});
function spawn(socket: Handle, to: number) {
  Session.create({
    packageStates: [
      [
        Forward,
        [
          '_start',
          'connected',
          'refused',
          'client_input',
          'server_input',
          'client_error',
          'server_error',
          'flushed_client',
          'flushed_server',
          '_stop',
        ],
      ],
    ],
    args: [socket, to],
  });
}
function drop(heap: any, ...names: string[]) {
  for (const n of names) {
    heap[n]?.destroy?.();
    delete heap[n];
  }
}
// biome-ignore lint/complexity/noStaticOnlyClass: it stands for a package of Perl
class Forward {
  static _start({ heap }: HandlerContext, socket: any, to: any) {
    heap.log = [];
    heap.queue = [];
    heap.client = new ReadWrite({
      handle: socket,
      filter: new Stream(),
      inputEvent: 'client_input',
      errorEvent: 'client_error',
      flushedEvent: 'flushed_client',
    });
    heap.factory = new SocketFactory({
      remoteAddress: '127.0.0.1',
      remotePort: to,
      successEvent: 'connected',
      failureEvent: 'refused',
    });
  }
  static connected({ heap }: HandlerContext, socket: any) {
    drop(heap, 'factory');
    heap.server = new ReadWrite({
      handle: socket,
      driver: new SysRW({ blockSize: 512 }),
      filter: new Stream(),
      inputEvent: 'server_input',
      errorEvent: 'server_error',
      flushedEvent: 'flushed_server',
    });
    const q = heap.queue;
    delete heap.queue;
    for (const o of q) heap.server.put(o);
  }
  static refused({ heap }: HandlerContext, op: any) {
    log.push(`refused ${op}`);
    add('refused');
    drop(heap, 'client', 'factory', 'queue');
  }
  static client_input({ heap }: HandlerContext, octets: any) {
    if (heap.server) heap.server.put(octets);
    else if (heap.queue) heap.queue.push(octets);
  }
  static server_input({ heap }: HandlerContext, octets: any) {
    add('down', octets.length);
    if (heap.client) heap.client.put(octets);
  }
  static client_error({ heap }: HandlerContext) {
    drop(heap, 'client');
    if (heap.server && !heap.server.getDriverOutOctets()) drop(heap, 'server');
  }
  static server_error({ heap }: HandlerContext) {
    drop(heap, 'server');
    if (heap.client && !heap.client.getDriverOutOctets()) drop(heap, 'client');
  }
  static flushed_client({ heap }: HandlerContext) {
    if (!(heap.server || heap.factory)) drop(heap, 'client');
  }
  static flushed_server({ heap }: HandlerContext) {
    if (!heap.client) drop(heap, 'server');
  }
  static _stop() {
    add('stopped');
  }
}
let left = 4;
for (const n of [1, 2, 3])
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port.forwarder,
    connected({ heap }) {
      heap.server.put(`client ${n}`, 'x'.repeat(3000), 'bye');
    },
    serverInput(_, l) {
      log.push(`${n}: ${l.length > 100 ? l.length : l}`);
    },
    serverError({ kernel }, op, errno) {
      log.push(`${n}: ${op} ${errno}`);
      kernel.yield('shutdown');
    },
    disconnected({ kernel }) {
      if (--left === 1) {
        kernel.post('target', 'shutdown');
        kernel.post('last', 'go');
      }
    },
  });
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('last');
    },
    go({ kernel }) {
      kernel.delay('go2', 0.1);
    },
    go2({ kernel }) {
      kernel.aliasRemove('last');
      ClientTCP.create({
        remoteAddress: '127.0.0.1',
        remotePort: port.forwarder,
        connected({ heap }) {
          heap.server.put('anybody?');
        },
        serverInput() {},
        serverError({ kernel }, op) {
          log.push(`last: ${op}`);
          kernel.yield('shutdown');
        },
        disconnected({ kernel }) {
          kernel.post('forwarder', 'shutdown');
        },
      });
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
for (const k of Object.keys(count).sort()) console.log(`${k} ${count[k]}`);
