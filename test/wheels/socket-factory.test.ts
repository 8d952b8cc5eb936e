import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { errnoText, Kernel, kernel, Session, type UdpHandle } from 'poe-kernel';
import { ReadWrite, SocketFactory, type SocketFactoryOptions, Stream } from 'poe-kernel/wheels';
import { whyNoIpv6 } from '../helpers/ipv6.ts';
import { runSession, until, warningsOf } from '../helpers/sessions.ts';

const { errno } = constants;
const events = { successEvent: 'success', failureEvent: 'failure' };

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'poe-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** Makes a SocketFactory that must fail, and gives back what the failure event brought, without the wheel's ID. */
async function failureOf(options: Partial<SocketFactoryOptions>): Promise<unknown[]> {
  const log = await runSession({
    _start({ heap }) {
      heap.wheel = new SocketFactory({ ...events, ...options });
      heap.made = true;
    },
    failure({ heap }, ...args) {
      assert.equal(heap.made, true, 'never inside the constructor');
      assert.equal(args.pop(), heap.wheel.id);
      heap.log.push(args);
      heap.wheel.destroy();
    },
    success: () => assert.fail('it should have failed'),
  });
  assert.equal(log.length, 1);
  return log[0];
}

const failure = (operation: string, name: keyof typeof errno): unknown[] => [operation, errno[name], errnoText(name)];

test('SocketFactory says which parameter is missing, also outside of sessions', () => {
  for (const [options, missing] of [
    [{}, 'successEvent'],
    [{ successEvent: 's' }, 'failureEvent'],
    [{ ...events, remoteAddress: '127.0.0.1' }, 'remotePort'],
    [{ ...events, socketDomain: 'unix' }, 'bindAddress'],
  ] as const) {
    assert.throws(() => new SocketFactory(options as SocketFactoryOptions), {
      code: 'POE_ERR_WHEEL_PARAMETER',
      message: `${missing} required: cannot make a SocketFactory without it`,
    });
  }
  assert.throws(() => new SocketFactory(events), { code: 'POE_ERR_NO_ACTIVE_SESSION' });
});

test('SocketFactory refuses ports, protocols and types that cannot be', async () => {
  const log = await runSession({
    _start({ heap }) {
      for (const options of [
        { bindPort: 65_536 },
        { bindPort: -1 },
        { bindPort: '99999' },
        { remoteAddress: '127.0.0.1', remotePort: 0.5 },
        { socketProtocol: 'icmp' },
        { socketProtocol: 1 },
        { socketType: 'SOCK_RAW' },
        { socketDomain: 'unix', bindAddress: '/tmp/unused', socketType: 'SOCK_DGRAM' },
        { socketDomain: 'unix', bindAddress: '/tmp/unused', remoteAddress: '/tmp/unused-too' },
      ]) {
        assert.throws(() => new SocketFactory({ ...events, ...options }), { code: 'POE_ERR_WHEEL_PARAMETER' });
        heap.log.push('refused');
      }
    },
  });
  assert.equal(log.length, 9);
});

test('SocketFactory takes 0 and 65535, names of services, and POE’s words for domain, protocol and type', async () => {
  const log = await runSession({
    _start({ heap }) {
      for (const options of [
        { bindPort: '0', socketDomain: 'AF_INET', socketProtocol: 'tcp', socketType: 'SOCK_STREAM', listenQueue: 5 },
        { bindAddress: 'localhost', socketProtocol: 6 },
        ...(whyNoIpv6() === undefined ? [{ bindAddress: '::1', socketDomain: 'AF_INET6', socketType: 'stream' }] : []),
      ]) {
        using wheel = new SocketFactory({ ...events, ...options });
        heap.log.push(wheel.getsockname()?.family, (wheel.getsockname() as { address: string }).address);
      }
    },
    failure: (_, ...args) => assert.fail(String(args)),
  });
  assert.deepEqual(log, [4, '0.0.0.0', 4, '127.0.0.1', ...(whyNoIpv6() === undefined ? [6, '::1'] : [])]);
});

