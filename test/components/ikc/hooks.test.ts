import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CallInfo, RequestInfo } from 'poe-kernel/ikc';
import { readHeaders } from '../../../components/ikc/call-info.ts';
import { IkcWorld } from '../../helpers/ikc-world.ts';

describe('hooks of calls', () => {
  test('callStarted and callEnded are told of the same call, requestStarted and requestEnded of what arrives', async () => {
    await IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client();
      await world.advance(1);
      const told: [string, unknown][] = [];
      const calls: CallInfo[] = [];
      const requests: RequestInfo[] = [];
      client.ikc.hooks.callStarted.tap('test', (call) => {
        call.headers.colour = 'blue';
        calls.push(call);
        told.push(['callStarted', call.to]);
      });
      client.ikc.hooks.callEnded.tap('test', (call, error) => {
        calls.push(call);
        told.push(['callEnded', error]);
      });
      server.ikc.hooks.requestStarted.tap('test', (request) => {
        requests.push(request);
        told.push(['requestStarted', { ...request.headers }]);
      });
      server.ikc.hooks.requestEnded.tap('test', (request, error) => {
        requests.push(request);
        told.push(['requestEnded', error]);
      });
      const answer = client.ikc.call('Server/app/echo', 1);
      await world.advance(1);
      assert.equal(await answer, 1);
      assert.deepEqual(told, [
        ['callStarted', { kernel: 'Server', session: 'app', state: 'echo' }],
        ['requestStarted', { colour: 'blue' }],
        ['requestEnded', undefined],
        ['callEnded', undefined],
      ]);
      assert.equal(calls[0], calls[1]);
      assert.equal(requests[0], requests[1]);
      assert.equal(requests[0]?.awaited, true);
      assert.equal(requests[0]?.peer.kernel, client.kernel.id);
      assert.deepEqual(requests[0]?.peer.aliases.slice(0, 1), ['Client']);
    });
  });

  test('request.around has the handler to call, and may be left out', async () => {
    await IkcWorld.use(async (world) => {
      const inside: boolean[] = [];
      let depth = 0;
      const server = world.server({}, { look: () => inside.push(depth > 0) });
      const client = world.client();
      await world.advance(1);
      server.ikc.hooks.requestStarted.tap('test', (request) => {
        request.around = (act) => {
          depth++;
          try {
            return act();
          } finally {
            depth--;
          }
        };
      });
      const answer = client.ikc.call('Server/app/look');
      await world.advance(1);
      assert.equal(await answer, 1);
      assert.deepEqual([inside, depth], [[true], 0]);
    });
  });

  test('a tap that throws does not keep a call from its answer', async () => {
    await IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client();
      await world.advance(1);
      const fail = (): never => {
        throw new Error('broken tap');
      };
      const warned: string[] = [];
      const listen = (warning: Error & { code?: string }): void => void warned.push(warning.code ?? '');
      process.on('warning', listen);
      client.ikc.hooks.callStarted.tap('test', fail);
      client.ikc.hooks.callEnded.tap('test', fail);
      server.ikc.hooks.requestStarted.tap('test', fail);
      server.ikc.hooks.requestEnded.tap('test', fail);
      const answer = client.ikc.call('Server/app/echo', 'x');
      await world.advance(1);
      assert.equal(await answer, 'x');
      process.off('warning', listen);
      assert.deepEqual(warned, Array(4).fill('POE_WARN_HOOK_FAILED'));
    });
  });
});

test('readHeaders() takes text only, and so much of it', () => {
  assert.deepEqual({ ...readHeaders({ a: 'x', b: 1, c: null, d: { e: 'f' } }) }, { a: 'x' });
  for (const value of [undefined, null, 'text', 5, ['a', 'b']]) assert.deepEqual({ ...readHeaders(value) }, {});
  const limit = { ['n'.repeat(64)]: 'v'.repeat(1024) };
  assert.equal(Object.keys(readHeaders(limit)).length, 1);
  assert.equal(Object.keys(readHeaders({ a: 'v'.repeat(1025), ['n'.repeat(65)]: 'v' })).length, 0);
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`h${i}`, 'v']));
  assert.equal(Object.keys(readHeaders(many)).length, 16);
  const hostile = readHeaders(JSON.parse('{"__proto__":"x","constructor":"y"}'));
  assert.equal(Object.getPrototypeOf(hostile), null);
  assert.deepEqual(Object.keys(hostile), ['__proto__', 'constructor']);
});
