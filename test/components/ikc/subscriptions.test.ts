import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { type Pair, withPair } from '../../helpers/ikc-pair.ts';
import { TestServer, until } from '../../helpers/ikc-server.ts';

/** Subscribes, and gives what was granted. */
function subscribe({ ikc }: Pair, ...specifiers: string[]): Promise<unknown[]> {
  return new Promise((resolve) => ikc.subscribe(specifiers, resolve));
}

const knows = ({ kernel }: Pair, alias: string): boolean => kernel.aliasResolve(alias) !== undefined;

describe('subscribe()', () => {
  test('makes a proxy of each session that is granted, and tells who asked', () =>
    withPair(async (pair) => {
      const { ikc, kernel, me } = pair;
      ikc.monitor('*', { subscribe: 'got_subscribe', unsubscribe: 'got_unsubscribe', error: 'got_error' }, me);
      const granted = await subscribe(
        pair,
        'poe://Test/app',
        'poe://Test/app/hidden',
        'poe://Test/nowhere',
        'poe://Nobody/app',
      );
      assert.deepEqual(granted, ['poe://Test/app']);
      assert.deepEqual(
        ['poe://Test/app', 'app', 'nowhere'].map((alias) => knows(pair, alias)),
        [true, true, false],
      );
      const texts = (): unknown[] =>
        pair.got.filter(([event]) => event === 'got_error').map((error) => error.slice(-2).join(': '));
      await until(
        () => texts().length === 5,
        () => JSON.stringify(texts()),
      );
      assert.deepEqual(texts().sort(), [
        `resolve: ${process.pid}: Unknown kernel 'Nobody'.`,
        'subscribe: Refused subscription poe://Test/app/hidden',
        'subscribe: Refused subscription poe://Test/nowhere',
        'subscribe: Refused subscription to poe://Nobody/app',
        'subscribe: Unknown kernel Nobody',
      ]);
      ikc.unsubscribe('app');
      await until(
        () => pair.got.some(([event]) => event === 'got_unsubscribe'),
        () => 'not unsubscribed',
      );
      assert.equal(knows(pair, 'poe://Test/app'), false);
      assert.equal(kernel.errno, 'ESRCH');
    }));

  test('with the events of the session IKC, by callback event', () =>
    withPair(async (pair) => {
      const { kernel } = pair;
      const { Session } = await import('poe-kernel');
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('asker');
            assert.equal(kernel.call('IKC', 'subscribe', [], 'granted'), undefined);
            assert.equal(kernel.call('IKC', 'subscribe', 'poe://Test/app', 'granted'), 1);
          },
          granted: ({ kernel }, granted) => kernel.post('me', 'got', granted),
        },
      });
      await until(
        () => pair.got.length === 1,
        () => 'nothing came',
      );
      assert.deepEqual(pair.got, [['got', ['poe://Test/app']]]);
    }));

  test('of poe://*/session asks every kernel and completes', () =>
    TestServer.use({ name: 'Second' }, (second) =>
      withPair(async (pair) => {
        const { ikc, kernel } = pair;
        await new Promise<void>((resolve) =>
          Client.spawn({ kernel, ip: '127.0.0.1', port: second.port, onConnect: () => resolve() }),
        );
        assert.deepEqual(await subscribe(pair, 'poe://*/app', 'poe://*/nowhere'), ['poe://*/app']);
        for (const { kernel } of [pair.server, second]) assert.equal(knows(pair, `poe://${kernel.id}/app`), true);
        await Promise.all(
          [pair.server, second].map((server) => server.takeWarnings('POE_WARN_IKC_SUBSCRIPTION', 2).catch(() => {})),
        );
        ikc.shutdown();
        const alone = Responder.spawn({ kernel: second.kernel });
        assert.deepEqual(await new Promise((resolve) => alone.subscribe('poe://*/x', resolve)), []);
      }),
    ));

  test('refuses what names no session of another kernel', () =>
    withPair(async ({ ikc }) => {
      for (const wrong of ['poe:/app', 'poe://Test', 'a b/c/d/e', '']) {
        assert.throws(() => ikc.subscribe(wrong), { code: 'POE_ERR_IKC_SPECIFIER' }, wrong);
      }
    }));

  test('as an event, what names no kernel is told to the monitors of errors; what names no session the other side refuses', () =>
    withPair(async (pair) => {
      const { ikc, kernel, me } = pair;
      ikc.monitor('*', { error: 'got_error' }, me);
      for (const wrong of ['poe:/app', 'a b/c/d/e', undefined]) {
        assert.equal(kernel.call('IKC', 'subscribe', wrong), undefined);
      }
      assert.equal(kernel.call('IKC', 'subscribe', 'poe://Test'), 1);
      await until(
        () => pair.got.length >= 4,
        () => JSON.stringify(pair.got),
      );
      assert.deepEqual(
        pair.got.map(([, , , , , operation, text]) => [operation, text]),
        [
          ['send', "Cannot subscribe to 'poe:/app': it names no session of another kernel"],
          ['send', "Cannot subscribe to 'a b/c/d/e': it names no session of another kernel"],
          ['send', "Cannot subscribe to '': it names no session of another kernel"],
          ['subscribe', 'Refused subscription poe://Test'],
        ],
      );
    }));

  test('events with names that cannot be, or none, end nobody', () =>
    withPair(async (pair) => {
      const { ikc, kernel, me } = pair;
      ikc.monitor('*', { error: 'got_error' }, me);
      kernel.post('IKC', 'monitor', 'no kernel!', { register: 'register' });
      kernel.post('IKC', 'unsubscribe', undefined);
      kernel.post('IKC', 'register_local', undefined);
      kernel.post('IKC', 'raw_message', undefined);
      await until(
        () => pair.got.length >= 2,
        () => JSON.stringify(pair.got),
      );
      assert.deepEqual(
        pair.got.map(([, , , , , operation, text]) => [operation, text]),
        [
          ['send', "Cannot monitor 'no kernel!': it names no kernel"],
          ['send', "Cannot send: '' is no specifier"],
        ],
      );
      assert.deepEqual(await subscribe(pair, 'poe://Test/app'), ['poe://Test/app']);
    }));
});

