import { PoeUsageError } from '../../../../core/errors.ts';
import type { Span } from '../../filter.ts';
import type { ClassIndex } from '../classes.ts';
import { perlNumberText } from '../perl-numbers.ts';
import {
  type Blessable,
  blessed,
  PerlCode,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlTied,
  PerlVString,
} from '../perl-values.ts';
import { placeOf } from '../perl-view.ts';
import { hasWide, type KnownKeys, knownKeys } from './known-keys.ts';
import { MetThings } from './met-things.ts';
import { OctetWriter } from './octet-writer.ts';
import * as op from './opcodes.ts';
import { isWide } from './wide.ts';

/** Everything that the options say about writing, resolved once for many images. */
export interface WriteSettings {
  readonly maxDepth: number;
  readonly maxHashDepth: number;
  readonly native: boolean;
  /** Whether code may be written. */
  readonly code: boolean;
  readonly classes: ClassIndex;
}

/** What the innermost open thing is, that is, where its values come from. */
const ARRAY = 0;
const HASH = 1;
const FLAG_HASH = 2;
const TIED = 3;
const HOOK = 4;
type Kind = typeof ARRAY | typeof HASH | typeof FLAG_HASH | typeof TIED | typeof HOOK;

/** A thing whose values are being written. */
interface Frame {
  readonly kind: Kind;
  /** The thing itself, for what stands behind its values. */
  readonly thing: unknown;
  readonly values: readonly unknown[];
  /** Each is written behind its value. */
  readonly keys: readonly string[];
  readonly count: number;
  /** How many values have been written. */
  done: number;
  readonly depth: number;
  /** How many references to scalars led to this thing. */
  readonly hops: number;
  /** How many of the things around it are not on the list. */
  readonly nesting: number;
  readonly outer: Frame | undefined;
}

/**
 * How many arrays and hashes inside each other are written by functions that call themselves, which is faster. Those further
 * in wait on the list of open things, so that no value can be deep enough for JavaScript's stack to overflow.
 */
const MOST_NESTED = 64;

const NO_KEYS: readonly string[] = [];
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Writes one image.
 *
 * As in the reader there is a list of open things, so that the depth is limited by the settings alone. Numbers are given to
 * everything in the order in which the reader will give them; only things are remembered by number.
 */
export class Writer {
  readonly #settings: WriteSettings;
  readonly #out: OctetWriter;
  #frame: Frame | undefined;
  /** How many of the open things are not on that list, but on JavaScript's own stack. */
  #nesting = 0;
  /** For each of these, numbered from 1, which of its values is being written ... */
  readonly #steps: (string | number)[] = new Array(MOST_NESTED + 1).fill(0);
  /** ... and, numbered from 0, how many references to scalars led to it. */
  readonly #hopsTo: number[] = new Array(MOST_NESTED).fill(0);
  /** How many references to scalars led from the innermost thing to the value that is being written. */
  #hops = 0;
  /** The number of the next value. */
  #tag = 0;
  readonly #met = new MetThings();
  #classNumbers: Map<string, number> | undefined;

  constructor(settings: WriteSettings) {
    this.#settings = settings;
    this.#out = new OctetWriter(settings.native);
  }

  /**
   * Writes an image. One after the other can be written, as long as none fails: a writer that has thrown is in the middle of
   * an image, and has to be dropped.
   *
   * @param front - Told how many octets the image has, and returns what to put in front of it, as characters below 256.
   * @returns Where it is: {@link OctetWriter.finish}.
   */
  write(root: unknown, front?: (octets: number) => string): Span {
    this.#write(root, front !== undefined);
    return this.#out.finish(front);
  }

  /** The same as a view: {@link OctetWriter.finishView}. */
  writeView(root: unknown, front?: (octets: number) => string): Buffer {
    this.#write(root, front !== undefined);
    return this.#out.finishView(front);
  }

  #write(root: unknown, hasFront: boolean): void {
    this.#out.begin(hasFront);
    this.#tag = 0;
    this.#hops = 0;
    if (this.#settings.native) {
      this.#out.pair(op.NATIVE_MAGIC, op.MINOR);
      this.#out.octets(op.NATIVE_LAYOUT);
    } else {
      this.#out.pair(op.NETWORK_MAGIC, op.MINOR);
    }
    this.#root(root);
    while (this.#frame !== undefined) this.#step(this.#frame);
    this.#met.clear();
    this.#classNumbers = undefined;
  }

