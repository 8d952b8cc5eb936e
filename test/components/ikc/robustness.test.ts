/** What ends a genuine server, and what else a peer may do to one: it goes on, and nothing is left behind. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServerOptions } from 'poe-kernel/ikc';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { nested, TestServer } from '../../helpers/ikc-server.ts';
import { knock } from '../../helpers/knock.ts';

const DROPPED = 'POE_WARN_IKC_PEER_DROPPED';

/** What a peer does, and what the person who runs the server is told about it: one line, or nothing. */
interface Attack {
  title: string;
  options?: ServerOptions;
  act: (server: TestServer) => Promise<IkcPeer | undefined>;
  /** The connection is closed, and this is why. */
  dropped?: RegExp;
  /** The code of the line, if it is not closed. */
  warned?: string;
}

/** An image of arrays inside each other, more than any Perl would freeze. */
function deepStorable(depth: number): Buffer {
  const level = Buffer.from([0x04, 0x02, 0, 0, 0, 1]);
  return Buffer.concat([
    Buffer.from([0x05, 0x0b, 0x02, 0, 0, 0, 1]),
    ...Array.from({ length: depth }, () => level),
    Buffer.from([0x05]),
  ]);
}

function framed(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${payload.length}\0`), payload]);
}

/** Sends octets behind a good greeting. */
function send(octets: string | Uint8Array, serializer?: string): Attack['act'] {
  return async (server) => {
    const peer = await IkcPeer.greet(server, 'Evil', serializer);
    peer.write(octets);
    return peer;
  };
}

/** Sends a message behind a good greeting. */
function sendMessage(message: unknown): Attack['act'] {
  return async (server) => {
    const peer = await IkcPeer.greet(server, 'Evil');
    peer.send(message);
    return peer;
  };
}

function say(...lines: string[]): Attack['act'] {
  return async (server) => {
    const peer = await IkcPeer.connect(server);
    peer.say(...lines);
    return peer;
  };
}

const text = (value: string): Buffer => Buffer.from(value);

const ATTACKS: readonly Attack[] = [
  {
    title: 'a frame that is garbage',
    act: send(framed(text('this is no image'))),
    dropped: /^Closed the connection to Evil \(127\.0\.0\.1:\d+\): Cannot thaw/,
  },
  { title: 'an empty frame', act: send('0\0'), dropped: /Cannot thaw/ },
  { title: 'octets that are no frame', act: send('GET / HTTP/1.1\r\n\r\n'), dropped: /Cannot read a frame: "GET / },
  { title: 'a length of a thousand digits', act: send('1'.repeat(1000)), dropped: /not the length of one/ },
  {
    title: 'a length that no frame may have',
    act: send('99999999\0'),
    dropped: /99999999 octets, 16777216 are allowed/,
  },
  {
    title: 'a frame that is no hash',
    act: sendMessage(['an', 'array']),
    dropped: /Cannot read a message: it is no hash/,
  },
  { title: 'a frame that is an empty hash', act: sendMessage({}), warned: 'POE_WARN_IKC_ERROR' },
  {
    title: 'from as text',
    act: sendMessage({ event: 'poe://Test/app/reply', params: 'x', from: 'poe://Evil/me' }),
    dropped: /its from is no hash with names/,
  },
  {
    title: 'an rsvp that is a list',
    act: sendMessage({ event: 'poe://Test/app/echo', rsvp: ['x'] }),
    dropped: /its rsvp is no specifier/,
  },
  { title: '50,000 levels in Storable', act: send(framed(deepStorable(50_000))), dropped: /Evil/ },
  {
    title: '50,000 levels in FreezeThaw',
    act: send(framed(text(`FrT;@1|${'@1|'.repeat(50_000)}`)), 'FreezeThaw'),
    dropped: /Evil/,
  },
  {
    title: '50,000 levels in the text of Data::Dumper',
    act: send(
      framed(text(`$POE::Component::IKC::Freezer::VAR1 = ${'['.repeat(50_000)}${']'.repeat(50_000)};`)),
      'POE::Component::IKC::Freezer',
    ),
    dropped: /Evil/,
  },
  {
    title: 'an image with a huge count',
    act: send(framed(Buffer.from([0x05, 0x0b, 0x02, 0x7f, 0xff, 0xff, 0xff]))),
    dropped: /Evil/,
  },
  {
    title: 'three wrong greetings',
    act: say('SETUP x', 'SETUP y', 'SETUP z'),
    dropped: /^Closed the connection to 127\.0\.0\.1:\d+: .*3 wrong lines, 3 are the limit/,
  },
  { title: 'a hundred lines', act: say('HELLO', ...Array.from({ length: 100 }, () => 'OK')), dropped: /wrong lines/ },
  {
    title: 'a line without an end',
    act: (server) => say('x'.repeat(5000))(server),
    dropped: /a line of more than 4096 octets/,
  },
  { title: 'control characters in a line', act: say('SETUP \x1b[31m', '\x1b]0;x\x07', '\x00'), dropped: /^[ -~]+$/ },
  {
    title: 'nothing, for too long',
    options: { limits: { handshakeTimeout: 1 } },
    act: (server) => IkcPeer.connect(server),
    dropped: /no handshake within 1 s \(phase server_010, sent nothing, received nothing\)/,
  },
  {
    title: 'half a greeting, for too long',
    options: { limits: { handshakeTimeout: 1 } },
    act: say('HELLO'),
    dropped: /phase server_001, sent 'IAM [^']+', received 'HELLO'/,
  },
  {
    title: 'half a frame, for too long',
    options: { limits: { frameTimeout: 0.1 } },
    act: send('100\0abc'),
    dropped: /no octet of an unfinished frame came for 0\.1 s/,
  },
  {
    title: 'half a length, for too long',
    options: { limits: { frameTimeout: 0.1 } },
    act: send('10'),
    dropped: /no octet of an unfinished frame/,
  },
  {
    title: 'requests whose answers it does not read, beyond the limit',
    options: { limits: { maxQueued: 2 ** 20, highQueued: 2 ** 19, lowQueued: 2 ** 18 } },
    act: async (server) => {
      const peer = await IkcPeer.greet(server, 'Evil');
      peer.socket.pause();
      const rsvp = { kernel: 'Evil', session: 'me', state: 'blob' };
      peer.send(...Array.from({ length: 40 }, () => ({ event: 'poe://Test/app/blob', params: 2 ** 19, rsvp })));
      setTimeout(() => peer.socket.resume(), 500);
      return peer;
    },
    dropped: /slow_peer: \d+ octets wait to be written, 1048576 are the limit/,
  },
  {
    title: 'requests whose answers it does not read, for too long',
    options: { limits: { highQueued: 2 ** 19, lowQueued: 2 ** 18, stuckTimeout: 0.2 } },
    act: async (server) => {
      const peer = await IkcPeer.greet(server, 'Evil');
      peer.socket.pause();
      const rsvp = { kernel: 'Evil', session: 'me', state: 'blob' };
      peer.send(...Array.from({ length: 10 }, () => ({ event: 'poe://Test/app/blob', params: 2 ** 20, rsvp })));
      setTimeout(() => peer.socket.resume(), 1500);
      return peer;
    },
    dropped: /slow_peer: took nothing for 0\.2 s/,
  },
  {
    title: 'leaving in the handshake, after a refused serializer',
    act: async (server) => {
      const peer = await IkcPeer.connect(server);
      peer.say('SETUP KERNEL=Evil;FREEZER=Sereal;PID=1');
      assert.equal(await peer.line(), 'NOT');
      peer.end();
      return undefined;
    },
  },
];

for (const { title, options = {}, act, dropped, warned } of ATTACKS) {
  test(`a server of ours survives: ${title}`, () =>
    TestServer.use(options, async (server) => {
      await server.serves();
      const start = await server.atRest();
      const peer = await act(server);
      await server.serves();
      if (dropped !== undefined) {
        await peer?.closed();
        const [line] = await server.takeWarnings(DROPPED, 1);
        assert.match(line ?? '', dropped);
      }
      if (warned !== undefined) await server.takeWarnings(warned, 1);
      peer?.end();
      await server.backTo(start);
      await server.takeWarnings('', 0);
      await server.serves('Evil');
    }));
}

describe('a server of ours, and peers that are only odd', () => {
  let server: TestServer;
  before(() => {
    server = TestServer.start();
  });
  after(() => server.stop());

  test('survives being connected to and left, 2,000 times', async () => {
    await server.serves();
    const start = await server.atRest();
    await knock(server.port, 2000);
    await server.serves();
    await server.backTo(start);
    await server.takeWarnings('', 0);
  });

  for (const name of ['a::b', 'x@y', 'a/b', '*', '0', 'x'.repeat(256)]) {
    test(`refuses the kernel name ${name.slice(0, 10)} in both handshakes`, async () => {
      const start = await server.atRest();
      const peer = await IkcPeer.connect(server);
      peer.say(`SETUP KERNEL=${name};FREEZER=Storable;PID=1`);
      assert.equal(await peer.line(), 'NOT');
      peer.say('HELLO');
      while ((await peer.line()) !== 'DONE') peer.say('OK');
      peer.say(`IAM ${name}`);
      assert.equal(await peer.line(), 'NOT');
      peer.end();
      await server.backTo(start);
    });
  }

  for (const name of ['__proto__', 'constructor', 'toString', 'then', 'hasOwnProperty']) {
    test(`takes ${name} for a name of kernels, sessions and events like any other`, async () => {
      const start = await server.atRest();
      const peer = await IkcPeer.greet(server, `${name},alias`);
      const answer = { kernel: name, session: name, state: name };
      peer.send({
        event: 'poe://Test/app/echo',
        params: { [name]: 1, nested: JSON.parse(`{"${name}":{"polluted":1}}`) },
        rsvp: answer,
        [name]: 'x',
      });
      const message = await peer.message();
      assert.deepEqual({ ...(message?.event as object) }, answer);
      assert.equal(Object.hasOwn(message?.params as object, name), true);
      peer.send({ event: { kernel: name, session: name, state: name } });
      assert.match(String(errorOf(await peer.message())[0]), /is not available/);
      await server.takeWarnings('POE_WARN_IKC_ERROR', 1);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      peer.end();
      await server.backTo(start);
      // Step by step too.
      const other = await IkcPeer.connect(server);
      other.say('HELLO');
      while ((await other.line()) !== 'DONE') other.say('OK');
      other.say(`IAM ${name}`);
      assert.equal(await other.line(), 'OK');
      other.end();
      await server.backTo(start);
    });
  }

  test('ignores errors_to and call, whatever they are', async () => {
    const peer = await IkcPeer.greet(server);
    for (const odd of ['text', [1], null, 7, { kernel: 'Nobody', session: 'IKC', state: 'remote_error' }]) {
      const rsvp = { kernel: 'Peer', session: 'me', state: 'x' };
      peer.send({ event: 'poe://Test/app/echo', params: 'x', rsvp, errors_to: odd, call: odd });
      assert.equal((await peer.message())?.params, 'x');
    }
    peer.end();
  });

  test('answers a question do_you_have that cannot be read with a refusal', async () => {
    const peer = await IkcPeer.greet(server);
    for (const question of [['not a/good/one/at all'], [], 'x', null, [null], [[1]], [{ session: [] }], {}]) {
      assert.match(String(await peer.call('poe://Test/IKC/do_you_have', question)), /^Refused subscription /);
    }
    const cyclic: unknown[] = [];
    cyclic.push([cyclic]);
    assert.match(String(await peer.call('poe://Test/IKC/do_you_have', cyclic)), /^Refused subscription /);
    peer.end();
  });

  test('tells the caller of a handler that throws, at once or later', async () => {
    const peer = await IkcPeer.greet(server);
    for (const event of ['fail', 'fail_later']) {
      assert.deepEqual(errorOf(await callAnyhow(peer, event, 'boom')), [
        `boom.  Request poe://Test/app/${event}`,
        'Test',
        'invocation',
      ]);
    }
    assert.equal(await peer.call('poe://Test/app/later', 'x'), 'x');
    peer.end();
    await server.takeWarnings('POE_WARN_IKC_ERROR', 2);
  });

  test('tells the caller of an answer that cannot be frozen', async () => {
    for (const serializer of ['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer']) {
      const peer = await IkcPeer.greet(server, `P${serializer.length}`, serializer);
      for (const event of serializer === 'Storable' ? ['unfreezable', 'deep'] : ['unfreezable']) {
        const [error, kernel, stage] = errorOf(await callAnyhow(peer, event));
        assert.match(String(error), /^Cannot freeze.*\. {2}Request poe:\/\/Test\/app\/\w+$/s);
        assert.deepEqual([kernel, stage], ['Test', 'invocation']);
        await server.takeWarnings('POE_WARN_IKC_ERROR', 1);
      }
      assert.equal(await peer.call('poe://Test/app/echo', 'goes on'), 'goes on');
      peer.end();
    }
  });

  test('goes on after text that FreezeThaw cannot carry', async () => {
    const wide = await IkcPeer.greet(server, 'Wide');
    const narrow = await IkcPeer.greet(server, 'Narrow', 'FreezeThaw');
    wide.send({
      event: 'poe://Test/app/relay',
      params: ['poe://Narrow/me/x', '€'],
      rsvp: { kernel: 'Wide', session: 'me', state: 'x' },
    });
    assert.equal((await wide.message())?.params, 'not sent');
    await server.takeWarnings('POE_WARN_IKC_UNSENT', 1);
    // An error whose text it cannot carry.
    wide.send({ event: 'poe://Test/app/fail', params: '€', from: { kernel: 'Wide', session: 'x' } });
    assert.match(String(errorOf(await wide.message())[0]), /^€\. {2}Request/);
    narrow.send({
      event: 'poe://Test/app/echo',
      params: ['poe://Narrow/me/x'],
      rsvp: { kernel: 'Wide', session: 'me', state: 'x' },
    });
    assert.deepEqual((await wide.message())?.params, ['poe://Narrow/me/x']);
    assert.equal(await narrow.call('poe://Test/app/echo', 'goes on').then((value) => value), 'goes on');
    wide.end();
    narrow.end();
    await server.takeWarnings('POE_WARN_IKC_ERROR', 1);
  });

  test('goes on when a handler passes on what cannot be sent on', async () => {
    const peer = await IkcPeer.greet(server);
    // Two levels are added on the way back to SENDER.
    peer.send({
      event: 'poe://Test/app/reply',
      params: nested(510),
      from: { kernel: 'Peer', session: 'me', state: 'IKC:proxy' },
    });
    await server.takeWarnings('POE_WARN_IKC_UNSENT', 1);
    assert.equal(await peer.call('poe://Test/app/relay', ['no specifier at all/x/y/z', 1]), 'not sent');
    await server.takeWarnings('POE_WARN_IKC_UNSENT', 1);
    peer.end();
  });

  test('keeps two connections of one name apart', async () => {
    const first = await IkcPeer.greet(server, 'Twin,One');
    const second = await IkcPeer.greet(server, 'Twin,Two');
    await server.takeWarnings('POE_WARN_IKC_NAME_TAKEN', 1);
    const ask = (peer: IkcPeer, x: string): Promise<unknown> => {
      peer.send({ event: 'poe://Test/app/echo', params: x, rsvp: { kernel: 'Twin', session: 'me', state: 'x' } });
      return peer.message().then((message) => message?.params);
    };
    assert.deepEqual(await Promise.all([ask(first, 'first'), ask(second, 'second')]), ['first', 'second']);
    // Named otherwise, the first one is meant.
    second.send({ event: 'poe://Test/app/relay', params: ['poe://Twin/me/x', 'to the first'] });
    assert.equal((await first.message())?.params, 'to the first');
    second.end();
    assert.equal(await ask(first, 'still here'), 'still here');
    const third = await IkcPeer.greet(server, 'Third');
    assert.equal(await third.call('poe://Test/app/relay', ['poe://Twin/me/x', 'still named']), 1);
    assert.equal((await first.message())?.params, 'still named');
    first.end();
    third.end();
  });

  test('does not let a peer take the name of the server', async () => {
    const peer = await IkcPeer.greet(server, 'Test');
    await server.takeWarnings('POE_WARN_IKC_NAME_TAKEN', 1);
    peer.send({
      event: 'poe://Test/app/relay',
      params: ['poe://Test/app/echo', 'stays here'],
      rsvp: { kernel: 'Test', session: 'me', state: 'x' },
    });
    assert.equal((await peer.message())?.params, 1);
    peer.end();
  });

  test('tells of a reset in the middle of a frame, once', async () => {
    const start = await server.atRest();
    const peer = await IkcPeer.greet(server, 'Reset');
    peer.write('100\0abc');
    await server.serves();
    peer.reset();
    const [line] = await server.takeWarnings('POE_WARN_IKC_CHANNEL', 1);
    assert.match(line ?? '', /^Channel to 127\.0\.0\.1:\d+: read error \d+ .*reset/i);
    await server.backTo(start);
  });
});

