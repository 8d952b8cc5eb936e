import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IkcError, type ReconnectOptions } from 'poe-kernel/ikc';
import { IkcWorld, type Member } from '../../helpers/ikc-world.ts';
import { Restarts } from '../../helpers/restarts.ts';

const QUICK = { initialDelay: 1, maxDelay: 4, jitter: 0 } as const;

/** Monitors everything that happens to the server, as events `got_...` of the session `app`. */
function watch({ kernel, ikc }: Member, name = 'Server'): void {
  const app = kernel.aliasResolve('app');
  ikc.monitor(
    name,
    {
      register: 'got_register',
      unregister: 'got_unregister',
      channel: 'got_channel',
      subscribe: 'got_subscribe',
      unsubscribe: 'got_unsubscribe',
      deadLetter: 'got_letter',
    },
    app as never,
  );
}

/** What monitors were told of, without the details. */
function told({ got }: Member): string[] {
  return got.splice(0).map(([event, , , , , detail]) => `${event}${typeof detail === 'string' ? ` ${detail}` : ''}`);
}

/** A client whose server has just gone. */
async function withoutServer(
  world: IkcWorld,
  reconnect: ReconnectOptions,
  states?: Parameters<IkcWorld['client']>[1],
): Promise<Member> {
  const server = world.server();
  const client = world.client({ reconnect }, states);
  await world.advance(1);
  await server.end();
  await world.advance(0.1);
  return client;
}

