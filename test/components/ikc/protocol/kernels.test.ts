/** Sentences of the protocol, sections 14 to 20: subscriptions, routing, monitors, ends, events of the responder, parameters. */
import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { withPair } from '../../../helpers/ikc-pair.ts';
import { IkcPeer } from '../../../helpers/ikc-peer.ts';
import { until } from '../../../helpers/ikc-server.ts';
import { IkcWorld } from '../../../helpers/ikc-world.ts';
import { type Scene, withListener, withScene } from './scene.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Waits for so many notifications. */
async function told({ got }: Scene, count: number): Promise<unknown[][]> {
  await until(
    () => got.length >= count,
    () => JSON.stringify(got),
  );
  return got.splice(0);
}

/** Subscribes from the desk, has the peer answer, and gives the question. */
async function subscribe(scene: Scene, specifier: string, answer: (question: any) => unknown): Promise<any> {
  scene.ikc('subscribe', specifier, 'granted');
  const question = (await scene.message()) as any;
  scene.peer.send({ event: question.rsvp, params: answer(question) });
  return question;
}

const accept = ({ params: [specifier] }: any): unknown => [specifier, 'Peer'];

describe('14 subscriptions and proxies', () => {
  test('subscribing asks the other side do_you_have, of IKC to IKC, with specifier and own ID', () =>
    withScene(async (scene) => {
      const { server } = scene;
      const question = await subscribe(scene, 'poe://Peer/s/e', accept);
      const { rsvp, ...rest } = plain(question) as Record<string, any>;
      const { id } = server.kernel;
      assert.deepEqual(rest, {
        event: { kernel: 'Peer', session: 'IKC', state: 'do_you_have' },
        params: [{ kernel: 'Peer', session: 's', state: 'e' }, id],
        from: { kernel: id, session: 'IKC' },
      });
      assert.deepEqual([rsvp.kernel, rsvp.session, typeof rsvp.state], [id, 'IKC', 'string']);
      assert.deepEqual(await told(scene, 1), [['granted', ['poe://Peer/s/e']]]);
    }));

  test('a proxy sends every event with all arguments as IKC:proxy, but not those that begin with _', () =>
    withScene(async (scene) => {
      await subscribe(scene, 'poe://Peer/s', accept);
      await told(scene, 1);
      for (const alias of ['poe://Peer/s', 's']) {
        scene.in(({ kernel }) => {
          kernel.post(alias, '_private', 0);
          kernel.post(alias, 'public', 1, [2], null);
        });
        const { event, params } = plain(await scene.message()) as Record<string, unknown>;
        assert.deepEqual(event, { kernel: 'Peer', session: 's', state: 'IKC:proxy' });
        assert.deepEqual(params, ['public', [1, [2], null]]);
      }
    }));

  test('the answer is the specifier and the own ID, its kernel as it came or the own ID', () =>
    withScene(
      async ({ server, peer }) => {
        const { id } = server.kernel;
        const ask = async (question: unknown) => plain(await peer.call('poe://Test/IKC/do_you_have', question));
        const whole = { kernel: 'Test', session: 'desk', state: '' };
        assert.deepEqual(await ask([whole, 'PeerID']), [whole, id]);
        assert.deepEqual(await ask(['poe:/desk/one']), [{ kernel: id, session: 'desk', state: 'one' }, id]);
        assert.equal(await ask([{ ...whole, state: 'two' }]), 'Refused subscription poe://Test/desk/two');
        assert.equal(await ask([{ ...whole, session: 'app2' }, 'more']), 'Refused subscription poe://Test/app2');
      },
      { publish: ['one'] },
    ));

  test('refusals are told to the error monitors of *, with what the other side said', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { error: 'error', data: 'mine' });
      await subscribe(scene, 'poe://Peer/s', () => 'Refused subscription for a reason');
      const [error, granted] = await told(scene, 2);
      assert.deepEqual(error, ['error', '*', '*', undefined, 'mine', 'subscribe', 'Refused subscription for a reason']);
      assert.deepEqual(granted, ['granted', []]);
    }));

  test('unsubscribing takes both aliases away, and unsubscribe monitors are told', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', 'Peer', { subscribe: 'sub', unsubscribe: 'unsub' });
      await subscribe(scene, 'poe://Peer/s', accept);
      const aliases = () =>
        scene.in(({ kernel }) => ['poe://Peer/s', 's'].map((name) => kernel.aliasResolve(name) !== undefined));
      await told(scene, 2);
      assert.deepEqual(aliases(), [true, true]);
      scene.ikc('unsubscribe', 's');
      const [unsubscribed] = await told(scene, 1);
      assert.equal(unsubscribed?.[0], 'unsub');
      assert.deepEqual(aliases(), [false, false]);
    }));
});

