import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, median } from './steadiness.ts';

const limits = { slower: 0.05, more: 1000 };
const run = (rates: number[], held = rates.map(() => 5000)) =>
  judge(
    rates.map((rate, at) => ({ rate, held: held[at] as number })),
    limits,
  );

describe('judge()', () => {
  it('finds a run steady whose stretches scatter, also with some bad ones among them', () => {
    assert.equal(run([100, 103, 98, 60, 101, 99, 40, 100, 102]).steady, true);
    assert.equal(run([100, 100, 100, 200, 200, 200]).steady, true);
  });

  it('finds out that it slows down', () => {
    const { slower, steady } = run([100, 99, 98, 97, 96, 95, 94, 93, 92]);
    assert.equal(steady, false);
    assert.ok(Math.abs(slower - 0.0606) < 0.001);
  });

  it('finds out that it holds more and more', () => {
    const held = [5000, 5400, 5800, 6200, 6600, 7000];
    assert.deepEqual(run(Array(6).fill(1), held), { slower: 0, more: 1600, steady: false });
    assert.equal(run(Array(6).fill(1), held.toReversed()).steady, true);
  });

  it('makes do with one stretch', () => {
    assert.equal(run([100]).steady, true);
  });
});

describe('median()', () => {
  it('is the middle one, or what lies between the two', () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
  });
});
