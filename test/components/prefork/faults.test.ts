import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crashLoop, killed, reloaded, stopped } from '../../faults/scenarios.ts';

/** The short form of `npm run faults`. A crash loop that lasts takes a minute to be forgiven. */
describe('a preforked server under load and harm', () => {
  for (const [{ name, run }, seconds] of [
    [killed, 2],
    [reloaded, 2],
    [stopped, 1],
    [crashLoop, 0.3],
  ] as const) {
    test(name, async () => {
      const { figures, wrong } = await run(seconds);
      assert.deepEqual(wrong, [], figures);
    });
  }
});
