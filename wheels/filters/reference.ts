import { PoeDataError, PoeLimitError, PoeUsageError } from '../../core/errors.ts';
import { BaseFilter } from './base-filter.ts';
import { compress, uncompress } from './compression.ts';
import { fill } from './fill.ts';
import type { Chunk, Span } from './filter.ts';
import type { Freezer } from './freezers/freezer.ts';
import { PerlString } from './freezers/perl-values.ts';
import { Storable } from './freezers/storable/index.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { limitOption, optionError, warnUnknownOptions } from './options.ts';

export interface ReferenceOptions {
  /** Turns values into octets and back. Default: a new {@link Storable}. */
  freezer?: Freezer | undefined;
  /** The same, by the name that it has in POE. */
  serializer?: Freezer | undefined;
  /** Whether payloads are compressed (zlib), both ways. Default false. */
  compression?: boolean | undefined;
  /** A frame that cannot be read becomes a record, the text of the error, instead of an exception. Default false. */
  noFatals?: boolean | undefined;
  /** Most that is buffered, in octets. Default 512 MiB. */
  maxBuffer?: number | null | undefined;
  /** Largest payload that is read, in octets, also after it was uncompressed. Default 16 MiB. */
  maxFrame?: number | null | undefined;
  /**
   * Frames follow lines of text on the same stream. One CR or LF in front of the first frame is then taken for the
   * second half of the last line's end, which came late, and dropped. Default false.
   */
  afterLines?: boolean | undefined;
}

const OPTION_NAMES = [
  'freezer',
  'serializer',
  'compression',
  'noFatals',
  'maxBuffer',
  'maxFrame',
  'afterLines',
] as const satisfies readonly (keyof ReferenceOptions)[];

const MIB = 1024 * 1024;
const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** Digits in a length, at most; a reader that takes more can be made to wait for ever. */
const MAX_DIGITS = 8;
/** The longest payload that such a length can announce. */
const MAX_PAYLOAD = 10 ** MAX_DIGITS - 1;

/**
 * Perl data, or what stands for it in JavaScript. On the wire every value is one frame: the length of the payload in
 * decimal, a NUL, the payload.
 *
 * A frame whose payload is bad, or larger than `maxFrame`, is dropped with an error, and the filter goes on behind it.
 * Octets that are no length (one to eight digits, leading zeros allowed, then NUL) are an error at once; what follows
 * them cannot be made out, so the filter stays in that error.
 *
 * @example
 * const filter = new Reference();
 * const [frame] = filter.put([{ event: 'poe:/session/state' }]);
 * filter.get([frame]); // [{ event: 'poe:/session/state' }]
 * @remarks Mirrors POE::Filter::Reference. Differs from POE: the length is checked (POE waits for ever), and frames are
 * limited to 16 MiB. What `Serializer` is there is an object here, and never a name.
 */