test('SocketFactory warns about what it ignores', async () => {
  let warnings: Promise<string[]> | undefined;
  await runSession({
    _start({ heap }) {
      warnings = warningsOf(() => {
        const wheel = new SocketFactory({ ...events, remotePort: 1, colour: 'x' } as SocketFactoryOptions);
        wheel.event({ successEvent: undefined, colour: 'y' } as never);
        wheel.destroy();
        heap.wheel = new SocketFactory({
          ...events,
          socketDomain: 'unix',
          socketProtocol: 'tcp',
          remoteAddress: '/nowhere/at/all',
        });
      });
    },
    failure: ({ heap }) => heap.wheel.destroy(),
  });
  assert.deepEqual(await warnings, [
    "Ignoring unknown SocketFactory parameter 'colour'",
    'remotePort ignored without remoteAddress',
    'successEvent requires an event name; it stays as it was',
    "Ignoring unknown SocketFactory parameter 'colour'",
    'socketProtocol ignored for a unix socket',
  ]);
});

test('failures of names: domain, protocol, service and host', async () => {
  assert.deepEqual(await failureOf({ socketDomain: 'x25' }), [
    'domain',
    0,
    'SocketDomain x25 is currently unsupported on this platform',
  ]);
  assert.deepEqual(await failureOf({ socketProtocol: 'xyz' }), ['getprotobyname', 0, '']);
  assert.deepEqual(await failureOf({ socketProtocol: 999 }), ['getprotobynumber', 0, '']);
  for (const [socketProtocol, socketType] of [
    ['tcp', 'SOCK_DGRAM'],
    ['udp', 'stream'],
  ] as const) {
    assert.deepEqual(await failureOf({ socketProtocol, socketType }), failure('socket', 'EPROTONOSUPPORT'));
  }
  assert.deepEqual(await failureOf({ bindPort: 'tftp' }), failure('getservbyname', 'EADDRNOTAVAIL'));
  assert.deepEqual(await failureOf({ bindPort: 'no-such' }), failure('getservbyname', 'EADDRNOTAVAIL'));
  const remote = { remoteAddress: 'no-such-host.invalid', remotePort: 80 };
  assert.deepEqual(await failureOf(remote), failure('inet_aton', 'EADDRNOTAVAIL'));
  assert.deepEqual(await failureOf({ ...remote, socketDomain: 'inet6' }), failure('getaddrinfo', 'EADDRNOTAVAIL'));
  assert.deepEqual(await failureOf({ bindAddress: 'no-such-host.invalid' }), failure('inet_aton', 'EADDRNOTAVAIL'));
});

test('bind failures: address in use, address of somebody else, no permission', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const used = failure('bind', 'EADDRINUSE');
  assert.deepEqual(await failureOf({ bindAddress: '127.0.0.1', bindPort: port }), used);
  const foreign = failure('bind', 'EADDRNOTAVAIL');
  assert.deepEqual(await failureOf({ bindAddress: '192.0.2.1' }), foreign);
  assert.deepEqual(
    await failureOf({ remoteAddress: '127.0.0.1', remotePort: port, bindAddress: '192.0.2.1' }),
    foreign,
  );
  assert.deepEqual(await failureOf({ remoteAddress: '127.0.0.1', remotePort: port, bindPort: port }), used);
});

test('unix failures: nothing there, something there, no folder, nobody listening, a path that is too long', async (t) => {
  const dir = folder(t);
  const path = join(dir, 'socket');
  const unix = { socketDomain: 'unix' };
  assert.deepEqual(await failureOf({ ...unix, remoteAddress: path }), failure('connect', 'ENOENT'));
  writeFileSync(path, 'precious');
  assert.deepEqual(await failureOf({ ...unix, bindAddress: path }), failure('bind', 'EADDRINUSE'));
  assert.equal(statSync(path).size, 8);
  assert.deepEqual(await failureOf({ ...unix, remoteAddress: path }), failure('connect', 'ECONNREFUSED'));
  assert.deepEqual(await failureOf({ ...unix, bindAddress: join(dir, 'no', 'socket') }), failure('bind', 'ENOENT'));
  const both = { ...unix, bindAddress: join(dir, 'other'), remotePort: 5 };
  assert.deepEqual(await failureOf(both), failure('bind', 'EADDRINUSE'));
  const long = join(dir, 'x'.repeat(200));
  assert.deepEqual(await failureOf({ ...unix, bindAddress: long }), failure('bind', 'ENAMETOOLONG'));
  assert.deepEqual((await failureOf({ ...unix, remoteAddress: long }))[0], 'connect');
});

