import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Collector } from '../../../plugins/metrics/collector.ts';
import { IkcWorld } from '../../helpers/ikc-world.ts';

/** The samples of a family as text: labels that tell buckets and outcomes apart, and the value. */
function shown(collector: Collector, name: string): Record<string, number> {
  const family = collector.families().find((one) => one.name === name);
  return Object.fromEntries(
    (family?.samples ?? []).map(({ suffix = '', labels = {}, value }) => [
      [suffix, ...Object.values(labels)].join(' ').trim(),
      value,
    ]),
  );
}

describe('Collector, calls of IKC', () => {
  test('how long they take is counted from the call to its answer, on either side', async () => {
    await IkcWorld.use(async (world) => {
      const server = world.server(
        {},
        {
          slow: ({ kernel, heap }, seconds) =>
            new Promise((resolve) => {
              heap.wake = resolve;
              kernel.delay('wake', Number(seconds));
            }),
          wake: ({ heap }) => heap.wake('late'),
          fail() {
            throw new Error('as told');
          },
        },
      );
      const client = world.client();
      const asking = new Collector(client.kernel);
      const asked = new Collector(server.kernel);
      await world.advance(1);
      try {
        for (const seconds of [0.3, 3]) {
          const answer = client.ikc.call('poe://Server/app/slow', seconds);
          await world.advance(seconds + 1);
          assert.equal(await answer, 'late');
        }
        const failed = assert.rejects(client.ikc.call('poe://Server/app/fail'));
        await world.advance(1);
        await failed;
        for (const [collector, kind] of [
          [asking, 'call'],
          [asked, 'request'],
        ] as const) {
          assert.deepEqual(shown(collector, `poe_ikc_${kind}s_total`), { ok: 2, error: 1 });
          const took = shown(collector, `poe_ikc_${kind}_duration_seconds`);
          // The one that failed took no time.
          assert.deepEqual(
            ['_bucket 0.25', '_bucket 0.5', '_bucket 2.5', '_bucket 5', '_bucket +Inf', '_count'].map(
              (key) => took[key],
            ),
            [1, 2, 2, 3, 3, 3],
          );
          assert.ok(Math.abs((took._sum as number) - 3.3) < 0.05, `${kind}: ${took._sum}`);
        }
        assert.deepEqual(shown(asking, 'poe_ikc_channels'), { '': 1 });
      } finally {
        asking.stop();
        asked.stop();
      }
    });
  });

  test('a kernel without IKC shows nothing of it, and gets none', async () => {
    const kernel = new Kernel();
    const collector = new Collector(kernel);
    const names = collector.families().map(({ name }) => name);
    collector.stop();
    assert.deepEqual(
      names.filter((name) => name.includes('ikc')),
      [],
    );
    await kernel.run();
  });
});