describe('14 subscriptions: corners', () => {
  test('the callback may be code, and hears of the grant before monitors hear of the proxy', () =>
    withScene(async (scene) => {
      const order: unknown[] = [];
      scene.ikc('monitor', 'Peer', { subscribe: 'sub' });
      scene.ikc('subscribe', ['poe://Peer/s'], (granted: unknown) => order.push(granted, scene.got.length));
      const { rsvp, params } = (await scene.message()) as any;
      scene.peer.send({ event: rsvp, params: [params[0], 'Peer'] });
      const [sub] = await told(scene, 1);
      assert.deepEqual(order, [['poe://Peer/s'], 0]);
      assert.deepEqual(plain(sub?.slice(5)), [{ kernel: 'Peer', session: 's', state: '' }]);
    }));

  test('calling an event of a proxy sends it, and returns nothing', () =>
    withScene(async (scene) => {
      await subscribe(scene, 'poe://Peer/s', accept);
      await told(scene, 1);
      assert.equal(
        scene.in(({ kernel }) => kernel.call('s', 'event', 1)),
        undefined,
      );
      assert.deepEqual((await scene.message()).params, ['event', [1]]);
    }));

  test('when the connection goes only the long alias goes, and no unsubscribe is told', () =>
    withScene(async (scene) => {
      await subscribe(scene, 'poe://Peer/s', accept);
      await told(scene, 1);
      scene.ikc('monitor', '*', { unsubscribe: 'unsubscribed', unregister: 'gone' });
      scene.peer.end();
      const [gone] = await told(scene, 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(gone?.[0], 'gone');
      const known = (name: string) => scene.in(({ kernel }) => kernel.aliasResolve(name) !== undefined);
      assert.deepEqual([known('poe://Peer/s'), known('s')], [false, true]);
      assert.equal(
        scene.got.some(([event]) => event === 'unsubscribed'),
        false,
      );
      scene.ikc('unsubscribe', 's');
    }));

  test('without an answer, 60 seconds later: Refused subscription to SPEC', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      server.ikc.kernel.state('do_you_have');
      const client = world.client();
      await world.advance(1);
      client.ikc.monitor('*', { error: 'error' }, client.kernel.aliasResolve('app') as never);
      let granted: unknown;
      client.ikc.subscribe(['poe://Server/app'], (specifiers) => {
        granted = specifiers;
      });
      await world.advance(59);
      assert.deepEqual([granted, client.got], [undefined, []]);
      await world.advance(2);
      assert.deepEqual(granted, []);
      assert.deepEqual(client.got[0]?.slice(-2), ['subscribe', 'Refused subscription to poe://Server/app']);
    }));
});

test('15 routing: * without any connection, not even the local one', async () => {
  const kernel = new Kernel();
  const ikc = Responder.spawn({ kernel });
  const told: unknown[] = [];
  const app = Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.aliasSet('app'),
      error: (_, ...args) => void told.push(args),
    },
  });
  ikc.monitor('*', { error: 'error' }, app);
  assert.equal(ikc.post('poe://*/s/e', 1), 0);
  ikc.shutdown();
  kernel.post('app', 'nothing');
  kernel.signal(kernel, 'TERM');
  await kernel.run();
  assert.deepEqual(told, [
    ['*', '*', undefined, undefined, 'resolve', `${process.pid}: Not connected to any foreign kernels.`],
  ]);
});

