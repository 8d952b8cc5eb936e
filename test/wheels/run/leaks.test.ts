import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Children } from '../../helpers/children.ts';

test('50 children leave no descriptor, watcher, session or zombie', {
  skip: !existsSync('/proc/self/fd') && 'needs /proc',
}, async () => {
  const children = new Children();
  await children.run(5);
  const start = children.counts();
  const octets = await children.run(50);
  assert.equal(octets, 50 * Children.OCTETS);
  assert.deepEqual(await children.atRest(start), start);
});
