/** Sentences of the protocol about who a peer is, and about what both sides may do, sections 1 to 19. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Client, ClientLite, Responder, Server } from 'poe-kernel/ikc';
import { IkcPeer } from '../../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../../helpers/ikc-server.ts';
import { IkcWorld } from '../../../helpers/ikc-world.ts';
import { type Scene, withScene } from './scene.ts';

/** Waits for so many notifications, and takes them. */
async function told({ got }: Scene, count: number): Promise<unknown[][]> {
  await until(
    () => got.length >= count,
    () => JSON.stringify(got),
  );
  return got.splice(0);
}

const RSVP = { kernel: 'Peer', session: 'me', state: 'answer' };

test('1 after the handshake both sides are equal: a server calls its client, and posts to it, as the client does', () =>
  withScene(async (scene) => {
    assert.equal(await scene.peer.call('poe://Test/app/echo', 'asked'), 'asked');
    scene.ikc('call', 'poe://Peer/theirs/add', [1, 2], 'poe:sum');
    const { event, params, rsvp } = await scene.message();
    assert.deepEqual([event, params], ['poe://Peer/theirs/add', [1, 2]]);
    scene.peer.send({ event: rsvp, params: 3 });
    assert.deepEqual(await told(scene, 1), [['sum', 3]]);
    assert.equal(scene.ikc('post', 'poe://Peer/theirs/note', 'posted'), 1);
    assert.equal((await scene.message()).params, 'posted');
  }));

describe('2 the first name that the peer sees is its identity there, the others are aliases', () => {
  /** Names of a peer as monitors are told them, with whether each is the real one. */
  const registered = async (scene: Scene, count: number): Promise<unknown[]> =>
    (await told(scene, count)).map(([, , name, real]) => [name, real]).filter(([name]) => !/^127/.test(String(name)));

  test('in the one-line handshake, in natural order', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { register: 'register' });
      const peer = await IkcPeer.greet(scene.server, 'First,Second,Third');
      assert.deepEqual(await registered(scene, 4), [
        ['First', 1],
        ['Second', undefined],
        ['Third', undefined],
      ]);
      peer.end();
    }));

  test('step by step, in the order in which they were announced', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', '*', { register: 'register' });
      const peer = await IkcPeer.connect(scene.server);
      peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM ID-1', 'IAM address', 'IAM alias', 'IAM name', 'DONE', 'WORLD');
      assert.deepEqual(await registered(scene, 5), [
        ['ID-1', 1],
        ['address', undefined],
        ['alias', undefined],
        ['name', undefined],
      ]);
      peer.end();
    }));

  test('ClientLite announces its name alone, Client and process number by default, which is its real name here', () =>
    withScene(async (scene) => {
      for (const protocol of ['IKC', 'IKC0'] as const) {
        scene.ikc('monitor', '*', { register: 'register' });
        const lite = await ClientLite.spawn({ ip: '127.0.0.1', port: scene.server.port, protocol });
        const [own, ...more] = (await registered(scene, 2)) as [string, unknown][];
        assert.equal(own?.[1], 1);
        assert.match(own?.[0] ?? '', new RegExp(`^Client${process.pid}(-\\d+)?$`));
        assert.deepEqual([lite?.name, more], [own?.[0], []]);
        scene.ikc('monitor', '*', {});
        lite?.disconnect();
      }
    }));

  test('a client does not add the address that it dialled if the server has announced the same', () =>
    TestServer.use({}, async (server) => {
      for (const [ip, count] of [
        ['127.0.0.1', 1],
        ['localhost', 2],
      ] as const) {
        const kernel = new Kernel();
        const ikc = Responder.spawn({ kernel });
        const ready = new Promise<void>((resolve) => {
          Client.spawn({ kernel, ip, port: server.port, onConnect: () => resolve() });
        });
        const running = kernel.run();
        await ready;
        const aliases = ikc.links().find(({ state }) => state === 'up')?.aliases ?? [];
        assert.equal(aliases.filter((name) => name.endsWith(`:${server.port}`)).length, count);
        ikc.shutdown();
        await running;
      }
    }));

  test('aliases must be a list', () => {
    const kernel = new Kernel();
    for (const { spawn } of [Client, Server]) {
      assert.throws(() => spawn.call(Client, { kernel, aliases: 'One' } as never), { code: 'POE_ERR_IKC_PARAMETER' });
    }
  });
});