describe('15 routing', () => {
  test('own names work like those of other kernels once they are registered: check, answers, errors told twice', () =>
    withScene(
      async (scene) => {
        scene.ikc('register_local', ['Test', 'Also']);
        scene.ikc('monitor', '*', { error: 'error' });
        scene.ikc('call', 'poe://Test/app/echo', 'x', 'poe:came');
        scene.ikc('call', 'poe://Also/app/echo', 'y', 'poe:came');
        assert.deepEqual(
          (await told(scene, 2)).map(([event, value]) => [event, value]),
          [
            ['came', 'x'],
            ['came', 'y'],
          ],
        );
        scene.ikc('post', 'poe://Test/nowhere/x', 1);
        assert.deepEqual(
          (await told(scene, 2)).map((each) => each[5]),
          ['local-check', 'remote-check'],
        );
      },
      { publish: ['came'] },
    ));

  test('* means all connections and the local kernel', () =>
    withScene(
      async (scene) => {
        const other = await IkcPeer.greet(scene.server, 'OtherPeer');
        assert.equal(scene.ikc('post', 'poe://*/desk/note', 1), 3);
        assert.equal((await scene.message()).params, 1);
        assert.equal((await other.message())?.params, 1);
        assert.deepEqual(await told(scene, 1), [['note', 1]]);
        other.end();
      },
      { publish: ['note'] },
    ));

  test('an unknown kernel: nothing is sent, post returns 0, monitors of * get resolve', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { error: 'error' });
      assert.equal(scene.ikc('post', 'poe://Nobody/s/e', 1), 0);
      const [[, , name, real, , operation, text] = []] = await told(scene, 1);
      assert.deepEqual(
        [name, real, operation, text],
        ['*', undefined, 'resolve', `${process.pid}: Unknown kernel 'Nobody'.`],
      );
    }));

  test('no kernel: the default one, which default sets, and which is cleared when that goes', () =>
    withScene(async (scene) => {
      const other = await IkcPeer.greet(scene.server, 'OtherPeer');
      scene.ikc('default', 'OtherPeer');
      assert.equal(scene.ikc('post', 'poe:/s/e', 'to the default'), 1);
      assert.equal((await other.message())?.params, 'to the default');
      scene.ikc('monitor', 'OtherPeer', { unregister: 'gone' });
      other.end();
      await told(scene, 1);
      assert.equal(scene.ikc('post', 'poe:/s/e', 'nobody'), undefined);
      await scene.server.takeWarnings('POE_WARN_IKC_REQUEST', 1);
      const next = await IkcPeer.greet(scene.server, 'Next');
      assert.equal(scene.ikc('post', 'poe:/s/e', 'to the next'), 1);
      assert.equal((await next.message())?.params, 'to the next');
      next.end();
    }));
});