  #root(root: unknown): void {
    if (typeof root !== 'object' || root === null || isScalarObject(root)) {
      if (typeof root === 'function' || typeof root === 'symbol') throw this.#unsupported(root);
      throw new PoeUsageError(
        'POE_ERR_FREEZE_ROOT',
        `Cannot freeze ${describe(root)} by itself: the outermost value must be what a reference in Perl leads to`,
        { hint: 'Put it into an array, an object or a PerlRef' },
      );
    }
    const ref = this.#thing(root, Object.getPrototypeOf(root), 0);
    // As in Storable, the reference that is the root itself does not count as a level.
    if (ref !== undefined) {
      this.#hops = 1;
      this.#value(ref.value, 0);
    }
  }

  /** Writes values of the innermost thing on the list until another one opens or this one is complete. */
  #step(frame: Frame): void {
    const { kind, values, keys, count, depth } = frame;
    while (this.#frame === frame) {
      const index = frame.done;
      if (index > 0) {
        if (kind === HASH) this.#out.key(keys[index - 1] as string);
        else if (kind === FLAG_HASH) this.#out.flaggedKey(keys[index - 1] as string);
      }
      if (index === count) {
        this.#close(frame);
        return;
      }
      frame.done = index + 1;
      this.#hops = 0;
      const value = values[index];
      if (value === undefined && kind === ARRAY && !(index in values)) this.#hole();
      else if (kind === HOOK) this.#hookReference(frame.thing as PerlHook, value, depth);
      else this.#value(value, depth);
    }
  }

  #open(kind: Kind, thing: unknown, values: readonly unknown[], keys: readonly string[], depth: number): void {
    this.#checkDepth(depth);
    const hops = this.#hops;
    this.#hops = 0;
    const { length: count } = values;
    this.#frame = {
      kind,
      thing,
      values,
      keys,
      count,
      done: 0,
      depth,
      hops,
      nesting: this.#nesting,
      outer: this.#frame,
    };
  }

  #close(frame: Frame): void {
    this.#frame = frame.outer;
    if (frame.kind === TIED) {
      const { kind, key } = frame.thing as PerlTied;
      if (kind === 'index') this.#out.length(key as number);
    } else if (frame.kind === HOOK) {
      this.#hookEnd(frame.thing as PerlHook);
    }
  }

  // ---- values

  /** Writes one value, or as much of it as stands in front of the values that it contains. */
  #value(given: unknown, depth: number): void {
    let value = given;
    let level = depth;
    for (;;) {
      switch (typeof value) {
        case 'string':
          this.#tag++;
          this.#out.string(value);
          return;
        case 'number':
          this.#tag++;
          this.#number(value);
          return;
        case 'boolean':
          this.#tag++;
          this.#out.string(value ? '1' : '');
          return;
        case 'undefined':
          this.#tag++;
          this.#out.octet(op.SX_UNDEF);
          return;
        case 'bigint':
          this.#tag++;
          this.#bigint(value);
          return;
        case 'object': {
          if (value === null) {
            this.#tag++;
            this.#out.octet(op.SX_UNDEF);
            return;
          }
          const prototype: unknown = Object.getPrototypeOf(value);
          if (!isPlain(prototype) && isScalarObject(value)) {
            this.#scalarObject(value, level);
            return;
          }
          this.#tag++;
          this.#out.octet(op.SX_REF);
          const ref = this.#thing(value, prototype, level);
          if (ref === undefined) return;
          level++;
          this.#hops++;
          this.#checkDepth(level);
          value = ref.value;
          break;
        }
        default:
          throw this.#unsupported(value);
      }
    }
  }

  #hole(): void {
    this.#tag++;
    this.#out.octet(op.SX_SV_UNDEF);
  }

  #number(value: number): void {
    // Minus zero becomes 0, as in Storable.
    if ((value | 0) === value) {
      if (!this.#settings.native) this.#out.integer32(value);
      else if (value >= -128 && value <= 127) this.#out.pair(op.SX_BYTE, value + 128);
      else this.#out.safeInteger(value);
    } else if (!this.#settings.native) {
      this.#out.bytes(perlNumberText(value));
    } else if (Number.isSafeInteger(value)) {
      this.#out.safeInteger(value);
    } else {
      this.#out.double(value);
    }
  }

  #bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.#number(number);
    else if (this.#settings.native && value >= MIN_INT64 && value <= MAX_INT64) this.#out.integer64(value);
    else this.#out.bytes(String(value));
  }

  #scalarObject(value: ScalarObject, depth: number): void {
    if (value instanceof PerlTied) {
      this.#tiedScalar(value, depth);
      return;
    }
    this.#tag++;
    if (value instanceof Uint8Array) this.#out.byteArray(value);
    else if (value instanceof PerlString) this.#perlString(value);
    else this.#versionString(value);
  }

  /** The only scalar that may lead back to itself: in a second place it is named by its number, as Perl does it. */
  #tiedScalar(tied: PerlTied, depth: number): void {
    const tag = this.#met.meet(tied, this.#tag);
    if (tag !== undefined) {
      this.#out.network32(op.SX_OBJECT, tag);
      return;
    }
    this.#tag++;
    this.#openTied(tied, depth + 1);
  }

  #perlString({ value, flagged }: PerlString): void {
    if (flagged) this.#out.text(value);
    else this.#out.bytes(this.#octetsOnly(value, 'a PerlString without flag'));
  }

  #versionString({ value, literal }: PerlVString): void {
    this.#octetsOnly(literal, 'the literal of a PerlVString');
    if (literal.length <= 0xff) this.#out.pair(op.SX_VSTRING, literal.length);
    else this.#out.sized(op.SX_LVSTRING, literal.length);
    this.#out.latin1(literal);
    this.#out.string(value);
  }

  // ---- things

  /**
   * Writes what a reference leads to.
   *
   * @returns A PerlRef whose value has to be written next, or undefined.
   */
  #thing(thing: object, prototype: unknown, depth: number): PerlRef | undefined {
    const tag = this.#met.meet(thing, this.#tag);
    if (tag !== undefined) {
      this.#out.network32(op.SX_OBJECT, tag);
      return undefined;
    }
    if (isPlain(prototype)) {
      const className = (thing as Blessable)[blessed];
      if (className !== undefined) this.#bless(className);
      if (Array.isArray(thing)) this.#array(thing, depth);
      else this.#hash(thing as Record<string, unknown>, prototype, depth);
      return undefined;
    }
    const registered = this.#settings.classes.find(thing);
    if (registered !== undefined) {
      const data = registered.codec.reduce(thing);
      if (isData(data)) return this.#data(data, registered.name, depth);
      throw this.#unsupported(
        data,
        `The codec of class '${registered.name}' must reduce to a hash, an array or a PerlRef`,
      );
    }
    if (isData(thing)) return this.#data(thing, (thing as Blessable)[blessed], depth);
    this.#opaque(thing, depth);
    return undefined;
  }

  /** Writes a hash or array, or what stands in front of the value of a PerlRef. */
  #data(data: Data, className: unknown, depth: number): PerlRef | undefined {
    if (className !== undefined) this.#bless(className);
    if (Array.isArray(data)) {
      this.#array(data, depth);
      return undefined;
    }
    if (data instanceof PerlRef) return data;
    const source = data instanceof Map ? this.#record(data) : (data as Record<string, unknown>);
    this.#hash(source, Object.getPrototypeOf(source), depth);
    return undefined;
  }

  #array(values: readonly unknown[], depth: number): void {
    this.#tag++;
    this.#out.sized(op.SX_ARRAY, values.length);
    if (this.#nesting === MOST_NESTED) {
      this.#open(ARRAY, values, values, NO_KEYS, depth + 1);
      return;
    }
    this.#enter(depth + 1);
    this.#elements(values, depth + 1);
    this.#nesting--;
  }

  #hash(source: Record<string, unknown>, prototype: unknown, depth: number): void {
    if (depth >= this.#settings.maxHashDepth) throw this.#tooDeep(this.#settings.maxHashDepth, 'hashes');
    this.#tag++;
    const keys = Object.keys(source);
    const known = knownKeys(keys);
    const isWideHash = known === undefined && hasWide(keys);
    if (isWideHash) {
      this.#out.pair(op.SX_FLAG_HASH, 0);
      this.#out.length(keys.length);
    } else {
      this.#out.sized(op.SX_HASH, keys.length);
    }
    if (this.#nesting === MOST_NESTED) {
      const values = keys.map((key) => source[key]);
      this.#open(isWideHash ? FLAG_HASH : HASH, source, values, keys, depth + 1);
      return;
    }
    this.#enter(depth + 1);
    this.#pairs(source, prototype, keys, known, isWideHash, depth + 1);
    this.#nesting--;
  }

  /** What is written now is inside of an array or hash that is not on the list. */
  #enter(depth: number): void {
    this.#checkDepth(depth);
    this.#hopsTo[this.#nesting++] = this.#hops;
  }

  /** PERF: this and {@link #pairValue} write most of what there is to write, so numbers and strings take no way round. */
  #elements(values: readonly unknown[], depth: number): void {
    const out = this.#out;
    const count = values.length;
    let index = 0;
    while (index < count) {
      const value = values[index];
      if (typeof value === 'number') {
        const next = out.integers(values, index, count);
        this.#tag += next - index;
        if (next > index) {
          index = next;
          continue;
        }
      } else if (typeof value === 'string') {
        this.#tag++;
        out.string(value);
        index++;
        continue;
      }
      if (value === undefined && !(index in values)) this.#hole();
      else this.#inner(index, value, depth);
      index++;
    }
  }

  /**
   * PERF: where V8 knows the layout of an object, `for in` with a look-up by its own variable is ten times faster than one
   * look-up for each of many keys. Objects without prototype are mostly dictionaries, for which it is slower.
   */
  #pairs(
    source: Record<string, unknown>,
    prototype: unknown,
    keys: readonly string[],
    known: KnownKeys | undefined,
    isWideHash: boolean,
    depth: number,
  ): void {
    const byFour = this.#settings.native ? undefined : known;
    let count = 0;
    if (prototype === Object.prototype) {
      for (const key in source) {
        // What is inherited comes after all own keys; and a getter or a codec may have taken keys away.
        if (key !== keys[count]) break;
        this.#pairValue(key, source[key], count, byFour, depth);
        this.#pairKey(key, count, byFour, isWideHash);
        count++;
      }
    }
    for (; count < keys.length; count++) {
      const key = keys[count] as string;
      this.#pairValue(key, source[key], count, byFour, depth);
      this.#pairKey(key, count, byFour, isWideHash);
    }
  }

  #pairValue(key: string, value: unknown, index: number, known: KnownKeys | undefined, depth: number): void {
    if (typeof value === 'string') {
      this.#tag++;
      if (known === undefined) this.#out.string(value);
      else this.#out.knownString(value, known, index);
    } else if (typeof value === 'number') {
      this.#tag++;
      this.#number(value);
    } else {
      this.#inner(key, value, depth);
    }
  }

  #pairKey(key: string, index: number, known: KnownKeys | undefined, isWideHash: boolean): void {
    if (known !== undefined) this.#out.knownKey(key, known, index);
    else if (isWideHash) this.#out.flaggedKey(key);
    else this.#out.key(key);
  }

  /** Writes a value with all that it contains. */
  #inner(step: string | number, value: unknown, depth: number): void {
    const frame = this.#frame;
    this.#steps[this.#nesting] = step;
    this.#hops = 0;
    this.#value(value, depth);
    while (this.#frame !== frame) this.#step(this.#frame as Frame);
  }

  #record(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
    const record: Record<string, unknown> = Object.create(null);
    for (const [key, value] of map) {
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint') {
        throw this.#unsupported(key, 'The keys of a Map must be strings or numbers');
      }
      record[String(key)] = value;
    }
    return record;
  }

  #opaque(thing: object, depth: number): void {
    if (thing instanceof PerlHook) {
      this.#tag++;
      this.#out.octet(op.SX_HOOK);
      this.#open(HOOK, thing, thing.refs, NO_KEYS, depth + 1);
    } else if (thing instanceof PerlRegexp) {
      this.#regexp(thing);
    } else if (thing instanceof PerlTied) {
      if (thing[blessed] !== undefined) this.#bless(thing[blessed]);
      this.#tag++;
      this.#openTied(thing, depth + 1);
    } else if (thing instanceof PerlCode) {
      this.#code(thing);
    } else {
      throw this.#unsupported(thing);
    }
  }

  #regexp(regexp: PerlRegexp): void {
    this.#bless(regexp[blessed] ?? 'Regexp');
    this.#tag++;
    // The format has no flag for text here: Perl writes the octets that it holds.
    const pattern = isWide(regexp.pattern) ? Buffer.from(regexp.pattern).toString('latin1') : regexp.pattern;
    const flags = this.#octetsOnly(regexp.flags, 'the flags of a PerlRegexp');
    if (pattern.length <= 0xff) {
      this.#out.pair(op.SX_REGEXP, 0);
      this.#out.octet(pattern.length);
    } else {
      this.#out.pair(op.SX_REGEXP, op.REGEXP_LONG);
      this.#out.length(pattern.length);
    }
    this.#out.latin1(pattern);
    this.#out.octet(flags.length);
    this.#out.latin1(flags);
  }

  #code(code: PerlCode): void {
    if (!this.#settings.code) {
      throw this.#unsupported(code, "Storable refuses code as well; the option code: 'source' allows it");
    }
    if (code[blessed] !== undefined) this.#bless(code[blessed]);
    // Both the code and the string with its source have a number.
    this.#tag += 2;
    this.#out.octet(op.SX_CODE);
    this.#out.string(code.source);
  }

  #openTied(tied: PerlTied, depth: number): void {
    if (tied.kind === 'index' && !Number.isInteger(tied.key)) {
      throw this.#unsupported(tied.key, 'The key of a tied array element must be its index');
    }
    this.#out.octet(TIED_OPCODES[tied.kind]);
    const values = tied.kind === 'elem' ? [tied.object, tied.key] : [tied.object];
    this.#open(TIED, tied, values, NO_KEYS, depth);
  }

  // ---- hooks

  /** Writes a thing that a hook record refers to, unless it was written before. */
  #hookReference(hook: PerlHook, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null || isScalarObject(value)) {
      throw this.#unsupported(value, 'The refs of a PerlHook must be references: arrays, objects, PerlRef ...');
    }
    if (this.#met.numberOf(value) !== undefined) return;
    this.#out.octet(op.HOOK_VALUE_FOLLOWS | op.HOOK_KINDS.indexOf(hook.kind));
    const ref = this.#thing(value, Object.getPrototypeOf(value), depth);
    if (ref === undefined) return;
    this.#hops = 1;
    this.#checkDepth(depth + 1);
    this.#value(ref.value, depth + 1);
  }

  /** Writes the record itself, after everything that it refers to. */
  #hookEnd(hook: PerlHook): void {
    const name = this.#octetsOnly(hook.className, 'the class of a PerlHook');
    const frozen = this.#frozen(hook.frozen);
    const known = this.#classNumber(name);
    const classOctets = known ?? name.length;
    const { length } = hook.refs;
    let flags = op.HOOK_KINDS.indexOf(hook.kind);
    if (known !== undefined) flags |= op.HOOK_KNOWN_CLASS;
    if (classOctets > 0xff) flags |= op.HOOK_LONG_CLASS;
    if (frozen.length > 0xff) flags |= op.HOOK_LONG_STRING;
    if (length > 0) flags |= op.HOOK_HAS_LIST;
    if (length > 0xff) flags |= op.HOOK_LONG_LIST;
    this.#out.octet(flags);
    this.#shortOrLong(classOctets);
    if (known === undefined) this.#out.latin1(name);
    this.#shortOrLong(frozen.length);
    this.#out.latin1(frozen);
    if (length === 0) return;
    this.#shortOrLong(length);
    for (const ref of hook.refs) this.#out.big32(this.#met.numberOf(ref as object) as number);
  }

  #shortOrLong(length: number): void {
    if (length <= 0xff) this.#out.octet(length);
    else this.#out.length(length);
  }

  #frozen(frozen: unknown): string {
    const text = frozen instanceof PerlString ? frozen.value : frozen;
    if (text instanceof Uint8Array) return Buffer.from(text).toString('latin1');
    if (typeof text === 'string') return this.#octetsOnly(text, 'the frozen string of a PerlHook');
    throw this.#unsupported(frozen, 'The frozen part of a PerlHook must be a string');
  }

  // ---- classes and numbers

  #bless(className: unknown): void {
    if (typeof className !== 'string' || className === '') {
      throw this.#unsupported(className, 'A class mark must be the name of a class');
    }
    const known = this.#classNumber(this.#octetsOnly(className, 'the name of a class'));
    const opcode = known === undefined ? op.SX_BLESS : op.SX_IX_BLESS;
    const octets = known ?? className.length;
    if (octets < op.LONG_FORM) {
      this.#out.pair(opcode, octets);
    } else {
      this.#out.pair(opcode, op.LONG_FORM);
      this.#out.length(octets);
    }
    if (known === undefined) this.#out.latin1(className);
  }

  /** The number of a class, or undefined if it has just been given one. */
  #classNumber(className: string): number | undefined {
    this.#classNumbers ??= new Map();
    const known = this.#classNumbers.get(className);
    if (known === undefined) this.#classNumbers.set(className, this.#classNumbers.size);
    return known;
  }

  // ---- errors

  #checkDepth(depth: number): void {
    const { maxDepth } = this.#settings;
    if (depth > maxDepth) throw this.#tooDeep(maxDepth, 'arrays and references');
  }

  #tooDeep(limit: number, what: string): PoeUsageError {
    return new PoeUsageError('POE_ERR_FREEZE_DEPTH', `Cannot freeze: more than ${limit} ${what} inside each other`, {
      hint: 'Perl refuses this as well; if the peer does not mind, raise the option freezeLimits',
    });
  }

  #octetsOnly(text: string, what: string): string {
    if (!isWide(text)) return text;
    throw new PoeUsageError(
      'POE_ERR_FREEZE_WIDE',
      `Cannot freeze the value at ${this.#place()}: ${what} has characters above 255`,
      { hint: 'Encode it first, or use flagged text' },
    );
  }

  #unsupported(value: unknown, hint = hintFor(value)): PoeUsageError {
    return new PoeUsageError(
      'POE_ERR_FREEZE_VALUE',
      `Cannot freeze the value at ${this.#place()}: it is ${describe(value)}`,
      { hint },
    );
  }

  /** Where the value is that is being written, such as `$.params[3].value`. */
  #place(): string {
    const steps: (string | number | undefined)[] = new Array(this.#hops).fill(undefined);
    let nesting = this.#nesting;
    let frame = this.#frame;
    while (nesting > 0 || frame !== undefined) {
      let hops: number;
      if (frame !== undefined && frame.nesting === nesting) {
        if (frame.done > 0) steps.unshift(frame.keys[frame.done - 1] ?? frame.done - 1);
        ({ hops, outer: frame } = frame);
      } else {
        steps.unshift(this.#steps[nesting]);
        hops = this.#hopsTo[--nesting] as number;
      }
      while (hops-- > 0) steps.unshift(undefined);
    }
    return placeOf(steps);
  }
}