test('7 both directions use the same serializer', () =>
  withScene(async ({ server, ikc }) => {
    for (const serializer of ['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer']) {
      const peer = await IkcPeer.greet(server, `Peer-${serializer.replace(/.*:/, '')}`, serializer);
      assert.deepEqual(await peer.call('poe://Test/app/echo', ['x']), ['x']);
      ikc('post', `poe://Peer-${serializer.replace(/.*:/, '')}/a/b`, { from: 'here' });
      assert.deepEqual({ ...((await peer.message())?.params as object) }, { from: 'here' });
      peer.end();
    }
  }));

test('14 the question do_you_have may be text or a hash, and only its first element is looked at', () =>
  withScene(
    async ({ peer, server }) => {
      const ask = async (question: unknown): Promise<unknown> => {
        const answer = await peer.call('poe://Test/IKC/do_you_have', question);
        return Array.isArray(answer) ? [{ ...(answer[0] as object) }, answer[1]] : answer;
      };
      const granted = [{ kernel: 'Test', session: 'desk', state: 'one' }, server.kernel.id];
      assert.deepEqual(await ask(['poe://Test/desk/one', 'poe://Test/nowhere/x', 3]), granted);
      assert.deepEqual(await ask([{ kernel: 'Test', session: 'desk', state: 'one' }]), granted);
      assert.equal(
        await ask(['poe://Test/desk/two', 'poe://Test/desk/one']),
        'Refused subscription poe://Test/desk/two',
      );
    },
    { publish: ['one'] },
  ));

test('14 each specifier is asked for and answered on its own; then the callback gets those accepted, as they were given', () =>
  withScene(async (scene) => {
    scene.ikc('monitor', '*', { error: 'error' });
    const hash = { kernel: 'Peer', session: 'b', state: '' };
    scene.ikc('subscribe', ['poe://Peer/a', hash, 'poe://Peer/c/event'], 'granted');
    const questions = [await scene.message(), await scene.message(), await scene.message()] as any[];
    const [a, b, c] = questions;
    assert.deepEqual(
      questions.map(({ params: [{ session, state }] }) => [session, state]),
      [
        ['a', ''],
        ['b', ''],
        ['c', 'event'],
      ],
    );
    // In whatever order they are answered, which is that of the list; until the last one is, nothing is told.
    scene.peer.send({ event: c.rsvp, params: [c.params[0], 'Peer'] });
    scene.peer.send({ event: a.rsvp, params: 'Refused subscription poe://Peer/a' });
    assert.deepEqual(
      (await told(scene, 1)).map(([event]) => event),
      ['error'],
    );
    scene.peer.send({ event: b.rsvp, params: [b.params[0], 'Peer'] });
    const [[, granted] = []] = await told(scene, 1);
    assert.deepEqual(
      (granted as unknown[]).map((each) => (typeof each === 'string' ? each : { ...(each as object) })),
      ['poe://Peer/c/event', hash],
    );
    // A question each, also for the event part: the proxy is for the session.
    scene.in(({ kernel }) => kernel.post('c', 'other', 1));
    const { event, params } = await scene.message();
    assert.deepEqual(
      [{ ...(event as object) }, params],
      [{ kernel: 'Peer', session: 'c', state: 'IKC:proxy' }, ['other', [1]]],
    );
    scene.ikc('unsubscribe', ['b', 'c']);
  }));

test('16 the error of a request is told under the kernel part of its specifier, * if that is empty', () =>
  withScene(async (scene) => {
    scene.ikc('monitor', '*', { error: 'error' });
    for (const [kernel, name] of [
      ['Test', 'Test'],
      ['Whatever', 'Whatever'],
      ['', '*'],
    ] as const) {
      scene.peer.send({ event: { kernel, session: 'nowhere', state: 'x' } });
      const [[, , told1, , , operation, text] = []] = await told(scene, 1);
      const [sent] = (await scene.message()).params as string[];
      assert.deepEqual([told1, operation, text], [name, 'local-check', sent]);
    }
  }));

