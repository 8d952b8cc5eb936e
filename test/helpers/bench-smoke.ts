/** Runs benchmarks to see that they still work. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FoundBench } from '../../bench/catalogue.ts';
import { measure, missing } from '../../bench/measure.ts';

/** So few of everything that only this is tested: every case still works. How fast it is, is no test. */
const TINY = { rounds: 1, scale: 1e-4, fewest: 3 };

/** Tests each of the cases. They are in several files, which run at the same time. */
export function smoke(benches: readonly FoundBench[]): void {
  describe('each benchmark measures every contestant that this machine has', () => {
    for (const found of benches) {
      test(found.bench.name, async () => {
        for (const { key, value } of await measure(found, TINY)) {
          const contestant = found.bench.contestants[key];
          assert.ok(contestant !== undefined);
          // That nothing has failed is a figure, too.
          const least = found.bench.shows === 'each' ? 0 : Number.MIN_VALUE;
          if (missing(contestant) === undefined) assert.ok(value !== undefined && value >= least, `${key}: ${value}`);
          else assert.equal(value, undefined, key);
        }
      });
    }
  });
}
