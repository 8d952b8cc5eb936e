import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IkcWorld, type Member } from '../../helpers/ikc-world.ts';

function names({ got }: Member): string[] {
  return got.splice(0).map(([event]) => String(event));
}

function watch({ kernel, ikc }: Member, name: string): void {
  const app = kernel.aliasResolve('app') as never;
  ikc.monitor(name, { register: 'got_register', unregister: 'got_unregister', error: 'got_error' }, app);
}

/** Octets that have come through the last wire, from the client and from the server. */
function carried(world: IkcWorld): number[] {
  return [...world.network.wire.carried];
}

describe('heartbeat', () => {
  test('an idle link is pinged, and stays', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client();
      watch(server, 'Client');
      watch(client, 'Server');
      await world.advance(1);
      assert.deepEqual([names(client), names(server)], [['got_register'], ['got_register']]);
      const before = carried(world);
      await world.advance(19);
      assert.deepEqual(
        carried(world).map((octets, index) => octets > (before[index] as number)),
        [true, true],
      );
      await world.advance(3600);
      assert.deepEqual([names(client), names(server)], [[], []]);
      assert.equal(world.network.attempts, 1);
    }));

  test('heartbeat: false sends nothing', () =>
    IkcWorld.use(async (world) => {
      world.server({ heartbeat: false });
      world.client({ heartbeat: false });
      await world.advance(1);
      const before = carried(world);
      await world.advance(3600);
      assert.deepEqual(carried(world), before);
    }));

  test('a link that is used is not pinged', () =>
    IkcWorld.use(async (world) => {
      world.server({ heartbeat: false });
      const client = world.client({ heartbeat: { interval: 20 } });
      await world.advance(1);
      let octets = 0;
      for (let second = 0; second < 120; second += 5) {
        const [from] = carried(world);
        void client.ikc.call('poe://Server/app/echo', 1);
        await world.advance(5);
        const sent = (carried(world)[0] as number) - (from as number);
        // Each time the same: one call, nothing else. Its number grows by a digit at times.
        octets ||= sent;
        assert.ok(Math.abs(sent - octets) < 10, `${sent} octets in place of ${octets}`);
      }
    }));

  test('a peer whose machine is gone is found out within a minute, on both sides, and calls in flight are rejected', () =>
    IkcWorld.use(async (world) => {
      const server = world.server({}, { never: () => new Promise(() => {}) });
      const client = world.client();
      watch(server, 'Client');
      watch(client, 'Server');
      await world.advance(30);
      names(client);
      names(server);
      world.network.wire.silent = true;
      const call = client.ikc.call('poe://Server/app/never', 1, { timeout: 600 });
      const [, rejected] = await Promise.all([
        world.advance(49),
        assert.rejects(call, { stage: 'disconnect' }),
        world.advance(11),
      ]);
      assert.equal(rejected, undefined);
      assert.deepEqual(
        [names(client), names(server)],
        [
          ['got_error', 'got_unregister'],
          ['got_error', 'got_unregister'],
        ],
      );
    }));

  test('a peer that is slow to answer is left alone as long as something comes', () =>
    IkcWorld.use(async (world) => {
      const server = world.server({ heartbeat: false });
      const client = world.client();
      watch(client, 'Server');
      await world.advance(1);
      names(client);
      world.network.wire.silent = true;
      await world.advance(45);
      world.network.wire.silent = false;
      server.ikc.post('poe://Client/app/note', 'still there');
      await world.advance(45);
      assert.deepEqual(names(client), ['note']);
    }));

  test('a client that reconnects gets its name from the half-open link that still has it', () =>
    IkcWorld.use(async (world) => {
      // The server would find out by itself only after hours.
      const server = world.server({ heartbeat: { interval: 3600 } });
      const client = world.client({ reconnect: { queue: 10 } });
      watch(server, 'Client');
      await world.advance(1);
      assert.deepEqual(names(server), ['got_register']);
      world.network.wire.silent = true;
      await world.advance(60);
      assert.equal(world.network.attempts, 2);
      await world.advance(6);
      assert.deepEqual(names(server), ['got_error', 'got_unregister', 'got_register']);
      assert.equal(server.ikc.post('poe://Client/app/note', 'found'), 1);
      await world.advance(1);
      assert.deepEqual(client.got, [['note', 'found']]);
      assert.deepEqual(client.letters, []);
    }));

  test('a link that is closed while its peer takes nothing ends all the same', () =>
    IkcWorld.use(async (world) => {
      world.server();
      const client = world.client();
      await world.advance(1);
      const sessions = client.kernel.getSessionCount();
      world.network.wire.stall();
      for (let n = 0; n < 8; n++) client.ikc.post('poe://Server/app/note', 'x'.repeat(100_000));
      client.kernel.post('IKC Client Client', 'shutdown');
      await world.advance(1);
      assert.deepEqual(client.letters, []);
      await world.advance(30);
      assert.ok(client.kernel.getSessionCount() < sessions);
      assert.ok(client.letters.length > 0);
      assert.ok(client.letters.every(({ reason }) => reason === 'lost'));
    }));

  test('a second kernel of the same name does not get it while the first one answers', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      const first = world.client({ name: 'Twin' });
      await world.advance(1);
      world.client({ name: 'Twin' });
      await world.advance(10);
      server.ikc.post('poe://Twin/app/note', 'to the first');
      await world.advance(1);
      assert.deepEqual(first.got, [['note', 'to the first']]);
    }));
});