const TIED_OPCODES: Readonly<Record<PerlTied['kind'], number>> = {
  array: op.SX_TIED_ARRAY,
  hash: op.SX_TIED_HASH,
  scalar: op.SX_TIED_SCALAR,
  elem: op.SX_TIED_KEY,
  index: op.SX_TIED_IDX,
};

type ScalarObject = Uint8Array | PerlString | PerlVString | PerlTied;
type Data = readonly unknown[] | ReadonlyMap<unknown, unknown> | PerlRef | object;

/** Whether this is the prototype of a hash or array of no class, in JavaScript's sense. */
function isPlain(prototype: unknown): boolean {
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** Objects that stand for a scalar, and are written without a reference in front. */
function isScalarObject(value: object): value is ScalarObject {
  return (
    value instanceof Uint8Array ||
    value instanceof PerlString ||
    value instanceof PerlVString ||
    (value instanceof PerlTied && value.kind !== 'array' && value.kind !== 'hash')
  );
}

/** Hashes, arrays and references to scalars: what an object in Perl usually is made of. */
function isData(value: unknown): value is Data {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || value instanceof Map || value instanceof PerlRef) return true;
  // Also plain objects of another realm, whose prototype is not our Object.prototype, but has none above it either.
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') {
    const type: unknown = value.constructor;
    return typeof type === 'function' ? `an instance of ${type.name}` : 'an object without a constructor';
  }
  return `a ${typeof value}`;
}

function hintFor(value: unknown): string {
  if (typeof value === 'object') return 'Register its class in the option classes, or send its data as a plain object';
  return 'Send undefined, booleans, numbers, strings, octets, arrays and plain objects';
}
