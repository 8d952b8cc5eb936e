import { Buffer } from 'node:buffer';
import type { PoeDataError } from '../../../../core/errors.ts';
import type { ThawOptions } from '../freezer.ts';
import { blessed, type PerlHash, PerlRef, PerlRegexp } from '../perl-values.ts';
import { reviveClasses } from '../revive.ts';
import { type StringDecoder, stringDecoder } from '../string-decoder.ts';
import { ThawBudget } from '../thaw-budget.ts';

type Thing = PerlHash | (unknown[] & { [blessed]?: string }) | PerlRef | PerlRegexp;

/** A container whose values are being read. */
type Frame =
  | { readonly kind: 'array'; readonly thing: unknown[]; left: number }
  | { readonly kind: 'hash'; readonly thing: PerlHash; readonly keys: readonly string[]; next: number }
  | { readonly kind: 'ref'; readonly thing: PerlRef; isFull: boolean };

/** Stands for a container that was opened: its values come first. */
const OPENED = Symbol('opened');

const SIGNATURE = 'FrT;';
const ZERO = code('0');
const NINE = code('9');
/** No count or length in a frame needs more digits. */
const MAX_DIGITS = 10;

function code(character: string): number {
  return character.charCodeAt(0);
}

/** Reads one image, from its first octet to its last. */
export class FreezeThawReader {
  readonly #octets: Buffer;
  readonly #options: ThawOptions;
  readonly #strings: StringDecoder;
  readonly #budget: ThawBudget;
  readonly #classes = new Map<number, string>();
  /** The table of repeated things, of which every entry exists before the first content is read. */
  readonly #table: Thing[] = [];
  #position = 0;
  #hasRegisteredClass = false;

