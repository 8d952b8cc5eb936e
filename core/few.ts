/**
 * None of something, one, or several; what they are is no set itself. PERF: ikc-idle, idle-session: a set takes some 180 octets, and most
 * sessions have one name, one wheel and one handle at most.
 */
export type Few<T> = null | T | Set<T>;

/** The same with one more. Of what is there already there is still one. */
export function withOne<T>(few: Few<T>, one: T): Few<T> {
  if (few === null || few === one) return one;
  return few instanceof Set ? few.add(one) : new Set([few, one]);
}

/** The same without one; what is not there is no matter. */
export function withoutOne<T>(few: Few<T>, one: T): Few<T> {
  if (few === one) return null;
  if (few instanceof Set && few.delete(one) && few.size === 0) return null;
  return few;
}

export function hasOne<T>(few: Few<T>, one: T): boolean {
  return few === one || (few instanceof Set && few.has(one));
}

/** All of them, in the order in which they came. What is added or taken away later does not change the list. */
export function allOf<T>(few: Few<T>): readonly T[] {
  if (few === null) return [];
  return few instanceof Set ? [...few] : [few];
}

export function sizeOf(few: Few<unknown>): number {
  if (few === null) return 0;
  return few instanceof Set ? few.size : 1;
}
