import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LINKS, NONE, PLACE, TimerTable } from '../../../core/queue/timer-table.ts';
import type { SessionLike } from '../../../core/types.ts';
import { fc } from '../../helpers/property.ts';

const session = { name: 'a session' } as unknown as SessionLike;

/** A slot that is pending, as far as the table can tell. */
function pending(table: TimerTable, args: readonly unknown[] = []): number {
  const slot = table.add(session, 'event', 'from', args);
  table.links[slot * LINKS + PLACE] = 0;
  return slot;
}

describe('TimerTable', () => {
  it('gives back what it was given, with any number of arguments', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 8 }), (args) => {
        const table = new TimerTable();
        const slot = pending(table, args);
        assert.deepEqual(
          [table.sessionOf(slot), table.eventOf(slot), table.fromOf(slot), table.argsOf(slot)],
          [session, 'event', 'from', args],
        );
      }),
    );
  });

  it('finds timers by their id, and nobody by an id that is used up or was never given', () => {
    const table = new TimerTable();
    const first = pending(table);
    const id = table.idOf(first);
    assert.equal(table.find(id), first);
    for (const wrong of [0, -1, 0.5, Number.NaN, id + 1, String(id), null]) assert.equal(table.find(wrong), NONE);
    table.free(first);
    assert.equal(table.find(id), NONE);
    const second = pending(table);
    assert.equal(second, first);
    assert.notEqual(table.idOf(second), id);
  });

  it('never gives an id twice, also after it was very large and then empty', () => {
    const table = new TimerTable();
    const ids = new Set<number>();
    for (let round = 0; round < 3; round++) {
      const slots = Array.from({ length: 10_000 }, () => pending(table));
      for (const slot of slots) ids.add(table.idOf(slot));
      for (const slot of slots) table.free(slot);
      assert.equal(table.size, 0);
      assert.ok(table.times.length < 1000, 'the memory is given back');
    }
    assert.equal(ids.size, 30_000);
  });

  it('lets go of what a timer held', () => {
    const table = new TimerTable();
    table.free(pending(table, [{}, {}, {}]));
    assert.ok(table.words.every((word) => word === undefined));
  });
});
