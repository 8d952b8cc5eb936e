import type { State } from './states.ts';

/** So many handlers lie in a list; with more a map is faster, and no longer larger. */
const LISTED = 8;

/**
 * The handlers of one session, by event: a list of name, handler, name, handler, or a map. Whatever changes a table returns the one
 * to use from then on. PERF: idle-session: a list of three handlers takes half the memory of a map.
 */
export type StateTable = readonly (string | State)[] | Map<string, State>;

/** A table of so many handlers; of two for one event the later one counts. PERF: ikc-visits: made at once, not one by one. */
export function stateTable(states: readonly (readonly [name: string, state: State])[]): StateTable {
  const map = new Map(states);
  // concat: a list that grows by push has room to spare, which thousands of sessions would never use.
  return map.size > LISTED ? map : ([] as (string | State)[]).concat(...map);
}

export function stateIn(table: StateTable, name: string): State | undefined {
  if (!isList(table)) return table.get(name);
  for (let at = 0; at < table.length; at += 2) if (table[at] === name) return table[at + 1] as State;
  return undefined;
}

/** Sets or replaces a handler. */
export function withState(table: StateTable, name: string, state: State): StateTable {
  if (!isList(table)) return table.set(name, state);
  const at = placeOf(table, name);
  if (at >= 0) return table.with(at + 1, state);
  return table.length < LISTED * 2 ? table.concat([name, state]) : new Map(pairs(table)).set(name, state);
}

/** Removes a handler. */
export function withoutState(table: StateTable, name: string): StateTable {
  if (isList(table)) {
    const at = placeOf(table, name);
    return at < 0 ? table : table.toSpliced(at, 2);
  }
  table.delete(name);
  return table;
}

export function stateNames(table: StateTable): string[] {
  return isList(table) ? pairs(table).map(([name]) => name) : [...table.keys()];
}

function isList(table: StateTable): table is readonly (string | State)[] {
  return Array.isArray(table);
}

function placeOf(list: readonly (string | State)[], name: string): number {
  for (let at = 0; at < list.length; at += 2) if (list[at] === name) return at;
  return -1;
}

function pairs(list: readonly (string | State)[]): [string, State][] {
  return Array.from({ length: list.length / 2 }, (_, n) => [list[n * 2] as string, list[n * 2 + 1] as State]);
}
