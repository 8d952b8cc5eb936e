import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { constants } from 'node:os';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { kernel, type Session } from 'poe-kernel';
import { ClientTCP, type ClientTCPOptions } from 'poe-kernel/components';
import { ReadWrite, SocketFactory, Stream } from 'poe-kernel/wheels';
import { freePort } from '../helpers/free-port.ts';

const { errno } = constants;

/** Listens and does this to each connection; gives the port. */
async function listen(t: TestContext, serve: (socket: Socket) => void = () => {}): Promise<number> {
  const open = new Set<Socket>();
  const server: Server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const create = (options: Partial<ClientTCPOptions>): number =>
  ClientTCP.create({ remoteAddress: '127.0.0.1', serverInput() {}, ...options });

test('ClientTCP refuses what is missing, or cannot be', () => {
  for (const [options, found] of [
    [{ remotePort: 1, serverInput() {} }, /remoteAddress missing/],
    [{ remoteAddress: 'a', serverInput() {} }, /remotePort missing/],
    [{ remoteAddress: 'a', remotePort: 1 }, /serverInput missing/],
    [{ remoteAddress: 'a', remotePort: 1, serverInput() {}, args: 'one' }, /args is no array/],
    [{ remoteAddress: 'a', remotePort: 1, serverInput() {}, connected: 'up' }, /connected is no function/],
    [{ remoteAddress: 'a', remotePort: 1, serverInput() {}, lowMark: 1 }, /highMark, serverHigh, serverLow missing/],
    [undefined, /^Cannot start a ClientTCP: no parameters given$/],
    ['localhost', /its parameters are no object/],
    [{ remoteAddress: 'a', remotePort: 1, serverInput() {}, filter: 'Line' }, /filter is no filter/],
    [{ remoteAddress: 'a', remotePort: 1, serverInput() {}, packageStates: {} }, /packageStates is no array/],
  ] as const) {
    assert.throws(
      () => ClientTCP.create(options as unknown as ClientTCPOptions),
      (error: any) => error.code === 'POE_ERR_TCP_PARAMETER' && found.test(error.message),
    );
  }
  for (const options of [undefined, { remoteAddress: 'a', remotePort: 1, serverInput() {} }]) {
    assert.throws(() => new (ClientTCP as any)(options), { code: 'POE_ERR_TCP_PARAMETER', message: /with new/ });
  }
});

test('ClientTCP warns of what it does not know, and by default of errors in POE’s words', async (t) => {
  const port = await listen(t, (socket) => socket.end());
  const refused = await freePort();
  const found: string[] = [];
  const hear = (warning: Error): void => void found.push(warning.message);
  process.on('warning', hear);
  const first = create({ remotePort: port, colour: 'red' } as Partial<ClientTCPOptions>);
  await kernel.run();
  const second = create({ remotePort: refused, inlineStates: { reconnect() {} } });
  kernel.post(second, 'got_connect_error', 'connect', errno.ECONNREFUSED, 'Connection refused', 1);
  await kernel.run();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', hear);
  assert.deepEqual(found, [
    "ClientTCP does not know the parameter 'colour'",
    `Client ${first} got read error 0 (Normal disconnection)`,
    "'reconnect' replaces the event of a ClientTCP, which may not work without",
    `Client ${second} got connect error ${errno.ECONNREFUSED} (Connection refused)`,
  ]);
});

test('the heap is POE’s at each step', async (t) => {
  const port = await listen(t, (socket) => socket.pipe(socket));
  const log: unknown[] = [];
  const keys = (heap: object): string => Object.keys(heap).sort().join(' ');
  const id = create({
    alias: 'client',
    remotePort: port,
    args: ['a', 2],
    started: ({ heap, state }, ...args) => void log.push(keys(heap), state, args),
    preConnect({ heap }, socket, address, remote, wheelId) {
      log.push(heap.connected, heap.server instanceof SocketFactory, address, remote === port);
      assert.equal(wheelId, heap.server.id);
      return socket;
    },
    connected({ heap }, socket, ...more) {
      log.push(heap.connected, heap.server instanceof ReadWrite, (socket as Socket).remotePort === port, more.length);
      heap.server.put('hello');
    },
    serverFlushed: ({ heap }, wheelId) => void log.push('flushed', wheelId === heap.server.id),
    serverInput({ kernel }, line) {
      log.push(line);
      kernel.yield('shutdown');
    },
    disconnected: ({ heap, kernel }) => void log.push(keys(heap), heap.connected, kernel.aliasList()),
  });
  assert.equal((kernel.aliasResolve('client') as Session).id, id);
  await kernel.run();
  assert.deepEqual(log, [
    ...['shutdownOnError', '_start', ['a', 2], 0, true, '127.0.0.1', true],
    ...[1, true, true, 3, 'flushed', true, 'hello', 'connected shutdown shutdownOnError', 0, ['client']],
  ]);
});

test('connectError is told of what failed, and of a timeout without a wheel; the client ends', async () => {
  const log: unknown[][] = [];
  const connectError: ClientTCPOptions['connectError'] = ({ heap }, ...args) =>
    void log.push([...args.slice(0, 3), args[3] === heap.server.id, heap.connected]);
  create({ remotePort: await freePort(), connectError });
  await kernel.run();
  create({ remoteAddress: 'no-such-host.invalid', remotePort: 1, connectError });
  await kernel.run();
  // A listener with a full queue answers nobody.
  const full = net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 });
  await once(full, 'listening');
  create({ remotePort: (full.address() as AddressInfo).port, connectTimeout: 0, connectError });
  await kernel.run();
  full.close();
  assert.deepEqual(log, [
    ['connect', errno.ECONNREFUSED, 'Connection refused', true, 0],
    ['inet_aton', errno.EADDRNOTAVAIL, 'Cannot assign requested address', true, 0],
    ['connect', errno.ETIMEDOUT, 'Connection timed out', false, 0],
  ]);
});

