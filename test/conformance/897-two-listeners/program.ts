import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Line, ReadWrite, SocketFactory } from 'poe-kernel/wheels';

// Several listeners and connectors of one session: told apart by their IDs, events exchanged while clients wait, and every way to fail with its words.

const dir = mkdtempSync(join(tmpdir(), 'sockets-'));
const name = (errno: number) => Object.entries(constants.errno).find(([, n]) => n === errno)?.[0] ?? errno;
const line = () => new Line({ literal: '\n' });
const where = (w: any): string => {
  const n = w.getsockname();
  if (!n) return 'nowhere';
  return n.path !== undefined ? basename(n.path) : n.address + (n.port ? ' with a port' : ' without a port');
};
const port = (w: any): number => w.getsockname()?.port;

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('switchboard');
      const events = { successEvent: 'accepted', failureEvent: 'failed' };
      heap.name = {};
      heap.client = new Map();
      heap.gone = 0;
      heap.w = {
        one: new SocketFactory({ bindAddress: '127.0.0.1', bindPort: 0, listenQueue: 3, reuse: 1, ...events } as any),
        two: new SocketFactory({
          bindAddress: '127.0.0.1',
          bindPort: 0,
          socketDomain: 'AF_INET',
          socketType: 'SOCK_STREAM',
          socketProtocol: 'tcp',
          ...events,
        } as any),
        unix: new SocketFactory({ socketDomain: 'AF_UNIX', bindAddress: `${dir}/sock`, listenQueue: 2, ...events }),
      };
      for (const n of Object.keys(heap.w)) heap.name[heap.w[n].id] = n;
      for (const n of Object.keys(heap.w).sort()) console.log(`${n} listens at ${where(heap.w[n])}`);
      kernel.yield('connect', 'one');
    },
    connect({ heap }, to) {
      const w = new SocketFactory({
        ...(to === 'unix'
          ? { socketDomain: 'AF_UNIX', remoteAddress: `${dir}/sock` }
          : { remoteAddress: '127.0.0.1', remotePort: port(heap.w[to]) }),
        successEvent: 'connected',
        failureEvent: 'failed',
      } as any);
      heap.w[`to ${to}`] = w;
      heap.name[w.id] = `to ${to}`;
      console.log(`connecting to ${to}`);
    },
    connected({ heap }, socket, address, remotePort, id) {
      const name = heap.name[id];
      const to = name.replace('to ', '');
      console.log(
        `${name}: ${to === 'unix' ? `${basename(address)}, ${remotePort ?? 'undef'}` : address + (remotePort === port(heap.w[to]) ? ', its port' : ', another port')}`,
      );
      heap.w[name].destroy();
      delete heap.w[name];
      const rw = new ReadWrite({ handle: socket, filter: line(), inputEvent: 'answer', errorEvent: 'gone' });
      heap.client.set(rw.id, rw);
      rw.put(`hello from ${name}`);
    },
    accepted({ heap }, socket, address, remotePort, id) {
      heap.accepted = `${heap.name[id]} accepts, ${address || 'no address'}, ${remotePort ? 'a port' : 'no port'}`;
      const rw = new ReadWrite({ handle: socket, filter: line(), inputEvent: 'request', errorEvent: 'gone' });
      heap.client.set(rw.id, rw);
    },
    request({ heap }, line, id) {
      console.log(heap.accepted);
      heap.client.get(id).put(`you said: ${line}`);
    },
    answer({ heap }, line, id) {
      console.log(line);
      heap.client.get(id).destroy();
      heap.client.delete(id);
    },
    gone({ kernel, heap }, operation, errno, text, id) {
      console.log(`gone: ${operation} ${errno} '${text}'`);
      heap.client.get(id).destroy();
      heap.client.delete(id);
      heap.gone++;
      const next = { 1: 'two', 2: 'unix' }[heap.gone as number];
      if (next) kernel.yield('connect', next);
      else if (heap.gone <= 4) kernel.yield(heap.gone === 3 ? 'pause' : 'resumed');
      if (heap.gone === 5) kernel.yield('failures');
    },
    pause({ kernel, heap }) {
      heap.w.one.event({ successEvent: 'late' });
      heap.w.one.pauseAccept();
      kernel.yield('connect', 'one');
      kernel.delay('resume', 0.2);
    },
    resume({ heap }) {
      console.log(`resuming, ${heap.client.size > 0 ? 'a client waits' : 'nobody waits'}`);
      heap.w.one.resumeAccept();
    },
    late({ heap }, socket, _address, _port, id) {
      heap.accepted = `late: ${heap.name[id]}`;
      const rw = new ReadWrite({ handle: socket, filter: line(), inputEvent: 'request', errorEvent: 'gone' });
      heap.client.set(rw.id, rw);
    },
    resumed({ kernel, heap }) {
      heap.w.one.event({ successEvent: 'accepted' });
      kernel.yield('connect', 'one');
    },
    failures({ kernel, heap }) {
      const inUse = port(heap.w.one);
      const unix = { socketDomain: 'AF_UNIX' };
      writeFileSync(`${dir}/file`, '');
      const free = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'never',
        failureEvent: 'failed',
      });
      const closed = port(free);
      free.destroy();
      heap.tries = [
        ['port in use', { bindAddress: '127.0.0.1', bindPort: inUse, reuse: 'yes' }],
        ['path in use', { ...unix, bindAddress: `${dir}/sock` }],
        ['no such directory', { ...unix, bindAddress: `${dir}/none/sock` }],
        ['not our address', { bindAddress: '192.0.2.1', bindPort: 0 }],
        ['nobody listens', { remoteAddress: '127.0.0.1', remotePort: closed }],
        ['no such path', { ...unix, remoteAddress: `${dir}/none` }],
        ['no socket', { ...unix, remoteAddress: `${dir}/file` }],
        ['from not ours', { bindAddress: '192.0.2.1', remoteAddress: '127.0.0.1', remotePort: inUse }],
        ['no such service', { remoteAddress: '127.0.0.1', remotePort: 'no-such-service' }],
        ['no such bind name', { bindAddress: '127.0.0.1', bindPort: 'no-such-service' }],
      ];
      kernel.yield('try');
    },
    try({ kernel, heap }) {
      const next = heap.tries.shift();
      if (!next) return kernel.yield('datagrams');
      const [label, params] = next;
      let w: SocketFactory;
      try {
        w = new SocketFactory({ ...params, successEvent: 'never', failureEvent: 'failed' });
      } catch {
        console.log(`${label}: dies`);
        return kernel.yield('try');
      }
      heap.w.try = w;
      heap.name[w.id] = label;
    },
    failed({ kernel, heap }, operation, errno, text, id) {
      console.log(`${heap.name[id]} failed: ${operation}${/^get/.test(operation) ? '' : ` ${name(errno)} '${text}'`}`);
      heap.w.try.destroy();
      kernel.yield('try');
    },
    never() {
      console.log('never');
    },
    datagrams({ heap }) {
      for (const n of ['one', 'two', 'unix']) heap.w[n].destroy();
      console.log(`the path is ${statSync(`${dir}/sock`, { throwIfNoEntry: false })?.isSocket() ? 'there' : 'gone'}`);
      heap.w.udp = new SocketFactory({
        socketProtocol: 'udp',
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'server_ready',
        failureEvent: 'failed',
      });
      console.log(`udp at ${where(heap.w.udp)}`);
    },
    server_ready({ kernel, heap }, socket, address, remotePort, id) {
      console.log(
        `server ready, ${address !== undefined ? 'address' : 'no address'}, ${remotePort !== undefined ? 'port' : 'no port'}, ${id === heap.w.udp.id ? 'its ID' : 'another ID'}`,
      );
      heap.server = socket;
      kernel.selectRead(socket, 'datagram');
      heap.w.udp_client = new SocketFactory({
        socketProtocol: 'udp',
        remoteAddress: '127.0.0.1',
        remotePort: socket.getsockname()?.port,
        successEvent: 'client_ready',
        failureEvent: 'failed',
      });
    },
    client_ready({ kernel, heap }, socket, address, remotePort) {
      console.log(
        `client ready, ${address}, ${remotePort === heap.server.getsockname()?.port ? 'the port of the server' : 'another port'}`,
      );
      heap.sender = socket;
      kernel.selectRead(socket, 'reply');
      for (const n of [1, 2, 3]) socket.send(`datagram ${n}`);
    },
    datagram({ heap }, socket) {
      const from = socket.recv(9);
      console.log(`server got '${from.data}' from ${from.address}`);
      heap.datagrams = (heap.datagrams ?? 0) + 1;
      socket.send(String(heap.datagrams), from);
    },
    reply({ kernel, heap }, socket) {
      heap.replies = (heap.replies ?? '') + String(socket.recv(100).data);
      if (heap.replies.length < 3) return;
      console.log(`replies ${heap.replies}`);
      for (const handle of [heap.server, heap.sender]) {
        kernel.selectRead(handle);
        handle.close();
      }
      heap.w.udp.destroy();
      heap.w.udp_client.destroy();
      kernel.aliasRemove('switchboard');
    },
    _stop() {
      console.log('stopped');
    },
  },
});
await kernel.run();
rmSync(dir, { recursive: true });