export class Reference extends BaseFilter<unknown, unknown> {
  readonly frameTimeout = 30;
  readonly #options: ReferenceOptions;
  readonly #freezer: Freezer;
  readonly #compression: boolean;
  readonly #noFatals: boolean;
  readonly #maxBuffer: number;
  readonly #maxFrame: number;
  readonly #buffer = new OctetBuffer();
  /** Payload of the frame at the front, once its length was read; -1 before. */
  #payload = -1;
  /** Octets of that length, with its NUL. */
  #header = 0;
  /** Octets of a refused frame that are still to come. */
  #refused = 0;
  /** Whether the other half of a line end may still come first. */
  #afterLines: boolean;
  /** The stream is out of step. */
  #broken: PoeDataError | undefined;
  /** With `noFatals`: an error that is still to be given as a record. */
  #errorRecord: string | undefined;

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` for options that are wrong. */
  constructor(options: ReferenceOptions = {}) {
    super();
    warnUnknownOptions('Reference', options, OPTION_NAMES);
    const option = options.freezer === undefined ? 'serializer' : 'freezer';
    if (option === 'freezer' && options.serializer !== undefined) {
      throw optionError('Reference', 'freezer and serializer are two names of one option', 'Leave one of them out');
    }
    const freezer: Partial<Freezer> = options[option] ?? new Storable();
    if (typeof freezer.freeze !== 'function' || typeof freezer.thaw !== 'function') {
      throw optionError(
        'Reference',
        `${option} is no freezer`,
        'Give an object with freeze and thaw, as new FreezeThaw(), not the name of a package',
      );
    }
    this.#options = { ...options };
    this.#freezer = freezer as Freezer;
    this.#compression = options.compression ?? false;
    this.#noFatals = options.noFatals ?? false;
    this.#maxBuffer = limitOption('Reference', 'maxBuffer', options.maxBuffer, 512 * MIB);
    this.#maxFrame = Math.min(limitOption('Reference', 'maxFrame', options.maxFrame, 16 * MIB), MAX_PAYLOAD);
    this.#afterLines = options.afterLines ?? false;
  }

  /**
   * @throws PoeLimitError `POE_ERR_BUFFER_LIMIT` when more than `maxBuffer` octets wait. What is given while too much
   * waits is not kept.
   */
  getOneStart(chunks: readonly Chunk[], owned?: boolean): void {
    if (this.#broken) return;
    try {
      fill(this.#buffer, chunks, this.#maxBuffer, 'frames', owned);
    } catch (error) {
      this.#fail(error as PoeLimitError);
    }
  }

  /**
   * @throws PoeDataError `POE_ERR_FRAME_HEADER` for octets that are no length; again on every further call.
   * @throws PoeLimitError `POE_ERR_FRAME_TOO_LONG` for a frame beyond `maxFrame`; the next call gives the next frame.
   * @throws PoeDataError as the freezer and {@link uncompress} do, for a bad payload; the next call goes on behind it.
   */
  getOne(): unknown[] {
    if (this.#errorRecord !== undefined) return this.#takeErrorRecord();
    if (this.#broken && !this.#noFatals) throw this.#broken;
    if (this.#refused > 0) this.#skipRefused();
    if (this.#payload < 0) {
      try {
        if (!this.#readHeader()) return [];
      } catch (error) {
        this.#fail(error as PoeDataError);
        return this.#takeErrorRecord();
      }
    }

    const buffer = this.#buffer;
    const length = this.#header + this.#payload;
    if (buffer.gather(length) < length) return [];
    const octets = this.#payload;
    buffer.skip(this.#header);
    this.#payload = -1;
    if (!this.#noFatals) return [this.#thaw(octets)];
    try {
      return [this.#thaw(octets)];
    } catch (error) {
      return [(error as Error).message];
    }
  }

  /**
   * Gives one chunk a record, header and payload in one.
   *
   * @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a record that is no reference in Perl's sense: text, octets, a
   * number, a truth value, `null`. And as the freezer does, for a value that it cannot carry.
   * @throws PoeLimitError `POE_ERR_FRAME_TOO_LONG` for a payload of 100,000,000 octets or more.
   */
  put(records: readonly unknown[]): Buffer[] {
    return records.map((record) => {
      checkReference(record);
      const freezer = this.#freezer;
      if (this.#compression) return frame(compress(freezer.freeze(record)));
      return freezer.freezeBehind ? asBuffer(freezer.freezeBehind(header, record)) : frame(freezer.freeze(record));
    });
  }

  /** Gives one record, as {@link put} does. */
  putSpan(record: unknown): Span | undefined {
    const freezer = this.#freezer;
    if (this.#compression || freezer.freezeSpan === undefined) return undefined;
    checkReference(record);
    return freezer.freezeSpan(header, record);
  }

  getPending(): Buffer[] | null {
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  clone(): Reference {
    return new Reference(this.#options);
  }

  /** Takes a payload of so many octets from the front. */
  #thaw(octets: number): unknown {
    const buffer = this.#buffer;
    const freezer = this.#freezer;
    if (this.#compression) return freezer.thaw(uncompress(buffer.shift(octets), this.#maxFrame));
    if (freezer.thawWithin === undefined) return freezer.thaw(buffer.shift(octets));
    const { window, start } = buffer;
    buffer.skip(octets);
    return freezer.thawWithin(window, start, start + octets);
  }

  /** Reads the length at the front; false as long as it is not all there. */
  #readHeader(): boolean {
    const buffer = this.#buffer;
    if (this.#afterLines && !this.#dropLateNewline()) return false;
    const held = buffer.gather(MAX_DIGITS + 1);
    const { window, start } = buffer;
    let payload = 0;
    for (let at = 0; at < held; at++) {
      const octet = window[start + at] as number;
      if (octet === NUL && at > 0) {
        if (payload > this.#maxFrame) this.#refuse(at + 1, payload);
        this.#header = at + 1;
        this.#payload = payload;
        return true;
      }
      if (octet < DIGIT_0 || octet > DIGIT_9 || at === MAX_DIGITS) this.#derail(window.subarray(start, start + held));
      payload = payload * 10 + (octet - DIGIT_0);
    }
    return false;
  }

  /** Drops a newline octet in front of the first frame; false as long as nothing has come. */
  #dropLateNewline(): boolean {
    const buffer = this.#buffer;
    if (buffer.gather(1) === 0) return false;
    const first = buffer.window[buffer.start];
    if (first === LF || first === CR) buffer.skip(1);
    this.#afterLines = false;
    return true;
  }

  #refuse(header: number, payload: number): never {
    this.#buffer.skip(header);
    this.#refused = payload;
    this.#skipRefused();
    throw new PoeLimitError(
      'POE_ERR_FRAME_TOO_LONG',
      `Cannot read a frame: it has ${payload} octets, ${this.#maxFrame} are allowed`,
      { hint: 'Raise maxFrame if such frames are expected' },
    );
  }

  #skipRefused(): void {
    while (this.#refused > 0) {
      const octets = this.#buffer.gather(1);
      if (octets === 0) return;
      const skipped = Math.min(octets, this.#refused);
      this.#buffer.skip(skipped);
      this.#refused -= skipped;
    }
  }

  #derail(found: Buffer): never {
    const shown = JSON.stringify(found.toString('latin1'));
    this.#buffer.clear();
    this.#broken = new PoeDataError(
      'POE_ERR_FRAME_HEADER',
      `Cannot read a frame: ${shown} is not the length of one, which is up to ${MAX_DIGITS} digits and a NUL`,
      { hint: 'The other side sends something else, or the stream was read from a wrong place on' },
    );
    throw this.#broken;
  }

  /** An error is thrown, or kept to be given as a record. */
  #fail(error: PoeDataError): void {
    if (!this.#noFatals) throw error;
    this.#errorRecord = error.message;
  }

  #takeErrorRecord(): [string] {
    const text = this.#errorRecord as string;
    this.#errorRecord = undefined;
    return [text];
  }
}

