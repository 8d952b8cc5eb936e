import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handedOver } from '../../faults/scenarios.ts';

test('handover() under load, five times, of which one fails', async () => {
  const { figures, wrong } = await handedOver.run(1);
  assert.deepEqual(wrong, [], figures);
});
