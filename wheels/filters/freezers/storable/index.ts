import { PoeUsageError } from '../../../../core/errors.ts';
import type { Span } from '../../filter.ts';
import { ClassIndex } from '../classes.ts';
import { DEFAULT_THAW_LIMITS, type Freezer, type ThawLimits, type ThawOptions } from '../freezer.ts';
import type { FastBuffer } from '../perl-utf8.ts';
import type { ReadSettings } from './read-settings.ts';
import { Reader } from './reader.ts';
import { byteStringMaker } from './strings.ts';
import { Writer, type WriteSettings } from './writer.ts';

/** Options of {@link Storable}: those of thawing, and those of this format. */
export interface StorableOptions extends ThawOptions {
  /**
   * The byte order to freeze in. `network` (default) is what every Perl reads, and what IKC sends; `native` is that of a
   * 64-bit little-endian Perl, and keeps doubles and long integers as numbers. Thawing recognizes both.
   */
  byteOrder?: 'network' | 'native';
  /**
   * What becomes of things that only Perl could use: objects with a freeze hook, code, patterns and tied containers.
   * `keep` (default): they thaw to `PerlHook`, `PerlCode`, `PerlRegexp` and `PerlTied`, which are plain data. `refuse`: an
   * image with one of them is refused.
   */
  opaque?: 'keep' | 'refuse';
  /**
   * Whether a `PerlCode` may be frozen. `refuse` (default), as Perl does; `source`: its source is sent, which a peer that
   * has `$Storable::Eval` switched on will run.
   */
  code?: 'refuse' | 'source';
  /** How deep values may be nested that are frozen. Default 512 and, for a hash, 256, as in Perl. */
  freezeLimits?: Partial<Pick<ThawLimits, 'maxDepth' | 'maxHashDepth'>>;
}

/**
 * Perl's Storable format, version 2.11, as Storable 3.26 writes it and every version since 2001 reads it.
 *
 * | Perl | thaws to | is frozen from |
 * |---|---|---|
 * | undef | `null` | `null`, `undefined` |
 * | integer | `number`, beyond ±2^53 `bigint` | the same; in network order beyond 32 bits as text |
 * | double (native order) | `number` | `number`; in network order as text of 15 digits |
 * | string | string (see the option `strings`) | string, `Uint8Array`, `PerlString`; the text is flagged if a character is above 255 |
 * | true, false | `true`, `false` | `"1"` and `""`, since Storable 3.26 knows no better |
 * | array | `Array`, with holes | `Array` |
 * | hash | object without prototype | plain object, `Map` |
 * | reference to a scalar | `PerlRef` | `PerlRef` |
 * | blessed data | the data, the class under the symbol `blessed`; an instance if the class is registered | the same |
 * | object with hook, code, pattern, version string, tied | `PerlHook`, `PerlCode`, ... | the same |
 *
 * References that lead to the same thing do so afterwards, in both directions, and cycles are kept. A weak reference thaws
 * to a plain one, a restricted hash to its pairs, and one scalar that is two elements to two equal elements.
 *
 * Nothing in an image is evaluated, imported or instantiated; hostile images are refused within the limits.
 *
 * @example
 * const storable = new Storable({ numericStrings: true });
 * storable.thaw(storable.freeze({ price: 1.5 })); // { price: 1.5 }, and the string "1.5" would be 1.5 as well
 * @remarks Mirrors Storable's `nfreeze` (or `freeze`, see the option `byteOrder`) and `thaw`. Octets behind a complete image
 * are ignored, as Storable does.
 */
export class Storable implements Freezer {
  readonly name = 'Storable';
  readonly #reading: ReadSettings;
  readonly #writing: WriteSettings;
  #idleReader: Reader | undefined;
  #idleWriter: Writer | undefined;