/** Why the system refuses nothing. */
const noPermissionProblems = process.getuid?.() === 0 ? 'root may bind any port and write to any folder' : false;

test('bind of a low port without permission fails with EACCES', { skip: noPermissionProblems }, async () => {
  assert.deepEqual(await failureOf({ bindAddress: '127.0.0.1', bindPort: 1 }), failure('bind', 'EACCES'));
});

test('a unix path in a folder without permission fails with EACCES', { skip: noPermissionProblems }, async () => {
  const options = { socketDomain: 'unix', bindAddress: '/poe-kernel-test' };
  assert.deepEqual(await failureOf(options), failure('bind', 'EACCES'));
});

for (const [socketDomain, address, skip] of [
  ['inet', '127.0.0.1', undefined],
  ['inet6', '::1', whyNoIpv6()],
] as const) {
  test(`connect is refused where nobody listens, ${socketDomain}`, { skip: skip ?? false }, async () => {
    const server = net.createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    const refused = failure('connect', 'ECONNREFUSED');
    assert.deepEqual(await failureOf({ socketDomain, remoteAddress: address, remotePort: port }), refused);
  });
}

test('a connector binds to the address and port it is told', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const log = await runSession({
    _start({ heap }) {
      const { port } = server.address() as AddressInfo;
      heap.wheel = new SocketFactory({
        ...events,
        remoteAddress: '127.0.0.1',
        remotePort: port,
        bindAddress: '127.0.0.2',
      });
    },
    success({ heap }, socket, address, port) {
      heap.log.push(socket.localAddress, address, port === (server.address() as AddressInfo).port);
      socket.destroy();
    },
    failure: (_, ...args) => assert.fail(String(args)),
  });
  assert.deepEqual(log, ['127.0.0.2', '127.0.0.1', true]);
});

test('getsockname() of a connector is the address it connects from, from its success event on', async () => {
  const log = await runSession({
    _start({ heap }) {
      heap.listener = new SocketFactory({ ...events, bindAddress: '127.0.0.1', successEvent: 'accepted' });
      heap.wheel = new SocketFactory({
        ...events,
        remoteAddress: '127.0.0.1',
        remotePort: heap.listener.getsockname().port,
      });
      heap.log.push(heap.wheel.getsockname());
    },
    accepted({ heap, kernel }, _socket, _address, port) {
      heap.port = port;
      kernel.yield('both');
    },
    success({ heap, kernel }, socket) {
      heap.own = heap.wheel.getsockname();
      heap.log.push(socket.localPort === heap.own.port);
      kernel.yield('both');
    },
    both({ heap }) {
      if (heap.port === undefined || heap.own === undefined) return;
      heap.log.push(heap.own.family, heap.own.address, heap.own.port === heap.port);
      heap.wheel.destroy();
      heap.log.push(heap.wheel.getsockname());
      heap.listener.destroy();
      heap.port = undefined;
    },
  });
  assert.deepEqual(log, [undefined, true, 4, '127.0.0.1', true, undefined]);
});

test('warnings of a SocketFactory pass the kernel’s hook warn', async () => {
  const found: string[] = [];
  const own = new Kernel();
  own.hooks.warn.tap('test', (_code, message) => {
    found.push(message);
    return false;
  });
  const told = await warningsOf(() => {
    Session.create({
      kernel: own,
      inlineStates: {
        _start({ kernel }) {
          const wheel = new SocketFactory({ kernel, ...events, bindAddress: '127.0.0.1', remotePort: 1 });
          wheel.event({ successEvent: undefined });
          wheel.event({ colour: 'red' } as never);
          wheel.destroy();
        },
      },
    });
    void own.run();
  });
  assert.deepEqual(told, []);
  assert.deepEqual(found, [
    'remotePort ignored without remoteAddress',
    'successEvent requires an event name; it stays as it was',
    "Ignoring unknown SocketFactory parameter 'colour'",
  ]);
});

