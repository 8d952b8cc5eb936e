/**
 * Several values as the return of a handler, where Perl returns a list: see {@link list}.
 */
export class List {
  readonly values: readonly unknown[];
  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/**
 * Returns several values from a handler. `kernel.callList` gives its caller all of them, `kernel.call` the last one, as
 * Perl's comma does. `list()` is the empty list; an array is one value, as an array reference is.
 *
 * @example
 * range({ wantarray }, n) { return wantarray ? list(...Array(n).keys()) : n; }
 */
export function list(...values: unknown[]): List {
  return new List(values);
}

/** What an event without a handler gives: one undef, not nothing. */
export const NO_HANDLER: List = new List([undefined]);

/** What a handler's value is in list context: undefined is the empty list, `null` the list of one undef. */
export function toList(value: unknown): unknown[] {
  if (value instanceof List) return [...value.values];
  return value === undefined ? [] : [value];
}

/** What a handler's value is in scalar context. */
export function toScalar(value: unknown): unknown {
  return value instanceof List ? value.values.at(-1) : value;
}
