import { Buffer } from 'node:buffer';
import type { PoeDataError } from '../../../../core/errors.ts';
import type { ThawBudget } from '../thaw-budget.ts';

/** A quoted string: its characters, and whether Perl would flag it as text. */
export interface QuotedString {
  readonly characters: string;
  readonly flagged: boolean;
}

const SINGLE = "'".charCodeAt(0);
const DOUBLE = '"'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const DOLLAR = '$'.charCodeAt(0);
const AT = '@'.charCodeAt(0);

const ESCAPE_IN_SINGLE_QUOTES = /\\(['\\])/g;
const ESCAPE_IN_DOUBLE_QUOTES = /\\(?:(["\\$@])|x\{([0-9a-fA-F]+)\})?/g;
/** Where Perl would take a dollar sign in a pattern for a variable, Data::Dumper writes it in this way. */
const ESCAPE_IN_PATTERN = /\\[\s\S]|\$\{\\q\(\$\)\}/g;

/** Walks over the octets of a text and takes words, strings and patterns off it. */
export class Scanner {
  readonly #octets: Buffer;
  readonly #budget: ThawBudget;
  position = 0;

  constructor(octets: Uint8Array, budget: ThawBudget) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    this.#budget = budget;
  }

  get isAtEnd(): boolean {
    return this.position === this.#octets.length;
  }

  /** The next character, empty at the end. */
  peek(): string {
    const octet = this.#octets[this.position];
    return octet === undefined ? '' : String.fromCharCode(octet);
  }

  /** Takes a word if it is the next thing. */
  accept(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.#octets[this.position + index] !== word.charCodeAt(index)) return false;
    }
    this.position += word.length;
    return true;
  }

  /** Takes a word that has to be the next thing. */
  expect(word: string): void {
    if (!this.accept(word)) throw this.malformed(`${this.describe()} where ${JSON.stringify(word)} has to be`);
  }

  /** Takes as many characters as a pattern, which matches one of them at a time, allows. */
  take(allowed: RegExp): string {
    const start = this.position;
    while (allowed.test(this.peek())) this.position++;
    return this.#octets.toString('latin1', start, this.position);
  }

  /** Takes a string in single or double quotes. */
  quoted(): QuotedString {
    const start = this.position;
    const quote = this.#octets[start];
    if (quote !== SINGLE && quote !== DOUBLE) throw this.malformed(`${this.describe()} where a string has to begin`);
    const raw = this.#delimited(quote);
    const characters = raw.includes('\\') ? this.#unescape(raw, quote, start + 1) : raw;
    const flagged = quote === DOUBLE && /[^\0-\xff]/.test(characters);
    this.#budget.checkString(flagged ? Buffer.byteLength(characters) : characters.length, start);
    return { characters, flagged };
  }

  /** Takes the text of a pattern, from one slash to another. */
  pattern(): string {
    const start = this.position;
    if (this.#octets[start] !== SLASH) throw this.malformed(`${this.describe()} where a pattern has to begin`);
    const text = this.#delimited(SLASH).replace(ESCAPE_IN_PATTERN, (sequence) => {
      if (sequence === '\\/') return '/';
      return sequence.startsWith('$') ? '$' : sequence;
    });
    this.#budget.checkString(text.length, start);
    return text;
  }

  malformed(found: string, hint?: string, position = this.position): PoeDataError {
    return this.#budget.malformed(found, position, hint);
  }

  /** What is found at the position, for a message. */
  describe(): string {
    return this.isAtEnd ? 'the end' : JSON.stringify(this.peek());
  }

  /** What stands between two of the given octets; a backslash takes away the meaning of what follows it. */
  #delimited(delimiter: number): string {
    const start = this.position + 1;
    let end = start;
    for (let octet = this.#octets[end]; octet !== delimiter; octet = this.#octets[++end]) {
      if (octet === undefined)
        throw this.malformed('the end inside of a string or pattern', undefined, this.#octets.length);
      if (octet === BACKSLASH) end++;
      else if (delimiter === DOUBLE && (octet === DOLLAR || octet === AT)) {
        throw this.malformed('a variable inside of a string', 'Only data is read: nothing is interpolated', end);
      }
    }
    this.position = end + 1;
    return this.#octets.toString('latin1', start, end);
  }

  #unescape(raw: string, quote: number, start: number): string {
    if (quote === SINGLE) return raw.replace(ESCAPE_IN_SINGLE_QUOTES, '$1');
    return raw.replace(ESCAPE_IN_DOUBLE_QUOTES, (sequence, itself?: string, digits?: string, offset = 0) => {
      if (itself !== undefined) return itself;
      const codePoint = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
      if (codePoint <= 0x10ffff) return String.fromCodePoint(codePoint);
      const what = digits === undefined ? 'an escape that Data::Dumper does not write' : sequence.slice(0, 16);
      throw this.malformed(what, 'Data::Dumper writes \\x{...}, up to 10FFFF', start + offset);
    });
  }
}
