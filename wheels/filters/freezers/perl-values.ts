/**
 * Perl values that JavaScript has no word for. Everything else maps directly: undef is `null`, a string is a string, an
 * array an `Array` (an element that does not exist is a hole), a hash an object without prototype, an integer a `number`
 * within ±2^53 and a `bigint` beyond, a double a `number`.
 */

/** Marks blessed data: `value[blessed]` is the class name, on a hash, an array or one of the classes below. */
export const blessed: unique symbol = Symbol.for('poe-kernel.blessed') as never;

/** Data that may carry a class. */
export interface Blessable {
  [blessed]?: string;
}

/** A hash as it is thawed: no prototype, so that no key can mean anything. */
export type PerlHash = { [key: string]: unknown } & Blessable;

/** A reference to a scalar, `\"x"` or `\\"x"` in Perl. References to arrays and hashes are the arrays and hashes themselves. */
export class PerlRef<T = unknown> implements Blessable {
  declare [blessed]?: string;
  value: T;
  constructor(value: T) {
    this.value = value;
  }
}

/** A string that knows whether Perl holds it as bytes or as flagged text. Given by `strings: 'exact'`; freezes to just that. */
export class PerlString {
  readonly value: string;
  readonly flagged: boolean;
  constructor(value: string, flagged: boolean) {
    this.value = value;
    this.flagged = flagged;
  }
  toString(): string {
    return this.value;
  }
}

/** A compiled pattern, as text. It is never turned into a `RegExp` here. */
export class PerlRegexp implements Blessable {
  declare [blessed]?: string;
  readonly pattern: string;
  readonly flags: string;
  constructor(pattern: string, flags: string) {
    this.pattern = pattern;
    this.flags = flags;
  }
}

/** The source of a code reference. It is never run. */
export class PerlCode implements Blessable {
  declare [blessed]?: string;
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** A glob such as `*main::STDOUT`, by its name alone: it opens nothing. A reference to one is a `PerlRef` that holds it. */
export class PerlGlob {
  /** The name with its package but without the star, `main::STDOUT`. */
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A version string such as `v1.22.333`: its characters and how it was written. */
export class PerlVString {
  readonly value: string;
  readonly literal: string;
  constructor(value: string, literal: string) {
    this.value = value;
    this.literal = literal;
  }
}

/** A tied container: only the object behind it travels. */
export class PerlTied implements Blessable {
  declare [blessed]?: string;
  readonly kind: 'array' | 'hash' | 'scalar' | 'elem' | 'index';
  readonly object: unknown;
  readonly key: unknown;
  constructor(kind: PerlTied['kind'], object: unknown, key?: unknown) {
    this.kind = kind;
    this.object = object;
    this.key = key;
  }
}

/** An object that was stored by a freeze hook of its class: the frozen string and the extra references. */
export class PerlHook {
  readonly className: string;
  readonly kind: 'scalar' | 'array' | 'hash';
  readonly frozen: unknown;
  readonly refs: readonly unknown[];
  constructor(className: string, kind: PerlHook['kind'], frozen: unknown, refs: readonly unknown[]) {
    this.className = className;
    this.kind = kind;
    this.frozen = frozen;
    this.refs = refs;
  }
}
