import { kernel, Session } from 'poe-kernel';
import { ClientTCP, type ClientTCPOptions, ServerTCP, type ServerTCPOptions } from 'poe-kernel/components';
import { Block, Line, Stream } from 'poe-kernel/wheels';

const port: Record<string, number | undefined> = {};
const log: string[] = [];
const server = (name: string, arg: Partial<ServerTCPOptions>) =>
  ServerTCP.create({
    alias: name,
    address: '127.0.0.1',
    port: 0,
    started({ heap }) {
      port[name] = heap.listener.getsockname()?.port;
    },
    clientError(_, op, e) {
      log.push(`${name} error ${op} ${e}`);
    },
    clientDisconnected() {
      log.push(`${name} disconnected`);
    },
    ...arg,
  });
server('line', {
  clientFilter: [Line, { literal: ';' }],
  clientInput({ heap }, l) {
    heap.client.put(`line:${l}`);
  },
});
server('split', {
  clientInputFilter: Line,
  clientOutputFilter: [Block],
  clientInput({ heap }, l) {
    heap.client.put(`split:${l}`);
  },
});
server('object', {
  clientFilter: new Block({ blockSize: 2 }),
  clientInput({ heap }, l) {
    heap.client.put(`<${l}>`);
  },
});
server('closer', {
  clientInput({ kernel }, l) {
    if (l.startsWith('close')) kernel.yield('shutdown');
  },
  clientConnected({ heap }) {
    heap.seen = (heap.seen ?? 0) + 1;
    heap.client.put(`hello ${heap.seen}`);
  },
});
const one = (what: string, arg: Partial<ClientTCPOptions> & Pick<ClientTCPOptions, 'serverInput'>) =>
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port[what],
    serverError(_, op, e) {
      log.push(`client ${what} error ${op} ${e}`);
    },
    ...arg,
  });
one('line', {
  filter: [Line, { literal: ';' }],
  connected({ heap }) {
    heap.server.put('a', 'b');
  },
  serverInput({ kernel, heap }, l) {
    log.push(`line got ${l}`);
    heap.n = (heap.n ?? 0) + 1;
    if (heap.n === 2) kernel.yield('shutdown');
  },
});
one('split', {
  filter: Stream,
  connected({ heap }) {
    heap.server.put('q\n');
  },
  serverInput({ kernel }, l) {
    log.push(`split got ${String(l).replace('\0', '~')}`);
    kernel.yield('shutdown');
  },
});
one('object', {
  filter: new Stream(),
  connected({ heap }) {
    heap.server.put('abcde');
  },
  serverInput({ kernel, heap }, l) {
    heap.all = (heap.all ?? '') + l;
    if (heap.all.length === 8) {
      log.push(`object got ${heap.all}`);
      kernel.yield('shutdown');
    }
  },
});
one('closer', {
  connected({ kernel, heap }) {
    heap.times = (heap.times ?? 0) + 1;
    log.push(`connected ${heap.times}`);
    heap.server.put('close;\n');
    if (heap.times > 4) kernel.delay('shutdown', 0.2);
  },
  serverInput(_, l) {
    log.push(`closer got ${l}`);
  },
  disconnected({ kernel, heap }) {
    log.push('closer disconnected');
    if (heap.times < 3) kernel.delay('reconnect', 0.05);
    else if (heap.times === 3) {
      heap.times++;
      kernel.yield('connect', '127.0.0.1', port.line);
    }
  },
  connectError(_, op) {
    log.push(`connect error ${op}`);
  },
});
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('end', 1);
    },
    end({ kernel }) {
      for (const n of ['line', 'split', 'object', 'closer']) kernel.post(n, 'shutdown');
      ClientTCP.create({
        remoteAddress: '127.0.0.1',
        remotePort: 1,
        serverInput() {},
        connectError({ kernel, heap }, op, _e, t) {
          log.push(`refused ${op} [${t}] ${heap.connected ? 1 : 0}`);
          heap.tries ??= 0;
          if (!heap.tries++) kernel.yield('reconnect');
          else kernel.yield('shutdown');
        },
        disconnected() {
          log.push('never');
        },
      });
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
