import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type StateTable,
  sharing,
  stateIn,
  stateNames,
  stateTable,
  withoutState,
  withState,
} from '../../core/state-table.ts';
import type { State } from '../../core/states.ts';
import { fc } from '../helpers/property.ts';

const handlers: State[] = Array.from({ length: 12 }, () => () => {});

function tableOf(count: number): StateTable {
  return stateTable(handlers.slice(0, count).map((state, n) => [`event ${n}`, state]));
}

function check(table: StateTable, model: ReadonlyMap<string, State>): void {
  assert.deepEqual(stateNames(table), [...model.keys()]);
  for (let n = 0; n < 24; n++) assert.equal(stateIn(table, `event ${n}`), model.get(`event ${n}`));
}

test('a table is a map of events, however many there are and whether it is shared', () => {
  const step = fc.record({ sets: fc.boolean(), event: fc.nat(23), handler: fc.nat(11) });
  fc.assert(
    fc.property(fc.nat(12), fc.boolean(), fc.array(step), (count, isShared, steps) => {
      let table = isShared ? sharing(tableOf(count)) : tableOf(count);
      const model = new Map(stateNames(table).map((name, n) => [name, handlers[n] as State]));
      for (const { sets, event, handler } of steps) {
        const name = `event ${event}`;
        if (sets) model.set(name, handlers[handler] as State);
        else model.delete(name);
        table = sets ? withState(table, name, handlers[handler] as State) : withoutState(table, name);
        check(table, model);
      }
    }),
  );
});

test('sharing(): what one table has changed the others have not', () => {
  for (const count of [3, 12]) {
    const shared = sharing(tableOf(count));
    const before = stateNames(shared);
    const one = withState(withoutState(shared, 'event 1'), 'event 20', handlers[0] as State);
    const other = withState(shared, 'event 0', handlers[5] as State);
    assert.deepEqual(stateNames(shared), before);
    assert.equal(stateIn(shared, 'event 0'), handlers[0]);
    assert.equal(stateIn(other, 'event 0'), handlers[5]);
    assert.equal(stateIn(one, 'event 1'), undefined);
    assert.equal(stateIn(other, 'event 1'), handlers[1]);
    assert.equal(stateIn(other, 'event 20'), undefined);
  }
});
