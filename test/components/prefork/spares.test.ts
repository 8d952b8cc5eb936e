import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Spares } from '../../../components/prefork/spares.ts';

describe('Spares', () => {
  test('are as many as the fewest, and no more than the most', () => {
    const spares = new Spares({ minSpares: 1, maxSpares: 3 });
    assert.deepEqual([spares.wanted, spares.areMany], [1, false]);
    for (let n = 0; n < 5; n++) spares.more();
    assert.deepEqual([spares.wanted, spares.areMany], [3, true]);
    for (let n = 0; n < 5; n++) spares.fewer();
    assert.deepEqual([spares.wanted, spares.areMany], [1, false]);
  });

  test('are none where none are wanted', () => {
    const spares = new Spares({ minSpares: 0, maxSpares: 3 });
    spares.more();
    assert.equal(spares.wanted, 0);
  });
});
