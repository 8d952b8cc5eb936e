import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { Reference } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const path = `${dir}/socket`;
const log: string[] = [];
ServerTCP.create({
  alias: 'local',
  domain: 'AF_UNIX',
  address: path,
  clientFilter: Reference,
  started({ heap }) {
    log.push(
      `started, path ${existsSync(path) ? 'there' : 'missing'}, getsockname ${(heap.listener.getsockname() as any).path === path ? 'ok' : 'wrong'}`,
    );
  },
  clientConnected({ heap }) {
    log.push(`connected from ${heap.remoteIp}, port ${heap.remotePort !== undefined ? 'defined' : 'undef'}`);
    heap.client.put({ hello: 'world', list: [1, 2, 3] });
  },
  clientInput({ kernel, heap }, data: any) {
    log.push(
      `server got ${Object.keys(data)
        .sort()
        .map((k) => `${k}=${data[k]}`)
        .join(',')}`,
    );
    heap.client.put(['sum', data.a + data.b]);
    kernel.yield('shutdown');
  },
  clientDisconnected({ kernel }) {
    log.push('gone');
    kernel.post('local', 'shutdown');
  },
  stopped() {
    log.push('stopped');
  },
});
ClientTCP.create({
  domain: 'AF_UNIX',
  remoteAddress: path,
  remotePort: 0,
  filter: [Reference],
  connected(_, _s, address, port) {
    log.push(
      `client connected, address ${address === path ? 'the path' : 'another'}, port ${port !== undefined ? 'defined' : 'undef'}`,
    );
  },
  serverInput({ heap }, data: any) {
    if (!Array.isArray(data)) {
      log.push(`client got ${data.hello} ${data.list.join(' ')}`);
      heap.server.put({ a: 1, b: 41 });
    } else log.push(`client got ${data.join(' ')}`);
  },
  serverError(_, op, errno) {
    log.push(`client error ${op} ${errno}`);
  },
  disconnected() {
    log.push('client disconnected');
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
console.log(`path ${existsSync(path) ? 'still there' : 'removed'}`);
rmSync(dir, { recursive: true });
