import type { Span } from '../../filter.ts';
import { type FastBuffer, laxUtf8Length, writeLaxUtf8 } from '../perl-utf8.ts';
import { type KnownKeys, knownText } from './known-keys.ts';
import * as op from './opcodes.ts';
import { isWide, SHORT } from './wide.ts';

const FIRST_SIZE = 16 * 1024;
/** A buffer that grew beyond this for one large image is not kept. */
const LARGEST_KEPT = 1024 * 1024;
/** For a string of more octets than this the buffer does not grow by much more than that takes. */
const LONG_STRING = 16 * 1024;
/** A large image goes with the buffer that it was put together in, unless more than this part of it would be wasted. */
const MOST_WASTED = 1 / 8;
/** Smaller images are not copied; they keep the buffer, and the next ones are written behind them. */
const SMALL_IMAGE = 1024;
/** For more octets in front of an image no room is kept. */
const MOST_IN_FRONT = 16;
const NOTHING = Buffer.alloc(0) as FastBuffer;
const NO_VIEW: DataView = new DataView(new ArrayBuffer(0));

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The buffer that images are put together in, kept from one to the next, and how much of it is in use already. Whoever writes
 * takes it away, so that an image that is frozen in the middle of another (a `ClassCodec` may do that) finds none and makes
 * its own.
 */
let idle = NOTHING;
let idleView = NO_VIEW;
let idleFrom = 0;
/** How many octets stood in front of the last image that had any. */
let lastFront = 0;
/** How large the next buffer is to be: after one that went with its image, as large as that. */
let nextSize = FIRST_SIZE;

/** Appends octets to a growing buffer, lengths in the byte order of the image. */
export class OctetWriter {
  readonly #native: boolean;
  #buffer = NOTHING;
  /** The same memory, to be written by four octets. */
  #view = NO_VIEW;
  #start = 0;
  /** How far behind the start the image begins. */
  #image = 0;
  #at = 0;
  readonly #span: Mutable<Span> = { octets: NOTHING, start: 0, end: 0 };

  constructor(native: boolean) {
    this.#native = native;
  }

  /** Begins an image. Where octets are to stand in front of it, there is room for as many as the last one had, so that what follows each other leaves no gap. */
  begin(hasFront: boolean): void {
    this.#buffer = idle;
    this.#view = idleView;
    this.#start = idleFrom;
    this.#at = idleFrom;
    idle = NOTHING;
    idleView = NO_VIEW;
    idleFrom = 0;
    if (this.#buffer === NOTHING) this.#setBuffer(Buffer.allocUnsafeSlow(nextSize));
    this.#image = 0;
    if (hasFront) this.#moveBehind(lastFront);
  }

  /** Has the image begin so many octets behind the start. */
  #moveBehind(octets: number): void {
    const more = octets - this.#image;
    this.#room(more);
    const from = this.#start + this.#image;
    if (this.#at > from) this.#buffer.copyWithin(from + more, from, this.#at);
    this.#image = octets;
    this.#at += more;
  }

  /**
   * Everything that was written, in memory that nobody else will write to. The span of a small image is used again for the next one.
   *
   * @param front - Told how many octets that is, and returns what to put in front of it, as characters below 256.
   */
  finish(front?: (octets: number) => string): Span {
    if (front !== undefined) this.#putInFront(front);
    return this.#finish();
  }

  /** The same as a view of that memory. */
  finishView(front?: (octets: number) => string): Buffer {
    if (front !== undefined) this.#putInFront(front);
    // PERF: that of the buffer is not asked for by compiled code; and a subarray takes longer to look at its arguments.
    const memory = this.#view.buffer;
    const { octets, start, end } = this.#finish();
    const size = end - start;
    if (size <= SMALL_IMAGE) return Buffer.from(memory, start, size);
    return size === octets.length ? octets : octets.subarray(start, end);
  }

  #finish(): Span {
    const buffer = this.#buffer;
    const start = this.#start;
    const end = this.#at;
    const size = end - start;
    const view = this.#view;
    this.#buffer = NOTHING;
    this.#view = NO_VIEW;
    const isKept = buffer.length <= LARGEST_KEPT;
    // PERF: ikc-binary: no copy of what is large.
    if (size >= buffer.length * (1 - MOST_WASTED)) {
      nextSize = isKept ? buffer.length : FIRST_SIZE;
      return { octets: buffer, start, end };
    }
    const isSmall = size <= SMALL_IMAGE;
    if (isKept) {
      idle = buffer;
      idleView = view;
      idleFrom = isSmall ? end : start;
    }
    if (!isSmall) return { octets: Buffer.from(buffer.subarray(start, end)), start: 0, end: size };
    const span = this.#span;
    span.octets = buffer;
    span.start = start;
    span.end = end;
    return span;
  }

