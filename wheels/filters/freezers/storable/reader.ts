import { PoeDataError, type PoeLimitError } from '../../../../core/errors.ts';
import type { FastBuffer } from '../perl-utf8.ts';
import {
  type Blessable,
  blessed,
  PerlCode,
  type PerlHash,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlTied,
} from '../perl-values.ts';
import { reviveClasses } from '../revive.ts';
import { ImageOctets } from './image-octets.ts';
import * as op from './opcodes.ts';
import { areAt, learnText, type PairGuess, PairGuesses } from './pair-guesses.ts';
import type { ReadSettings } from './read-settings.ts';
import { NO_SCALAR, ScalarReader } from './scalar-reader.ts';
import { Seen } from './seen.ts';

/** What the innermost open thing is, that is, what becomes of the next value. */
const ROOT = 0;
const ARRAY = 1;
const HASH = 2;
const FLAG_HASH = 3;
const REF = 4;
const TIED = 5;
const HOOK = 6;
type Kind = typeof ROOT | typeof ARRAY | typeof HASH | typeof FLAG_HASH | typeof REF | typeof TIED | typeof HOOK;

/**
 * How many arrays and hashes inside each other are read by functions that call themselves, which is faster than the stack of
 * our own. Those further in wait on that, so that no image can be deep enough for JavaScript's to overflow.
 */
const MOST_NESTED = 64;

/** Told by {@link Reader.#next}: there is no value yet, or it is in its place already. */
const NO_VALUE = Symbol('no value');

/** The value of a `PerlRef` that is being read. */
const PENDING = Symbol('pending');

