import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { applyPlugins, metrics } from 'poe-kernel/plugins';
import { IkcWorld, type Member } from '../../helpers/ikc-world.ts';
import { type KeptSpan, SpanKeeper } from '../../helpers/spans.ts';

const keeper = new SpanKeeper();

/** The spans, shortened: kind, name, number of the parent. */
function shown(): string[] {
  return keeper.spans.map(({ kind, name, parent, ended }) =>
    [
      kind === undefined ? '' : SpanKind[kind],
      name,
      parent === undefined ? 'root' : Number.parseInt(parent, 16),
      ended ? 'ended' : 'open',
    ].join(' '),
  );
}

/** Two kernels with spans, the second one connected to the first. */
async function withWorld(
  act: (client: Member, world: IkcWorld, server: Member) => Promise<void>,
  states: Parameters<IkcWorld['server']>[1] = {},
): Promise<void> {
  await IkcWorld.use(async (world) => {
    const server = world.server({}, states);
    const client = world.client();
    const undo = [server, client].map(({ kernel }) => applyPlugins(kernel, [[metrics, { port: 0 }]]));
    await world.advance(1);
    try {
      await act(client, world, server);
    } finally {
      for (const undoOne of undo) undoOne();
    }
  });
}

describe('spans of metrics', () => {
  before(() => keeper.install());
  after(() => keeper.uninstall());
  beforeEach(() => {
    keeper.spans.length = 0;
  });

  test('a call has one on either side, in one trace', async () => {
    await withWorld(async (client, world) => {
      const answer = client.ikc.call('poe://Server/app/echo', 'x');
      await world.advance(1);
      assert.equal(await answer, 'x');
      assert.deepEqual(shown(), ['CLIENT app/echo root ended', 'SERVER app/echo 1 ended']);
      const [outer, inner] = keeper.spans as [KeptSpan, KeptSpan];
      assert.equal(inner.traceId, outer.traceId);
      assert.deepEqual(outer.attributes, {
        'rpc.system': 'poe_ikc',
        'rpc.service': 'app',
        'rpc.method': 'echo',
        'server.address': 'Server',
      });
      assert.equal(inner.attributes['poe.peer.kernel'], client.kernel.id);
    });
  });

  test('a call that an async handler makes is inside of its span', async () => {
    await withWorld(
      async (client, world, server) => {
        const answer = client.ikc.call('poe://Server/app/relay', 'x');
        await world.advance(5);
        assert.equal(await answer, 'x');
        assert.deepEqual(shown(), [
          'CLIENT app/relay root ended',
          'SERVER app/relay 1 ended',
          'CLIENT app/echo 2 ended',
          'SERVER app/echo 3 ended',
        ]);
        assert.equal(new Set(keeper.spans.map(({ traceId }) => traceId)).size, 1);
        assert.deepEqual(server.got, []);
      },
      {
        async relay({ kernel }, value) {
          await Promise.resolve();
          const { Responder } = await import('poe-kernel/ikc');
          return Responder.spawn({ kernel }).call('poe://Client/app/echo', value);
        },
      },
    );
  });

  test('what fails says so on both sides, what is refused on the side that asked', async () => {
    await withWorld(
      async (client, world) => {
        const failed = assert.rejects(client.ikc.call('poe://Server/app/fail'));
        const refused = assert.rejects(client.ikc.call('poe://Server/app/secret'));
        await world.advance(1);
        await Promise.all([failed, refused]);
        assert.deepEqual(
          keeper.spans.map(({ name, kind, status, ended }) => [name, SpanKind[kind as number], status?.code, ended]),
          [
            ['app/fail', 'CLIENT', SpanStatusCode.ERROR, true],
            ['app/secret', 'CLIENT', SpanStatusCode.ERROR, true],
            ['app/fail', 'SERVER', SpanStatusCode.ERROR, true],
          ],
        );
      },
      {
        fail() {
          throw new Error('as told');
        },
      },
    );
  });

  test('a post has one where it arrives; pings have none', async () => {
    await withWorld(async (client, world) => {
      client.ikc.post('poe://Server/app/note', 'x');
      client.ikc.call('poe://Server/IKC/ping', 'PING', { kernel: '', session: 'app', state: 'got_pong' });
      await world.advance(1);
      assert.deepEqual(client.got, [['got_pong', 'PONG']]);
      // The answer is an event of this side, which asked; the ping itself has no span.
      assert.deepEqual(shown(), ['CONSUMER app/note root ended', 'CONSUMER app/got_pong root ended']);
    });
  });
});