describe('16 monitors', () => {
  const EVENTS = { register: 'register', unregister: 'unregister', channel: 'channel', error: 'error', data: 'd' };

  /** The life of a connection as a monitor of a name sees it: event, kernel, real, data, and what is behind. */
  async function life(name: string, end: (peer: IkcPeer, scene: Scene) => void): Promise<unknown[][]> {
    let seen: unknown[][] = [];
    await withScene(async (scene) => {
      scene.ikc('monitor', name, EVENTS);
      const peer = await IkcPeer.greet(scene.server, 'N,A');
      await peer.call('poe://Test/app/echo', 1);
      end(peer, scene);
      await until(
        () => scene.got.filter(([event]) => event === 'unregister').length > 0,
        () => JSON.stringify(scene.got),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen = scene.got.map(([event, , ...rest]) => [event, ...rest]);
    });
    return seen;
  }

  test('order on connect: all register, then all channel ready; when the peer closes: error, channel close, unregister', async () => {
    const seen = await life('*', (peer) => peer.end());
    const steps = seen.map(([event, name, real, , what]) => [
      event,
      name,
      real,
      event === 'channel' ? what : undefined,
    ]);
    const named = (event: string, what?: string) => [
      [event, 'N', 1, what],
      [event, 'A', undefined, what],
    ];
    const ours = steps.filter(([, name]) => !String(name).includes(':'));
    assert.deepEqual(ours, [
      ...named('register'),
      ...named('channel', 'ready'),
      ...named('error'),
      ...named('channel', 'close'),
      ...named('unregister'),
    ]);
    const error = seen.find(([event]) => event === 'error');
    assert.deepEqual(error?.slice(3), ['d', 'channel-read', '[0] ']);
    const [register] = seen;
    assert.deepEqual(register?.slice(3), ['d', 1], 'the process number of the greeting');
    // Once per name: the address of the client is the third.
    assert.equal(seen.filter(([event]) => event === 'register').length, 3);
  });

  test('a monitor of a name is told of that name alone', async () => {
    const seen = await life('A', (peer) => peer.end());
    assert.deepEqual([...new Set(seen.map(([, name]) => name))], ['A']);
    assert.deepEqual([...new Set(seen.map(([, , real]) => real))], [undefined]);
  });

  test('when this side closes the channel: no error', async () => {
    const seen = await life('N', (_, scene) => {
      const ready = scene.got.find(([event]) => event === 'channel');
      scene.in(({ kernel }) => kernel.post(ready?.[6] as number, 'shutdown'));
    });
    assert.deepEqual(
      seen.map(([event]) => event),
      ['register', 'channel', 'channel', 'unregister'],
    );
  });

  test('of a peer that shakes hands step by step the process number is unknown', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { register: 'register' });
      const peer = await IkcPeer.connect(scene.server);
      peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM N', 'DONE', 'FREEZER Storable', 'WORLD');
      const [register] = await told(scene, 2);
      assert.deepEqual(register, ['register', '*', 'N', 1, undefined, undefined]);
      peer.end();
    }));

  test('what happened before is not told; notifications arrive after the current handler; each session has its own', () =>
    withScene(async (scene) => {
      const second: unknown[] = [];
      const other = Session.create({
        kernel: scene.server.kernel,
        inlineStates: {
          _start: ({ kernel }) => kernel.aliasSet('other'),
          error: (_, name) => void second.push(name),
          leave: ({ kernel }) => kernel.aliasRemove('other'),
        },
      });
      scene.server.ikc.monitor('*', { error: 'error' }, other);
      scene.ikc('monitor', 'poe://Peer/x', { register: 'register', channel: 'channel' });
      scene.ikc('monitor', '*', { error: 'error' });
      scene.in(({ kernel }) => {
        kernel.call('IKC', 'post', 'poe://Nobody/s/e', 1);
        assert.deepEqual([scene.got, second], [[], []]);
      });
      await told(scene, 1);
      assert.deepEqual(second, ['*']);
      scene.server.kernel.post('other', 'leave');
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(scene.got, []);
    }));

  test('shutdown is told to monitors of * only', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', 'Peer', { shutdown: 'of_the_name' });
      scene.ikc('monitor', '*', { shutdown: 'of_all' });
      scene.ikc('shutdown');
      await told(scene, 1).then((all) => assert.deepEqual(all, [['of_all', '*', '*', undefined, undefined]]));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(scene.got, []);
    }));

  test('trouble of Client and Server is told to monitors of * as channel-connect and channel-bind, or else to onError', () =>
    withListener((taken) =>
      withScene(async (scene) => {
        const { kernel } = scene.server;
        scene.ikc('monitor', '*', { error: 'error' });
        Client.spawn({ kernel, ip: '127.0.0.1', port: 1 });
        const [refused] = await told(scene, 1);
        assert.deepEqual(refused?.slice(1, 6), ['*', '*', undefined, undefined, 'channel-connect']);
        assert.match(String(refused?.[6]), /^\[\d+\] Connection refused$/);
        Server.spawn({ kernel, ip: '127.0.0.1', port: taken });
        assert.equal((await told(scene, 1))[0]?.[5], 'channel-bind');
        const said: unknown[] = [];
        Client.spawn({ kernel, ip: '127.0.0.1', port: 1, onError: (...args) => said.push(args) });
        await until(
          () => said.length === 1,
          () => JSON.stringify(said),
        );
        assert.deepEqual(said, [['connect', constants.errno.ECONNREFUSED, 'Connection refused']]);
        assert.deepEqual(scene.got, []);
      }),
    ));

  test('NAME may be a specifier, of which the kernel part counts; ARG0 is as it was given', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', 'poe://Peer/any/thing', { unregister: 'gone' });
      scene.peer.end();
      assert.deepEqual((await told(scene, 1))[0]?.slice(0, 4), ['gone', 'poe://Peer/any/thing', 'Peer', 1]);
    }));

  test('a second call replaces the first; an empty hash removes it', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', 'Peer', { unregister: 'one' });
      scene.ikc('monitor', 'Peer', { unregister: 'two' });
      scene.ikc('monitor', '*', { unregister: 'star' });
      scene.ikc('monitor', '*', {});
      scene.peer.end();
      assert.deepEqual(
        (await told(scene, 1)).map(([event]) => event),
        ['two'],
      );
    }));

  test('without any monitor, errors are printed as warnings, a normal end is not', () =>
    withScene(async ({ server, peer, message }) => {
      peer.send({ event: 'poe://Test/nowhere/x' });
      await message();
      await server.takeWarnings('POE_WARN_IKC_ERROR', 1);
      peer.end();
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual(server.warnings, []);
    }));
});

