import type { PoeDataError, PoeLimitError } from '../../../../core/errors.ts';
import type { ThawLimits } from '../freezer.ts';
import { decodeLaxUtf8, type FastBuffer } from '../perl-utf8.ts';
import { limitError, malformedError } from '../thaw-budget.ts';
import { readHeader } from './header.ts';
import { NETWORK_MAGIC } from './opcodes.ts';
import { areAt, learnKey, type PairGuess } from './pair-guesses.ts';
import { LONGEST_CACHED, shortString } from './short-strings.ts';
import { utf8OrCharacters } from './strings.ts';

const NOTHING = Buffer.alloc(0) as FastBuffer;

/** Up to here a look into the cache is faster than a call into Node. */
const SHORT_TEXT = 16;

/** Octets that are kept after they have been read, for the view of them. */
const MOST_VIEWED = 65_536;
/** The octets that were last viewed by four. What comes together lies in the same ones. */
let viewed = NOTHING;
let view: DataView | undefined;

/** PERF: to make a view takes longer than it saves in one image; so an image that lies alone goes without. */
function viewFor(octets: FastBuffer, size: number): DataView | undefined {
  if (octets === viewed) return view;
  if (octets.length < 2 * size || octets.length > MOST_VIEWED) return undefined;
  viewed = octets;
  view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return view;
}

/**
 * Takes octets, lengths and strings off an image, never beyond its end, and says where something was wrong. The image may lie between other
 * octets; places are those in all of them, but errors count from where it begins.
 */
export class ImageOctets {
  readonly limits: Readonly<ThawLimits>;
  image = NOTHING;
  end = 0;
  /** The same octets as `image`, to be read by four, if it is worth having that. */
  view: DataView | undefined;
  /** Where the next octet is. */
  at = 0;
  /** Whether lengths are in native order. */
  native = false;
  /** Where the image begins. */
  #begin = 0;

  /** Whether keys that are UTF-8 are decoded. */
  readonly #decodeKeys: boolean;

  constructor(limits: Readonly<ThawLimits>, decodeKeys: boolean) {
    this.limits = limits;
    this.#decodeKeys = decodeKeys;
  }

  /** Begins with the image that lies between two places. @throws PoeDataError `POE_ERR_THAW_HEADER` */
  begin(image: FastBuffer, start: number, end: number): void {
    this.image = image;
    this.view = viewFor(image, end - start);
    this.end = end;
    this.#begin = start;
    // PERF: ikc-posts: what nearly all images begin with is no reason to make a view of one.
    if (end - start >= 2 && image[start] === NETWORK_MAGIC) {
      this.at = start + 2;
      this.native = false;
      return;
    }
    const header = readHeader(image.subarray(start, end));
    this.at = start + header.start;
    this.native = header.native;
  }

  /** How many octets the image has. */
  get size(): number {
    return this.end - this.#begin;
  }

  /** The next octet, which stays the next one; undefined at the end. */
  peek(): number | undefined {
    return this.at < this.end ? this.image[this.at] : undefined;
  }

  /** Where a place is in the image, for errors. */
  positionOf(at: number): number {
    return at - this.#begin;
  }

  /** Lets go of the image. */
  finish(): void {
    this.image = NOTHING;
    this.view = undefined;
    this.end = 0;
  }

  /** Passes over octets and returns where they begin. */
  take(octets: number, what: string): number {
    const start = this.at;
    if (octets > this.end - start) throw this.truncated(what, octets);
    this.at = start + octets;
    return start;
  }

  octet(): number {
    const start = this.at;
    if (start >= this.end) throw this.truncated('the next value', 1);
    this.at = start + 1;
    return this.image[start] as number;
  }

  /** 32 bits, big-endian in both orders. */
  network32(what: string): number {
    const start = this.take(4, what);
    const { image } = this;
    return (
      (((image[start] as number) << 24) |
        ((image[start + 1] as number) << 16) |
        ((image[start + 2] as number) << 8) |
        (image[start + 3] as number)) >>>
      0
    );
  }

  /** A length or count, in the byte order of the image. */
  length(): number {
    return this.native ? this.image.readUInt32LE(this.take(4, 'a length')) : this.network32('a length');
  }

  /** A length of four octets or of one. */
  lengthOf(long: boolean): number {
    return long ? this.length() : this.octet();
  }

  /** The size of a container, each element of which takes at least so many octets. It allocates nothing. */
  count(octetsEach: number, what: string): number {
    const count = this.length();
    if (count * octetsEach > this.end - this.at) throw this.truncated(what, count * octetsEach);
    return count;
  }

  /** Passes over a string and returns where it begins. */
  string(length: number): number {
    const { maxString } = this.limits;
    if (length > maxString) throw this.tooMuch('maxString', `${length} octets in one string`, this.at - 1);
    return this.take(length, 'a string');
  }

  /** Octets as the characters 0 to 255. */
  latin1(length: number): string {
    const start = this.string(length);
    return this.image.latin1Slice(start, start + length);
  }

  /** UTF-8, in the sense of Perl. */
  text(length: number): string {
    const start = this.string(length);
    if (length <= SHORT_TEXT && this.#isAscii(start, length)) return shortString(this.image, start, length);
    const text = decodeLaxUtf8(this.image, start, start + length);
    if (text === undefined) throw this.malformed(`a flagged string of ${length} octets is not UTF-8`, start);
    return text;
  }

  #isAscii(start: number, length: number): boolean {
    for (let at = start; at < start + length; at++) {
      if ((this.image[at] as number) > 0x7f) return false;
    }
    return true;
  }

  /** The key of a hash that is a byte string, with its length. */
  key(): string {
    const { image } = this;
    const length = this.length();
    const start = this.string(length);
    if (this.#decodeKeys) return utf8OrCharacters(image, start, length);
    return length <= LONGEST_CACHED ? shortString(image, start, length) : image.latin1Slice(start, start + length);
  }

  /** The key of a hash, at this place of it. */
  guessedKey(guesses: PairGuess[], place: number): string {
    const start = this.at;
    const view = this.view as DataView;
    const guess = guesses[place];
    if (guess !== undefined && areAt(guess.keyWords, guess.keyOctets, view, start, this.end)) {
      this.at = start + guess.keyOctets;
      return guess.key;
    }
    const key = this.key();
    learnKey(guesses, place, key, view, start, this.at - start);
    return key;
  }

  className(length: number): string {
    const { maxClassName } = this.limits;
    if (length > maxClassName) {
      throw this.tooMuch('maxClassName', `${length} octets in a class name`, this.at - 1);
    }
    const start = this.take(length, 'a class name');
    return this.image.latin1Slice(start, start + length);
  }

  // ---- errors

  /** The error for an image that ends too early. */
  truncated(what: string, octets: number): PoeDataError {
    const left = this.end - this.at;
    return malformedError(
      'Storable',
      `${octets} octets for ${what}, where only ${left} are left,`,
      this.positionOf(this.at),
    );
  }

  malformed(found: string, at: number): PoeDataError {
    return malformedError('Storable', found, this.positionOf(at));
  }

  tooMuch(limit: keyof ThawLimits, found: string, at: number): PoeLimitError {
    return limitError('Storable', limit, this.limits[limit], found, this.positionOf(at));
  }
}
