import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterContract } from 'poe-kernel/testing';
import { Skeleton } from './skeleton.js';

test('Skeleton reads texts that end with a NUL, and writes them', () => {
  const filter = new Skeleton();
  assert.deepEqual(filter.get([Buffer.from('one\0two\0thr')]), ['one', 'two']);
  assert.deepEqual(filter.get([Buffer.from('ee\0')]), ['three']);
  assert.deepEqual(filter.put(['four']).map(String), ['four\0']);
});

const cases = filterContract({
  make: () => new Skeleton(),
  records: ['one', '', 'two words', 'ö'],
  unfinished: Buffer.from('no end'),
});
for (const { title, run } of cases) test(`Skeleton, as a filter: ${title}`, run);