  #putInFront(front: (octets: number) => string): void {
    const text = front(this.#at - this.#start - this.#image);
    const { length } = text;
    if (length !== this.#image) this.#moveBehind(length);
    if (length <= MOST_IN_FRONT) lastFront = length;
    const buffer = this.#buffer;
    const start = this.#start;
    for (let index = 0; index < length; index++) buffer[start + index] = text.charCodeAt(index);
  }

  octet(value: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = value;
  }

  octets(values: Uint8Array | readonly number[]): void {
    this.#room(values.length);
    this.#buffer.set(values, this.#at);
    this.#at += values.length;
  }

  /** An opcode and one octet. */
  pair(opcode: number, value: number): void {
    this.#room(2);
    this.#buffer[this.#at] = opcode;
    this.#buffer[this.#at + 1] = value;
    this.#at += 2;
  }

  /** An opcode and 32 bits, big-endian in both orders. */
  network32(opcode: number, value: number): void {
    this.#room(5);
    this.#buffer[this.#at] = opcode;
    this.#put32(this.#at + 1, value);
    this.#at += 5;
  }

  /**
   * Writes numbers with their opcodes, from `start` up to the first that is no integer of 32 bits in network order.
   *
   * @returns The index of that one, or `count`.
   */
  integers(values: readonly unknown[], start: number, count: number): number {
    if (this.#native) return start;
    let at = this.#at;
    let buffer = this.#buffer;
    let index = start;
    for (; index < count; index++) {
      const value = values[index];
      // Minus zero becomes 0, as in Storable.
      if (typeof value !== 'number' || (value | 0) !== value) break;
      if (at + 5 > buffer.length) {
        this.#at = at;
        this.#grow(5);
        at = this.#at;
        buffer = this.#buffer;
      }
      if (value >= -128 && value <= 127) {
        buffer[at] = op.SX_BYTE;
        buffer[at + 1] = value + 128;
        at += 2;
      } else {
        buffer[at] = op.SX_NETINT;
        buffer[at + 1] = value >> 24;
        buffer[at + 2] = value >> 16;
        buffer[at + 3] = value >> 8;
        buffer[at + 4] = value;
        at += 5;
      }
    }
    this.#at = at;
    return index;
  }

  /** An integer of 32 bits in network order, with its opcode. */
  integer32(value: number): void {
    if (value >= -128 && value <= 127) this.pair(op.SX_BYTE, value + 128);
    else this.network32(op.SX_NETINT, value);
  }

  /** An opcode and a length. */
  sized(opcode: number, length: number): void {
    if (this.#native) {
      this.octet(opcode);
      this.length(length);
    } else {
      this.network32(opcode, length);
    }
  }

  /** A number of a thing, big-endian in both orders. */
  big32(value: number): void {
    this.#room(4);
    this.#put32(this.#at, value);
    this.#at += 4;
  }

  /** A length or count. */
  length(value: number): void {
    this.#room(4);
    if (this.#native) this.#buffer.writeUInt32LE(value, this.#at);
    else this.#put32(this.#at, value);
    this.#at += 4;
  }

  double(value: number): void {
    this.#room(9);
    this.#buffer[this.#at] = op.SX_DOUBLE;
    this.#buffer.writeDoubleLE(value, this.#at + 1);
    this.#at += 9;
  }

  /** An integer within ±2^53, with its opcode; for native order. */
  safeInteger(value: number): void {
    this.#room(9);
    this.#buffer[this.#at] = op.SX_INTEGER;
    this.#buffer.writeUInt32LE(value >>> 0, this.#at + 1);
    this.#buffer.writeInt32LE(Math.floor(value / 2 ** 32), this.#at + 5);
    this.#at += 9;
  }

  integer64(value: bigint): void {
    this.#room(9);
    this.#buffer[this.#at] = op.SX_INTEGER;
    this.#buffer.writeBigInt64LE(value, this.#at + 1);
    this.#at += 9;
  }

  /** A string with its opcode: a byte string if its characters allow that, else flagged text. */
  string(text: string): void {
    const { length } = text;
    if (length > SHORT) {
      if (isWide(text)) this.text(text);
      else this.bytes(text);
      return;
    }
    this.#room(length + 2);
    const buffer = this.#buffer;
    const start = this.#at + 2;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0xff) {
        this.text(text);
        return;
      }
      buffer[start + index] = code;
    }
    buffer[this.#at] = op.SX_SCALAR;
    buffer[this.#at + 1] = length;
    this.#at = start + length;
  }

  /** A byte string with its opcode; the characters must be below 256. */
  bytes(text: string): void {
    if (text.length <= 0xff) this.pair(op.SX_SCALAR, text.length);
    else this.sized(op.SX_LSCALAR, text.length);
    this.latin1(text);
  }

  /** Octets as a byte string with its opcode. */
  byteArray(octets: Uint8Array): void {
    if (octets.length <= 0xff) this.pair(op.SX_SCALAR, octets.length);
    else this.sized(op.SX_LSCALAR, octets.length);
    this.octets(octets);
  }

  /** Flagged text with its opcode. */
  text(text: string): void {
    const length = laxUtf8Length(text);
    if (length <= 0xff) this.pair(op.SX_UTF8STR, length);
    else this.sized(op.SX_LUTF8STR, length);
    this.#utf8(text, length);
  }

  /** The key of a hash: its length and characters, which must be below 256. */
  key(key: string): void {
    const { length } = key;
    if (length > SHORT || this.#native) {
      this.length(length);
      this.latin1(key);
      return;
    }
    this.#room(length + 4);
    const buffer = this.#buffer;
    const at = this.#at;
    buffer[at] = 0;
    buffer[at + 1] = 0;
    buffer[at + 2] = 0;
    buffer[at + 3] = length;
    const start = at + 4;
    for (let index = 0; index < length; index++) buffer[start + index] = key.charCodeAt(index);
    this.#at = start + length;
  }

  /** A known key of a hash; for network order. */
  knownKey(key: string, { words, places }: KnownKeys, index: number): void {
    this.#words(words, places[index] as number, places[index + 1] as number);
    this.#at += 4 + key.length;
  }

  /** A string that is the value of a known key. */
  knownString(text: string, known: KnownKeys, index: number): void {
    const words = knownText(text, known, index);
    if (words === undefined) {
      this.string(text);
      return;
    }
    this.#words(words, 0, words.length);
    this.#at += 2 + text.length;
  }

  /** Octets by four. What is written beyond their end is written over by what follows. */
  #words(words: Int32Array, from: number, to: number): void {
    const count = to - from;
    this.#room(count * 4);
    const view = this.#view;
    const at = this.#at;
    for (let word = 0; word < count; word++) view.setInt32(at + word * 4, words[from + word] as number, true);
  }

  /** The key of a hash with flags in front, which say whether it is text. */
  flaggedKey(key: string): void {
    if (isWide(key)) {
      const length = laxUtf8Length(key);
      this.octet(op.KEY_UTF8);
      this.length(length);
      this.#utf8(key, length);
    } else {
      this.octet(0);
      this.key(key);
    }
  }

  /** Characters below 256, without any length. */
  latin1(text: string): void {
    const { length } = text;
    this.#room(length);
    if (length > SHORT) {
      this.#buffer.latin1Write(text, this.#at, length);
    } else {
      const buffer = this.#buffer;
      const start = this.#at;
      for (let index = 0; index < length; index++) buffer[start + index] = text.charCodeAt(index);
    }
    this.#at += length;
  }

  #utf8(text: string, length: number): void {
    this.#room(length);
    this.#at = writeLaxUtf8(this.#buffer, text, this.#at);
  }

  #put32(at: number, value: number): void {
    const buffer = this.#buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  #setBuffer(buffer: Buffer): void {
    this.#buffer = buffer as FastBuffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  }

  #room(octets: number): void {
    if (this.#at + octets > this.#buffer.length) this.#grow(octets);
  }

  /** PERF: for a long string there is little more than that, so that the image need not be copied to be the right size. */
  #grow(octets: number): void {
    const written = this.#buffer.subarray(this.#start, this.#at);
    const needed = written.length + octets;
    const size = octets > LONG_STRING ? Math.max(needed * (1 + MOST_WASTED), written.length * 2) : needed * 2;
    const larger = Buffer.allocUnsafeSlow(Math.max(Math.floor(size), FIRST_SIZE));
    larger.set(written);
    this.#setBuffer(larger);
    this.#start = 0;
    this.#at = written.length;
  }
}
