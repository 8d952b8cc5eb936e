import { PoeDataError, PoeLimitError } from '../../core/errors.ts';
import { warn } from '../../core/warn.ts';
import { BaseFilter } from './base-filter.ts';
import { fill } from './fill.ts';
import type { Chunk } from './filter.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { OctetsRef } from './octets-ref.ts';
import { limitOption, optionError, warnUnknownOptions } from './options.ts';
import { encodeText, type TextEncoding, type TextRecord } from './text.ts';

/** Puts the length of a block in front of it, by changing `block.value`. What it returns does not matter. */
export type LengthEncoder = (block: OctetsRef) => unknown;

/**
 * Takes the length of the next block from the front of `buffer.value` and returns it, as a number or in decimal;
 * leaves the buffer as it is and returns undefined while the length has not come whole.
 */
export type LengthDecoder = (buffer: OctetsRef) => number | string | null | undefined;

export interface BlockOptions {
  /** Octets of every block. Not with `lengthCodec` or `maxLength`. Default: blocks bring their length. */
  blockSize?: number | null | undefined;
  /** How the length of a block is written and read. Default: in decimal, with a NUL behind it. */
  lengthCodec?: readonly [encoder: LengthEncoder, decoder: LengthDecoder] | null | undefined;
  /** Longest block that is read, in octets, unless all have one size. Default 64 MiB. */
  maxLength?: number | null | undefined;
  /** Most that is buffered, in octets; not less than a block of `maxLength` with its length. Default 512 MiB. */
  maxBuffer?: number | null | undefined;
  /** How strings that are put become octets. Default `latin1`: code points 0 to 255, as Perl has bytes. */
  encoding?: TextEncoding | undefined;
}

const OPTION_NAMES = [
  'blockSize',
  'lengthCodec',
  'maxLength',
  'maxBuffer',
  'encoding',
] as const satisfies readonly (keyof BlockOptions)[];

const MIB = 1024 * 1024;
const LARGE_BLOCK = 16_384;
const NUL = 0x00;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
/** A length of more digits is none: whoever waits for its end may wait for ever. It is less than 2^53, too. */
const MAX_DIGITS = 15;

/**
 * Blocks of octets: either all of one size, or each with its length in front of it. Blocks that are read are `Buffer`s;
 * octets, or strings, can be put. A block of 16 KiB or more goes out as two chunks and is not copied: write to its octets no more.
 *
 * With `blockSize` what one `put` is given goes out as one chunk, cut and filled up by nobody. Without it, octets where
 * a length should begin that are no digits are dropped, with a warning the first time, and reading goes on with the next `getOne`
 * behind the empty one. Digits that no NUL follows are an error that stays: nobody can tell where the next block begins.
 * A block longer than `maxLength` is an error once its length is known; it is dropped, and the filter goes on behind it.
 *
 * @example
 * const filter = new Block();
 * filter.put(['hello']); // [Buffer '5\0hello']
 * filter.get([Buffer.from('5\0hel'), Buffer.from('lo3\0x')]); // [Buffer 'hello']
 * @example
 * // Two octets of length, big-endian.
 * new Block({
 *   lengthCodec: [
 *     (block) => {
 *       const length = Buffer.alloc(2);
 *       length.writeUInt16BE(block.value.length);
 *       block.value = Buffer.concat([length, block.value]);
 *     },
 *     (buffer) => {
 *       if (buffer.value.length < 2) return undefined;
 *       const length = buffer.value.readUInt16BE();
 *       buffer.value = buffer.value.subarray(2);
 *       return length;
 *     },
 *   ],
 * });
 * @remarks Mirrors POE::Filter::Block. An unknown option is a warning. Differs from POE: too long a block never comes
 * (POE reads it after it died of it), digits without a NUL are an error (POE waits for ever), and a clone begins anew
 * where POE's waits for the block that the original was reading.
 */
