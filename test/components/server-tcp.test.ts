import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { kernel, Session } from 'poe-kernel';
import { ClientTCP, type ListenerHeap, ServerTCP, type ServerTCPOptions } from 'poe-kernel/components';
import { Line, ReadWrite, Stream } from 'poe-kernel/wheels';
import { whyNoIpv6 } from '../helpers/ipv6.ts';
import { until, warningsOf } from '../helpers/sessions.ts';

type Options = Partial<ServerTCPOptions>;

/** Starts a server of these options, on any port of loopback; gives the heap of its session and its port. */
function startServer(options: Options): { id: number; heap: ListenerHeap; port: number } {
  const id = ServerTCP.create({ clientInput() {}, ...options });
  const heap = (kernel.idIdToSession(id) as Session).getHeap() as ListenerHeap;
  return { id, heap, port: heap.listener?.getsockname()?.port ?? 0 };
}

async function dial(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

test('ServerTCP refuses what cannot be, or not together', () => {
  for (const [options, found] of [
    [{}, /neither of clientInput and acceptor/],
    [{ clientInput() {}, acceptor() {} }, /both of clientInput and acceptor/],
    [{ acceptor() {}, clientConnected() {} }, /clientConnected without clientInput/],
    [{ acceptor() {}, maxConnections: 5 }, /maxConnections without clientInput/],
    [{ clientInput() {}, clientInputFilter: Line }, /only one of clientInputFilter and clientOutputFilter/],
    [{ clientInput() {}, highMark: 5, lowMark: 1 }, /clientHigh, clientLow missing/],
    [{ clientInput: 'input' }, /clientInput is no function/],
    [{ clientInput() {}, clientArgs: 'one' }, /clientArgs is no array/],
    [{ clientInput() {}, listenerArgs: 'one' }, /listenerArgs is no array/],
    [{ clientInput() {}, inlineStates: [] }, /inlineStates is no object/],
    [{ clientInput() {}, objectStates: {} }, /objectStates is no array/],
    [{ clientInput() {}, sessionParams: [] }, /sessionParams is no object/],
    [undefined, /^Cannot start a ServerTCP: no parameters given$/],
    [8080, /its parameters are no object/],
    [{ clientInput() {}, sessionType: 'Session' }, /sessionType is no class/],
    [{ clientInput() {}, maxConnections: 0 }, /maxConnections is '0'/],
    [{ clientInput() {}, maxConnectionsPerAddress: '5' }, /maxConnectionsPerAddress is '5'/],
    [{ clientInput() {}, clientFilter: 'POE::Filter::Line' }, /clientFilter is no filter: it is 'POE::Filter::Line'/],
  ] as const) {
    assert.throws(
      () => ServerTCP.create(options as unknown as ServerTCPOptions),
      (error: any) => error.code === 'POE_ERR_TCP_PARAMETER' && found.test(error.message),
    );
  }
  for (const options of [undefined, { port: 0, clientInput() {} }]) {
    assert.throws(() => new (ServerTCP as any)(options), { code: 'POE_ERR_TCP_PARAMETER', message: /with new/ });
  }
});

test('ServerTCP warns of what it does not know, of old words, and of events it loses', async () => {
  const warnings = await warningsOf(() => {
    const input = { clientInputFilter: Stream, clientOutputFilter: Stream };
    const { id } = startServer({ colour: 'red', args: [1], clientFilter: Line, ...input } as Options);
    const other = startServer({ inlineStates: { shutdown() {} }, objectStates: [[{ _stop() {} }, ['_stop']]] });
    const raw = ServerTCP.create({ acceptor() {}, inlineStates: {} });
    for (const each of [id, other.id, raw]) kernel.post(each, 'shutdown');
  });
  await kernel.run();
  assert.deepEqual(warnings, [
    "ServerTCP does not know the parameter 'colour'",
    'args of a ServerTCP is deprecated: it is taken for clientArgs',
    'clientFilter ignored with clientInputFilter and clientOutputFilter',
    "'shutdown' replaces the event of a ServerTCP, which may not work without",
    "'_stop' replaces the event of a ServerTCP, which may not work without",
    "ServerTCP does not know the parameter 'inlineStates'",
  ]);
});

test('ServerTCP listens on loopback unless it is told otherwise', async () => {
  const { id, heap } = startServer({});
  assert.equal(heap.listener.getsockname()?.address, '127.0.0.1');
  const named = startServer({ hostname: 'localhost' });
  assert.equal(named.heap.listener.getsockname()?.address, '127.0.0.1');
  const open = startServer({ address: '0.0.0.0' });
  assert.equal(open.heap.listener.getsockname()?.address, '0.0.0.0');
  for (const each of [id, named.id, open.id]) kernel.post(each, 'shutdown');
  await kernel.run();
});

test('ServerTCP listens on the loopback address of IPv6, too', { skip: whyNoIpv6() ?? false }, async () => {
  const { id, heap } = startServer({ domain: 'AF_INET6' });
  assert.equal(heap.listener.getsockname()?.address, '::1');
  kernel.post(id, 'shutdown');
  await kernel.run();
});

test('the listening session has POE’s heap, and callbacks of their own context', async () => {
  const log: unknown[] = [];
  const id = ServerTCP.create({
    alias: 'server',
    concurrency: 5,
    listenerArgs: ['a', ['b']],
    sessionParams: { options: { colour: 'red' } },
    clientInput() {},
    started({ heap, session, state, kernel }, ...args) {
      log.push(Object.keys(heap).sort(), session.option('colour'), state, args);
      kernel.yield('shutdown');
    },
    stopped({ heap, state }, ...args) {
      log.push(heap.listener, state, args);
    },
  });
  assert.equal(kernel.aliasResolve('server')?.id, id);
  await kernel.run();
  const keys = ['alias', 'concurrency', 'connections', 'listener'];
  assert.deepEqual(log, [keys, 'red', '_start', ['a', ['b']], undefined, '_stop', []]);
});

test('a port in use goes to error, by default to a warning, and the session ends', async (t) => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const log: unknown[] = [];
  startServer({
    port,
    error({ heap, kernel }, operation, errno, message, id) {
      log.push(operation, errno, message, id === heap.listener.id);
      kernel.yield('shutdown');
    },
    stopped: () => log.push('stopped'),
  });
  await kernel.run();
  assert.deepEqual(log, ['bind', constants.errno.EADDRINUSE, 'Address already in use', true, 'stopped']);

  const { id } = startServer({ port, alias: 'busy', stopped: () => log.push('stopped again') });
  const found: string[] = [];
  const listen = (warning: Error): void => void found.push(warning.message);
  process.on('warning', listen);
  await kernel.run();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  assert.deepEqual(found, [`Server ${id} got bind error ${constants.errno.EADDRINUSE} (Address already in use)`]);
  assert.equal(log.at(-1), 'stopped again');
});

