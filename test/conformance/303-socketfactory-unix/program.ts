import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { SocketFactory, type WheelOptions } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const path = join(dir, 'sock');

function errname(n: number): string {
  const names = ['EADDRINUSE', 'ECONNREFUSED', 'ENOENT'] as const;
  return names.find((e) => constants.errno[e] === n) ?? String(n);
}

const events = { socketDomain: 'unix', failureEvent: 'failed' };
// With its own kernel: after an await the exported one no longer knows for which session to act.
const connector = (kernel: WheelOptions['kernel']) =>
  new SocketFactory({ kernel, ...events, remoteAddress: path, successEvent: 'connected' });
const listener = (kernel: WheelOptions['kernel']) =>
  new SocketFactory({ kernel, ...events, bindAddress: path, successEvent: 'accepted' });

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.failures = 0;
      heap.log = {};
      heap.client = connector(kernel);
    },
    failed({ kernel, heap }, op, errno) {
      console.log(`failed: ${op} ${errname(errno)}`);
      const n = ++heap.failures;
      if (n === 1) {
        heap.client.destroy();
        heap.server = listener(kernel);
        console.log(`socket exists: ${statSync(path).isSocket() ? 'yes' : 'no'}`);
        heap.rival = listener(kernel);
      } else if (n === 2) {
        heap.rival.destroy();
        heap.client = connector(kernel);
      } else heap.client.destroy();
    },
    connected({ kernel, heap }, socket, addr, port, id) {
      heap.log.connected = [
        `address ${addr === undefined ? 'undef' : addr === path ? 'the path' : addr.length ? 'other' : 'empty'}`,
        `port ${port === undefined ? 'undef' : 'defined'}`,
        `id ${id === heap.client.id ? 'mine' : 'other'}`,
      ].join(', ');
      heap.near = socket;
      if (heap.far) kernel.yield('talk');
    },
    accepted({ kernel, heap }, socket, addr, port, id) {
      heap.log.accepted = [
        `address ${addr ? 'defined' : 'empty or undef'}`,
        `port ${port === undefined ? 'undef' : 'defined'}`,
        `id ${id === heap.server.id ? 'mine' : 'other'}`,
      ].join(', ');
      heap.far = socket;
      if (heap.near) kernel.yield('talk');
    },
    async talk({ kernel, heap }) {
      for (const who of ['accepted', 'connected']) console.log(`${who}: ${heap.log[who]}`);
      heap.far.write('hello over unix');
      await once(heap.near, 'readable');
      console.log(`client read '${heap.near.read()}'`);
      for (const each of [heap.server, heap.client, heap.near, heap.far]) each.destroy();
      console.log(`server wheel dropped, path still there: ${existsSync(path) ? 'yes' : 'no'}`);
      heap.client = connector(kernel);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
rmSync(dir, { recursive: true });