describe('Client, reconnect', () => {
  test('waits longer from attempt to attempt, and connects once the server is there', () =>
    IkcWorld.use(async (world) => {
      const said: string[] = [];
      const client = world.client({
        reconnect: QUICK,
        onError: (operation) => said.push(`${operation} at ${world.simulation.now.toFixed()}`),
        onConnect: () => said.push(`connected at ${world.simulation.now.toFixed()}`),
      });
      await world.advance(12);
      assert.deepEqual(said, ['connect at 0', 'connect at 1', 'connect at 3', 'connect at 7', 'connect at 11']);
      world.server();
      await world.advance(4);
      assert.deepEqual(said.slice(5), ['connected at 15']);
      assert.equal(client.ikc.post('poe://Server/app/note', 'here'), 1);
    }));

  test('gives up after as many attempts as may fail, and says so', () =>
    IkcWorld.use(async (world) => {
      const said: string[] = [];
      world.client({
        reconnect: { ...QUICK, maxAttempts: 2 },
        onError: (operation, _errno, text) => said.push(`${operation}: ${text}`),
      });
      await world.advance(60);
      assert.deepEqual(said, [
        ...Array.from({ length: 3 }, () => 'connect: Connection refused'),
        'reconnect: gave up after 2 attempts',
      ]);
    }));

  test('brings proxies back before onReconnect, and monitors are told in the order of a first connection', () =>
    IkcWorld.use(async (world) => {
      let server = world.server();
      const order: string[] = [];
      const client = world.client({
        reconnect: QUICK,
        subscribe: ['poe://Server/app'],
        onConnect: () => order.push('connect'),
        onReconnect: (kernel) => {
          order.push('reconnect');
          kernel.post('poe://Server/app', 'note', 'by the proxy');
        },
      });
      watch(client);
      await world.advance(1);
      const first = ['got_register', 'got_channel ready', 'got_subscribe'];
      assert.deepEqual(told(client), first);

      await server.end();
      await world.advance(0.5);
      assert.deepEqual(told(client), ['got_channel close', 'got_unregister']);
      assert.equal(client.kernel.aliasResolve('poe://Server/app'), undefined);

      server = world.server();
      await world.advance(2);
      assert.deepEqual(told(client), first);
      assert.deepEqual(order, ['connect', 'reconnect']);
      assert.deepEqual(server.got, [['note', 'by the proxy']]);
      // The same session under its short name, too, which nobody has taken.
      assert.notEqual(client.kernel.aliasResolve('poe://Server/app'), undefined);
    }));

  test('the client is known by its names and aliases again, and asking anew for a session makes no second proxy', () =>
    IkcWorld.use(async (world) => {
      let server = world.server();
      const client = world.client(
        { reconnect: QUICK, aliases: ['Other'], subscribe: ['poe://Server/app'] },
        { anew: ({ kernel }) => kernel.post('IKC', 'subscribe', ['poe://Server/app']) },
      );
      client.ikc.monitor('Server', { register: 'anew' }, client.kernel.aliasResolve('app') as never);
      await world.advance(1);
      const sessions = client.kernel.getSessionCount();
      await server.end();
      server = world.server();
      await world.advance(3);
      for (const name of ['Client', 'Other', client.kernel.id]) {
        assert.equal(server.ikc.post(`poe://${name}/app/note`, name), 1);
      }
      await world.advance(1);
      assert.deepEqual(
        client.got.map(([, name]) => name),
        ['Client', 'Other', client.kernel.id],
      );
      assert.equal(client.kernel.getSessionCount(), sessions);
    }));

  test('a session that is published only later gets its proxy then', () =>
    IkcWorld.use(async (world) => {
      let server = world.server();
      const client = world.client({ reconnect: QUICK, subscribe: ['poe://Server/app'] });
      await world.advance(1);
      await server.end();
      server = world.server();
      server.ikc.retract('app');
      await world.advance(3);
      assert.equal(client.kernel.aliasResolve('poe://Server/app'), undefined);
      server.ikc.publish('app', ['note']);
      await world.advance(10);
      assert.equal(client.kernel.post('poe://Server/app', 'note', 1), 1);
      await world.advance(1);
      assert.deepEqual(server.got, [['note', 1]]);
    }));

  test('what was unsubscribed from while the link was down stays so', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client({ reconnect: QUICK, subscribe: ['poe://Server/app'] });
      await world.advance(1);
      await server.end();
      await world.advance(0.2);
      client.ikc.unsubscribe('poe://Server/app');
      world.server();
      await world.advance(5);
      assert.equal(client.kernel.aliasResolve('poe://Server/app'), undefined);
    }));

  test('a proxy of a kernel that was meant by its ID follows it', () =>
    IkcWorld.use(async (world) => {
      let server = world.server();
      const granted: unknown[] = [];
      const client = world.client({ reconnect: QUICK });
      await world.advance(1);
      client.ikc.subscribe('poe://*/app', (specifiers) => granted.push(...specifiers));
      await world.advance(1);
      assert.deepEqual(granted, ['poe://*/app']);
      await server.end();
      server = world.server();
      await world.advance(5);
      assert.equal(client.kernel.post(`poe://${server.kernel.id}/app`, 'note', 'x'), 1);
      await world.advance(1);
      assert.deepEqual(server.got, [['note', 'x']]);
    }));

  test('without a queue what is posted meanwhile becomes dead letters', () =>
    IkcWorld.use(async (world) => {
      const client = await withoutServer(world, QUICK);
      assert.equal(client.ikc.post('poe://Server/app/note', 1), 0);
      assert.deepEqual(
        client.letters.map(({ to, reason, params, doubtful }) => [to, reason, params, doubtful]),
        [['poe://Server/app/note', 'disconnected', 1, false]],
      );
      await assert.rejects(client.ikc.call('poe://Server/app/echo'), (error: IkcError) => error.stage === 'disconnect');
      const again = world.server();
      await world.advance(3);
      assert.equal(client.ikc.post('poe://Server/app/note', 2), 1);
      await world.advance(1);
      assert.deepEqual(again.got, [['note', 2]]);
    }));

  test('with a queue it is sent in order once the link is back, before anything new; what does not fit is told of', () =>
    IkcWorld.use(async (world) => {
      const client = await withoutServer(
        world,
        { ...QUICK, queue: 3 },
        { again: ({ kernel }) => kernel.post('IKC', 'post', 'poe://Server/app/note', 'when registered') },
      );
      client.ikc.monitor('Server', { register: 'again' }, client.kernel.aliasResolve('app') as never);
      const posted = [1, 2, 3, 4].map((n) => client.ikc.post('poe://Server/app/note', n));
      assert.deepEqual(posted, [1, 1, 1, 0]);
      assert.deepEqual(
        client.letters.map(({ reason, params }) => [reason, params]),
        [['full', 4]],
      );
      const server = world.server();
      await world.advance(3);
      assert.deepEqual(server.got, [
        ['note', 1],
        ['note', 2],
        ['note', 3],
        ['note', 'when registered'],
      ]);
    }));

  test('calls wait in the queue, too: those that nobody awaits any more are not made', () =>
    IkcWorld.use(async (world) => {
      const client = await withoutServer(world, { ...QUICK, queue: 10 });
      const answered = client.ikc.call('poe://Server/app/echo', 'late');
      client.ikc.call('poe://Server/app/echo', 'by event', { kernel: '', session: 'app', state: 'got' });
      const leaving = new AbortController();
      const aborted = client.ikc.call('poe://Server/app/note', 'aborted', { signal: leaving.signal });
      leaving.abort(new Error('changed my mind'));
      await assert.rejects(aborted, { code: 'POE_ERR_IKC_CALL', stage: 'abort', specifier: 'poe://Server/app/note' });
      const server = world.server();
      await world.advance(3);
      assert.equal(await answered, 'late');
      assert.deepEqual(client.got, [['got', 'by event']]);
      assert.deepEqual(server.got, []);
    }));

  test('the default kernel stays the default one while its link is down', () =>
    IkcWorld.use(async (world) => {
      const client = await withoutServer(world, { ...QUICK, queue: 10 });
      assert.equal(client.ikc.post('poe:/app/note', 'default'), 1);
      const server = world.server();
      await world.advance(3);
      assert.equal(client.ikc.post('poe:/app/note', 'again'), 1);
      await world.advance(1);
      assert.deepEqual(server.got, [
        ['note', 'default'],
        ['note', 'again'],
      ]);
    }));

  test('the event shutdown ends it while it waits, and what was kept is told of', () =>
    IkcWorld.use(async (world) => {
      const client = await withoutServer(world, { ...QUICK, queue: 10 });
      client.ikc.post('poe://Server/app/note', 'kept');
      client.kernel.post('IKC Client Client', 'shutdown');
      await world.advance(0.1);
      assert.deepEqual(
        client.letters.map(({ reason, params }) => [reason, params]),
        [['disconnected', 'kept']],
      );
      const attempts = world.network.attempts;
      await world.advance(60);
      assert.equal(world.network.attempts, attempts);
    }));

  test('a channel that the program closes stays closed', () =>
    IkcWorld.use(async (world) => {
      world.server();
      const client = world.client({ reconnect: QUICK });
      watch(client);
      await world.advance(1);
      const channel = client.got.find(([event]) => event === 'got_channel')?.at(-1) as number;
      client.kernel.post(channel, 'shutdown');
      await world.advance(60);
      assert.equal(world.network.attempts, 1);
    }));

  test('the shutdown of the responder ends it, so that the program can end', () =>
    IkcWorld.use(async (world) => {
      const client = world.client({ reconnect: QUICK });
      await world.advance(2);
      client.ikc.shutdown();
      await world.advance(0.1);
      const attempts = world.network.attempts;
      await world.advance(60);
      assert.equal(world.network.attempts, attempts);
    }));

  test('an awaited call in flight is rejected, one that goes to an event becomes a dead letter', () =>
    IkcWorld.use(async (world) => {
      world.server({}, { never: () => new Promise(() => {}) });
      const client = world.client({ reconnect: QUICK });
      await world.advance(1);
      const call = client.ikc.call('poe://Server/app/never', 1);
      client.ikc.call('poe://Server/app/never', 2, { kernel: '', session: 'app', state: 'got' });
      await world.advance(1);
      world.network.wire.cut();
      await Promise.all([
        assert.rejects(call, (error: IkcError) => {
          assert.ok(error instanceof IkcError);
          const { code, stage, kernel, specifier } = error;
          assert.deepEqual(
            [code, stage, kernel, specifier],
            ['POE_ERR_IKC_CALL', 'disconnect', 'Server', 'poe://Server/app/never'],
          );
          return true;
        }),
        world.advance(0.1),
      ]);
      assert.deepEqual(
        client.letters.map(({ to, reason, doubtful }) => [to, reason, doubtful]),
        [['poe://Server/app/never', 'unanswered', true]],
      );
    }));

  test('nothing is delivered twice: what may have left is told of, what has not is sent again', () =>
    IkcWorld.use(async (world) => {
      let server = world.server();
      const client = world.client({ reconnect: { ...QUICK, queue: 1000 } });
      await world.advance(1);
      world.network.wire.stall();
      const size = 100_000;
      // More than the pipe takes: some of it stays with us.
      for (let n = 0; n < 20; n++) client.ikc.post('poe://Server/app/note', `${n}:${'x'.repeat(size)}`);
      await world.advance(1);
      world.network.wire.cut();
      await world.advance(0.1);
      const early = server.got.map(([, text]) => Number.parseInt(String(text), 10));
      await server.end();
      server = world.server();
      await world.advance(5);
      const late = server.got.map(([, text]) => Number.parseInt(String(text), 10));
      const dead = client.letters.map(({ params }) => Number.parseInt(String(params), 10));
      assert.ok(client.letters.every(({ reason, doubtful }) => reason === 'lost' && doubtful));
      assert.ok(late.length > 0 && dead.length > 0, `${late.length} late, ${dead.length} dead`);
      const all = [...early, ...late];
      assert.equal(new Set(all).size, all.length, 'delivered twice');
      const known = new Set([...all, ...dead]);
      // The pipe had taken the first ones: that they are lost nobody can know.
      const first = Math.min(...dead, ...late);
      for (let n = first; n < 20; n++) assert.ok(known.has(n), `nobody knows what became of ${n}`);
    }));

  test('whenever the link is cut: nothing comes twice or out of order, and what does not come is told of', async () => {
    const total = { arrived: 0, clean: 0, doubtful: 0 };
    for (let seed = 0; seed < 25; seed++) {
      await IkcWorld.use(
        async (world) => {
          const { random } = world.simulation;
          const server = world.server();
          const client = world.client({ reconnect: { ...QUICK, queue: random.below(2) * 1000 } });
          await world.advance(1);
          let posted = 0;
          for (let step = 0; step < 60; step++) {
            for (let count = random.below(8); count > 0; count--) {
              client.ikc.post('poe://Server/app/note', [posted++, 'x'.repeat(random.below(30_000))]);
            }
            if (random.below(6) === 0) world.network.wire.cut();
            await world.advance(random.below(3) / 2);
          }
          await world.advance(20);
          const arrived = server.got.map(([, message]) => (message as [number])[0]);
          const dead = client.letters.map(({ params }) => (params as [number])[0]);
          const clean = client.letters.filter(({ doubtful }) => !doubtful).map(({ params }) => (params as [number])[0]);
          for (let n = 1; n < arrived.length; n++) {
            assert.ok(
              (arrived[n] as number) > (arrived[n - 1] as number),
              `seed ${seed}: ${arrived[n]} comes late or twice`,
            );
          }
          assert.equal(new Set(dead).size, dead.length, `seed ${seed}: told of twice`);
          for (const n of clean) assert.ok(!arrived.includes(n), `seed ${seed}: ${n} has come, but was told not to`);
          total.arrived += arrived.length;
          total.clean += clean.length;
          total.doubtful += dead.length - clean.length;
          // The wire of this world loses nothing that it was given: all is known.
          assert.equal(new Set([...arrived, ...dead]).size, posted, `seed ${seed}`);
        },
        { seed },
      );
    }
    // Each of these has been put to the test.
    for (const [what, count] of Object.entries(total)) assert.ok(count > 0, what);
  });

  test('a server that restarts again and again: all of it is back each time, and nothing is left over', () =>
    IkcWorld.use(async (world) => {
      const restarts = await Restarts.begin(world);
      const sessions = restarts.client.kernel.getSessionCount();
      for (let n = 0; n < 50; n++) await restarts.again();
      assert.equal(restarts.client.kernel.getSessionCount(), sessions);
    }));
});