test('getsockname() is undefined after the end and until a name is resolved, and knows unix paths', async (t) => {
  const path = join(folder(t), 'socket');
  const log = await runSession({
    _start({ heap }) {
      const unix = new SocketFactory({ ...events, socketDomain: 'unix', bindAddress: path });
      heap.log.push(unix.getsockname());
      unix.destroy();
      heap.log.push(unix.getsockname());
      using named = new SocketFactory({ ...events, bindAddress: 'no-such-host.invalid' });
      heap.log.push(named.getsockname());
    },
  });
  assert.deepEqual(log, [{ family: 'unix', path }, undefined, undefined]);
});

test('destroy() while resolving or connecting brings no event', { timeout: 60_000 }, async (t) => {
  const server = net.createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await runSession({
    _start({ kernel }) {
      new SocketFactory({ ...events, remoteAddress: 'no-such-host.invalid', remotePort: 1 }).destroy();
      new SocketFactory({ ...events, remoteAddress: '127.0.0.1', remotePort: port }).destroy();
      new SocketFactory({ ...events, bindAddress: 'no-such-host.invalid' }).destroy();
      kernel.delay('later', 0.05);
    },
    later() {},
    success: () => assert.fail('the wheel is gone'),
    failure: (_, ...args) => assert.fail(String(args)),
  });
});

test('destroy() of a listener refuses at once and drops who waits; the unix path stays', async (t) => {
  const path = join(folder(t), 'socket');
  const log = await runSession({
    _start({ heap }) {
      const listener = new SocketFactory({ ...events, socketDomain: 'unix', bindAddress: path });
      listener.pauseAccept();
      listener.destroy();
      heap.log.push(existsSync(path));
      heap.wheel = new SocketFactory({ ...events, socketDomain: 'unix', remoteAddress: path });
    },
    failure({ heap }, ...args) {
      heap.log.push(args.slice(0, 2));
    },
  });
  assert.deepEqual(log, [true, ['connect', errno.ECONNREFUSED]]);
});

test('pauseAccept() keeps clients waiting, resumeAccept() serves all of them in order', async () => {
  const clients: net.Socket[] = [];
  const log = await runSession({
    async _start({ kernel, heap }) {
      heap.listener = new SocketFactory({ kernel, ...events, bindAddress: '127.0.0.1' });
      heap.listener.pauseAccept();
      for (let n = 0; n < 20; n++) {
        const client = net.connect(heap.listener.getsockname().port, '127.0.0.1');
        clients.push(client);
        await once(client, 'connect');
      }
      heap.log.push(`accepted ${heap.log.length}`);
      heap.listener.resumeAccept();
    },
    success({ heap }, socket, _address, port) {
      heap.log.push(clients.findIndex((client) => client.localPort === port));
      socket.destroy();
      // Paused between two of them, it stops there.
      if (heap.log.length === 5) {
        heap.listener.pauseAccept();
        setTimeout(() => {
          heap.log.push('resume');
          heap.listener.resumeAccept();
        }, 20);
      }
      if (heap.log.length === 22) heap.listener.destroy();
    },
  });
  const order = Array.from({ length: 20 }, (_, n) => n);
  assert.deepEqual(log, ['accepted 0', ...order.slice(0, 4), 'resume', ...order.slice(4)]);
  for (const client of clients) client.destroy();
});