test('connectTimeout is forgotten with the connection, and set anew by each attempt', async (t) => {
  const port = await listen(t);
  let connects = 0;
  create({
    remotePort: port,
    connectTimeout: 0.8,
    connectError: (_, ...args) => assert.fail(String(args)),
    connected({ kernel, heap }) {
      assert.equal(heap.ctimeoutId, undefined);
      connects++;
      kernel.delay(connects < 3 ? 'reconnect' : 'shutdown', 0.45);
    },
  });
  await kernel.run();
  assert.equal(connects, 3);
});

test('reconnect drops what was to be written, and the connection, without disconnected', async (t) => {
  const ends: Promise<unknown>[] = [];
  const port = await listen(t, (socket) => ends.push(once(socket.resume(), 'end')));
  let connects = 0;
  create({
    remotePort: port,
    connected({ kernel, heap }, socket) {
      if (++connects === 3) {
        kernel.yield('shutdown');
        return;
      }
      heap.former = socket;
      heap.server.put('never sent');
      kernel.call(kernel.getActiveSession(), 'reconnect');
      assert.equal((socket as Socket).destroyed, true, 'at once');
    },
    disconnected: () => void assert.equal(connects, 3),
  });
  await kernel.run();
  assert.equal(connects, 3);
  await Promise.all(ends);
});

test('connect goes elsewhere, and reconnect to the same place after it', async (t) => {
  const log: string[] = [];
  const ports = [await listen(t, (socket) => log.push('first') && socket), await listen(t, () => log.push('second'))];
  let connects = 0;
  create({
    remotePort: ports[0],
    connected({ kernel }) {
      connects++;
      if (connects === 1) kernel.yield('connect', undefined, ports[1]);
      else if (connects === 2) kernel.yield('reconnect');
      else kernel.delay('shutdown', 0.02);
    },
  });
  await kernel.run();
  assert.deepEqual(log, ['first', 'second', 'second']);
});

test('an error is forgotten with the next connection: its output is written before the end', async (t) => {
  const said: string[] = [];
  const port = await listen(t, (socket) => {
    socket.on('data', (data) => void said.push(String(data)));
    socket.on('end', () => said.push('end'));
    if (said.length === 0) socket.end();
  });
  const log: unknown[] = [];
  create({
    remotePort: port,
    connected({ kernel, heap }) {
      if (++heap.connects !== 2) return;
      heap.server.put('bye');
      kernel.yield('shutdown');
    },
    started: ({ heap }) => {
      heap.connects = 0;
    },
    serverError: ({ heap }, operation, number) => void log.push(operation, number, heap.gotAnError),
    disconnected({ kernel, heap }) {
      log.push(heap.gotAnError);
      said.push('-');
      if (heap.connects === 1) kernel.yield('reconnect');
    },
  });
  await kernel.run();
  while (said.at(-1) !== 'end' || said.length < 4) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.deepEqual(log, ['read', 0, undefined, 1, undefined]);
  assert.equal(said.filter((each) => each !== '-' && each !== 'end').join(''), 'bye\r\n');
});