describe('17 ends', () => {
  test('closing one channel: what has been put is still written, frames that arrive meanwhile are ignored', () =>
    withScene(
      async (scene) => {
        scene.ikc('monitor', '*', { channel: 'channel' });
        const other = await IkcPeer.greet(scene.server, 'OtherPeer');
        const [ready] = await told(scene, 1);
        scene.ikc('monitor', '*', {});
        scene.in(({ kernel }) => {
          kernel.call('IKC', 'post', 'poe://OtherPeer/s/e', 'x'.repeat(500_000));
          kernel.post(ready?.[6] as number, 'shutdown');
        });
        other.send({ event: 'poe://Test/desk/late', params: 1 });
        const { params } = (await other.message()) ?? {};
        assert.equal(String(params).length, 500_000);
        await other.closed();
        assert.deepEqual(
          scene.got.filter(([event]) => event === 'late'),
          [],
        );
        // There is no farewell message, and after the end post to that kernel returns 0.
        scene.ikc('monitor', '*', { error: 'error' });
        assert.equal(scene.ikc('post', 'poe://OtherPeer/s/e', 1), 0);
      },
      { publish: ['late'] },
    ));

  test('shutdown of the responder: written output is flushed, shutdown monitors are told, the alias IKC goes', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { shutdown: 'down', unregister: 'gone', data: 7 });
      scene.in(({ kernel }) => {
        kernel.call('IKC', 'post', 'poe://Peer/s/e', 'last words');
        kernel.call('IKC', 'shutdown');
      });
      assert.equal((await scene.message()).params, 'last words');
      await scene.peer.closed();
      assert.deepEqual(await told(scene, 1), [['down', '*', '*', undefined, 7]]);
      assert.equal(
        scene.in(({ kernel }) => kernel.aliasResolve('IKC')),
        undefined,
      );
    }));

  test('the peer closes in the middle of a frame: that is dropped, its names are removed', () =>
    withScene(
      async (scene) => {
        scene.ikc('monitor', 'Peer', { unregister: 'gone' });
        scene.peer.write(scene.peer.frame({ event: 'poe://Test/desk/half' }).subarray(0, 20));
        scene.peer.end();
        assert.equal((await told(scene, 1))[0]?.[0], 'gone');
        assert.equal(scene.ikc('post', 'poe://Peer/s/e'), 0);
        await scene.server.takeWarnings('POE_WARN_IKC_DEAD_LETTER', 1);
      },
      { publish: ['half'] },
    ));
});

test('17 ends: a client does not connect again by itself', () =>
  withPair(async ({ server, kernel, ikc }) => {
    assert.notEqual(kernel.aliasResolve('IKC Client Mine'), undefined);
    await server.stop();
    await until(
      () => kernel.aliasResolve('IKC Client Mine') === undefined,
      () => 'it is still there',
    );
    assert.deepEqual(
      ikc.links().filter(({ state }) => state !== 'local'),
      [],
    );
  }));

