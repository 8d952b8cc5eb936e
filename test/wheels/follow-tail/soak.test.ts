import assert from 'node:assert/strict';
import { it } from 'node:test';
import { followRotatingFiles } from '../../helpers/tails.ts';

it('FollowTail brings every line of files once that another process rotates, and gives everything back', async () => {
  const seed = Date.now() % 2 ** 31;
  const options = { files: 20, rotations: 5, period: 0.3, rate: 10_000, pollInterval: 0.05, seed };
  const { lines } = await followRotatingFiles(options);
  assert.ok(lines > 1000, `${lines} lines, seed ${seed}`);
});