test('a client that reconnects from connectError stays until it succeeds', async () => {
  const port = await freePort();
  let server: Server | undefined;
  let errors = 0;
  create({
    remotePort: port,
    connectError({ kernel }) {
      if (++errors === 3) server = net.createServer((socket) => socket.resume()).listen(port, '127.0.0.1');
      kernel.delay('reconnect', 0.01);
    },
    connected: ({ kernel }) => void kernel.yield('shutdown'),
  });
  await kernel.run();
  assert.ok(errors >= 3);
  server?.close();
});

test('shutdown while connecting gives up in silence; a reset in the middle is an error and an end', async (t) => {
  const port = await listen(t, (socket) => setTimeout(() => socket.resetAndDestroy(), 5));
  const log: unknown[] = [];
  create({
    remotePort: port,
    alias: 'early',
    started: ({ kernel }) => void kernel.yield('shutdown'),
    connected: () => assert.fail('it gave up'),
    disconnected: () => assert.fail('it was not connected'),
  });
  await kernel.run();
  assert.equal(kernel.aliasResolve('early'), undefined);
  create({
    remotePort: port,
    serverError: (_, operation, number) => void log.push(operation, number),
    disconnected: () => void log.push('disconnected'),
  });
  await kernel.run();
  assert.deepEqual(log, ['read', errno.ECONNRESET, 'disconnected']);
});

test('preConnect may refuse, take its time, and give another handle', async (t) => {
  const closed: Promise<unknown>[] = [];
  const port = await listen(t, (socket) => closed.push(once(socket.resume(), 'end')));
  create({ remotePort: port, preConnect: () => false, connected: () => assert.fail('refused') });
  await kernel.run();
  const inner = new PassThrough();
  const log: string[] = [];
  create({
    remotePort: port,
    filter: Stream,
    async preConnect(_, socket) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      (socket as Socket).destroy();
      return inner;
    },
    connected: ({ heap }) => void heap.server.put('echo'),
    serverInput({ kernel }, octets) {
      log.push(String(octets));
      kernel.yield('shutdown');
    },
  });
  await kernel.run();
  // Asked to shut down while it thinks.
  create({
    remotePort: port,
    async preConnect({ kernel, session }, socket) {
      kernel.post(session, 'shutdown');
      await new Promise((resolve) => setTimeout(resolve, 5));
      return socket;
    },
    connected: () => assert.fail('it was told to shut down'),
  });
  await kernel.run();
  assert.deepEqual([log, inner.destroyed], [['echo'], true]);
  await Promise.all(closed);
  assert.equal(closed.length, 3);
});

test('what was put is written before the end, and marks tell of it', async (t) => {
  let octets = 0;
  const port = await listen(t, (socket) => {
    socket.on('data', (data) => {
      octets += data.length;
    });
  });
  let inputs = 0;
  create({
    remotePort: port,
    highMark: 1000,
    lowMark: 10,
    serverHigh() {},
    serverLow: ({ kernel }) => void kernel.yield('low'),
    inlineStates: { low: () => void inputs++ },
    connected({ kernel, heap }) {
      assert.equal(heap.server.put('x'.repeat(2_000_000)), 1);
      kernel.yield('shutdown');
    },
  });
  await kernel.run();
  while (octets < 2_000_002) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(inputs, 1);
});

test('input that comes behind the one that shuts down is dropped', async (t) => {
  const port = await listen(t, (socket) => socket.write('one\ntwo\nthree\n'));
  const log: string[] = [];
  create({
    remotePort: port,
    serverInput({ kernel, session }, line) {
      log.push(line);
      kernel.call(session, 'shutdown');
    },
  });
  await kernel.run();
  assert.deepEqual(log, ['one']);
});