  /** @throws PoeUsageError `POE_ERR_FREEZER_OPTION` for a word that an option does not know. */
  constructor(options: StorableOptions = {}) {
    const strings = choice('strings', options.strings, ['characters', 'bytes', 'utf8', 'exact']);
    const classes = options.classes ?? new Map();
    this.#reading = {
      limits: { ...DEFAULT_THAW_LIMITS, ...options.limits },
      bytes: byteStringMaker(strings, options.numericStrings === true),
      frozen: byteStringMaker(strings, false),
      decodeKeys: strings === 'utf8',
      exact: strings === 'exact',
      opaque: choice('opaque', options.opaque, ['keep', 'refuse']) === 'keep',
      classes,
    };
    const { maxDepth, maxHashDepth } = { ...DEFAULT_THAW_LIMITS, ...options.freezeLimits };
    this.#writing = {
      maxDepth,
      maxHashDepth,
      native: choice('byteOrder', options.byteOrder, ['network', 'native']) === 'native',
      code: choice('code', options.code, ['refuse', 'source']) === 'source',
      classes: new ClassIndex(classes),
    };
  }

  /**
   * Freezes what would be a reference in Perl: an array, an object, a `Map`, a `PerlRef` or another thing of the table.
   *
   * @returns The image, in memory of its own.
   * @throws PoeUsageError `POE_ERR_FREEZE_ROOT` for a bare scalar, `POE_ERR_FREEZE_VALUE` for a function, a symbol or an
   * instance of a class that is not registered, `POE_ERR_FREEZE_DEPTH` for values that are nested deeper than Perl allows.
   */
  freeze(value: unknown): Uint8Array {
    return this.#view(value);
  }

  /** Freezes as {@link freeze} does, with what `front` returns in front of the image. See {@link Freezer.freezeBehind}. */
  freezeBehind(front: (octets: number) => string, value: unknown): Uint8Array {
    return this.#view(value, front);
  }

  /** Freezes as {@link freezeBehind} does, and says where that is. See {@link Freezer.freezeSpan}. */
  freezeSpan(front: (octets: number) => string, value: unknown): Span {
    const writer = this.#writer();
    const span = writer.write(value, front);
    this.#idleWriter = writer;
    return span;
  }

  #view(value: unknown, front?: (octets: number) => string): Buffer {
    const writer = this.#writer();
    const image = writer.writeView(value, front);
    this.#idleWriter = writer;
    return image;
  }

  /** Takes the writer away while it writes, so that a codec that freezes in the middle of that gets one of its own. */
  #writer(): Writer {
    const writer = this.#idleWriter ?? new Writer(this.#writing);
    this.#idleWriter = undefined;
    return writer;
  }

  /**
   * Thaws an image in network order, or in the native order of a 64-bit little-endian Perl.
   *
   * @throws PoeDataError `POE_ERR_THAW_HEADER`, `POE_ERR_THAW_MALFORMED`, `POE_ERR_THAW_OPAQUE` or `POE_ERR_THAW_REVIVE`.
   * @throws PoeLimitError `POE_ERR_THAW_NODES`, `_DEPTH`, `_STRING` or `_CLASS_NAME`.
   */
  thaw(octets: Uint8Array): unknown {
    if (!(octets instanceof Uint8Array)) {
      throw new PoeUsageError('POE_ERR_THAW_OCTETS', `Cannot thaw: the image is a ${typeof octets}, not octets`, {
        hint: 'Pass a Uint8Array or a Buffer',
      });
    }
    const image = Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    return this.thawWithin(image, 0, image.length);
  }

  /** Thaws as {@link thaw} does an image that lies among other octets. See {@link Freezer.thawWithin}. */
  thawWithin(octets: Buffer, start: number, end: number): unknown {
    // Taken away while it reads, so that a codec that thaws in the middle of that gets one of its own.
    const reader = this.#idleReader ?? new Reader(this.#reading);
    this.#idleReader = undefined;
    const value = reader.read(octets as FastBuffer, start, end);
    this.#idleReader = reader;
    return value;
  }
}

function choice<T extends string>(option: string, given: T | undefined, known: readonly [T, ...T[]]): T {
  if (given === undefined) return known[0];
  if (known.includes(given)) return given;
  throw new PoeUsageError('POE_ERR_FREEZER_OPTION', `Cannot set up Storable: ${option} is ${JSON.stringify(given)}`, {
    hint: `Use one of ${known.map((word) => `'${word}'`).join(', ')}`,
  });
}

const network = new Storable();
const native = new Storable({ byteOrder: 'native' });

/** Freezes in network order with the default options. See {@link Storable.freeze}. Mirrors Storable, "nfreeze". */
export function nfreeze(value: unknown): Uint8Array {
  return network.freeze(value);
}

/** Freezes in the native order of a 64-bit little-endian Perl. See {@link Storable.freeze}. Mirrors Storable, "freeze". */
export function freeze(value: unknown): Uint8Array {
  return native.freeze(value);
}

/** Thaws an image of either order. See {@link Storable.thaw}. Mirrors Storable, "thaw". */
export function thaw(octets: Uint8Array, options?: ThawOptions & Pick<StorableOptions, 'opaque'>): unknown {
  return (options === undefined ? network : new Storable(options)).thaw(octets);
}
