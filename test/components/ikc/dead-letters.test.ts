import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { type DeadLetter, Responder } from 'poe-kernel/ikc';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../helpers/ikc-server.ts';
import { IkcWorld, type Member } from '../../helpers/ikc-world.ts';

type Short = [to: string, reason: string, params: unknown, doubtful: boolean];

function short({ letters }: Member): Short[] {
  return letters.splice(0).map(({ to, reason, params, doubtful }) => [to, reason, params, doubtful]);
}

/** Warnings of this process while something is done. */
async function warningsOf(act: () => unknown): Promise<{ code: string; message: string }[]> {
  const warnings: { code: string; message: string }[] = [];
  const listener = (warning: Error & { code?: string }): void =>
    void warnings.push({ code: warning.code ?? '', message: warning.message });
  process.on('warning', listener);
  try {
    await act();
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off('warning', listener);
  }
  return warnings;
}

describe('dead letters', () => {
  test('a message to a kernel that nobody knows becomes one, with its sender', () =>
    IkcWorld.use(async (world) => {
      const member = world.member({
        go: ({ kernel }, to) => kernel.post('IKC', 'post', to, { n: 1 }),
      });
      const app = member.kernel.aliasResolve('app') as Session;
      member.kernel.post('app', 'go', 'poe://Nobody/some/event');
      await world.advance(1);
      assert.deepEqual(member.letters, [
        {
          to: 'poe://Nobody/some/event',
          kernel: 'Nobody',
          params: { n: 1 },
          sender: app.id,
          reason: 'unknown',
          text: `${member.kernel.host.identity.pid}: Unknown kernel 'Nobody'.`,
          doubtful: false,
        },
      ]);
      assert.ok(Object.isFrozen(member.letters[0]));
      member.letters.length = 0;
      member.ikc.post('poe://*/some/event', 1);
      assert.deepEqual(short(member), [['poe://*/some/event', 'unknown', 1, false]]);
    }));

  test('what the other side does not let in becomes one, with its words', () =>
    IkcWorld.use(async (world) => {
      world.server(
        {},
        {
          fail: () => {
            throw new Error('boom');
          },
        },
      );
      const client = world.client();
      await world.advance(1);
      client.ikc.post('poe://Server/app/hidden', 'x');
      client.ikc.post('poe://Server/nowhere/x', 'x');
      client.ikc.post('poe://Server/app/echo', 'fine');
      // Its handler was called: that is an error, and no letter.
      client.ikc.post('poe://Server/app/fail', 'x');
      await world.advance(1);
      assert.deepEqual(short(client), [
        ['poe://Server/app/hidden', 'refused', undefined, false],
        ['poe://Server/nowhere/x', 'refused', undefined, false],
      ]);
    }));

  test('what the serializer cannot carry becomes one, and is told as ever', () =>
    IkcWorld.use(async (world) => {
      world.server();
      const client = world.client();
      await world.advance(1);
      const value = () => 'a function';
      assert.throws(() => client.ikc.post('poe://Server/app/echo', value), /Cannot freeze/);
      assert.deepEqual(short(client), [['poe://Server/app/echo', 'unsendable', value, false]]);
    }));

  test('awaited calls, subscriptions and pings are none: whoever waits is told', () =>
    IkcWorld.use(async (world) => {
      world.server({}, { never: () => new Promise(() => {}) });
      const client = world.client();
      await world.advance(1);
      const calls = [
        client.ikc.call('poe://Nobody/app/echo'),
        client.ikc.call('poe://Server/app/hidden'),
        client.ikc.call('poe://Server/app/never'),
      ].map((call) => call.catch((error) => error.stage));
      client.ikc.subscribe('poe://Nobody/app');
      await world.advance(1);
      world.network.wire.cut();
      await world.advance(1);
      assert.deepEqual(await Promise.all(calls), ['resolve', 'check', 'disconnect']);
      assert.deepEqual(short(client), []);
    }));

  test('frames that were not written when a link is lost become letters: those that may have left say so', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client();
      await world.advance(1);
      world.network.wire.stall();
      const sent = Array.from({ length: 8 }, (_, n) => `${n}${'x'.repeat(100_000)}`);
      for (const text of sent) client.ikc.post('poe://Server/app/note', text);
      await world.advance(1);
      const arrived = server.got.length;
      client.ikc.post('poe://Server/app/note', 'just put');
      world.network.wire.cut();
      await world.advance(1);
      const letters = short(client);
      assert.ok(letters.length > 2 && letters.length + arrived <= 9);
      assert.deepEqual(letters.map(([, , params]) => String(params).slice(0, 4)).at(-1), 'just');
      assert.ok(letters.every(([to, reason]) => to === 'poe://Server/app/note' && reason === 'lost'));
      assert.equal(letters[0]?.[3], true);
      assert.equal(letters.at(-1)?.[3], false);
    }));

  test('an answer to a peer that has gone meanwhile becomes one', () =>
    IkcWorld.use(async (world) => {
      let answer: (value: string) => void = () => {};
      const server = world.server(
        {},
        {
          slow: () =>
            new Promise((resolve) => {
              answer = resolve;
            }),
        },
      );
      const client = world.client();
      await world.advance(1);
      client.ikc.call('poe://Server/app/slow', null, { kernel: '', session: 'app', state: 'got' });
      await world.advance(1);
      await client.end();
      answer('too late');
      await world.advance(1);
      const [letter] = server.letters;
      assert.equal(letter?.params, 'too late');
      assert.equal(letter?.reason, 'unknown');
    }));

  test('an answer goes to the peer that has come back meanwhile, under the name that it was asked to go to', () =>
    IkcWorld.use(async (world) => {
      let answer: (value: string) => void = () => {};
      const slow = () =>
        new Promise((resolve) => {
          answer = resolve;
        });
      const server = world.server({}, { slow });
      const first = world.client();
      await world.advance(1);
      first.ikc.call('poe://Server/app/slow', null, 'poe://Client/app/note');
      await world.advance(1);
      await first.end();
      const second = world.client();
      await world.advance(1);
      answer('late');
      await world.advance(1);
      assert.deepEqual(second.got, [['note', 'late']]);
      assert.deepEqual(server.letters, []);
    }));

  test('monitors of deadLetter are told once each, of the kernel or of all', () =>
    IkcWorld.use(async (world) => {
      const member = world.member();
      const app = member.kernel.aliasResolve('app') as Session;
      member.ikc.monitor('*', { deadLetter: 'got_any', data: 'D' }, app);
      member.ikc.post('poe://Nobody/some/event', 1);
      await world.advance(1);
      assert.deepEqual(member.got, [['got_any', '*', 'Nobody', undefined, 'D', member.letters[0]]]);
      member.got.length = 0;
      member.ikc.monitor('Nobody', { deadLetter: 'got_his' }, app);
      member.ikc.post('poe://Nobody/some/event', 1);
      member.ikc.post('poe://Somebody/some/event', 1);
      await world.advance(1);
      assert.deepEqual(
        member.got.map(([event, asked, kernel]) => [event, asked, kernel]),
        [
          ['got_his', 'Nobody', 'Nobody'],
          ['got_any', '*', 'Nobody'],
          ['got_any', '*', 'Somebody'],
        ],
      );
    }));

  test('if nobody listens there is a warning, one in ten seconds for each reason', () =>
    IkcWorld.use(async (world) => {
      const { ikc } = world.member();
      const kernel = new Kernel({ host: world.simulation.host() });
      const quiet = Responder.spawn({ kernel });
      const running = kernel.run();
      const warnings = await warningsOf(async () => {
        for (let n = 0; n < 100; n++) quiet.post('poe://Nobody/some/event', n);
        await world.advance(11);
        quiet.post('poe://Other/some/event', 1);
      });
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['POE_WARN_IKC_DEAD_LETTER', 'POE_WARN_IKC_DEAD_LETTER'],
      );
      assert.match(
        warnings[0]?.message ?? '',
        /^Not delivered: poe:\/\/Nobody\/some\/event: \d+: Unknown kernel 'Nobody'\. \(/,
      );
      // Who listens gets no warning, and neither does who monitors errors, as ever.
      const none = await warningsOf(() => ikc.post('poe://Nobody/some/event', 1));
      assert.deepEqual(none, []);
      quiet.shutdown();
      kernel.signal(kernel, 'TERM');
      await world.advance(1);
      await running;
    }));

  test('a tap of the hook that throws is a warning, and goes no further', () =>
    IkcWorld.use(async (world) => {
      const member = world.member();
      const seen: DeadLetter[] = [];
      member.ikc.hooks.deadLetter.tap({ name: 'broken', stage: 10 }, () => {
        throw new Error('tap');
      });
      member.ikc.hooks.deadLetter.tap('seeing', (letter) => seen.push(letter));
      const warnings = await warningsOf(() => assert.equal(member.ikc.post('poe://Nobody/some/event', 1), 0));
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['POE_WARN_HOOK_FAILED'],
      );
      assert.equal(seen.length, 1);
    }));
});

