import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PoeUsageError } from 'poe-kernel';
import { SeededRandom } from 'poe-kernel/testing';
import { fc } from '../../helpers/property.ts';

describe('SeededRandom', () => {
  it('gives the same numbers for the same seed, in every version of this package', () => {
    const random = new SeededRandom(7);
    assert.deepEqual([random.word(), random.word(), random.word()], [50_271_532, 266_108_690, 4_195_786_334]);
    assert.deepEqual([...new SeededRandom(7).octets(3)], [44, 18, 94]);
  });

  it('keeps number(), below() and pick() within their limits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
        const random = new SeededRandom(seed);
        const number = random.number();
        assert.ok(number >= 0 && number < 1);
        const below = random.below(limit);
        assert.ok(Number.isInteger(below) && below >= 0 && below < limit);
        assert.ok(['a', 'b'].includes(random.pick(['a', 'b']) as string));
        assert.equal(random.octets(limit).length, limit);
      }),
    );
  });

  it('pick() gives each element sometimes, undefined of none', () => {
    const random = new SeededRandom(1);
    assert.equal(random.pick([]), undefined);
    assert.deepEqual(new Set(Array.from({ length: 100 }, () => random.pick([1, 2, 3]))), new Set([1, 2, 3]));
  });

  it('split() makes a source whose numbers change nothing here', () => {
    const [one, other] = [new SeededRandom(5), new SeededRandom(5)];
    const drawn = one.split().octets(9);
    assert.notDeepEqual(drawn, new SeededRandom(5).octets(9));
    other.split();
    assert.equal(one.word(), other.word());
  });

  it('refuses what is no whole number', () => {
    for (const seed of [0.5, Number.NaN, '7', undefined]) {
      const refused = (error: unknown) => error instanceof PoeUsageError && error.code === 'POE_ERR_SIMULATION_OPTION';
      assert.throws(() => new SeededRandom(seed as number), refused);
    }
  });
});
