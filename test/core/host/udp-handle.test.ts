import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:os';
import { type TestContext, test } from 'node:test';
import { kernel, type UdpHandle } from 'poe-kernel';
import { whyNoIpv6 } from '../../helpers/ipv6.ts';
import { until } from '../../helpers/sessions.ts';

const { errno } = constants;
const { sockets, handles } = kernel.host;

function open(t: TestContext, options: { receiveQueue?: number; port?: number; reuse?: boolean } = {}): UdpHandle {
  const { port = 0, ...others } = options;
  const result = sockets.datagrams(4, { family: 4, address: '127.0.0.1', port }, others);
  assert.ok('ok' in result);
  t.after(() => result.ok.close());
  return result.ok;
}

const addressOf = (handle: UdpHandle) => handle.getsockname() as { address: string; port: number };
const readable = (handle: UdpHandle) => until(() => handles.portOf(handle).ready(0));

test('datagrams() is bound on return, and says why it cannot be', (t) => {
  const first = open(t);
  const { address, port } = addressOf(first);
  assert.ok(address === '127.0.0.1' && port > 0);
  const second = sockets.datagrams(4, { family: 4, address, port }, {});
  assert.ok('failed' in second);
  assert.deepEqual([second.failed.operation, second.failed.errno], ['bind', errno.EADDRINUSE]);
});

test('reuse lets two sockets have one address', (t) => {
  const first = open(t, { reuse: true });
  const { port } = addressOf(first);
  assert.equal(addressOf(open(t, { reuse: true, port })).port, port);
});

test('recv() gives data and sender in order, cuts what is too long, and undefined when nothing has come', async (t) => {
  const [left, right] = [open(t), open(t)];
  assert.deepEqual([left.recv(), left.error], [undefined, null]);
  assert.equal(right.send('one', addressOf(left)), 3);
  assert.equal(right.send(Buffer.from([0, 255]), addressOf(left)), 2);
  assert.equal(right.send('', addressOf(left)), 0);
  assert.equal(right.send('größer', addressOf(left)), 8);
  await readable(left);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const from = left.recv();
  assert.deepEqual(
    { ...from, data: String(from?.data) },
    { data: 'one', address: '127.0.0.1', port: addressOf(right).port },
  );
  assert.deepEqual([...(left.recv()?.data ?? [])], [0, 255]);
  assert.equal(left.recv()?.data.length, 0);
  assert.equal(String(left.recv(2)?.data), 'gr');
  assert.equal(left.recv(), undefined);
});

test('what is sent may be changed at once', async (t) => {
  const [left, right] = [open(t), open(t)];
  const octets = Buffer.from('before');
  right.send(octets, addressOf(left));
  octets.write('after!');
  await readable(left);
  assert.equal(String(left.recv()?.data), 'before');
});

test('send() says what cannot be sent', (t) => {
  const handle = open(t);
  for (const [name, sent] of [
    ['EDESTADDRREQ', handle.send('x')],
    ['EDESTADDRREQ', handle.send('x')],
  ] as const) {
    assert.deepEqual([sent, handle.error?.operation, handle.error?.errno], [undefined, 'send', errno[name]]);
  }
  for (const port of [0, 65_536, 1.5]) {
    assert.equal(handle.send('x', { address: '127.0.0.1', port }), undefined);
    assert.equal(handle.error?.errno, errno.EINVAL);
  }
  assert.equal(handle.send(Buffer.alloc(65_508), addressOf(handle)), undefined);
  assert.equal(handle.error?.errno, errno.EMSGSIZE);
  assert.equal(handle.send(Buffer.alloc(65_507), addressOf(handle)), 65_507);
  assert.equal(handle.error, null);
});