test('event() renames the success and failure events of a running wheel', async () => {
  const log = await runSession({
    _start({ heap }) {
      const bindAddress = '127.0.0.1';
      heap.listener = new SocketFactory({ ...events, bindAddress });
      const { port } = heap.listener.getsockname();
      heap.connector = new SocketFactory({ ...events, remoteAddress: bindAddress, remotePort: port });
      heap.listener.event({ successEvent: 'arrived' });
      heap.connector.event({ successEvent: 'connected' });
    },
    arrived({ heap }, socket) {
      heap.log.push('arrived');
      heap.listener.destroy();
      socket.destroy();
    },
    connected({ heap }, socket, address, port) {
      heap.log.push('connected');
      socket.destroy();
      heap.again = new SocketFactory({ ...events, remoteAddress: address, remotePort: port, bindAddress: '192.0.2.1' });
      heap.again.event({ failureEvent: 'failed' });
    },
    failed: ({ heap }, operation) => void heap.log.push(operation),
    success: () => assert.fail('renamed'),
    failure: () => assert.fail('renamed'),
  });
  assert.deepEqual(log.sort(), ['arrived', 'bind', 'connected']);
});

test('a terminal signal destroys the wheels of the session and closes their sockets', async (t) => {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const log = await runSession({
    _start({ heap }) {
      heap.listener = new SocketFactory({ ...events, bindAddress: '127.0.0.1' });
      heap.port = heap.listener.getsockname().port;
      const { port } = server.address() as AddressInfo;
      heap.connector = new SocketFactory({ ...events, remoteAddress: '127.0.0.1', remotePort: port });
    },
    success({ kernel, heap }, handle) {
      heap.wheel = new ReadWrite({ handle, inputEvent: 'line' });
      heap.log.push(heap.port, handle);
      kernel.signal(kernel, 'TERM');
    },
    line: () => {},
    _stop: ({ heap }) => heap.log.push(heap.wheel, heap.listener),
  });
  const [port, socket, wheel, listener] = log;
  assert.deepEqual([wheel.destroyed, listener.destroyed], [true, true]);
  if (!socket.destroyed) await once(socket, 'close');
  const late = net.connect(port, '127.0.0.1');
  assert.equal((await once(late, 'error'))[0].code, 'ECONNREFUSED');
});

test('an accepted IPv6 or unix connection tells who is there', { skip: whyNoIpv6() ?? false }, async (t) => {
  const path = join(folder(t), 'socket');
  const log = await runSession({
    _start({ heap }) {
      heap.left = 2;
      heap.listeners = [
        new SocketFactory({ ...events, socketDomain: 'inet6', bindAddress: '::1' }),
        new SocketFactory({ ...events, socketDomain: 'unix', bindAddress: path, socketMode: 0o600 }),
      ];
      heap.log.push((statSync(path).mode & 0o777).toString(8));
      const first = net.connect(heap.listeners[0].getsockname().port, '::1', () => {
        first.destroy();
        const second = net.connect(path, () => second.destroy());
      });
    },
    success({ heap }, socket, address, port, id) {
      heap.log.push([address, typeof port, heap.listeners.findIndex((each: SocketFactory) => each.id === id)]);
      socket.destroy();
      if (--heap.left === 0) for (const listener of heap.listeners) listener.destroy();
    },
  });
  assert.deepEqual(log, ['600', ['::1', 'number', 0], [undefined, 'undefined', 1]]);
});

test('who connected and was reset before it was accepted still has an address', async () => {
  const log = await runSession({
    async _start({ kernel, heap }) {
      heap.listener = new SocketFactory({ kernel, ...events, bindAddress: '127.0.0.1' });
      heap.listener.pauseAccept();
      const client = net.connect(heap.listener.getsockname().port, '127.0.0.1');
      await once(client, 'connect');
      client.resetAndDestroy();
      await new Promise((resolve) => setTimeout(resolve, 30));
      heap.listener.resumeAccept();
    },
    success({ heap }, handle, address) {
      heap.log.push(address);
      heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone' });
      heap.listener.destroy();
    },
    line: () => {},
    gone({ heap }, operation, number) {
      heap.log.push(operation, number);
      heap.wheel.destroy();
    },
  });
  assert.deepEqual(log, ['127.0.0.1', 'read', errno.ECONNRESET]);
});

