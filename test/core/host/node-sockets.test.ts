import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { type Connected, kernel } from 'poe-kernel';
import { until } from '../../helpers/sessions.ts';

const { sockets, handles } = kernel.host;
const loopback = { family: 4, address: '127.0.0.1', port: 0 } as const;

test('listen() knows the real port on return', () => {
  const made = sockets.listen(loopback, {});
  assert.ok('ok' in made);
  const own = sockets.localAddress(made.ok);
  assert.ok(own?.family === 4 && own.port > 0 && own.address === '127.0.0.1');
  handles.portOf(made.ok).close();
  assert.equal(sockets.localAddress(made.ok), undefined);
});

test('connect() that nobody takes is closed with its completion, also after it has succeeded', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const to = { ...loopback, port: (server.address() as AddressInfo).port };
  const completion = sockets.connect(to, undefined);
  const [[far]] = await Promise.all([once(server, 'connection'), until(() => completion.ready())]);
  completion.close();
  await once(far.resume(), 'close');

  const taken = sockets.connect(to, undefined);
  const [[other]] = await Promise.all([once(server, 'connection'), until(() => taken.ready())]);
  const result = taken.take() as { ok: Connected };
  taken.close();
  assert.equal((result.ok.socket as Socket).destroyed, false);
  (result.ok.socket as Socket).destroy();
  other.destroy();
});

test('resolve() finds addresses of the family asked for', async () => {
  const completion = sockets.resolve('localhost', 4);
  await until(() => completion.ready());
  assert.deepEqual(completion.take(), { ok: '127.0.0.1' });
});

test('accept() gives null while nobody waits, and for what is no listener', async () => {
  const made = sockets.listen(loopback, {}) as { ok: Server };
  assert.equal(sockets.accept(made.ok), null);
  const client = net.connect((made.ok.address() as AddressInfo).port, '127.0.0.1');
  assert.equal(sockets.accept(client), null);
  await once(client, 'connect');
  let accepted: Connected | null = null;
  await until(() => {
    accepted = sockets.accept(made.ok);
    return accepted !== null;
  });
  const { socket, peer } = accepted as unknown as { socket: Socket; peer: Connected['peer'] };
  assert.deepEqual(peer, { address: '127.0.0.1', port: client.localPort });
  assert.equal(socket.readableFlowing, false);
  for (const each of [client, socket]) each.destroy();
  handles.portOf(made.ok).close();
});

test('close() of a listener drops those who wait', async () => {
  const made = sockets.listen(loopback, {}) as { ok: Server };
  const client = net.connect((made.ok.address() as AddressInfo).port, '127.0.0.1');
  await once(client, 'connect');
  await until(() => handles.portOf(made.ok).ready(0));
  handles.portOf(made.ok).close();
  client.on('error', () => {});
  await once(client.resume(), 'close');
});

test('sockets that are left over do not keep the process alive', () => {
  const program = `
    import { once } from 'node:events';
    import { kernel, Session } from ${JSON.stringify(import.meta.resolve('poe-kernel'))};
    import { SocketFactory } from ${JSON.stringify(import.meta.resolve('poe-kernel/wheels'))};
    const kept = [];
    Session.create({ inlineStates: {
      _start({ kernel, heap }) {
        heap.listener = new SocketFactory({ bindAddress: '127.0.0.1', successEvent: 'accepted', failureEvent: 'failed' });
        heap.connector = new SocketFactory({ remoteAddress: '127.0.0.1', remotePort: heap.listener.getsockname().port,
          successEvent: 'accepted', failureEvent: 'failed' });
      },
      accepted({ kernel, heap }, socket) {
        kept.push(socket);
        kernel.selectRead(socket, 'readable');
        if (kept.length < 2) return;
        heap.listener.destroy();
        for (const each of kept) kernel.selectRead(each);
      },
      readable() {},
    } });
    await kernel.run();
    console.log(kept.length, kept.every((each) => !each.destroyed));
  `;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 60_000,
    encoding: 'utf8',
  });
  assert.deepEqual([ended.stdout, ended.stderr, ended.status], ['2 true\n', '', 0]);
});