/** A hook record while its values are read. */
interface HookRecord {
  readonly hook: Mutable<PerlHook>;
  readonly refs: unknown[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads the values of one image.
 *
 * Arrays and hashes of common values are read by `#elements` and `#pairs`, which call each other, but only so far. All else
 * is read by one loop with a stack of our own, so that no depth of nesting can overflow the stack of JavaScript: the
 * innermost thing that is open there is in the fields `#kind`, `#holder` and `#left`, those around it are on `#stack`.
 *
 * Perl knows values and things: a *value* sits in an array, a hash or a scalar, a *thing* is what a reference leads to. An
 * array or hash is a thing and only ever sits behind a reference; a scalar can be both, and is a `PerlRef` as a thing.
 */
export class Reader {
  readonly #octets: ImageOctets;
  readonly #settings: ReadSettings;
  readonly #scalars: ScalarReader;
  readonly #seen: Seen;
  readonly #guesses = new PairGuesses();

  #kind: Kind = ROOT;
  #holder: unknown = null;
  /** How many values the innermost thing still waits for. */
  #left = 0;
  /** How many things are being read by way of JavaScript's own stack. */
  #nesting = 0;
  readonly #stack: unknown[] = [];
  /** How many arrays and references are open, and how many hashes. */
  #depth = 0;
  #hashDepth = 0;
  /** How many octets were read again for scalars that appear in more than one place. */
  #repeatedOctets = 0;

  readonly #classNames: string[] = [];
  /** Classes of scalars, by number, for references to them that come later. */
  #scalarClasses: Map<number, string> | undefined;
  /** Whether the image named a class that is registered. */
  #isToRevive = false;

  constructor(settings: ReadSettings) {
    this.#octets = new ImageOctets(settings.limits, settings.decodeKeys);
    this.#settings = settings;
    this.#scalars = new ScalarReader(this.#octets, settings);
    this.#seen = new Seen(this.#octets);
  }

  /**
   * Reads the thing that the root refers to, and returns the reference to it. One image after the other can be read, as long
   * as none fails: a reader that has thrown is in the middle of an image, and has to be dropped.
   */
  read(image: FastBuffer, start: number, end: number): unknown {
    this.#octets.begin(image, start, end);
    this.#seen.begin();
    this.#depth = 0;
    this.#hashDepth = 0;
    this.#repeatedOctets = 0;
    this.#isToRevive = false;
    const root = this.#root();
    this.#octets.finish();
    this.#seen.finish();
    if (this.#classNames.length > 0) this.#classNames.length = 0;
    this.#scalarClasses = undefined;
    return this.#isToRevive ? reviveClasses(root, this.#settings.classes) : root;
  }

  #root(): unknown {
    const octets = this.#octets;
    const what = octets.peek();
    if (what !== op.SX_ARRAY && what !== op.SX_HASH) return this.#read(ROOT, null);
    octets.at++;
    return what === op.SX_ARRAY ? this.#array(undefined) : this.#hash(undefined);
  }

  /** Reads a value with all that it contains, by way of the stack, and puts it into its place. For the root that is here. */
  #read(kind: Kind, holder: unknown): unknown {
    this.#open(kind, holder, 1);
    const base = this.#stack.length;
    let value: unknown;
    for (;;) {
      if (this.#left > 0) {
        this.#left--;
        value = this.#next();
        if (value === NO_VALUE) continue;
      } else if (this.#stack.length > base) {
        value = this.#close();
      } else {
        this.#restore();
        return value;
      }
      switch (this.#kind) {
        case ARRAY:
          (this.#holder as unknown[]).push(value);
          break;
        case HASH:
          (this.#holder as Record<string, unknown>)[this.#octets.key()] = value;
          break;
        case FLAG_HASH:
          this.#flaggedPair(value);
          break;
        case REF:
          (this.#holder as PerlRef).value = value;
          break;
        case TIED:
          this.#tiedPart(value);
          break;
        case HOOK:
          this.#left = this.#hookGoesOn() ? 1 : 0;
          break;
      }
    }
  }

  #elements(list: unknown[], count: number): void {
    let left = this.#shortElements(list, count);
    while (left > 0) {
      const value = this.#whole();
      if (value === NO_VALUE) this.#read(ARRAY, list);
      else list.push(value);
      left = this.#shortElements(list, left - 1);
    }
  }

  #pairs(hash: Record<string, unknown>, count: number): void {
    const octets = this.#octets;
    const guesses = octets.view === undefined ? undefined : this.#guesses.of(count, this.#seen.count);
    let left = this.#shortPairs(hash, count, count, guesses);
    while (left > 0) {
      const value = this.#whole();
      if (value === NO_VALUE) this.#read(HASH, hash);
      else hash[guesses === undefined ? octets.key() : octets.guessedKey(guesses, count - left)] = value;
      left = this.#shortPairs(hash, left - 1, count, guesses);
    }
  }

  /** Reads the next value if it is a scalar by itself, or a reference to a plain array or hash that is not too deep inside. */
  #whole(): unknown {
    const octets = this.#octets;
    const start = octets.at;
    const code = octets.octet();
    if (code === op.SX_REF) {
      const what = octets.peek();
      if ((what === op.SX_ARRAY || what === op.SX_HASH) && this.#nesting < MOST_NESTED) {
        this.#seen.scalar(start);
        octets.at++;
        return what === op.SX_ARRAY ? this.#array(undefined) : this.#hash(undefined);
      }
    } else if (code !== op.SX_SV_UNDEF) {
      const value = this.#scalars.read(code);
      if (value !== NO_SCALAR) {
        this.#seen.scalar(start);
        return value;
      }
    }
    octets.at = start;
    return NO_VALUE;
  }

  /**
   * Reads elements up to the first that is none of the four kinds that most are, or is so near to the end of the image that
   * there has to be a closer look.
   *
   * PERF: this and {@link #shortPairs} read most of what there is to read, and so keep in variables what else is in fields.
   *
   * @returns How many are left.
   */
  #shortElements(list: unknown[], count: number): number {
    const octets = this.#octets;
    const seen = this.#seen;
    const { image } = octets;
    const { marks, room } = seen;
    const last = octets.end - LONGEST_SHORT;
    let { at } = octets;
    let tag = seen.count;
    let left = count;
    for (; left > 0 && at <= last && tag < room; left--) {
      const code = image[at] as number;
      marks[tag] = at;
      if (code === op.SX_BYTE) {
        list.push((image[at + 1] as number) - 128);
        at += 2;
      } else if (code === op.SX_NETINT) {
        list.push(int32(image, at + 1));
        at += 5;
      } else if (code === op.SX_SCALAR) {
        const length = image[at + 1] as number;
        octets.at = at + 2;
        list.push(this.#settings.bytes(image, octets.string(length), length));
        at += length + 2;
      } else if (code === op.SX_UNDEF) {
        list.push(null);
        at++;
      } else {
        break;
      }
      tag++;
    }
    octets.at = at;
    seen.count = tag;
    return left;
  }

  /** Reads pairs up to the first whose value is none of the four kinds that most are, and returns how many are left. */
  #shortPairs(hash: Record<string, unknown>, still: number, count: number, guesses: PairGuess[] | undefined): number {
    const octets = this.#octets;
    const seen = this.#seen;
    const { image } = octets;
    const last = octets.end - LONGEST_SHORT;
    let left = still;
    for (; left > 0; left--) {
      const { at } = octets;
      if (at > last) break;
      const code = image[at] as number;
      let value: unknown;
      if (code === op.SX_SCALAR) {
        const guess = guesses?.[count - left];
        if (guess === undefined) {
          value = this.#byteString(at);
        } else if (areAt(guess.textWords, guess.textOctets, octets.view as DataView, at, octets.end)) {
          octets.at = at + guess.textOctets;
          value = guess.text;
        } else {
          value = this.#byteString(at);
          learnText(guess, value, octets.view as DataView, at, octets.at - at);
        }
      } else if (code === op.SX_BYTE) {
        octets.at = at + 2;
        value = (image[at + 1] as number) - 128;
      } else if (code === op.SX_NETINT) {
        octets.at = at + 5;
        value = int32(image, at + 1);
      } else if (code === op.SX_UNDEF) {
        octets.at = at + 1;
        value = null;
      } else {
        break;
      }
      seen.scalar(at);
      hash[guesses === undefined ? octets.key() : octets.guessedKey(guesses, count - left)] = value;
    }
    return left;
  }