/** What an error message says: text, kernel, stage. */
function errorOf(message: Record<string, unknown> | undefined): unknown[] {
  assert.equal(Number(message?.is_error), 1);
  return message?.params as unknown[];
}

/** Calls and gives the whole message that comes back. */
async function callAnyhow(
  peer: IkcPeer,
  event: string,
  params: unknown = null,
): Promise<Record<string, unknown> | undefined> {
  peer.send({ event: `poe://Test/app/${event}`, params, rsvp: peer.event('x') });
  return peer.message();
}

describe('connections of a server', () => {
  test('beyond maxConnections they wait, and are served in order', () =>
    TestServer.use({ maxConnections: 2 }, async (server) => {
      const [first, second] = [await IkcPeer.greet(server, 'A'), await IkcPeer.greet(server, 'B')];
      const third = await IkcPeer.connect(server);
      third.say('SETUP KERNEL=Peer;FREEZER=Storable;PID=1');
      const answer = third.line();
      assert.equal(await second.call('poe://Test/app/echo', 'served'), 'served');
      assert.equal(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))]), 'waits');
      first.end();
      assert.match((await answer) ?? '', /^SETUP /);
      assert.equal(await third.call('poe://Test/app/echo', 'served now'), 'served now');
      second.end();
      third.end();
      await server.takeWarnings('', 0);
    }));

  test('beyond maxConnectionsPerAddress they are closed', () =>
    TestServer.use({ maxConnectionsPerAddress: 2 }, async (server) => {
      await server.serves();
      const start = await server.atRest();
      const [first, second] = [await IkcPeer.greet(server, 'A'), await IkcPeer.greet(server, 'B')];
      const third = await IkcPeer.connect(server);
      await third.closed();
      assert.match(
        (await server.takeWarnings(DROPPED, 1))[0] ?? '',
        /^Closed the connection to 127\.0\.0\.1:\d+: 3 from one address, 2 are the limit/,
      );
      assert.equal(await second.call('poe://Test/app/echo', 'served'), 'served');
      third.end();
      first.end();
      second.end();
      await server.backTo(start);
      await server.serves();
    }));
});