  constructor(octets: Uint8Array, options: ThawOptions) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    this.#options = options;
    this.#strings = stringDecoder(options);
    this.#budget = new ThawBudget('FreezeThaw', options.limits);
  }

  read(): unknown[] {
    if (this.#octets.toString('latin1', 0, SIGNATURE.length) === SIGNATURE) this.#position = SIGNATURE.length;
    if (this.#peek() === '?') {
      throw this.#malformed(
        'an image of the safe mode',
        'Such images are good inside of the Perl process that made them only',
      );
    }
    if (this.#peek() === '!') this.#readTable();
    const list = this.#readList();
    if (this.#position < this.#octets.length) throw this.#malformed('more than the complete list');
    const { classes } = this.#options;
    if (classes === undefined || !this.#hasRegisteredClass) return list;
    return reviveClasses(list, classes) as unknown[];
  }

  #readTable(): void {
    this.#position++;
    const highest = this.#number();
    for (let entry = 0; entry <= highest; entry++) this.#table.push(this.#shell());
    for (const shell of this.#table) this.#content(shell);
  }

  #readList(): unknown[] {
    if (this.#peek() !== '@') throw this.#malformed('no list of values', 'A FreezeThaw image begins with FrT;@1|');
    this.#position++;
    const list: unknown[] = [];
    for (let left = this.#count(1); left > 0; left--) list.push(this.#value(undefined));
    return list;
  }

  /** An entry of the table, still empty. */
  #shell(): Thing {
    this.#budget.countNode(this.#position);
    const className = this.#peek() === '{' ? this.#class() : undefined;
    const thing = this.#emptyThing();
    if (className !== undefined) thing[blessed] = className;
    return thing;
  }

  #emptyThing(): Thing {
    const kind = this.#peek();
    if (kind === '/') return this.#regexp();
    const image = SHELLS.get(kind);
    if (
      image === undefined ||
      this.#octets.toString('latin1', this.#position, this.#position + image.length) !== image
    ) {
      throw this.#malformed('no empty array, hash, reference or pattern where a table needs one');
    }
    this.#position += image.length;
    return kind === '@' ? [] : kind === '%' ? Object.create(null) : new PerlRef(null);
  }

  /** What belongs into an entry of the table. */
  #content(shell: Thing): void {
    const start = this.#position;
    const className = this.#peek() === '}' ? this.#class() : undefined;
    if (className !== shell[blessed]) throw this.#malformed('another class than the table announced', undefined, start);
    if (shell instanceof PerlRegexp && this.#peek() === '/') Object.assign(shell, { pattern: this.#regexp().pattern });
    else this.#value(shell);
  }

  /**
   * Reads a value with all that it contains. No call goes deeper than another one, however deep the data are.
   *
   * @param shell - The entry of the table that is to be filled; undefined for a value of its own.
   */
  #value(shell: Thing | undefined): unknown {
    const stack: Frame[] = [];
    let value = this.#start(stack, shell);
    for (;;) {
      const frame = stack.at(-1);
      if (frame === undefined) return value;
      if (value !== OPENED) store(frame, value);
      if (hasRoom(frame)) {
        value = this.#start(stack, undefined);
      } else {
        stack.pop();
        if (frame.kind === 'hash') this.#budget.leaveHash();
        else this.#budget.leave();
        value = frame.thing;
      }
    }
  }

  /** Reads a scalar, or the head of a container, which then lies on the stack. */
  #start(stack: Frame[], shell: Thing | undefined): unknown {
    const start = this.#position;
    if (shell === undefined) this.#budget.countNode(start);
    const className = shell === undefined && this.#peek() === '>' ? this.#class() : undefined;
    const kind = this.#peek();
    if (kind === '@' || kind === '%' || kind === '\\') {
      const thing = shell ?? (kind === '@' ? [] : kind === '%' ? Object.create(null) : new PerlRef(null));
      if (className !== undefined) thing[blessed] = className;
      stack.push(this.#open(kind, thing));
      return OPENED;
    }
    if (shell !== undefined) throw this.#malformed('another kind of thing than the table announced');
    if (kind === '/') {
      const regexp = this.#regexp();
      if (className !== undefined) regexp[blessed] = className;
      return regexp;
    }
    if (className !== undefined) {
      throw this.#malformed(
        `an object of the class '${className}' that is no array, hash, reference or pattern`,
        'The class freezes itself in a form of its own, which only its Perl code can read',
      );
    }
    if (kind === '$') return this.#strings.bytes(this.#string('$'));
    if (kind === '<') return this.#repeatedThing();
    if (kind === '_') {
      this.#position++;
      return null;
    }
    throw this.#unknownKind(kind);
  }

  #open(kind: '@' | '%' | '\\', thing: Thing): Frame {
    const start = this.#position++;
    if (kind === '@' && Array.isArray(thing)) {
      this.#budget.enter(start);
      return { kind: 'array', thing, left: this.#count(1) };
    }
    if (kind === '\\' && thing instanceof PerlRef) {
      this.#budget.enter(start);
      return { kind: 'ref', thing, isFull: false };
    }
    if (kind !== '%' || Array.isArray(thing) || thing instanceof PerlRef || thing instanceof PerlRegexp) {
      throw this.#malformed('another kind of thing than the table announced', undefined, start);
    }
    this.#budget.enterHash(start);
    const parts = this.#count(2);
    if (parts % 2 !== 0) throw this.#malformed(`a hash of ${parts} parts`, undefined, start);
    const keys: string[] = [];
    while (keys.length < parts / 2) keys.push(this.#strings.key(this.#string('$')));
    return { kind: 'hash', thing, keys, next: 0 };
  }

  #repeatedThing(): Thing {
    const start = this.#position++;
    const thing = this.#table[this.#number()];
    if (thing === undefined) throw this.#malformed('a repeated thing that is not in the table', undefined, start);
    return thing;
  }

  #regexp(): PerlRegexp {
    // The modifiers are part of the text, as in (?^i:a.b), and Perl compiles it as it stands.
    return new PerlRegexp(this.#string('/'), '');
  }

  /** The class after `>`, `{` or `}`: a number and a name, or the number of one that was named before. */
  #class(): string {
    const isNamed = this.#octets[this.#position + 1] === code('>');
    if (!isNamed && this.#octets[this.#position + 1] !== code(')')) throw this.#malformed('an object without a class');
    this.#position += 2;
    const start = this.#position;
    const number = this.#number();
    if (isNamed) {
      const nameStart = this.#position;
      const name = this.#string('$');
      this.#budget.checkClassName(name.length, nameStart);
      if (name === '') throw this.#malformed('an empty class name', undefined, nameStart);
      this.#classes.set(number, name);
    }
    const className = this.#classes.get(number);
    if (className === undefined) throw this.#malformed(`class number ${number}, which was not named`, undefined, start);
    if (this.#options.classes?.has(className)) this.#hasRegisteredClass = true;
    return className;
  }

  /** A string with its length in front, as the characters 0 to 255. */
  #string(kind: '$' | '/'): string {
    const start = this.#position;
    if (this.#peek() !== kind) throw this.#malformed(`no '${kind}' where a string has to begin`);
    this.#position++;
    const length = this.#number();
    this.#budget.checkString(length, start);
    const end = this.#position + length;
    if (end > this.#octets.length) {
      throw this.#malformed(`a string of ${length} octets with ${this.#octets.length - this.#position} left`);
    }
    const characters = this.#octets.toString('latin1', this.#position, end);
    this.#position = end;
    return characters;
  }

  /** A number of things that follow; it is not believed if the rest of the image cannot hold that many. */
  #count(leastOctetsEach: number): number {
    const start = this.#position;
    const count = this.#number();
    const left = this.#octets.length - this.#position;
    if (count * leastOctetsEach > left) throw this.#malformed(`${count} things in ${left} octets`, undefined, start);
    return count;
  }

  #number(): number {
    const start = this.#position;
    let number = 0;
    for (let digit = this.#octets[this.#position]; digit !== undefined && digit >= ZERO && digit <= NINE; ) {
      number = number * 10 + digit - ZERO;
      digit = this.#octets[++this.#position];
    }
    const digits = this.#position - start;
    const isCanonical = digits === 1 || (digits > 1 && digits <= MAX_DIGITS && this.#octets[start] !== ZERO);
    if (!isCanonical || this.#peek() !== '|') throw this.#malformed("no number with a '|' behind it", undefined, start);
    this.#position++;
    return number;
  }

  /** The character at the position, empty at the end. */
  #peek(): string {
    const octet = this.#octets[this.#position];
    return octet === undefined ? '' : String.fromCharCode(octet);
  }

  #unknownKind(kind: string): PoeDataError {
    if (kind === '') return this.#malformed('the end where a value has to begin');
    if (kind === '&' || kind === '*') {
      return this.#malformed(
        `a ${kind === '&' ? 'code' : 'glob'} reference`,
        'Such things cannot travel: not even Perl thaws them',
      );
    }
    return this.#malformed(`the unknown kind ${JSON.stringify(kind)}`);
  }

  #malformed(found: string, hint?: string, position = this.#position): PoeDataError {
    return this.#budget.malformed(found, position, hint);
  }
}

/** How the table writes what is still empty. */
const SHELLS: ReadonlyMap<string, string> = new Map([
  ['@', '@0|'],
  ['%', '%0|'],
  ['\\', '\\_'],
]);

function hasRoom(frame: Frame): boolean {
  if (frame.kind === 'array') return frame.left > 0;
  if (frame.kind === 'hash') return frame.next < frame.keys.length;
  return !frame.isFull;
}

function store(frame: Frame, value: unknown): void {
  if (frame.kind === 'array') {
    frame.thing.push(value);
    frame.left--;
  } else if (frame.kind === 'hash') {
    frame.thing[frame.keys[frame.next++] as string] = value;
  } else {
    frame.thing.value = value;
    frame.isFull = true;
  }
}
