import { PoeLimitError, PoeUsageError } from '../../core/errors.ts';
import { BaseFilter } from './base-filter.ts';
import { fill } from './fill.ts';
import type { Chunk } from './filter.ts';
import { AnyNewline, type LineEnd, LiteralEnd, otherHalf, RegexpEnd } from './line-end.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { limitOption, optionError, warnUnknownOptions } from './options.ts';
import { encodeText, type TextEncoding, type TextRecord, textOf } from './text.ts';

export interface LineOptions {
  /** Ends lines both ways. Not empty, and with none of the three options below. */
  literal?: string | null | undefined;
  /** Ends lines that are read. `null`, `undefined` or `''`, if given, take the first newline that is seen. */
  inputLiteral?: string | null | undefined;
  /** Ends lines that are read; not with `inputLiteral`. It sees octets as characters U+0000 to U+00FF. */
  inputRegexp?: string | RegExp | null | undefined;
  /** Ends lines that are put. Default CR LF. */
  outputLiteral?: string | null | undefined;
  /** Longest line that is read, in octets and without its end. Default 64 MiB. */
  maxLength?: number | null | undefined;
  /** Most that is buffered, in octets; not less than `maxLength`. Default 512 MiB. */
  maxBuffer?: number | null | undefined;
  /** What the octets of a line mean. Default `latin1`: code points 0 to 255, as Perl has bytes. */
  encoding?: TextEncoding | undefined;
}

const OPTION_NAMES = [
  'literal',
  'inputLiteral',
  'inputRegexp',
  'outputLiteral',
  'maxLength',
  'maxBuffer',
  'encoding',
] as const satisfies readonly (keyof LineOptions)[];

const MIB = 1024 * 1024;

/**
 * Lines of text. Without options it reads lines that end in CR LF, LF CR, CR or LF, in any mixture, and ends what it
 * writes in CR LF. A CR at the end of one chunk and the LF at the start of the next count as two newlines; with
 * `inputLiteral: null`, which settles on the first newline it sees, they do not.
 *
 * A line longer than `maxLength` is dropped with an error when its end arrives, and the filter goes on behind it. When
 * more than `maxBuffer` octets wait, every further `getOneStart` throws until lines were taken out, and what it is given
 * meanwhile is not kept.
 *
 * @example
 * const filter = new Line({ literal: '\n' });
 * filter.get([Buffer.from('one\ntw'), Buffer.from('o\n')]); // ['one', 'two']
 * filter.put(['three']); // [Buffer 'three\n']
 * @remarks Mirrors POE::Filter::Line. An unknown option is a warning. Differs from POE: an expression that matches
 * nothing at all throws (POE never returns).
 */
export class Line extends BaseFilter<string, TextRecord> {
  readonly #options: LineOptions;
  readonly #encoding: TextEncoding;
  readonly #outputLiteral: string;
  readonly #maxLength: number;
  readonly #maxBuffer: number;
  readonly #buffer = new OctetBuffer();
  #lineEnd: LineEnd;
  /** The first newline is still awaited, or may still get its other half. */
  #detecting: 'first' | 'second' | undefined;
  /** Octets at the front that were searched without a find. */
  #searched = 0;

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` for options that are wrong or exclude each other. */
  constructor(options: LineOptions = {}) {
    super();
    warnUnknownOptions('Line', options, OPTION_NAMES);
    const { literal, inputLiteral, inputRegexp, outputLiteral } = options;
    const autodetects = Object.hasOwn(options, 'inputLiteral') && !inputLiteral;
    if (literal === '') refuse('literal is empty');
    if (
      isGiven(literal) &&
      (Object.hasOwn(options, 'inputLiteral') || isGiven(inputRegexp) || isGiven(outputLiteral))
    ) {
      refuse('literal is given together with another line end');
    }
    if (Object.hasOwn(options, 'inputLiteral') && isGiven(inputRegexp)) {
      refuse('inputLiteral and inputRegexp are both given');
    }

    this.#options = { ...options };
    this.#encoding = options.encoding ?? 'latin1';
    this.#maxBuffer = limitOption('Line', 'maxBuffer', options.maxBuffer, 512 * MIB);
    this.#maxLength = limitOption('Line', 'maxLength', options.maxLength, 64 * MIB);
    if (this.#maxBuffer < this.#maxLength) refuse(`maxBuffer ${this.#maxBuffer} is below maxLength ${this.#maxLength}`);
    this.#outputLiteral = literal ?? outputLiteral ?? '\r\n';
    this.#detecting = autodetects ? 'first' : undefined;
    const inputEnd = literal ?? inputLiteral;
    if (inputEnd) this.#lineEnd = new LiteralEnd(encodeText(inputEnd, this.#encoding));
    else if (isGiven(inputRegexp)) this.#lineEnd = makeRegexpEnd(inputRegexp);
    else this.#lineEnd = new AnyNewline();
  }