  #byteString(at: number): unknown {
    const octets = this.#octets;
    const { image } = octets;
    const length = image[at + 1] as number;
    octets.at = at + 2;
    return this.#settings.bytes(image, octets.string(length), length);
  }

  /** Reads the next value, with whatever stands in front of it; for the root and in a hook record it is a thing. */
  #next(): unknown {
    const octets = this.#octets;
    let isThing = this.#kind === ROOT || this.#kind === HOOK;
    let className: string | undefined;
    for (;;) {
      const start = octets.at;
      const code = octets.octet();
      switch (code) {
        case op.SX_REF:
        case op.SX_OVERLOAD:
        case op.SX_WEAKREF:
        case op.SX_WEAKOVERLOAD:
          // This reference is a scalar itself; what stands behind it is a thing.
          this.#referenceBegins(start, isThing, className);
          isThing = true;
          className = undefined;
          break;
        case op.SX_BLESS:
        case op.SX_IX_BLESS:
          if (className !== undefined) throw octets.malformed('an object in two classes', start);
          className = code === op.SX_BLESS ? this.#newClass() : this.#knownClass();
          break;
        case op.SX_OBJECT:
          return this.#seenBefore(isThing, start);
        case op.SX_TIED_SCALAR:
        case op.SX_TIED_KEY:
        case op.SX_TIED_IDX:
          return this.#openTiedScalar(code, start, isThing, className);
        case op.SX_SV_UNDEF:
          if (this.#kind === ARRAY && !isThing) return this.#hole(start);
          return this.#scalar(null, start, isThing, className);
        case op.SX_ARRAY:
        case op.SX_HASH:
          return this.#openThing(code, start, isThing, className);
        default: {
          const value = this.#scalars.read(code);
          if (value === NO_SCALAR) return this.#openThing(code, start, isThing, className);
          return this.#scalar(value, start, isThing, className);
        }
      }
    }
  }

  // ---- scalars

  /** Takes a scalar that was read as a whole; as a thing it is a `PerlRef`. */
  #scalar(value: unknown, start: number, isThing: boolean, className: string | undefined): unknown {
    if (!isThing) {
      if (className !== undefined) this.#rememberClass(className);
      this.#seen.scalar(start);
      return value;
    }
    const ref = new PerlRef(value);
    if (className !== undefined) ref[blessed] = className;
    this.#deeper();
    this.#depth--;
    this.#seen.thing(ref);
    return ref;
  }

  /** A scalar begins that is a reference; as a thing it is a `PerlRef`, whose value comes next. */
  #referenceBegins(start: number, isThing: boolean, className: string | undefined): void {
    if (!isThing) {
      if (className !== undefined) this.#rememberClass(className);
      this.#seen.scalar(start);
      return;
    }
    const ref = this.#openRef(PENDING, className);
    this.#seen.thing(ref);
  }

  #openRef(value: unknown, className: string | undefined): PerlRef {
    const ref = new PerlRef(value);
    if (className !== undefined) ref[blessed] = className;
    this.#deeper();
    this.#open(REF, ref, 0);
    return ref;
  }

  /** The next number is that of a scalar which is blessed; that shows only if it is referred to later. */
  #rememberClass(className: string): void {
    this.#scalarClasses ??= new Map();
    this.#scalarClasses.set(this.#seen.count, className);
  }

  #hole(start: number): typeof NO_VALUE {
    this.#seen.scalar(start);
    (this.#holder as unknown[]).length++;
    return NO_VALUE;
  }

  // ---- things

  #openThing(code: number, start: number, isThing: boolean, className: string | undefined): unknown {
    // Perl can put a pattern into an array as it is; nothing else can be without a reference to it.
    if (!isThing && code !== op.SX_REGEXP) throw this.#unexpected(code, start);
    switch (code) {
      case op.SX_ARRAY:
        return this.#array(className);
      case op.SX_HASH:
        return this.#hash(className);
      case op.SX_FLAG_HASH:
        return this.#flagHash(className);
      case op.SX_HOOK:
        return this.#openHook(start);
      case op.SX_REGEXP:
        return this.#regexp(start, className);
      case op.SX_CODE:
        return this.#code(start, className);
      case op.SX_TIED_ARRAY:
      case op.SX_TIED_HASH:
        return this.#openTied(code, start, className);
      default:
        throw this.#unexpected(code, start);
    }
  }

  #hash(className: string | undefined): unknown {
    const count = this.#octets.count(5, 'the pairs of a hash');
    const hash = this.#newHash(count, className);
    if (this.#nesting === MOST_NESTED) {
      this.#open(HASH, hash, count);
      return NO_VALUE;
    }
    this.#nesting++;
    this.#pairs(hash, count);
    this.#nesting--;
    this.#hashDepth--;
    return hash;
  }

  #flagHash(className: string | undefined): typeof NO_VALUE {
    this.#octets.octet(); // Whether the hash is restricted, which means nothing here.
    const count = this.#octets.count(6, 'the pairs of a hash');
    this.#open(FLAG_HASH, this.#newHash(count, className), count);
    return NO_VALUE;
  }

  #newHash(count: number, className: string | undefined): PerlHash {
    this.#hashDepth++;
    if (this.#hashDepth > this.#settings.limits.maxHashDepth) {
      throw this.#tooDeep('maxHashDepth', `${this.#hashDepth} hashes inside each other`);
    }
    const hash = emptyHash(count);
    if (className !== undefined) hash[blessed] = className;
    this.#seen.thing(hash);
    return hash;
  }

  #array(className: string | undefined): unknown {
    const count = this.#octets.count(1, 'the elements of an array');
    this.#deeper();
    const list: unknown[] = [];
    if (className !== undefined) (list as Blessable)[blessed] = className;
    this.#seen.thing(list);
    if (this.#nesting === MOST_NESTED) {
      this.#open(ARRAY, list, count);
      return NO_VALUE;
    }
    this.#nesting++;
    this.#elements(list, count);
    this.#nesting--;
    this.#depth--;
    return list;
  }

  #deeper(): void {
    this.#depth++;
    if (this.#depth > this.#settings.limits.maxDepth) {
      throw this.#tooDeep('maxDepth', `${this.#depth} arrays and references inside each other`);
    }
  }

  #tooDeep(limit: 'maxDepth' | 'maxHashDepth', found: string): PoeLimitError {
    return this.#octets.tooMuch(limit, found, this.#octets.at - 1);
  }

  #open(kind: Kind, holder: unknown, count: number): void {
    this.#stack.push(this.#kind, this.#holder, this.#left);
    this.#kind = kind;
    this.#holder = holder;
    this.#left = count;
  }

  /** The innermost thing is complete; the one around it becomes the innermost. */
  #close(): unknown {
    const value = this.#kind === HOOK ? (this.#holder as HookRecord).hook : this.#holder;
    if (this.#kind === HASH || this.#kind === FLAG_HASH) this.#hashDepth--;
    else this.#depth--;
    this.#restore();
    return value;
  }

  #restore(): void {
    const stack = this.#stack;
    this.#left = stack.pop() as number;
    this.#holder = stack.pop();
    this.#kind = stack.pop() as Kind;
  }

  #flaggedPair(value: unknown): void {
    const octets = this.#octets;
    const flags = octets.octet();
    const key = (flags & op.KEY_UTF8) === 0 ? octets.key() : octets.text(octets.length());
    if ((flags & op.KEY_PLACEHOLDER) === 0) (this.#holder as Record<string, unknown>)[key] = value;
  }

  // ---- classes

  #newClass(): string {
    const name = this.#octets.className(this.#shortOrLong());
    this.#classNames.push(name);
    this.#isToRevive ||= this.#settings.classes.has(name);
    return name;
  }

  #knownClass(): string {
    const start = this.#octets.at - 1;
    return this.#classByNumber(this.#shortOrLong(), start);
  }

  #shortOrLong(): number {
    const short = this.#octets.octet();
    return short < op.LONG_FORM ? short : this.#octets.length();
  }

  #classByNumber(number: number, start: number): string {
    const name = this.#classNames[number];
    if (name === undefined) throw this.#octets.malformed(`class ${number} is referred to before it was named`, start);
    return name;
  }

  // ---- what was seen before

  #seenBefore(isThing: boolean, start: number): unknown {
    const tag = this.#octets.network32('an object number');
    this.#seen.repeat(1);
    return isThing ? this.#thingByNumber(tag, start) : this.#valueByNumber(tag, start);
  }

  /** What a reference to the thing or scalar with this number is. */
  #thingByNumber(tag: number, start: number): unknown {
    this.#checkSeen(tag, start);
    const place = this.#seen.place(tag);
    const thing = place < 0 ? this.#seen.thingAt(tag) : undefined;
    if (place < 0 && !isTiedScalar(thing)) return thing;
    const ref = new PerlRef(thing);
    const className = this.#scalarClasses?.get(tag);
    if (className !== undefined) ref[blessed] = className;
    // Kept before its value is known, as that may be a reference to this very scalar.
    this.#seen.becomes(tag, ref);
    if (place >= 0) ref.value = this.#readAgain(place, tag, start);
    return ref;
  }

  /** The value of the scalar with this number. */
  #valueByNumber(tag: number, start: number): unknown {
    this.#checkSeen(tag, start);
    const place = this.#seen.place(tag);
    if (place >= 0) return this.#readAgain(place, tag, start);
    const thing = this.#seen.thingAt(tag);
    if (thing instanceof PerlRef) return thing.value === PENDING ? this.#thingByNumber(tag + 1, start) : thing.value;
    if (isTiedScalar(thing) || thing instanceof PerlRegexp) return thing;
    throw this.#octets.malformed(`object ${tag} is no scalar, although only a scalar can be here,`, start);
  }

  #checkSeen(tag: number, start: number): void {
    if (!this.#seen.has(tag)) throw this.#octets.malformed(`object ${tag} is referred to before it was seen`, start);
  }

  /** Reads the scalar whose opcode is at `place`. */
  #readAgain(place: number, tag: number, start: number): unknown {
    const octets = this.#octets;
    const back = octets.at;
    octets.at = place;
    const value = this.#scalars.read(octets.octet());
    const again = value === NO_SCALAR ? this.#targetOf(tag, start) : value;
    this.#repeatedOctets += octets.at - place;
    octets.at = back;
    this.#checkRepeated(start);
    return again;
  }

  /** Few octets can name a long string again and again. In all that may not make more than the image, or one string. */
  #checkRepeated(start: number): void {
    const { maxString } = this.#settings.limits;
    if (this.#repeatedOctets <= Math.max(maxString, this.#octets.size)) return;
    throw this.#octets.tooMuch('maxString', `${this.#repeatedOctets} octets in strings that are repeated`, start);
  }

  /** What a reference leads to whose opcode was read just now: something seen before, or what had the next number. */
  #targetOf(tag: number, start: number): unknown {
    const octets = this.#octets;
    return octets.image[octets.at] === op.SX_OBJECT
      ? this.#thingByNumber(octets.image.readUInt32BE(octets.at + 1), start)
      : this.#thingByNumber(tag + 1, start);
  }

  // ---- opaque things

  /** A tied scalar, or a tied element: as a thing it is a `PerlRef` to that. */
  #openTiedScalar(code: number, start: number, isThing: boolean, className: string | undefined): typeof NO_VALUE {
    if (!isThing) {
      if (className !== undefined) this.#rememberClass(className);
      return this.#openTied(code, start, undefined);
    }
    const tag = this.#seen.count;
    const ref = this.#openRef(null, className);
    this.#openTied(code, start, undefined);
    ref.value = this.#holder;
    this.#seen.becomes(tag, ref);
    return NO_VALUE;
  }

  #openTied(code: number, start: number, className: string | undefined): typeof NO_VALUE {
    this.#opaque(start, 'a tied container');
    const kind = TIED_KINDS.get(code) as PerlTied['kind'];
    const tied = new PerlTied(kind, undefined);
    if (className !== undefined) tied[blessed] = className;
    this.#deeper();
    this.#seen.thing(tied);
    this.#open(TIED, tied, kind === 'elem' ? 2 : 1);
    return NO_VALUE;
  }

  #tiedPart(value: unknown): void {
    const tied = this.#holder as Mutable<PerlTied>;
    if (tied.kind === 'elem' && this.#left === 0) tied.key = value;
    else tied.object = value;
    if (tied.kind === 'index') tied.key = this.#octets.length();
  }

  #openHook(start: number): typeof NO_VALUE {
    this.#opaque(start, 'an object with a freeze hook');
    const kind = op.HOOK_KINDS[(this.#octets.peek() ?? 0) & op.HOOK_KIND];
    if (kind === undefined) throw this.#octets.malformed('a tied container with a freeze hook is not supported', start);
    const refs: unknown[] = [];
    const hook = new PerlHook('', kind, undefined, refs);
    this.#deeper();
    this.#seen.thing(hook);
    this.#open(HOOK, { hook, refs } satisfies HookRecord, 0);
    this.#left = this.#hookGoesOn() ? 1 : 0;
    return NO_VALUE;
  }

  /** Reads the flags of a hook record: another value follows, or the rest of the record, which is read here. */
  #hookGoesOn(): boolean {
    const octets = this.#octets;
    const start = octets.at;
    const flags = octets.octet();
    if ((flags & op.HOOK_VALUE_FOLLOWS) !== 0) return true;
    const { hook, refs } = this.#holder as HookRecord;
    const classOctets = octets.lengthOf((flags & op.HOOK_LONG_CLASS) !== 0);
    if ((flags & op.HOOK_KNOWN_CLASS) !== 0) {
      hook.className = this.#classByNumber(classOctets, start);
    } else {
      hook.className = octets.className(classOctets);
      this.#classNames.push(hook.className);
    }
    const frozen = octets.lengthOf((flags & op.HOOK_LONG_STRING) !== 0);
    hook.frozen = this.#settings.frozen(octets.image, octets.string(frozen), frozen);
    if ((flags & op.HOOK_HAS_LIST) === 0) return false;
    const count = octets.lengthOf((flags & op.HOOK_LONG_LIST) !== 0);
    this.#seen.repeat(count);
    for (let left = count; left > 0; left--)
      refs.push(this.#thingByNumber(octets.network32('an object number'), start));
    return false;
  }

  #regexp(start: number, className: string | undefined): PerlRegexp {
    this.#opaque(start, 'a pattern');
    const octets = this.#octets;
    const isLong = (octets.octet() & op.REGEXP_LONG) !== 0;
    const pattern = octets.latin1(octets.lengthOf(isLong));
    const regexp = new PerlRegexp(pattern, octets.latin1(octets.octet()));
    if (className !== undefined && className !== 'Regexp') regexp[blessed] = className;
    this.#seen.thing(regexp);
    return regexp;
  }

  #code(start: number, className: string | undefined): PerlCode {
    this.#opaque(start, 'code');
    const place = this.#octets.at;
    const code = new PerlCode(this.#scalars.plainString('source code'));
    if (className !== undefined) code[blessed] = className;
    // Both the code and the string with its source have a number.
    this.#seen.thing(code);
    this.#seen.scalar(place);
    return code;
  }

  #opaque(start: number, what: string): void {
    if (this.#settings.opaque) return;
    const position = this.#octets.positionOf(start);
    throw new PoeDataError(
      'POE_ERR_THAW_OPAQUE',
      `Cannot thaw Storable octets: ${what} at octet ${position} is refused`,
      {
        position,
        hint: "Allow it with the option opaque: 'keep'; it is then kept as data, and never run",
      },
    );
  }

  #unexpected(code: number, start: number): PoeDataError {
    let found = `the unknown opcode ${code}`;
    if (code === op.SX_LOBJECT) found = 'a large object (opcode 33), whose length is above 2 GiB,';
    else if (code < op.SX_LOBJECT) found = `a container (opcode ${code}) without a reference to it`;
    return this.#octets.malformed(found, start);
  }
}

