import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf, type Few, hasOne, sizeOf, withOne, withoutOne } from '../../core/few.ts';
import { fc } from '../helpers/property.ts';

test('withOne(), withoutOne(), hasOne(), allOf(), sizeOf(): a set, whatever comes and goes', () => {
  const step = fc.record({ adds: fc.boolean(), one: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const model = new Set<number>();
      let few: Few<number> = null;
      for (const { adds, one } of steps) {
        if (adds) model.add(one);
        else model.delete(one);
        few = adds ? withOne(few, one) : withoutOne(few, one);
        assert.deepEqual(allOf(few), [...model]);
        assert.equal(sizeOf(few), model.size);
        for (let each = 0; each <= 3; each++) assert.equal(hasOne(few, each), model.has(each));
        if (model.size === 0) assert.equal(few, null);
      }
    }),
  );
});

test('allOf() is a list of its own', () => {
  const few = withOne(withOne<string>(null, 'a'), 'b');
  const all = allOf(few);
  withoutOne(few, 'a');
  assert.deepEqual(all, ['a', 'b']);
});
