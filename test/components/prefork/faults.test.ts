import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scenarios } from '../../faults/scenarios.ts';

/** The short form of `npm run faults`. */
const SECONDS = 2;

describe('a preforked server under load and harm', () => {
  for (const { name, run } of scenarios) {
    test(name, async () => {
      const { figures, wrong } = await run(SECONDS);
      assert.deepEqual(wrong, [], figures);
    });
  }
});