  /** @throws PoeLimitError `POE_ERR_BUFFER_LIMIT` when more than `maxBuffer` octets wait. */
  getOneStart(chunks: readonly Chunk[]): void {
    fill(this.#buffer, chunks, this.#maxBuffer, 'lines');
  }

  /**
   * @throws PoeLimitError `POE_ERR_LINE_TOO_LONG` for a line beyond `maxLength`; the next call gives the next line.
   * @throws PoeUsageError `POE_ERR_FILTER_OPTION` when `inputRegexp` matches the empty text before a line.
   */
  getOne(): string[] {
    if (this.#detecting === 'second' && !this.#completeNewline()) return [];

    const buffer = this.#buffer;
    const held = buffer.gather();
    const { window, start, end } = buffer;
    const lineEnd = this.#lineEnd;
    if (!lineEnd.find(window, start, start + this.#searched, end)) {
      this.#searched = held;
      return [];
    }
    const { at, width } = lineEnd;
    if (at + width === start) {
      refuse('inputRegexp matches the empty text', 'Write an expression that matches at least one character');
    }
    this.#searched = 0;
    buffer.skip(at + width - start);
    if (this.#detecting === 'first') this.#settle(Buffer.from(window.subarray(at, at + width)));
    if (at - start > this.#maxLength) {
      throw new PoeLimitError(
        'POE_ERR_LINE_TOO_LONG',
        `Cannot read a line: it has ${at - start} octets, ${this.#maxLength} are allowed`,
        { hint: 'Raise maxLength if such lines are expected' },
      );
    }
    return [window.toString(this.#encoding, start, at)];
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for characters above U+00FF without `encoding: 'utf8'`. */
  put(lines: readonly TextRecord[]): Buffer[] {
    const [encoding, end] = [this.#encoding, this.#outputLiteral];
    return lines.map((line) => {
      if (typeof line === 'string') return encodeText(line + end, encoding);
      if (line instanceof Uint8Array) return Buffer.concat([line, encodeText(end, encoding)]);
      return encodeText(textOf(line) + end, encoding);
    });
  }

  getPending(): Buffer[] | null {
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  /** The twin of a filter that detected its newline knows it too. */
  clone(): Line {
    const twin = new Line(this.#options);
    twin.#lineEnd = this.#lineEnd.clone();
    twin.#detecting = this.#detecting;
    return twin;
  }

  /** The first newline was found. One octet at the very end may be half of one that has two. */
  #settle(newline: Buffer): void {
    this.#lineEnd = new LiteralEnd(newline);
    this.#detecting = newline.length === 1 && this.#buffer.length === 0 ? 'second' : undefined;
  }

  /** Sees whether the other half of the newline has come; false as long as nothing at all has. */
  #completeNewline(): boolean {
    if (this.#buffer.gather() === 0) return false;
    const { literal } = this.#lineEnd as LiteralEnd;
    const other = otherHalf(literal[0]);
    if (this.#buffer.window[this.#buffer.start] === other) {
      this.#lineEnd = new LiteralEnd(Buffer.from([...literal, other]));
      this.#buffer.skip(1);
    }
    this.#detecting = undefined;
    return true;
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

function makeRegexpEnd(pattern: string | RegExp): RegexpEnd {
  try {
    return new RegexpEnd(pattern);
  } catch (cause) {
    throw new PoeUsageError('POE_ERR_FILTER_OPTION', `Cannot make a Line filter: inputRegexp is '${pattern}'`, {
      hint: 'Give a regular expression of JavaScript',
      cause,
    });
  }
}

function refuse(found: string, hint?: string): never {
  throw optionError('Line', found, hint);
}