test('a UDP socket that is bound comes through the queue, without a peer, and is known before', async () => {
  const log = await runSession({
    _start({ heap, kernel }) {
      const options = { ...events, socketProtocol: 'udp', bindAddress: '127.0.0.1', bindPort: 0 };
      heap.wheel = new SocketFactory(options);
      heap.bound = heap.wheel.getsockname();
      heap.log.push(typeof heap.bound.port, heap.wheel.dropped);
      kernel.yield('first');
    },
    first: ({ heap }) => heap.log.push('first'),
    success({ heap }, socket, address, port, id) {
      heap.log.push(address, port, id === heap.wheel.id, socket.getsockname().port === heap.bound.port);
      heap.wheel.destroy();
      heap.log.push(heap.wheel.getsockname(), typeof socket.getsockname());
      socket.close();
    },
    failure: (_, ...args) => assert.fail(String(args)),
  });
  assert.deepEqual(log, ['number', 0, undefined, undefined, true, true, undefined, 'object', 'first']);
});

test('UDP failures: bind, service, name, and of a connected one, in POE’s words', async (t) => {
  const udp = { socketProtocol: 'udp' };
  assert.deepEqual(await failureOf({ ...udp, bindAddress: '192.0.2.1' }), failure('bind', 'EADDRNOTAVAIL'));
  assert.deepEqual(await failureOf({ ...udp, bindPort: 'no-such' }), failure('getservbyname', 'EADDRNOTAVAIL'));
  const remote = { ...udp, remoteAddress: '127.0.0.1', remotePort: 'no-such' };
  assert.deepEqual(await failureOf(remote), failure('getservbyname', 'EADDRNOTAVAIL'));
  const nobody = { ...udp, remoteAddress: 'no-such-host.invalid', remotePort: 9 };
  assert.deepEqual(await failureOf(nobody), failure('inet_aton', 'EADDRNOTAVAIL'));
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const bindPort = taken.address().port;
  assert.deepEqual(await failureOf({ ...udp, bindAddress: '127.0.0.1', bindPort }), failure('bind', 'EADDRINUSE'));
});

test('a connected UDP socket with a ReadWrite: each record is a datagram, and it ends with the wheel', async (t) => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const heard: string[] = [];
  server.on('message', (data, from) => {
    heard.push(String(data));
    if (heard.length === 3) for (const back of ['back', 'again']) server.send(back, from.port, from.address);
  });
  let handle: UdpHandle | undefined;
  const log = await runSession({
    _start({ heap }) {
      const { address: remoteAddress, port: remotePort } = server.address();
      heap.factory = new SocketFactory({ ...events, socketProtocol: 17, remoteAddress, remotePort, bindPort: 0 });
    },
    success({ heap }, socket, address, port) {
      handle = socket;
      heap.log.push(address, port === server.address().port);
      heap.wheel = new ReadWrite({
        handle: socket,
        filter: new Stream(),
        inputEvent: 'input',
        flushedEvent: 'flushed',
      });
      heap.factory.destroy();
      heap.wheel.put('one', 'two');
      heap.wheel.put('three');
    },
    flushed: ({ heap }) => void heap.log.push('flushed'),
    input({ heap }, octets) {
      heap.log.push(String(octets));
      if (heap.log.includes('again')) heap.wheel.destroy();
    },
    failure: (_, ...args) => assert.fail(String(args)),
  });
  assert.deepEqual(log, ['127.0.0.1', true, 'flushed', 'back', 'again']);
  assert.deepEqual(heard, ['one', 'two', 'three']);
  await until(() => handle?.getsockname() === undefined);
});

test('destroy() before a UDP socket is connected closes it and brings no event', async () => {
  const before = kernel.getEventCount();
  await runSession({
    _start({ kernel }) {
      const udp = { ...events, socketProtocol: 'udp', remotePort: 9 };
      new SocketFactory({ ...udp, remoteAddress: '127.0.0.1' }).destroy();
      new SocketFactory({ ...udp, remoteAddress: 'no-such-host.invalid' }).destroy();
      kernel.delay('later', 0.02);
    },
    later() {},
    success: () => assert.fail('the wheel is gone'),
    failure: (_, ...args) => assert.fail(String(args)),
  });
  assert.equal(kernel.getEventCount(), before);
});