/** What stands in front of a payload of so many octets. */
function header(length: number): string {
  if (length > MAX_PAYLOAD) {
    throw new PoeLimitError(
      'POE_ERR_FRAME_TOO_LONG',
      `Cannot put a record: it has ${length} octets, ${MAX_PAYLOAD} are allowed`,
      { hint: 'Send it in parts' },
    );
  }
  return `${length}\0`;
}

/** Header and payload in one buffer. */
function frame(payload: Uint8Array): Buffer {
  const front = header(payload.length);
  const whole = Buffer.allocUnsafe(front.length + payload.length);
  whole.write(front, 'latin1');
  whole.set(payload, front.length);
  return whole;
}

function asBuffer(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

function checkReference(record: unknown): void {
  if (isReference(record)) return;
  throw new PoeUsageError('POE_ERR_FILTER_RECORD', `Cannot put a record: it is ${describe(record)}`, {
    hint: 'Put an array, an object, or a PerlRef to the value',
  });
}

function isReference(record: unknown): boolean {
  return (
    typeof record === 'function' ||
    (typeof record === 'object' &&
      record !== null &&
      !(record instanceof Uint8Array) &&
      !(record instanceof PerlString))
  );
}

function describe(record: unknown): string {
  if (record === null) return 'null';
  return typeof record === 'object' ? 'a string of octets' : `of type ${typeof record}`;
}