describe('a proxy', () => {
  test('passes events on with all arguments, but not those of POE, and keeps its short name when the connection goes', () =>
    withPair(async (pair) => {
      const { kernel, server, ikc, me } = pair;
      ikc.publish(me, ['got']);
      await subscribe(pair, 'poe://Test/app');
      kernel.post('poe://Test/app', '_secret', 1);
      kernel.post('app', 'relay', ['poe://Mine/me/got', 'through the proxy']);
      await until(
        () => pair.got.length === 1,
        () => 'nothing came',
      );
      assert.deepEqual(pair.got.splice(0), [['got', 'through the proxy']]);
      server.ikc.shutdown();
      await until(
        () => !knows(pair, 'poe://Test/app'),
        () => 'the long name stays',
      );
      assert.equal(knows(pair, 'app'), true);
    }));

  test('does not take a name that is in use', () =>
    withPair(async (pair) => {
      pair.server.ikc.publish('me', ['x']);
      await subscribe(pair, 'poe://Test/me');
      assert.equal(pair.kernel.aliasResolve('me'), pair.me);
      assert.notEqual(pair.kernel.aliasResolve('poe://Test/me'), pair.me);
    }));
});

describe('Client, its parameter subscribe', () => {
  test('has the proxies before onConnect', async () => {
    let known: boolean | undefined;
    await withPair(
      async () => {
        assert.equal(known, true);
      },
      {
        subscribe: ['poe://Test/app'],
        onConnect: (kernel) => {
          known = kernel.aliasResolve('poe://Test/app') !== undefined;
        },
      },
    );
  });

  test('closes the connection if one is refused', () =>
    assert.rejects(
      withPair(async () => assert.fail('it was connected'), { subscribe: ['poe://Test/app', 'poe://Test/nowhere'] }),
      /subscribe: Unable to subscribe to poe:\/\/Test\/nowhere/,
    ));

  test('is looked at by spawn', () => {
    assert.throws(() => Client.spawn({ subscribe: ['poe:/app'] }), { code: 'POE_ERR_IKC_SPECIFIER' });
  });
});

describe('numericStrings', () => {
  test('of a client makes numbers of what the server sends as text, and nothing else', () =>
    withPair(
      async ({ ikc }) => {
        const values = [5, 1.5, 3_000_000_000, '1.5', '007', '1e3', '5 ', 'text'];
        assert.deepEqual(
          await ikc.call('poe://Test/app/echo', values),
          [5, '1.5', '3000000000', '1.5', '007', '1e3', '5 ', 'text'].map((x) =>
            x === '1.5' ? 1.5 : x === '3000000000' ? 3_000_000_000 : x,
          ),
        );
      },
      { numericStrings: true },
    ));

  test('is off by default, and works on a server and for ClientLite', async () => {
    const { ClientLite } = await import('poe-kernel/ikc');
    for (const [options, expected] of [
      [{}, ['1.5', 'string']],
      [{ numericStrings: true }, [1.5, 'number']],
    ] as const) {
      await TestServer.use(options, async (server) => {
        server.ikc.publish('kind', ['of']);
        const { Session } = await import('poe-kernel');
        Session.create({
          kernel: server.kernel,
          inlineStates: { _start: ({ kernel }) => void kernel.aliasSet('kind'), of: (_, x) => typeof x },
        });
        const lite = await ClientLite.spawn({ ip: '127.0.0.1', port: server.port, ...options });
        assert.deepEqual([await lite?.call('app/echo', 1.5), await lite?.call('kind/of', 1.5)], expected);
        lite?.disconnect();
      });
    }
  });
});

test('a server and a client of one kernel share its responder', async () => {
  await withPair(async ({ kernel, ikc }) => {
    assert.equal(Responder.spawn({ kernel }), ikc);
    assert.equal(typeof Server.spawn({ kernel, port: 0, name: 'Both' }), 'number');
    assert.equal(ikc.post('poe://Both/nowhere/x', 1), 1);
  });
});