describe('the queue of a peer', () => {
  test('its marks are told to monitors and hooks, once each way', () =>
    TestServer.use({ limits: { highQueued: 2 ** 19, lowQueued: 2 ** 18 } }, async (server) => {
      const { ikc, kernel } = server;
      const told: unknown[][] = [];
      const session = Session.create({
        kernel,
        inlineStates: {
          _start: ({ kernel }) => kernel.aliasSet('watcher'),
          queue: (_, ...args) => void told.push(args),
        },
      });
      ikc.monitor('Slow', { queue: 'queue' }, session);
      const hooked: unknown[] = [];
      ikc.hooks.queueHigh.tap('test', ({ kernel }, octets) => hooked.push(['high', kernel, octets >= 2 ** 19]));
      ikc.hooks.queueLow.tap('test', ({ kernel }, octets) => hooked.push(['low', kernel, octets <= 2 ** 18]));
      const peer = await IkcPeer.greet(server, 'Slow');
      peer.socket.pause();
      for (let n = 0; n < 24; n++) ikc.post('poe://Slow/me/blob', 'x'.repeat(2 ** 18));
      const tells = (count: number): Promise<void> =>
        until(
          () => hooked.length >= count && told.length >= count,
          () => JSON.stringify([hooked, told]),
        );
      await tells(1);
      assert.deepEqual(hooked, [['high', 'Slow', true]]);
      peer.socket.resume();
      for (let n = 0; n < 24; n++) await peer.message();
      await tells(2);
      // Nothing more comes.
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(hooked, [
        ['high', 'Slow', true],
        ['low', 'Slow', true],
      ]);
      assert.deepEqual(
        told.map(([asked, name, , , mark, octets, channel]) => [asked, name, mark, typeof octets, typeof channel]),
        [
          ['Slow', 'Slow', 'high', 'number', 'number'],
          ['Slow', 'Slow', 'low', 'number', 'number'],
        ],
      );
      peer.end();
    }));
});