test('an error that comes later makes it readable, and the next call tells of it', async (t) => {
  const handle = open(t);
  assert.equal(handle.send('x', { address: 'no address', port: 5 }), 1);
  await readable(handle);
  assert.equal(handle.send('x', addressOf(handle)), undefined);
  assert.deepEqual([handle.error?.operation, handle.error?.errno], ['send', errno.EINVAL]);
  assert.equal(handle.send('x', addressOf(handle)), 1, 'told once');
});

test('connectDatagrams() connects: one place to send to, nobody else to hear from, refusals are told', async (t) => {
  const [server, client, stranger] = [open(t), open(t), open(t)];
  const to = { family: 4, ...addressOf(server) } as const;
  const completion = sockets.connectDatagrams(client, to);
  await until(() => completion.ready());
  assert.deepEqual(completion.take(), { ok: { socket: client, peer: { address: to.address, port: to.port } } });
  assert.deepEqual(client.getpeername(), to);
  assert.equal(client.send('x', to), undefined);
  assert.equal(client.error?.errno, errno.EISCONN);
  assert.equal(client.send('hello'), 5);
  await readable(server);
  const from = server.recv();
  assert.equal(String(from?.data), 'hello');
  stranger.send('not for you', addressOf(client));
  server.send('for you', from);
  await readable(client);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual([String(client.recv()?.data), client.recv()], ['for you', undefined]);
  server.close();
  client.send('anybody?');
  await readable(client);
  assert.deepEqual([client.recv(), client.error?.errno], [undefined, errno.ECONNREFUSED]);
});

for (const [waiting, lost] of [
  [3, 0],
  [4, 0],
  [5, 1],
] as const) {
  test(`a receive queue of four holds ${waiting - lost} of ${waiting}, and counts ${lost} as dropped`, async (t) => {
    // Small ones count 512 octets each.
    const [left, right] = [open(t, { receiveQueue: 2048 }), open(t)];
    for (let n = 1; n <= waiting; n++) right.send(String(n), addressOf(left));
    await until(() => left.dropped === lost && handles.portOf(left).ready(0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const got: string[] = [];
    for (let from = left.recv(); from !== undefined; from = left.recv()) got.push(String(from.data));
    assert.deepEqual([got, left.dropped], [['1', '2', '3', '4'].slice(0, waiting), lost]);
    right.send('room again', addressOf(left));
    await readable(left);
    assert.equal(String(left.recv()?.data), 'room again');
  });
}

test('close() may be called twice; afterwards nothing works, and says EBADF', async (t) => {
  const handle = open(t);
  handle.close();
  handle.close();
  await once(handle.socket, 'close');
  assert.deepEqual([handle.getsockname(), handle.getpeername()], [undefined, undefined]);
  assert.deepEqual([handle.recv(), handle.error?.errno], [undefined, errno.EBADF]);
  assert.deepEqual(
    [handle.send('x', { address: '127.0.0.1', port: 9 }), handle.error?.errno],
    [undefined, errno.EBADF],
  );
});

for (const [family, address, skip] of [
  [4, '127.0.0.1', undefined],
  [6, '::1', whyNoIpv6()],
] as const) {
  test(`an unbound socket has an address once it has sent, on IPv${family}`, { skip: skip ?? false }, async (t) => {
    const bound = sockets.datagrams(family, { family, address, port: 0 }, {});
    const unbound = sockets.datagrams(family, undefined, {});
    assert.ok('ok' in bound && 'ok' in unbound);
    t.after(() => {
      bound.ok.close();
      unbound.ok.close();
    });
    assert.equal(unbound.ok.getsockname(), undefined);
    assert.equal(unbound.ok.send('hello', addressOf(bound.ok)), 5);
    const { port } = addressOf(unbound.ok);
    await readable(bound.ok);
    const from = bound.ok.recv();
    assert.deepEqual({ ...from, data: String(from?.data) }, { data: 'hello', address, port });
  });
}

test('localAddress() knows UDP sockets', (t) => {
  const handle = open(t);
  assert.deepEqual(sockets.localAddress(handle), handle.getsockname());
});
