import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InternetAddress, kernel, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';

const outcome = (make: () => unknown): string => {
  try {
    make();
    return 'made';
  } catch {
    return 'dies';
  }
};

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const names = ['ECONNREFUSED', 'ENOENT', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT'] as const;
const errnoName = new Map<number, string>(names.map((n) => [constants.errno[n], n]));
let log: string[] = [];
const sayError = (what: string, op: string, errno: number, ok: boolean) =>
  log.push(`${what}: ${op} ${errnoName.get(errno) ?? (errno ? 'other' : 0)}${ok ? '' : ' WRONG ID'}`);
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.what = new Map();
      heap.w = new Map();
      heap.listener = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'accepted',
        failureEvent: 'failed',
        listenQueue: 5,
        reuse: 'on',
      });
      const { port, address } = heap.listener.getsockname();
      heap.port = port;
      console.log(`listener address ${address}, port ${port > 0 ? 'known' : 'unknown'}`);
      console.log(`ID is a number: ${/^\d+$/.test(heap.listener.id) ? 'yes' : 'no'}`);
      const probe = new SocketFactory({ bindAddress: '127.0.0.1', successEvent: 'x', failureEvent: 'y' });
      heap.free = (probe.getsockname() as InternetAddress).port;
      probe.destroy();
      kernel.yield('connect');
    },
    connect({ heap }) {
      heap.bound = new SocketFactory({
        remoteAddress: '127.0.0.1',
        remotePort: heap.port,
        bindAddress: '127.0.0.1',
        bindPort: heap.free,
        reuse: 'yes',
        successEvent: 'connected',
        failureEvent: 'failed',
      });
    },
    accepted({ heap }, socket, addr, port, id) {
      log.push(
        `accepted from ${addr}, port ${port === heap.free ? 'as bound' : 'another'}, id ${id === heap.listener.id ? 'ok' : 'wrong'}`,
      );
      heap.server = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'gone' });
      log.push(`local port ${heap.server.getInputHandle().localPort === heap.port ? 'same' : 'another'}`);
    },
    connected({ heap }, socket, addr, port, id) {
      log.push(
        `connected to ${addr}, port ${port === heap.port ? 'ok' : 'wrong'}, id ${id === heap.bound.id ? 'ok' : 'wrong'}`,
      );
      log.push(`getsockname of the connector now: ${heap.bound.getsockname() !== undefined ? 'defined' : 'undef'}`);
      heap.bound.destroy();
      delete heap.bound;
      heap.client = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'gone' });
      heap.client.put('hello');
    },
    line({ heap }, line, id) {
      const who = id === heap.server.id ? 'server' : 'client';
      log.push(`${who} got ${line}`);
      if (who === 'server') heap.server.put(`you said ${line}`);
      else {
        heap.client.destroy();
        delete heap.client;
      }
    },
    gone({ kernel, heap }, op, errno) {
      log.push(`server side ends: ${op} ${errno}`);
      heap.server.destroy();
      delete heap.server;
      heap.listener.destroy();
      delete heap.listener;
      for (const l of log.sort()) console.log(l);
      log = [];
      kernel.yield('errors');
    },
    errors({ kernel, heap }) {
      const e = { successEvent: 'unexpected', failureEvent: 'failed' };
      const make = (what: string, p: object) => {
        const w = new SocketFactory({ ...e, ...p });
        heap.what.set(w.id, what);
        heap.w.set(w.id, w);
        return w;
      };
      make('refused', { remoteAddress: '127.0.0.1', remotePort: heap.free });
      make('refused by name', { remoteAddress: 'localhost', remotePort: heap.free });
      make('service', { remoteAddress: '127.0.0.1', remotePort: 'no-such-service' });
      make('bind service', { bindAddress: '127.0.0.1', bindPort: 'no-such-service' });
      make('no unix', { socketDomain: 'AF_UNIX', remoteAddress: `${dir}/none` });
      make('foreign address', { bindAddress: '192.0.2.1', bindPort: 0 });
      make('protocol', { socketProtocol: 'no-such-protocol', bindPort: 0 });
      make('type', { socketProtocol: 'tcp', socketType: 'SOCK_DGRAM', bindPort: 0 });
      make('renamed', { remoteAddress: '127.0.0.1', remotePort: heap.free }).event({
        failureEvent: 'failed_otherwise',
      });
      const d = make('dropped', { remoteAddress: '127.0.0.1', remotePort: heap.free });
      d.destroy();
      heap.w.delete(d.id);
      console.log('all made');
      kernel.delay('report', 0.5);
    },
    failed({ heap }, op, errno, _text, id) {
      sayError(heap.what.get(id), op, errno, heap.w.has(id));
      heap.w.get(id)?.destroy();
      heap.w.delete(id);
    },
    failed_otherwise({ heap }, op, errno, _text, id) {
      sayError(`other event, ${heap.what.get(id)}`, op, errno, true);
      heap.w.get(id)?.destroy();
      heap.w.delete(id);
    },
    unexpected() {
      console.log('unexpected');
    },
    report({ heap }) {
      for (const l of log.sort()) console.log(l);
      console.log(`left: ${heap.w.size}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
for (const [what, p] of [
  ['no success', { failureEvent: 'f' }],
  ['no failure', { successEvent: 's' }],
  ['no port', { successEvent: 's', failureEvent: 'f', remoteAddress: 'localhost' }],
] as [string, any][]) {
  console.log(`${what}: ${outcome(() => new SocketFactory(p))}`);
}