test('what stopped returns does not reach the _child of the parent, which gets 0', async () => {
  const told: unknown[] = [];
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        const { id } = startServer({ started: () => 'begun', stopped: () => 'ended' });
        kernel.post(id, 'shutdown');
      },
      _child: (_, what, _child, value) => void told.push(what, value),
    },
  });
  await kernel.run();
  assert.deepEqual(told, ['create', 'begun', 'lose', 0]);
});

test('a connection has POE’s heap from clientPreConnect to clientDisconnected', async () => {
  const log: unknown[] = [];
  const keys = (heap: object): string => Object.keys(heap).sort().join(' ');
  const { id, port } = startServer({
    clientPreConnect({ heap, state, sender }, socket) {
      log.push(keys(heap), heap.remoteIp, typeof heap.remotePort, state, sender.id === id);
      return socket;
    },
    clientConnected: ({ heap }) => void log.push(keys(heap), heap.client instanceof ReadWrite),
    clientInput({ kernel, heap }, line, wheelId) {
      log.push(line, wheelId === heap.client.id);
      kernel.yield('shutdown');
    },
    clientDisconnected({ heap, kernel, session }) {
      log.push(keys(heap));
      kernel.post(id, 'shutdown');
      setImmediate(() => log.push('client' in session.getHeap()));
    },
  });
  const running = kernel.run();
  const client = await dial(port);
  client.write('hello\n');
  await running;
  await once(client, 'close');
  const before = 'remoteIp remotePort shutdown shutdownOnError';
  assert.deepEqual(log, [
    ...[before, '127.0.0.1', 'number', '_start', true],
    ...[`client ${before}`, true, 'hello', true, `client ${before}`, false],
  ]);
});

