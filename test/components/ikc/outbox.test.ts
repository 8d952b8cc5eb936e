import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Outbox } from '../../../components/ikc/outbox.ts';

const message = (n: number) => ({ event: `poe://K/s/${n}` });
const names = (parcels: readonly { message: { event: unknown } }[]) =>
  parcels.map(({ message }) => Number(String(message.event).slice('poe://K/s/'.length)));

function filled(count: number, taken = 0): Outbox {
  const outbox = new Outbox();
  for (let n = 1; n <= count; n++) outbox.put(message(n), undefined, n * 10, taken);
  return outbox;
}

function rest(outbox: Outbox, taken: number, handed: number): { doubtful: number[]; unsent: number[] } {
  const { doubtful, unsent } = outbox.rest(taken, handed);
  return { doubtful: names(doubtful), unsent: names(unsent) };
}

describe('Outbox', () => {
  test('rest() tells what may have left from what has not for sure', () => {
    // The system has taken all of 1 and half of 2, and has been handed 3 and a piece of 4.
    assert.deepEqual(rest(filled(6), 15, 31), { doubtful: [2, 3, 4], unsent: [5, 6] });
    assert.deepEqual(rest(filled(3), 0, 0), { doubtful: [], unsent: [1, 2, 3] });
    assert.deepEqual(rest(filled(3), 10, 10), { doubtful: [], unsent: [2, 3] });
    assert.deepEqual(rest(filled(3), 30, 30), { doubtful: [], unsent: [] });
    assert.deepEqual(rest(filled(3), -5, 5), { doubtful: [1], unsent: [2, 3] });
  });

  test('rest() can be asked once, and clear() leaves nothing', () => {
    const outbox = filled(3);
    outbox.rest(0, 0);
    assert.deepEqual(rest(outbox, 0, 0), { doubtful: [], unsent: [] });
    const cleared = filled(3);
    cleared.clear();
    assert.deepEqual(rest(cleared, 0, 0), { doubtful: [], unsent: [] });
  });

  test('a connection that never comes to rest does not keep what it has sent', () => {
    const outbox = new Outbox();
    let most = 0;
    for (let n = 1; n <= 10_000; n++) {
      outbox.put(message(n), undefined, n * 10, n * 10 - 25);
      most = Math.max(most, outbox.size);
    }
    assert.ok(most <= 1025, `${most} are kept`);
    assert.deepEqual(rest(outbox, 99_975, 100_000), { doubtful: [9998, 9999, 10_000], unsent: [] });
  });
});
