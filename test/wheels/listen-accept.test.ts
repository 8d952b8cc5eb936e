import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Server } from 'node:net';
import { constants } from 'node:os';
import { type TestContext, test } from 'node:test';
import { ListenAccept, type ListenAcceptOptions, ReadWrite } from 'poe-kernel/wheels';
import { runSession, warningsOf } from '../helpers/sessions.ts';

async function listening(t: TestContext): Promise<[Server, number]> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return [server, (server.address() as AddressInfo).port];
}

test('ListenAccept says which parameter is missing', () => {
  for (const [options, missing] of [
    [{}, 'handle'],
    [{ handle: net.createServer() }, 'acceptEvent'],
  ] as const) {
    assert.throws(() => new ListenAccept(options as ListenAcceptOptions), {
      code: 'POE_ERR_WHEEL_PARAMETER',
      message: `${missing} required: cannot make a ListenAccept without it`,
    });
  }
});

test('ListenAccept accepts, one connection a readiness, and leaves the listening socket open', async (t) => {
  const [server, port] = await listening(t);
  const clients = [1, 2, 3].map(() => net.connect(port, '127.0.0.1'));
  t.after(() => clients.forEach((client) => void client.destroy()));
  const log = await runSession({
    _start({ heap }) {
      heap.wheel = new ListenAccept({ handle: server, acceptEvent: 'accepted' });
    },
    accepted({ kernel, heap }, socket, peer, id) {
      heap.log.push([peer.address, clients.some((client) => client.localPort === peer.port), id === heap.wheel.id]);
      socket.destroy();
      kernel.yield('turn');
      if (heap.log.length >= 3) heap.wheel.destroy();
    },
    turn: () => {},
  });
  assert.deepEqual(
    log,
    [1, 2, 3].map(() => ['127.0.0.1', true, true]),
  );
  assert.equal(server.listening, true);
});

test('ListenAccept: sockets it accepted are half-open capable and closed with their last wheel', async (t) => {
  const [server, port] = await listening(t);
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const log = await runSession({
    _start({ heap }) {
      heap.wheel = new ListenAccept({ handle: server, acceptEvent: 'accepted' });
      client.end('question\n');
    },
    accepted({ heap }, handle) {
      heap.wheel.destroy();
      heap.rw = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone', flushedEvent: 'flushed' });
    },
    line: ({ heap }, line) => heap.log.push(line),
    gone: ({ heap }) => heap.rw.put('answer'),
    flushed: ({ heap }) => heap.rw.destroy(),
  });
  assert.deepEqual(log, ['question']);
  const got: Buffer[] = [];
  for await (const chunk of client) got.push(chunk);
  assert.equal(String(Buffer.concat(got)), 'answer\r\n');
});

test('ListenAccept reports an error of the listening socket', async (t) => {
  const [server] = await listening(t);
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.wheel = new ListenAccept({ handle: server, acceptEvent: 'accepted', errorEvent: 'failed' });
      kernel.yield('break');
    },
    break: () => server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' })),
    failed({ heap }, ...args) {
      heap.log.push(args);
      heap.id = heap.wheel.id;
      heap.wheel.destroy();
    },
    accepted: () => assert.fail('nobody connected'),
    _stop: ({ heap }) => heap.log.push(heap.id),
  });
  assert.deepEqual(log[0], ['accept', constants.errno.EMFILE, 'Too many open files', log[1]]);
});

test('event() renames; what cannot be is a warning', async (t) => {
  const [server, port] = await listening(t);
  let warnings: Promise<string[]> | undefined;
  const log = await runSession({
    _start({ heap }) {
      heap.wheel = new ListenAccept({ handle: server, acceptEvent: 'accepted', colour: 'x' } as never);
      warnings = warningsOf(() => {
        heap.wheel.event({ acceptEvent: undefined });
        heap.wheel.event({ size: 'large' });
      });
      heap.wheel.event({ acceptEvent: 'arrived', errorEvent: undefined });
      heap.client = net.connect(port, '127.0.0.1');
    },
    accepted: () => assert.fail('renamed'),
    arrived({ heap }, socket) {
      heap.log.push('arrived');
      socket.destroy();
      heap.client.destroy();
      heap.wheel.destroy();
    },
  });
  assert.deepEqual(log, ['arrived']);
  assert.deepEqual(await warnings, [
    "Ignoring unknown ListenAccept parameter 'colour'",
    'acceptEvent requires an event name; it stays as it was',
    "Ignoring unknown ListenAccept parameter 'size'",
  ]);
});