test('clientPreConnect refuses by nothing, by an exception, and later by a promise: the socket is closed', async () => {
  const answers = [
    () => undefined,
    () => null,
    () => {
      throw new Error('not you');
    },
    async () => undefined,
    async () => {
      throw new Error('nor you');
    },
  ];
  const log: unknown[] = [];
  const { id, heap, port } = startServer({
    started({ kernel }) {
      kernel.state('died', ({ kernel }, _signal, details) => {
        log.push(String(details.errorStr));
        kernel.sigHandled();
      });
      kernel.sig('DIE', 'died');
    },
    clientPreConnect: () => answers.shift()?.(),
    clientConnected: () => assert.fail('all are refused'),
    clientDisconnected: () => assert.fail('none was connected'),
  });
  const running = kernel.run();
  for (let n = 0; n < 5; n++) {
    const client = await dial(port);
    await once(client, 'close');
  }
  await until(() => heap.connections === 0);
  assert.deepEqual(log, ['Error: not you', 'Error: nor you']);
  kernel.post(id, 'shutdown');
  await running;
});

test('clientPreConnect may take its time, and give another handle, which ends with the connection', async () => {
  const inner = new PassThrough();
  const { id, port } = startServer({
    async clientPreConnect(_, socket) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      (socket as Socket).destroy();
      return inner;
    },
    clientConnected({ heap, kernel }) {
      heap.client.put('through');
      kernel.yield('shutdown');
    },
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  const running = kernel.run();
  await dial(port);
  await running;
  await until(() => inner.destroyed);
});

test('a connection that is told to shut down while clientPreConnect thinks is not served', async () => {
  const { id, port } = startServer({
    async clientPreConnect({ kernel, session }, socket) {
      kernel.post(session, 'shutdown');
      await new Promise((resolve) => setTimeout(resolve, 5));
      return socket;
    },
    clientConnected: () => assert.fail('it was told to shut down'),
  });
  const running = kernel.run();
  const client = await dial(port);
  await once(client, 'close');
  kernel.post(id, 'shutdown');
  await running;
});

test('shutdown of a connection writes everything, ignores input and calls clientDisconnected once', async () => {
  const log: unknown[] = [];
  const text = 'x'.repeat(5_000_000);
  const { id, port } = startServer({
    clientInput({ kernel, heap }, line) {
      log.push(line);
      heap.client.put(text);
      kernel.yield('shutdown');
      kernel.yield('shutdown');
    },
    clientFlushed: ({ kernel, session }) => void kernel.call(session, 'shutdown'),
    clientDisconnected({ kernel }) {
      log.push('disconnected');
      kernel.post(id, 'shutdown');
    },
  });
  const running = kernel.run();
  const client = net.connect(port, '127.0.0.1');
  client.write('one\n');
  let octets = 0;
  client.on('data', (data) => {
    if (octets === 0) client.write('two\n');
    octets += data.length;
  });
  await running;
  await once(client, 'close');
  assert.deepEqual([log, octets], [['one', 'disconnected'], text.length + 2]);
});

test('an error ends a connection, unless clientShutdownOnError is off; a reset in the middle is told silently', async () => {
  for (const clientShutdownOnError of [true, 0]) {
    const log: unknown[] = [];
    const { id, port } = startServer({
      clientShutdownOnError,
      clientConnected: ({ heap }) => void heap.client.put('x'.repeat(1_000_000)),
      clientError({ kernel, heap }, operation, errno) {
        log.push(operation, errno, Boolean(heap.shutdownOnError));
        // Behind the shutdown that follows.
        kernel.yield('later');
      },
      clientDisconnected: () => void log.push('disconnected'),
      inlineStates: {
        later: ({ kernel }) => kernel.yield('look'),
        look({ kernel, heap }) {
          log.push('client' in heap ? 'goes on' : 'ended');
          heap.gotAnError = 1;
          kernel.yield('shutdown');
          kernel.post(id, 'shutdown');
        },
      },
    });
    const running = kernel.run();
    const client = await dial(port);
    client.resetAndDestroy();
    await running;
    // What goes on is the wheel, until the program ends it.
    const steps = log.filter((each) => each === 'disconnected' || each === 'ended' || each === 'goes on');
    assert.deepEqual(steps, clientShutdownOnError ? ['disconnected', 'ended'] : ['goes on', 'disconnected']);
    assert.ok(log.includes(constants.errno.ECONNRESET) || log.includes(constants.errno.EPIPE), String(log));
  }
  const warnings = await warningsOf(() => {
    const { id, port } = startServer({ clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown') });
    dial(port).then((client) => client.resetAndDestroy());
  });
  await kernel.run();
  assert.deepEqual(warnings, []);
});

test('an exception in clientInput is the kernel’s: a handler of DIE saves the connection', async () => {
  const log: unknown[] = [];
  const { id, port } = startServer({
    clientConnected: ({ kernel }) => kernel.sig('DIE', 'died'),
    clientInput({ heap }, line) {
      if (line === 'bad') throw new Error('oops');
      heap.client.put(line);
    },
    inlineStates: {
      died({ kernel }, _signal, { errorStr }) {
        log.push(String(errorStr));
        kernel.sigHandled();
      },
    },
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  const running = kernel.run();
  const client = net.connect(port, '127.0.0.1');
  client.write('bad\n');
  await until(() => log.length === 1);
  client.write('good\n');
  assert.equal(String((await once(client, 'data'))[0]), 'good\r\n');
  client.destroy();
  await running;
  assert.deepEqual(log, ['Error: oops']);
});

test('async callbacks keep the connection’s session, and what they reject is a DIE', async () => {
  const { id, port } = startServer({
    async clientInput({ heap }, line) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (line === 'bad') throw new Error('late oops');
      heap.client.put(line);
    },
  });
  const running = kernel.run();
  const client = await dial(port);
  client.write('bad\n');
  await assert.rejects(running, /late oops/);
  assert.equal(kernel.idIdToSession(id), undefined);
});

test('marks call clientHigh and clientLow', async () => {
  const log: string[] = [];
  const { id, port } = startServer({
    highMark: 100_000,
    lowMark: 10,
    clientHigh: () => void log.push('high'),
    clientLow: () => void log.push('low'),
    clientConnected({ kernel, heap }) {
      log.push(String(heap.client.put('x'.repeat(200_000))));
      kernel.yield('shutdown');
    },
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  const running = kernel.run();
  await dial(port);
  await running;
  assert.deepEqual(log, ['1', 'low']);
});

test('limits of a connection are those of ReadWrite', async () => {
  const log: unknown[] = [];
  const { id, port } = startServer({
    limits: { maxQueued: 1000 },
    clientInput({ heap }) {
      heap.client.put('x'.repeat(900));
      heap.client.put('x'.repeat(900));
    },
    clientError(_, operation, _errno, message) {
      log.push(operation, /slow_peer/.test(message));
    },
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  const running = kernel.run();
  const client = await dial(port);
  client.write('go\n');
  await running;
  assert.deepEqual(log, ['write', true]);
});

test('an acceptor gets what the success event brings, and concurrency counts with disconnected', async () => {
  const taken: Socket[] = [];
  const { id, heap, port } = startServer({
    clientInput: undefined,
    concurrency: 1,
    acceptor({ heap }, socket, address, port, wheelId) {
      assert.deepEqual([address, typeof port, wheelId], ['127.0.0.1', 'number', heap.listener.id]);
      taken.push(socket as Socket);
    },
  });
  const running = kernel.run();
  const clients = [await dial(port), await dial(port)];
  await until(() => taken.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([taken.length, heap.connections], [1, 1]);
  kernel.post(id, 'disconnected');
  await until(() => taken.length === 2);
  const warnings: string[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', listen);
  for (let n = 0; n < 2; n++) kernel.call(id, 'disconnected');
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  assert.deepEqual([warnings, heap.connections], [["Excessive 'disconnected' event"], 0]);
  kernel.post(id, 'shutdown');
  await running;
  for (const each of [...clients, ...taken]) each.destroy();
});

for (const limit of [1, 3]) {
  test(`maxConnections ${limit}: ${limit - 1} and ${limit} are served, the next one waits for an end`, async () => {
    let served = 0;
    const { id, heap, port } = startServer({ maxConnections: limit, clientConnected: () => void served++ });
    const running = kernel.run();
    const clients: Socket[] = [];
    for (let n = 1; n <= limit; n++) {
      clients.push(await dial(port));
      await until(() => served === n);
    }
    clients.push(await dial(port));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([served, heap.connections], [limit, limit]);
    clients[0]?.destroy();
    await until(() => served === limit + 1);
    assert.equal(heap.connections, limit);
    kernel.post(id, 'shutdown');
    for (const each of clients) each.destroy();
    await running;
  });
}

test('maxConnections and concurrency: the smaller counts, and one does not resume for the other', async () => {
  let served = 0;
  const { id, heap, port } = startServer({
    maxConnections: 3,
    concurrency: 2,
    clientConnected: () => void served++,
  });
  const running = kernel.run();
  const clients: Socket[] = [];
  for (let n = 0; n < 5; n++) clients.push(await dial(port));
  const settles = async (count: number): Promise<void> => {
    await until(() => served >= count);
    // Nobody else comes.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(served, count);
  };
  await settles(2);
  kernel.post(id, 'set_concurrency', 10);
  await settles(3);
  kernel.post(id, 'set_concurrency', 1);
  clients[0]?.destroy();
  await until(() => heap.connections === 2);
  await settles(3);
  kernel.post(id, 'set_concurrency', 5);
  await settles(4);
  kernel.post(id, 'shutdown');
  for (const each of clients) each.destroy();
  await running;
});

for (const more of [-1, 0, 1]) {
  test(`a line of the limit${more < 0 ? more : `+${more}`} ${more > 0 ? 'is an error that ends its connection only' : 'is read'}`, async () => {
    const log: unknown[] = [];
    const { id, port, heap } = startServer({
      clientFilter: [Line, { literal: '\n', maxLength: 10 }],
      clientInput: (_, line) => void log.push(line.length),
      clientError: (_, operation, errno, text) => void log.push(operation, errno, text),
      clientDisconnected: () => void log.push('disconnected'),
    });
    const running = kernel.run();
    const [other, client] = [await dial(port), await dial(port)];
    client.write(`${'x'.repeat(10 + more)}\n`);
    await until(() => (more > 0 ? log.includes('disconnected') : log.length > 0));
    const text = 'Bad message: Cannot read a line: it has 11 octets, 10 are allowed';
    assert.deepEqual(log, more > 0 ? ['read', constants.errno.EBADMSG, text, 'disconnected'] : [10 + more]);
    other.write('later\n');
    await until(() => log.includes(5));
    kernel.post(id, 'shutdown');
    for (const each of [other, client]) each.destroy();
    await running;
    assert.equal(heap.connections, 0);
  });
}

test('maxConnectionsPerAddress: the next one from an address is closed, those of another are served', async () => {
  let served = 0;
  const { id, heap, port } = startServer({ maxConnectionsPerAddress: 2, clientConnected: () => void served++ });
  const found: string[] = [];
  const listen = (warning: Error): void => void found.push(warning.message);
  process.on('warning', listen);
  const running = kernel.run();
  const clients = [await dial(port), await dial(port)];
  await until(() => served === 2);
  for (let n = 0; n < 3; n++) await once(await dial(port), 'close');
  assert.deepEqual([served, heap.connections], [2, 2]);
  clients.push(await dial(port, '127.0.0.2'));
  await until(() => served === 3);
  clients.shift()?.destroy();
  await until(() => heap.connections === 2);
  clients.push(await dial(port));
  await until(() => served === 4);
  process.off('warning', listen);
  assert.equal(found.length, 1, 'told once');
  assert.match(found[0] as string, new RegExp(`^Server ${id} closes connections from 127.0.0.1`));
  kernel.post(id, 'shutdown');
  for (const each of clients) each.destroy();
  await running;
});

test('a server of a unix socket calls its clients LOCAL', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'poe-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const log: unknown[] = [];
  const { id } = startServer({
    domain: 'unix',
    address: join(dir, 'socket'),
    clientConnected: ({ heap }) => void log.push(heap.remoteIp, heap.remotePort),
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  ClientTCP.create({
    domain: 'unix',
    remoteAddress: join(dir, 'socket'),
    serverInput() {},
    connected: ({ kernel }) => void kernel.yield('shutdown'),
  });
  await kernel.run();
  assert.deepEqual(log, ['LOCAL', undefined]);
});

test('the sessions are children of the one that made the server, and of the kernel they were given', async () => {
  const log: unknown[] = [];
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        ServerTCP.create({ kernel, clientInput() {}, started: ({ kernel }) => void kernel.yield('shutdown') });
      },
      _child: (_, reason) => void log.push(reason),
    },
  });
  await kernel.run();
  assert.deepEqual(log, ['create', 'lose']);
});

test('sessionType makes the sessions, of the listener and of connections', async () => {
  class Named extends Session {}
  const log: unknown[] = [];
  const { id, port } = startServer({
    sessionType: Named,
    started: ({ session }) => void log.push(session instanceof Named),
    clientConnected({ session, kernel }) {
      log.push(session instanceof Named);
      kernel.yield('shutdown');
    },
    clientDisconnected: ({ kernel }) => void kernel.post(id, 'shutdown'),
  });
  const running = kernel.run();
  await dial(port);
  await running;
  assert.deepEqual(log, [true, true]);
});

test('2,000 connections come and go: no descriptor, session or watcher is left', {
  skip: process.platform !== 'linux',
}, async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  async function crowd(count: number): Promise<number> {
    let most = 0;
    let ended = 0;
    const { id, heap, port } = startServer({
      clientInput({ kernel, heap }, line) {
        heap.client.put(line);
        if (line === 'bye') kernel.yield('shutdown');
      },
    });
    const client = (n: number): void => {
      ClientTCP.create({
        remoteAddress: '127.0.0.1',
        remotePort: port,
        // A third each: the server ends it, the client does, or it is cut off.
        connected({ heap, kernel }, socket) {
          most = Math.max(most, descriptors());
          heap.server.put(n % 3 === 0 ? 'bye' : 'hello');
          if (n % 3 === 2) setImmediate(() => (socket as Socket).resetAndDestroy());
          else if (n % 3 === 1) kernel.yield('shutdown');
        },
        serverInput() {},
        serverError() {},
        disconnected() {
          ended++;
          if (ended + 20 <= count) client(ended + 19);
        },
      });
    };
    for (let n = 0; n < 20; n++) client(n);
    const running = kernel.run();
    await until(() => ended === count && heap.connections === 0);
    assert.equal(kernel.getSessionCount(), 1);
    kernel.post(id, 'shutdown');
    await running;
    return most;
  }
  // What the process itself opens at the first use is there before counting.
  await crowd(20);
  const before = descriptors();
  assert.ok((await crowd(2000)) > before, 'connections were seen');
  await until(() => descriptors() <= before);
  assert.deepEqual([kernel.getEventCount(), kernel.getSessionCount()], [0, 0]);
});
