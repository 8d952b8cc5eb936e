import type { State } from './states.ts';

/** So many handlers lie in a list; with more a map is faster, and no longer larger. */
const LISTED = 8;

/**
 * The handlers of one session, by event. Whatever changes a table returns the one to use from then on.
 *
 * PERF: idle-session: a list of three handlers takes half the memory of a map. ikc-idle, ikc-visits: where many sessions have
 * the same handlers, there is one map of them, and each session has no more than what it adds.
 */
export type StateTable = Own | Shared;

/** A list of name, handler, name, handler, which is never changed; or a map. */
type Own = List | Map<string, State>;
type List = readonly (string | State)[];

/** Handlers that many sessions have, and those that one of them has in their place or beside them. */
class Shared {
  readonly all: ReadonlyMap<string, State>;
  readonly own: Own;

  constructor(all: ReadonlyMap<string, State>, own: Own) {
    this.all = all;
    this.own = own;
  }
}

/** A table of so many handlers; of two for one event the later one counts. PERF: ikc-visits: made at once, not one by one. */
export function stateTable(states: readonly (readonly [name: string, state: State])[]): StateTable {
  const map = new Map(states);
  // concat: a list that grows by push has room to spare, which thousands of sessions would never use.
  return map.size > LISTED ? map : ([] as (string | State)[]).concat(...map);
}

/** A table that other tables may be made from in this way, too: from now on it must not be changed itself. */
export function sharing(table: StateTable): StateTable {
  return table instanceof Map ? new Shared(table, []) : table;
}

export function stateIn(table: StateTable, name: string): State | undefined {
  if (table instanceof Shared) return inOwn(table.own, name) ?? table.all.get(name);
  return inOwn(table, name);
}

/** Sets or replaces a handler. */
export function withState(table: StateTable, name: string, state: State): StateTable {
  if (table instanceof Shared) return new Shared(table.all, withOwn(table.own, name, state));
  return withOwn(table, name, state);
}

/** Removes a handler. */
export function withoutState(table: StateTable, name: string): StateTable {
  if (!(table instanceof Shared)) return withoutOwn(table, name);
  if (!table.all.has(name)) return new Shared(table.all, withoutOwn(table.own, name));
  return withoutOwn(new Map([...table.all, ...pairs(table.own)]), name);
}

export function stateNames(table: StateTable): string[] {
  if (!(table instanceof Shared)) return pairs(table).map(([name]) => name);
  return [...new Map([...table.all, ...pairs(table.own)]).keys()];
}

function inOwn(own: Own, name: string): State | undefined {
  if (!isList(own)) return own.get(name);
  for (let at = 0; at < own.length; at += 2) if (own[at] === name) return own[at + 1] as State;
  return undefined;
}

function withOwn(own: Own, name: string, state: State): Own {
  if (!isList(own)) return own.set(name, state);
  const at = placeOf(own, name);
  if (at >= 0) return own.with(at + 1, state);
  if (own.length === 0) return [name, state];
  return own.length < LISTED * 2 ? own.concat([name, state]) : new Map(pairs(own)).set(name, state);
}

function withoutOwn(own: Own, name: string): Own {
  if (isList(own)) {
    const at = placeOf(own, name);
    return at < 0 ? own : own.toSpliced(at, 2);
  }
  own.delete(name);
  return own;
}

function isList(own: Own): own is List {
  return Array.isArray(own);
}

function placeOf(list: List, name: string): number {
  for (let at = 0; at < list.length; at += 2) if (list[at] === name) return at;
  return -1;
}

function pairs(own: Own): [string, State][] {
  if (!isList(own)) return [...own];
  return Array.from({ length: own.length / 2 }, (_, n) => [own[n * 2] as string, own[n * 2 + 1] as State]);
}
