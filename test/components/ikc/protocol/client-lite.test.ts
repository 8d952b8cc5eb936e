/** Sentences of the protocol about ClientLite, of sections 3, 8 and 19: what it sends, and what it waits for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientLite, type ClientLiteOptions } from 'poe-kernel/ikc';
import type { IkcPeer } from '../../../helpers/ikc-peer.ts';
import { withListener } from './scene.ts';

const plain = (value: unknown): Record<string, any> => JSON.parse(JSON.stringify(value));

/** Hands over a ClientLite called Lite, and the server at its other end. */
function withLite(
  act: (lite: ClientLite, server: IkcPeer) => Promise<void>,
  options: ClientLiteOptions = {},
): Promise<void> {
  return withListener(async (port, next) => {
    const spawned = ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 5, ...options });
    const server = await next();
    await greet(server);
    const lite = await spawned;
    assert.ok(lite, ClientLite.error());
    await act(lite, server);
    lite.disconnect();
  });
}

/** Shakes hands with a client that is called Lite. */
async function greet(server: IkcPeer): Promise<void> {
  assert.match((await server.line()) ?? '', /^SETUP KERNEL=Lite;/);
  server.say('SETUP KERNEL=TheID,Server;FREEZER=Storable;PID=7');
}

const FROM = { kernel: 'Lite', session: 'IKCLite' };

describe('8 messages of ClientLite', () => {
  test('post: event, params, and from without a state', () =>
    withLite(async (lite, server) => {
      assert.equal(await lite.post('desk/note', [1]), 1);
      assert.deepEqual(plain(await server.message()), { event: 'poe://TheID/desk/note', params: [1], from: FROM });
    }));

  test('call: likewise with an rsvp, and wantarray as an empty string or as the string 1; the states of responses count up', () =>
    withLite(async (lite, server) => {
      const states: number[] = [];
      for (const [list, wantarray] of [
        [false, ''],
        [true, '1'],
      ] as const) {
        const answer = list ? lite.callList('desk/note', 'x') : lite.call('desk/note', 'x');
        const { rsvp, ...rest } = plain(await server.message());
        assert.deepEqual(rest, { event: 'poe://TheID/desk/note', params: 'x', from: FROM, wantarray });
        assert.deepEqual({ ...rsvp, state: '' }, { ...FROM, state: '' });
        states.push(Number(/^response(\d+)$/.exec(rsvp.state)?.[1]));
        server.send({ event: rsvp, params: list ? ['a', 'b'] : 'a' });
        assert.deepEqual(await answer, list ? ['a', 'b'] : 'a');
      }
      assert.equal(states[1], (states[0] as number) + 1);
    }));

  test('post_respond: params are what is posted, and the rsvp', () =>
    withLite(async (lite, server) => {
      const answer = lite.postRespond('desk/later', { some: 'thing' });
      const message = plain(await server.message());
      const rsvp = message.params[1];
      assert.deepEqual(message, { event: 'poe://TheID/desk/later', params: [{ some: 'thing' }, rsvp], from: FROM });
      server.send({ event: rsvp, params: 'later' });
      assert.equal(await answer, 'later');
    }));

  test('ping: PING, with an rsvp of IKC/pong and without a from', () =>
    withLite(async (lite, server) => {
      const answer = lite.ping();
      const rsvp = { kernel: 'Lite', session: 'IKC', state: 'pong' };
      assert.deepEqual(plain(await server.message()), { event: 'poe://TheID/IKC/ping', params: 'PING', rsvp });
      server.send({ event: rsvp, params: 'PONG' });
      assert.equal(await answer, true);
    }));
});

describe('19 ClientLite in detail', () => {
  test('a specifier without poe: gets the first name of the server in front; others go as they are', () =>
    withLite(async (lite, server) => {
      for (const [to, event] of [
        ['a/b', 'poe://TheID/a/b'],
        ['poe://Server/a/b', 'poe://Server/a/b'],
        ['poe:/a/b', 'poe:/a/b'],
      ] as const) {
        await lite.post(to, 1);
        assert.equal((await server.message())?.event, event);
      }
    }));

  test('session and state must be the awaited ones; other messages, and what comes in one segment, harm nobody', () =>
    withLite(async (lite, server) => {
      const answers = Promise.all([lite.call('desk/one', 1), lite.call('desk/two', 2)]);
      const [one, two] = [plain(await server.message()), plain(await server.message())];
      server.send(
        { event: { ...one.rsvp, session: 'Other' }, params: 'wrong session' },
        { event: { ...one.rsvp, state: 'response' }, params: 'wrong state' },
        { event: two.rsvp, params: 'second' },
        { event: one.rsvp, params: 'first' },
      );
      assert.deepEqual(await answers, ['first', 'second']);
    }));

  test('an error fails the call that it names, also one whose specifier could not be read', () =>
    withLite(async (lite, server) => {
      for (const [to, request] of [
        ['desk/one', 'poe://TheID/desk/one'],
        ['not/a/specifier/', 'poe:'],
      ] as const) {
        const answer = lite.call(to);
        await server.message();
        const text = `Session '' is not available for remote kernels.  Request ${request} sent by poe://Lite/IKCLite`;
        server.send({
          event: { kernel: 'Lite', session: 'IKC', state: 'remote_error' },
          params: [text, 'TheID', 'check'],
          is_error: 1,
        });
        assert.equal(await answer, undefined);
        assert.deepEqual([lite.failure(), lite.error()], ['refused', text]);
      }
    }));

  test('it connects again, under the same name, with the next request', () =>
    withListener(async (port, next) => {
      const spawned = ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite' });
      await greet(await next());
      const lite = await spawned;
      lite?.disconnect();
      const posted = lite?.post('desk/note', 'again');
      const server = await next();
      await greet(server);
      assert.equal(await posted, 1);
      assert.equal((await server.message())?.params, 'again');
      lite?.disconnect();
    }));
});

