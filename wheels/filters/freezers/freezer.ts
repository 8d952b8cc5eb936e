import type { Span } from '../filter.ts';

/**
 * A serializer: one value to octets and back. Implementations never evaluate, import or instantiate anything that
 * the octets name; classes come only from a registry that the program filled.
 */
export interface Freezer {
  /** The name under which peers ask for it: a Perl package such as `Storable`. */
  readonly name: string;
  /** @throws PoeUsageError for values that this format cannot carry. */
  freeze(value: unknown): Uint8Array;
  /**
   * Optional: freezes with a few octets in front of the image, so that a filter can frame it without a copy.
   *
   * @param front - Told how many octets the image has, and returns what to put there: some characters, none above 255. What
   * it throws, this throws.
   */
  freezeBehind?(front: (octets: number) => string, value: unknown): Uint8Array;
  /** Optional: the same without a view of the octets. They stay as they are; the span may be used again for the next image. */
  freezeSpan?(front: (octets: number) => string, value: unknown): Span;
  /** @throws PoeDataError for octets that are no valid image, PoeLimitError past a limit. */
  thaw(octets: Uint8Array): unknown;
  /**
   * Optional: thaws the image between two places of `octets`, so that a filter need not make a view of each frame. The octets are only lent:
   * no value may be a view of them.
   */
  thawWithin?(octets: Buffer, start: number, end: number): unknown;
}

/** The limits that hold while thawing. A declared count never allocates; it only bounds a loop. */
export interface ThawLimits {
  /** Values in one image, containers and scalars together. Default 1,000,000. */
  maxNodes: number;
  /** Arrays and references inside each other. Default 512. */
  maxDepth: number;
  /** Hashes inside each other. Default 256. */
  maxHashDepth: number;
  /** Octets of one string. Default 16 MiB. */
  maxString: number;
  /** Octets of a class name. Default 255. */
  maxClassName: number;
}

export const DEFAULT_THAW_LIMITS: Readonly<ThawLimits> = Object.freeze({
  maxNodes: 1_000_000,
  maxDepth: 512,
  maxHashDepth: 256,
  maxString: 16 * 1024 * 1024,
  maxClassName: 255,
});

/** How thawed values look. */
export interface ThawOptions {
  limits?: Partial<ThawLimits>;
  /**
   * What a Perl string becomes. `characters` (default): a JS string, of code points 0 to 255 for a byte string, of its
   * characters for a flagged one. `bytes`: byte strings become `Uint8Array`, flagged ones JS strings. `utf8`: byte
   * strings that are valid UTF-8 are decoded, others stay code points 0 to 255. `exact`: every string becomes a
   * {@link PerlString} that knows its flag.
   */
  strings?: 'characters' | 'bytes' | 'utf8' | 'exact';
  /**
   * Turns canonical numeric byte strings back into numbers, since network order sends fractions and integers beyond
   * 32 bits as text: `"1.5"` becomes 1.5, while `"007"`, `"1e3"` and `"5 "` stay strings. Default false here; the
   * IKC components have their own default.
   */
  numericStrings?: boolean;
  /** Classes whose blessed data becomes an instance. Nothing else is ever instantiated. */
  classes?: ReadonlyMap<string, ClassCodec>;
}

/** How one registered class travels. */
export interface ClassCodec {
  /** The constructor whose instances are frozen under the registered Perl class name. */
  readonly type: abstract new (
    ...args: never[]
  ) => unknown;
  /** Makes the instance from the thawed data (a hash, array or PerlRef without its class mark). */
  revive(data: unknown): unknown;
  /** Gives the data to freeze for an instance. */
  reduce(instance: unknown): unknown;
}
