import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressCounts } from '../../../components/tcp/address-counts.ts';

test('AddressCounts admits as many as the limit of each address, and one more when one has gone', () => {
  const counts = new AddressCounts(2);
  assert.deepEqual([counts.add('a'), counts.add('a'), counts.add('a'), counts.add('b')], [true, true, false, true]);
  counts.remove('a');
  assert.deepEqual([counts.add('a'), counts.add('a')], [true, false]);
  for (let n = 0; n < 5; n++) counts.remove('a');
  assert.deepEqual([counts.add('a'), counts.add('a'), counts.add('a')], [true, true, false]);
});

test('AddressCounts has a word to say once until a connection ends', () => {
  const counts = new AddressCounts(1);
  counts.add('a');
  assert.deepEqual([counts.tell('a'), counts.tell('a'), counts.tell('b')], [true, false, true]);
  counts.remove('a');
  assert.equal(counts.tell('a'), true);
});