test('ClientLite refuses parameters that there are not, as those of other spellings', async () => {
  for (const wrong of ['host', 'serializer', 'connect_timeout', 'block_size']) {
    await assert.rejects(ClientLite.spawn({ port: 1, [wrong]: 'x' }), {
      code: 'POE_ERR_IKC_PARAMETER',
      message: `Cannot start an IKC ClientLite: unknown parameter '${wrong}'`,
    });
  }
});

test('ClientLite has no connection, and says why, for a serializer or a port that there is not', async () => {
  for (const [options, why] of [
    [{ serialiser: 'YAML' }, "There is no serializer 'YAML'"],
    [{ port: 70_000 }, 'There is no port 70000'],
    [{ port: Number.NaN }, 'There is no port NaN'],
  ] as const) {
    assert.equal(await ClientLite.spawn(options), undefined);
    assert.equal(ClientLite.error(), why);
  }
});

describe('connections of ClientLite', () => {
  test('ping connects to nobody: without a connection it fails', () =>
    withLite(async (lite) => {
      lite.disconnect();
      assert.equal(await lite.ping(), false);
      assert.deepEqual([lite.failure(), lite.error()], ['disconnect', 'There is no connection']);
      assert.equal(ClientLite.error(), lite.error());
      assert.deepEqual(lite.serverNames, []);
    }));

  test('a connection over which nothing comes until a request has run out of time is given up by the next request, not by a ping', () =>
    withListener(async (port, next) => {
      const spawned = ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 0.1 });
      const first = await next();
      await greet(first);
      const lite = await spawned;
      assert.ok(lite, ClientLite.error());
      assert.equal(await lite.call('desk/note', 1), undefined);
      assert.equal(lite.failure(), 'timeout');
      assert.equal(await lite.ping(), false);
      assert.equal(lite.failure(), 'timeout');

      const posted = lite.post('desk/note', 2);
      const second = await next();
      await greet(second);
      assert.equal(await posted, 1);
      assert.equal(plain(await second.message()).params, 2);
      lite.disconnect();
    }));

  test('one over which something came meanwhile is kept', () =>
    withLite(
      async (lite, server) => {
        const call = lite.call('desk/note', 1);
        await server.message();
        server.send({ event: { kernel: 'Lite', session: 'Other', state: 'x' }, params: 'not awaited' });
        assert.equal(await call, undefined);
        assert.equal(lite.failure(), 'timeout');
        assert.equal(await lite.post('desk/note', 2), 1);
        assert.equal(plain(await server.message()).params, 2);
      },
      { timeout: 0.3 },
    ));

  test('disconnect gives up a connection that is being made; the next request makes another', () =>
    withListener(async (port, next) => {
      const spawned = ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 5 });
      await greet(await next());
      const lite = await spawned;
      assert.ok(lite, ClientLite.error());
      lite.disconnect();
      const connected = lite.connect();
      lite.disconnect();
      assert.equal(await connected, false);
      assert.equal(lite.failure(), 'connect');

      const posted = lite.post('desk/note', 2);
      // The one that was given up may have got as far as the server.
      let server = await next();
      let line = await server.line();
      if (line === undefined) {
        server = await next();
        line = await server.line();
      }
      assert.match(line ?? '', /^SETUP KERNEL=Lite;/);
      server.say('SETUP KERNEL=TheID,Server;FREEZER=Storable;PID=7');
      assert.equal(await posted, 1);
      assert.equal(plain(await server.message()).params, 2);
      lite.disconnect();
    }));
});

describe('3 the handshake of ClientLite', () => {
  test('takes connectTimeout seconds at most', () =>
    withListener(async (port, next) => {
      const began = Date.now();
      assert.equal(await ClientLite.spawn({ ip: '127.0.0.1', port, connectTimeout: 0.1 }), undefined);
      assert.ok(Date.now() - began < 30_000);
      assert.match(ClientLite.error(), /Timeout after 0\.1 s while connecting/);
      await (await next()).closed();
    }));
});