describe('18 events of the responder', () => {
  test('subscribe and register_local return 1, monitor and call nothing', () =>
    withScene(async ({ ikc }) => {
      assert.equal(ikc('subscribe', 'poe://Peer/s', 'granted'), 1);
      assert.equal(ikc('register_local', ['Another']), 1);
      assert.equal(ikc('monitor', 'Peer', { error: 'error' }), undefined);
      assert.equal(ikc('call', 'poe://Peer/s/e', 1, 'poe:answer'), undefined);
    }));

  test('post: the number of kernels; undef if session, state or a kernel is missing', () =>
    withScene(async ({ server, ikc }) => {
      assert.equal(ikc('post', 'poe://Peer/s/e'), 1);
      assert.equal(ikc('post', { kernel: 'Peer', state: 'e' }), undefined);
      assert.equal(ikc('post', 'poe://Peer/s/'), undefined);
      await server.takeWarnings('POE_WARN_IKC_REQUEST', 2);
    }));

  test('call with a bare word as rsvp is refused with a warning, as for a missing or bad one', () =>
    withScene(async ({ server, ikc }) => {
      for (const rsvp of ['word', undefined, '', 'poe:a/b/c/d']) ikc('call', 'poe://Peer/s/e', 1, rsvp);
      await server.takeWarnings('POE_WARN_IKC_REQUEST', 4);
    }));

  test('publish: all aliases of a session object; text is taken as it is, and need not exist', () =>
    withScene(async ({ ikc, in: inDesk }) => {
      inDesk(({ kernel, session }) => {
        kernel.aliasSet('second');
        assert.equal(kernel.call('IKC', 'publish', session, ['a']), 1);
      });
      assert.equal(ikc('publish', 'to come', ['b']), 1);
      const all = ikc('published') as Record<string, string[]>;
      assert.deepEqual([all.desk, all.second, all['to come']], [['a'], ['a'], ['b']]);
      assert.deepEqual(ikc('published', 'second'), ['a']);
      inDesk(({ kernel }) => kernel.aliasRemove('second'));
    }));

  test('retract: 1; 0 with a warning if it published nothing', () =>
    withScene(async ({ server, ikc }) => {
      ikc('publish', 'desk', ['a', 'b']);
      assert.equal(ikc('retract', 'desk', ['a']), 1);
      assert.deepEqual(ikc('published', 'desk'), ['b']);
      assert.equal(ikc('retract', 'desk'), 1);
      assert.equal(ikc('retract', 'desk'), 0);
      await server.takeWarnings('POE_WARN_IKC_RETRACT', 1);
    }));

  test('subscribe: nothing for an empty list; ping: PONG; default of an unknown kernel: a warning', () =>
    withScene(async ({ server, ikc }) => {
      assert.equal(ikc('subscribe', [], 'granted'), undefined);
      assert.equal(ikc('ping'), 'PONG');
      assert.equal(ikc('register_local', 'Test'), 1);
      ikc('default', 'Nobody');
      await server.takeWarnings('POE_WARN_IKC_UNKNOWN_KERNEL', 1);
    }));

  test('post2 speaks for a session; raw_message adds from if it has none', () =>
    withScene(
      async ({ server, ikc, message }) => {
        const from = { kernel: server.kernel.id, session: 'app', state: 'IKC:proxy' };
        ikc('post2', 'poe://Peer/s/e', 'app', 1);
        assert.deepEqual(plain((await message()).from), from);
        ikc('raw_message', { event: 'poe://Peer/s/e', params: 2 }, 'app');
        assert.deepEqual(plain(await message()), { event: 'poe://Peer/s/e', params: 2, from });
        ikc('raw_message', { event: 'poe://Peer/s/e', params: 3, from: { kernel: 'K', session: 's' } }, 'app');
        assert.deepEqual(plain((await message()).from), { kernel: 'K', session: 's' });
      },
      { publish: ['x'] },
    ));
});

describe('19 parameters', () => {
  test('Server.spawn() returns the number of any free port, and nothing otherwise', () =>
    withScene(async ({ server }) => {
      const { kernel } = server;
      const port = Server.spawn({ kernel, port: 0, name: 'Second' });
      assert.ok(Number(port) > 0);
      assert.equal(Server.spawn({ kernel, port: 1, name: 'Third', onError: () => {} }), undefined);
    }));

  test('Client.spawn() returns a session number; onConnect is called once, inside of the session of the channel', () =>
    withScene(async ({ server }) => {
      const kernel = new Kernel();
      const ikc = Responder.spawn({ kernel });
      const calls: unknown[] = [];
      const id = Client.spawn({
        kernel,
        ip: '127.0.0.1',
        port: server.port,
        onConnect: (view) => calls.push([view.session?.id, kernel.getActiveSession() === view.session]),
      });
      const client = kernel.idIdToSession(id);
      assert.ok(client);
      const running = kernel.run();
      await until(
        () => calls.length > 0,
        () => 'not connected',
      );
      const [link] = ikc.links().filter(({ state }) => state === 'up');
      assert.deepEqual(calls, [[link?.session, true]]);
      ikc.shutdown();
      await running;
      assert.equal(calls.length, 1);
    }));
});
