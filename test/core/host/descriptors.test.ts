import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ceilingOf, limitOf } from '../../../core/host/descriptors.ts';

test('limitOf() reads the soft limit, and takes what it cannot read for none', () => {
  const limits = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            1024                 524288               files
`;
  assert.equal(limitOf(limits), 1024);
  assert.equal(limitOf(''), Number.POSITIVE_INFINITY);
  assert.equal(
    limitOf('Max open files            unlimited            unlimited            files'),
    Number.POSITIVE_INFINITY,
  );
});

test('ceilingOf() keeps 32 descriptors back, a quarter of few', () => {
  assert.deepEqual([1024, 128, 127, 80, Number.POSITIVE_INFINITY].map(ceilingOf), [
    992,
    96,
    96,
    60,
    Number.POSITIVE_INFINITY,
  ]);
});