describe('17 ends', () => {
  test('after the shutdown of the responder nothing but shutdown is told', () =>
    withScene(async (scene) => {
      const all = { register: 'e', channel: 'e', error: 'e', unregister: 'e', shutdown: 'e', deadLetter: 'e' };
      scene.ikc('monitor', '*', { ...all, data: 'd' });
      scene.ikc('monitor', 'Peer', all);
      scene.ikc('shutdown');
      await scene.peer.closed();
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual(scene.got, [['e', '*', '*', undefined, 'd']]);
    }));

  test('there is no farewell message: the other side just sees the connection end', () =>
    withScene(async (scene) => {
      const octets: Buffer[] = [];
      scene.peer.socket.on('data', (chunk: Buffer) => octets.push(chunk));
      scene.ikc('shutdown');
      assert.equal(await scene.peer.closed(), undefined);
      assert.deepEqual(octets, []);
    }));

  test('after the end post to that kernel returns 0', () =>
    withScene(async (scene) => {
      scene.ikc('monitor', 'Peer', { unregister: 'gone' });
      scene.ikc('monitor', '*', { error: 'error' });
      assert.equal(scene.ikc('post', 'poe://Peer/a/b', 1), 1);
      scene.peer.end();
      await until(
        () => scene.got.some(([event]) => event === 'gone'),
        () => JSON.stringify(scene.got),
      );
      assert.equal(scene.ikc('post', 'poe://Peer/a/b', 1), 0);
    }));

  test('a connection has no time-out: one that is silent for a day stays, and works', () =>
    IkcWorld.use(async (world) => {
      const server = world.server({ heartbeat: false }, {});
      const client = world.client({ heartbeat: false });
      await world.advance(1);
      const before = server.ikc.links().length;
      await world.advance(86_400);
      assert.equal(server.ikc.links().length, before);
      assert.deepEqual(client.got, []);
      const pong = client.ikc.call('poe://Server/IKC/ping');
      await world.advance(1);
      assert.equal(await pong, 'PONG');
    }));
});

test('19 ports if nothing is said: 603 for a server and ClientLite, 903 for a client', async () => {
  // Nobody listens there on a machine that tests run on; if somebody does, the test has nothing to say.
  const lite = await ClientLite.spawn({ ip: '127.0.0.1', timeout: 5 });
  if (lite === undefined) assert.match(ClientLite.error(), /127\.0\.0\.1:603/);
  lite?.disconnect();
  await IkcWorld.use(async (world) => {
    const server = world.server({ port: 903 });
    world.server({ port: undefined, name: 'Other' });
    const client = world.client({ port: undefined });
    const second = world.client({ port: 603 });
    await world.advance(1);
    assert.deepEqual(names(client), ['Server']);
    assert.deepEqual(names(second), ['Other']);
    assert.ok(server);
  });

  function names({ ikc }: { ikc: Responder }): string[] {
    return ikc
      .links()
      .filter(({ state }) => state === 'up')
      .flatMap(({ aliases }) => aliases.filter((name) => name === 'Server' || name === 'Other'));
  }
});

test('11 an answer is an ordinary message, checked at its destination like every other', () =>
  withScene(
    async (scene) => {
      scene.ikc('monitor', '*', { error: 'error' });
      // Nobody has asked for it, and nobody has published it.
      scene.peer.send({ event: { kernel: 'Test', session: 'desk', state: 'unasked' }, params: 'x' });
      const { params } = await scene.message();
      assert.match((params as string[])[0] ?? '', /^Session 'desk' has not published state 'unasked'/);
      scene.got.length = 0;
      // What is published anybody may post to, asked for or not.
      scene.peer.send({ event: { kernel: 'Test', session: 'desk', state: 'open' }, params: 'y' });
      assert.deepEqual(await told(scene, 1), [['open', 'y']]);
      scene.peer.send({ event: 'poe://Test/app/echo', params: 'z', rsvp: RSVP });
      assert.equal((await scene.message()).params, 'z');
    },
    { publish: ['open'] },
  ));