export class Block extends BaseFilter<Buffer, TextRecord> {
  /** For blocks that bring their length; pieces of one size may come as slowly as they like. */
  readonly frameTimeout?: number | undefined;
  readonly #options: BlockOptions;
  readonly #blockSize: number | undefined;
  readonly #encoder: LengthEncoder | undefined;
  readonly #decoder: LengthDecoder | undefined;
  readonly #maxLength: number;
  readonly #maxBuffer: number;
  readonly #encoding: TextEncoding;
  readonly #buffer = new OctetBuffer();
  /** Octets of the block at the front, once its length was read. */
  #expected: number | undefined;
  /** Octets of a refused block that are still to come. */
  #refused = 0;
  /** Whether strange octets were warned of. */
  #warned = false;
  /** The stream is out of step. */
  #broken: PoeDataError | undefined;

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` for options that are wrong or exclude each other. */
  constructor(options: BlockOptions = {}) {
    super();
    warnUnknownOptions('Block', options, OPTION_NAMES);
    const { blockSize, lengthCodec, maxLength } = options;
    this.#maxBuffer = limitOption('Block', 'maxBuffer', options.maxBuffer, 512 * MIB);
    this.#maxLength = limitOption('Block', 'maxLength', maxLength, 64 * MIB);
    if (blockSize !== undefined && blockSize !== null) {
      this.#blockSize = limitOption('Block', 'blockSize', blockSize, 0);
      if (lengthCodec) throw optionError('Block', 'blockSize and lengthCodec are both given');
      if (maxLength) throw optionError('Block', 'blockSize and maxLength are both given');
    } else {
      this.frameTimeout = 30;
      if (lengthCodec) [this.#encoder, this.#decoder] = checkedCodec(lengthCodec);
      const longest = this.#maxLength + String(this.#maxLength).length + 1;
      if (this.#maxBuffer < longest) {
        const found = `maxBuffer ${this.#maxBuffer} holds no block of maxLength ${this.#maxLength} with its length`;
        throw optionError('Block', found);
      }
    }
    this.#encoding = options.encoding ?? 'latin1';
    this.#options = { ...options };
  }

  /** @throws PoeLimitError `POE_ERR_BUFFER_LIMIT` when more than `maxBuffer` octets wait. */
  getOneStart(chunks: readonly Chunk[], owned?: boolean): void {
    if (this.#broken === undefined) fill(this.#buffer, chunks, this.#maxBuffer, 'blocks', owned);
  }

  /**
   * @throws PoeLimitError `POE_ERR_BLOCK_TOO_LONG` for a block beyond `maxLength`; the next call goes on behind it.
   * @throws PoeDataError `POE_ERR_FRAME_HEADER` for digits that are no length; again on every further call.
   * @throws PoeUsageError `POE_ERR_FILTER_OPTION` when the decoder returns something that is no length.
   */
  getOne(): Buffer[] {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#refused > 0) this.#skipRefused();
    this.#expected ??= this.#blockSize ?? this.#readLength();
    if (this.#expected === undefined) return [];
    const buffer = this.#buffer;
    if (buffer.gather(this.#expected) < this.#expected) return [];
    const block = buffer.shift(this.#expected);
    this.#expected = undefined;
    return [block];
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for characters above U+00FF without `encoding: 'utf8'`. */
  put(blocks: readonly TextRecord[]): Buffer[] {
    const octets = blocks.map((block) => encodeText(block, this.#encoding));
    if (this.#blockSize !== undefined) return [Buffer.concat(octets)];
    const encoder = this.#encoder;
    if (encoder === undefined) return octets.flatMap(withLength);
    return octets.map((block) => {
      const ref = new OctetsRef(block);
      encoder(ref);
      return ref.value;
    });
  }

  /** The length of a block that is being read is no longer part of it. */
  getPending(): Buffer[] | null {
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  /** Whether a block has begun and is not whole. */
  get unfinished(): boolean {
    const isKnown = this.#blockSize === undefined && this.#expected !== undefined;
    return isKnown || this.#refused > 0 || this.#buffer.length > 0;
  }

  clone(): Block {
    return new Block(this.#options);
  }

  /** Takes the length of the next block from the buffer; undefined while it is not whole. */
  #readLength(): number | undefined {
    const length = this.#decoder ? this.#askDecoder(this.#decoder) : this.#readDecimal();
    if (length === undefined || length <= this.#maxLength) return length;
    this.#refused = length;
    this.#skipRefused();
    throw new PoeLimitError(
      'POE_ERR_BLOCK_TOO_LONG',
      `Cannot read a block: it has ${length} octets, ${this.#maxLength} are allowed`,
      { hint: 'Raise maxLength if such blocks are expected' },
    );
  }

  #askDecoder(decoder: LengthDecoder): number | undefined {
    const buffer = this.#buffer;
    const before = buffer.peek() ?? Buffer.alloc(0);
    const ref = new OctetsRef(before);
    const answer = decoder(ref);
    if (ref.value !== before) buffer.become(ref.value);
    if (answer === undefined || answer === null || answer === '') return undefined;
    const length = Number(answer);
    if (Number.isInteger(length) && length >= 0) return length;
    throw optionError(
      'Block',
      `the decoder of lengthCodec returned '${answer}'`,
      'Return a number of octets, 0 or more',
    );
  }

  #readDecimal(): number | undefined {
    const buffer = this.#buffer;
    const held = buffer.gather(MAX_DIGITS + 1);
    const { window, start } = buffer;
    let length = 0;
    for (let at = 0; at < held; at++) {
      const octet = window[start + at] as number;
      if (octet === NUL && at > 0) {
        buffer.skip(at + 1);
        return length;
      }
      if (octet < DIGIT_0 || octet > DIGIT_9) {
        if (at === 0) this.#dropStrange();
        else this.#derail(window.subarray(start, start + held));
        return undefined;
      }
      if (at === MAX_DIGITS) this.#derail(window.subarray(start, start + held));
      length = length * 10 + (octet - DIGIT_0);
    }
    return undefined;
  }

  /** POE: Filter::Block drops what is no digit, and gives nothing that time. */
  #dropStrange(): void {
    const buffer = this.#buffer;
    buffer.gather();
    const { window, start, end } = buffer;
    let at = start;
    while (at < end && ((window[at] as number) < DIGIT_0 || (window[at] as number) > DIGIT_9)) at++;
    buffer.skip(at - start);
    // Once: a peer that sends nothing else shall not fill the log.
    if (this.#warned) return;
    this.#warned = true;
    warn('POE_WARN_STRANGE_OCTETS', `${at - start} strange octets removed from the stream of a Block filter`);
  }

  #derail(found: Buffer): never {
    const shown = JSON.stringify(found.toString('latin1'));
    this.#buffer.clear();
    this.#broken = new PoeDataError(
      'POE_ERR_FRAME_HEADER',
      `Cannot read a block: ${shown} is not the length of one, which is up to ${MAX_DIGITS} digits and a NUL`,
      { hint: 'The other side sends something else, or the stream was read from a wrong place on' },
    );
    throw this.#broken;
  }

  #skipRefused(): void {
    this.#refused -= this.#buffer.drop(this.#refused);
  }
}

function checkedCodec(codec: unknown): [LengthEncoder, LengthDecoder] {
  if (!Array.isArray(codec) || codec.length !== 2) {
    throw optionError('Block', 'lengthCodec is not an array of two', 'Give [encoder, decoder]');
  }
  const [encoder, decoder] = codec;
  if (typeof encoder !== 'function') throw optionError('Block', 'the encoder of lengthCodec is no function');
  if (typeof decoder !== 'function') throw optionError('Block', 'the decoder of lengthCodec is no function');
  return [encoder, decoder];
}

/** The block with its length in decimal and a NUL in front. PERF: stream: a large one is not copied, so that it goes out as two chunks. */
function withLength(block: Buffer): Buffer | Buffer[] {
  const length = Buffer.from(`${block.length}\0`, 'latin1');
  return block.length >= LARGE_BLOCK ? [length, block] : Buffer.concat([length, block]);
}