/** Octets of the longest of the short scalars, without those of a string. */
const LONGEST_SHORT = 5;

/** 32 bits with a sign, big-endian. */
function int32(image: Uint8Array, at: number): number {
  return (
    ((image[at] as number) << 24) |
    ((image[at + 1] as number) << 16) |
    ((image[at + 2] as number) << 8) |
    (image[at + 3] as number)
  );
}

/**
 * A hash that will have so many keys.
 *
 * PERF: V8 makes what `Object.create(null)` gives a dictionary at once. One that begins as an ordinary object takes half the
 * time to fill with 4 to 19 keys, and is faster to use afterwards; with more it becomes a dictionary on the way.
 */
function emptyHash(count: number): PerlHash {
  return count >= 4 && count <= 19 ? Object.setPrototypeOf({}, null) : Object.create(null);
}

const TIED_KINDS: ReadonlyMap<number, PerlTied['kind']> = new Map([
  [op.SX_TIED_ARRAY, 'array'],
  [op.SX_TIED_HASH, 'hash'],
  [op.SX_TIED_SCALAR, 'scalar'],
  [op.SX_TIED_KEY, 'elem'],
  [op.SX_TIED_IDX, 'index'],
]);

/** A tied scalar is a thing in so far as it holds another, and yet a scalar. */
function isTiedScalar(thing: unknown): boolean {
  return thing instanceof PerlTied && thing.kind !== 'array' && thing.kind !== 'hash';
}
