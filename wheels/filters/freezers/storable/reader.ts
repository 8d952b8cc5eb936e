import { PoeDataError, PoeLimitError } from '../../../../core/errors.ts';
import type { ClassCodec, ThawLimits } from '../freezer.ts';
import { decodeLaxUtf8, type FastBuffer } from '../perl-utf8.ts';
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
import type { Header } from './header.ts';
import * as op from './opcodes.ts';
import { LONGEST_CACHED, shortString } from './short-strings.ts';
import type { ByteStringMaker } from './strings.ts';

/** Everything that the options say about reading, resolved once for many images. */
export interface ReadSettings {
  readonly limits: Readonly<ThawLimits>;
  /** What a byte string becomes. */
  readonly bytes: ByteStringMaker;
  /** What the frozen string of a hook record becomes: a byte string that is never taken for a number. */
  readonly frozen: ByteStringMaker;
  /** Whether flagged strings become a PerlString. */
  readonly exact: boolean;
  /** Whether code, patterns, tied containers and hook records are kept as opaque values. */
  readonly opaque: boolean;
  readonly classes: ReadonlyMap<string, ClassCodec>;
}

/** What the innermost open thing is, that is, what becomes of the next value. */
const ROOT = 0;
const ARRAY = 1;
const HASH = 2;
const FLAG_HASH = 3;
const REF = 4;
const TIED = 5;
const HOOK = 6;
type Kind = typeof ROOT | typeof ARRAY | typeof HASH | typeof FLAG_HASH | typeof REF | typeof TIED | typeof HOOK;

/** Told by {@link Reader.#next}: a container was opened, its first value comes next. */
const OPENED = Symbol('opened');

/** In the list of things seen: a scalar that is a reference to the thing with the next number. */
const REFERS_TO_NEXT = Symbol('refers to next');

/** In the list of things seen: a scalar that is a reference to something seen before. */
class BackReference {
  value: unknown;
}

/** In the list of things seen: what a registered class made of its data. */
class Revived {
  readonly instance: unknown;
  constructor(instance: unknown) {
    this.instance = instance;
  }
}

/** A hook record while its values are read. */
interface HookRecord {
  readonly hook: Mutable<PerlHook>;
  readonly refs: unknown[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** Data of a registered class while they are read. */
type Waiting = { readonly name: string; readonly codec: ClassCodec; readonly tag: number };

/**
 * Reads the values of one image.
 *
 * There is one loop and a stack of our own: no depth of nesting can overflow the stack of JavaScript. The innermost open
 * thing is in the fields `#kind`, `#holder` and `#left`, those around it are on `#stack`.
 *
 * Perl knows values and things: a *value* sits in an array, a hash or a scalar, a *thing* is what a reference leads to. An
 * array or hash is a thing and only ever sits behind a reference; a scalar can be both, and is a `PerlRef` as a thing.
 */
export class Reader {
  readonly #image: FastBuffer;
  readonly #end: number;
  readonly #native: boolean;
  readonly #settings: ReadSettings;
  readonly #bytes: ByteStringMaker;
  readonly #maxNodes: number;
  #at: number;
  #nodes = 0;

  #kind: Kind = ROOT;
  #holder: unknown = null;
  /** How many values the innermost thing still waits for. */
  #left = 1;
  readonly #stack: unknown[] = [];
  #depth = 0;

  /** Everything that has a number, by number: scalars as values, things as themselves. */
  readonly #seen: unknown[] = [];
  /** Scalars that are referred to, by number. */
  #scalarRefs: Map<number, unknown> | undefined;
  /** Classes of scalars, by number, for references to them that come later. */
  #scalarClasses: Map<number, string> | undefined;
  /** Data that a registered class waits for. */
  #revivals: Map<unknown, Waiting> | undefined;
  readonly #classNames: string[] = [];

  constructor(image: FastBuffer, header: Header, settings: ReadSettings) {
    this.#image = image;
    this.#end = image.length;
    this.#native = header.native;
    this.#at = header.start;
    this.#settings = settings;
    this.#bytes = settings.bytes;
    this.#maxNodes = settings.limits.maxNodes;
  }

  /** Reads the thing that the root refers to, and returns that reference. */
  read(): unknown {
    for (;;) {
      let value: unknown;
      if (this.#left === 0) {
        value = this.#close();
      } else {
        this.#left--;
        value = this.#next();
        if (value === OPENED) continue;
      }
      switch (this.#kind) {
        case ARRAY:
          (this.#holder as unknown[]).push(value);
          break;
        case HASH:
          (this.#holder as Record<string, unknown>)[this.#key()] = value;
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
        case ROOT:
          return value;
      }
    }
  }

  /** Reads the next value, with whatever stands in front of it; the innermost thing says if it is a thing instead. */
  #next(): unknown {
    const image = this.#image;
    let isThing = this.#kind === ROOT || this.#kind === HOOK;
    let className: string | undefined;
    for (;;) {
      const start = this.#at;
      if (start >= this.#end) throw this.#truncated('an opcode', 1);
      if (++this.#nodes > this.#maxNodes) throw this.#limit('NODES', 'values', this.#maxNodes, this.#nodes);
      this.#at = start + 1;
      let value: unknown;
      const code = image[start] as number;
      switch (code) {
        case op.SX_BYTE:
          value = this.#octet() - 128;
          break;
        case op.SX_NETINT:
          value = image.readInt32BE(this.#take(4, 'an integer'));
          break;
        case op.SX_SCALAR:
          value = this.#byteString(this.#octet());
          break;
        case op.SX_LSCALAR:
          value = this.#byteString(this.#length());
          break;
        case op.SX_UTF8STR:
          value = this.#text(this.#octet());
          break;
        case op.SX_LUTF8STR:
          value = this.#text(this.#length());
          break;
        case op.SX_UNDEF:
        case op.SX_SVUNDEF_ELEM:
          value = null;
          break;
        case op.SX_SV_UNDEF:
          if (this.#kind === ARRAY && !isThing) return this.#hole();
          value = null;
          break;
        case op.SX_SV_YES:
        case op.SX_BOOLEAN_TRUE:
          value = true;
          break;
        case op.SX_SV_NO:
        case op.SX_BOOLEAN_FALSE:
          value = false;
          break;
        case op.SX_INTEGER:
          value = this.#integer(start);
          break;
        case op.SX_DOUBLE:
          this.#nativeOnly(start, 'a double');
          value = image.readDoubleLE(this.#take(8, 'a double'));
          break;
        case op.SX_VSTRING:
          value = this.#versionString(this.#octet());
          break;
        case op.SX_LVSTRING:
          value = this.#versionString(this.#length());
          break;
        case op.SX_REF:
        case op.SX_OVERLOAD:
        case op.SX_WEAKREF:
        case op.SX_WEAKOVERLOAD:
          if (isThing) this.#openRef(className);
          else if (className !== undefined) this.#rememberClass(this.#seen.length, className);
          this.#seen.push(REFERS_TO_NEXT);
          isThing = true;
          className = undefined;
          continue;
        case op.SX_BLESS:
          className = this.#newClass();
          continue;
        case op.SX_IX_BLESS:
          className = this.#knownClass();
          continue;
        case op.SX_OBJECT:
          return this.#backReference(isThing);
        case op.SX_TIED_SCALAR:
        case op.SX_TIED_KEY:
        case op.SX_TIED_IDX:
          if (isThing) this.#openRef(className);
          else if (className !== undefined) this.#rememberClass(this.#seen.length, className);
          return this.#openTied(code, start, undefined);
        default:
          return this.#thing(code, start, isThing, className);
      }
      this.#seen.push(value);
      if (isThing) return this.#refToLast(value, className);
      if (className !== undefined) this.#rememberClass(this.#seen.length - 1, className);
      return value;
    }
  }

  // ---- things

  /** Opens a thing that is no scalar. */
  #thing(code: number, start: number, isThing: boolean, className: string | undefined): unknown {
    if (!isThing && code !== op.SX_REGEXP) throw this.#unexpected(code, start);
    switch (code) {
      case op.SX_ARRAY:
        return this.#openContainer(ARRAY, [], this.#count(1, 'array'), className);
      case op.SX_HASH:
        return this.#openContainer(HASH, Object.create(null), this.#count(5, 'hash'), className);
      case op.SX_FLAG_HASH:
        this.#octet(); // Whether the hash is restricted, which means nothing here.
        return this.#openContainer(FLAG_HASH, Object.create(null), this.#count(6, 'hash'), className);
      case op.SX_HOOK:
        return this.#openHook(start);
      case op.SX_REGEXP:
        return this.#regexp(start, className);
      case op.SX_CODE:
        return this.#code(start, className);
      case op.SX_TIED_ARRAY:
      case op.SX_TIED_HASH:
        return this.#openTied(code, start, className);
      case op.SX_LOBJECT:
        throw this.#corrupt(start, 'a large object (opcode 33), for lengths above 2 GiB, is not supported');
      default:
        throw this.#unexpected(code, start);
    }
  }

  #openContainer(
    kind: typeof ARRAY | typeof HASH | typeof FLAG_HASH,
    container: object,
    count: number,
    className: string | undefined,
  ): typeof OPENED {
    this.#deeper();
    const { maxHashDepth } = this.#settings.limits;
    if (kind !== ARRAY && this.#depth > maxHashDepth) {
      throw this.#limit('DEPTH', 'hashes inside each other', maxHashDepth, this.#depth);
    }
    if (className !== undefined) this.#bless(container, className, this.#seen.length);
    this.#seen.push(container);
    this.#open(kind, container, count);
    return OPENED;
  }

  #deeper(): void {
    const { maxDepth } = this.#settings.limits;
    this.#depth++;
    if (this.#depth > maxDepth) {
      throw this.#limit('DEPTH', 'arrays and references inside each other', maxDepth, this.#depth);
    }
  }

  #open(kind: Kind, holder: unknown, count: number): void {
    this.#stack.push(this.#kind, this.#holder, this.#left);
    this.#kind = kind;
    this.#holder = holder;
    this.#left = count;
  }

  /** The innermost thing is complete; the one around it becomes the innermost. */
  #close(): unknown {
    const holder = this.#holder;
    const stack = this.#stack;
    const value = this.#kind === HOOK ? (holder as HookRecord).hook : this.#revive(holder);
    this.#left = stack.pop() as number;
    this.#holder = stack.pop();
    this.#kind = stack.pop() as Kind;
    this.#depth--;
    return value;
  }

  /** Opens the reference to a scalar whose value comes next; its number is the next one. */
  #openRef(className: string | undefined): void {
    const ref = new PerlRef<unknown>(null);
    const tag = this.#seen.length;
    // As in Storable, the reference that is the root itself does not count.
    if (this.#kind !== ROOT) this.#deeper();
    this.#rememberRef(tag, ref);
    if (className !== undefined) this.#bless(ref, className, tag);
    this.#open(REF, ref, 0);
  }

  /** A reference to the scalar that was read just now. */
  #refToLast(value: unknown, className: string | undefined): unknown {
    const ref = new PerlRef(value);
    const tag = this.#seen.length - 1;
    if (this.#kind !== ROOT) {
      this.#deeper();
      this.#depth--;
    }
    this.#rememberRef(tag, ref);
    if (className === undefined) return ref;
    this.#bless(ref, className, tag);
    return this.#revive(ref);
  }

  #rememberRef(tag: number, ref: unknown): void {
    this.#scalarRefs ??= new Map();
    this.#scalarRefs.set(tag, ref);
  }

  /** An array, hash or PerlRef with a class: it is marked, or, if the class is registered, will be revived when complete. */
  #bless(data: object, className: string, tag: number): void {
    const codec = this.#settings.classes.get(className);
    if (codec === undefined) {
      (data as Blessable)[blessed] = className;
      return;
    }
    this.#revivals ??= new Map();
    this.#revivals.set(data, { name: className, codec, tag });
  }

  /** Hands complete data to the registered class that waits for it, if one does. */
  #revive(data: unknown): unknown {
    const waiting = this.#revivals?.get(data);
    if (waiting === undefined) return data;
    this.#revivals?.delete(data);
    let instance: unknown;
    try {
      instance = waiting.codec.revive(data);
    } catch (cause) {
      throw new PoeDataError(
        'POE_ERR_STORABLE_REVIVE',
        `${this.#doing(this.#at)}: the codec of class ${JSON.stringify(waiting.name)} did not take the data`,
        { cause },
      );
    }
    if (data instanceof PerlRef) this.#rememberRef(waiting.tag, instance);
    else this.#seen[waiting.tag] = new Revived(instance);
    return instance;
  }

  #flaggedPair(value: unknown): void {
    const flags = this.#octet();
    const isText = (flags & op.KEY_UTF8) !== 0;
    const key = isText ? this.#characters(this.#length(), true) : this.#key();
    if ((flags & op.KEY_PLACEHOLDER) === 0) (this.#holder as Record<string, unknown>)[key] = value;
  }

  #hole(): typeof OPENED {
    this.#seen.push(null);
    (this.#holder as unknown[]).length++;
    return OPENED;
  }

  // ---- things that were seen before

  #backReference(isThing: boolean): unknown {
    const start = this.#at - 1;
    const tag = this.#image.readUInt32BE(this.#take(4, 'an object number'));
    if (tag >= this.#seen.length) throw this.#corrupt(start, `object ${tag} is referred to before it was seen`);
    if (!isThing) return this.#scalarAt(tag, start);
    const last = this.#seen.length - 1;
    if (this.#seen[last] !== REFERS_TO_NEXT) return this.#refToTag(tag, start);
    const scalar = new BackReference();
    this.#seen[last] = scalar;
    scalar.value = this.#refToTag(tag, start);
    return scalar.value;
  }

  #refToTag(tag: number, start: number): unknown {
    const seen = this.#seen[tag];
    if (this.#revivals?.has(seen) || this.#revivals?.has(this.#scalarRefs?.get(tag))) {
      throw new PoeDataError(
        'POE_ERR_STORABLE_CYCLE',
        `${this.#doing(start)}: an object of a registered class contains itself`,
        { hint: 'Leave the class out of the option classes, and make the instance from the blessed data yourself' },
      );
    }
    if (seen instanceof Revived) return seen.instance;
    if (!isScalar(seen)) return seen;
    const known = this.#scalarRefs?.get(tag);
    if (known !== undefined) return known;
    const ref = new PerlRef<unknown>(null);
    this.#rememberRef(tag, ref);
    // A scalar whose value is still unknown here is a reference to itself.
    ref.value = seen instanceof BackReference && seen.value === undefined ? ref : this.#scalarAt(tag, start);
    const className = this.#scalarClasses?.get(tag);
    if (className === undefined) return ref;
    this.#bless(ref, className, tag);
    return this.#revive(ref);
  }

  #scalarAt(tag: number, start: number): unknown {
    const seen = this.#seen[tag];
    if (seen === REFERS_TO_NEXT) return this.#refToTag(tag + 1, start);
    if (seen instanceof BackReference) return seen.value;
    if (isScalar(seen) || seen instanceof PerlRegexp) return seen;
    throw this.#corrupt(start, `object ${tag} is no scalar, and sits where only a scalar can be`);
  }

  #rememberClass(tag: number, className: string): void {
    this.#scalarClasses ??= new Map();
    this.#scalarClasses.set(tag, className);
  }

  #newClass(): string {
    const short = this.#octet();
    const name = this.#className(short === op.LONG_FORM ? this.#length() : short);
    this.#classNames.push(name);
    return name;
  }

  #knownClass(): string {
    const start = this.#at - 1;
    const short = this.#octet();
    return this.#classNumber(short === op.LONG_FORM ? this.#length() : short, start);
  }

  #classNumber(number: number, start: number): string {
    const name = this.#classNames[number];
    if (name === undefined) throw this.#corrupt(start, `class ${number} is referred to before it was named`);
    return name;
  }

  #className(length: number): string {
    const { maxClassName } = this.#settings.limits;
    if (length > maxClassName) throw this.#limit('CLASS_NAME', 'octets of a class name', maxClassName, length);
    return this.#latin1(length, 'a class name');
  }

  // ---- opaque things

  #openTied(code: number, start: number, className: string | undefined): typeof OPENED {
    this.#opaque(start, 'a tied container');
    const kind = TIED_KINDS.get(code) as PerlTied['kind'];
    const tied = new PerlTied(kind, undefined);
    if (className !== undefined) tied[blessed] = className;
    this.#deeper();
    this.#seen.push(tied);
    this.#open(TIED, tied, kind === 'elem' ? 2 : 1);
    return OPENED;
  }

  #tiedPart(value: unknown): void {
    const tied = this.#holder as Mutable<PerlTied>;
    if (tied.kind === 'elem' && this.#left === 0) tied.key = value;
    else tied.object = value;
    if (tied.kind === 'index') tied.key = this.#length();
  }

  #openHook(start: number): unknown {
    this.#opaque(start, 'an object with a freeze hook');
    const kind = op.HOOK_KINDS[(this.#image[this.#at] ?? 0) & op.HOOK_KIND];
    if (kind === undefined) throw this.#corrupt(start, 'a tied container with a freeze hook is not supported');
    const refs: unknown[] = [];
    const hook = new PerlHook('', kind, undefined, refs);
    this.#deeper();
    this.#seen.push(hook);
    this.#open(HOOK, { hook, refs } satisfies HookRecord, 0);
    this.#left = this.#hookGoesOn() ? 1 : 0;
    return OPENED;
  }

  /** Reads the flags of a hook record: another value follows, or the rest of the record, which is read here. */
  #hookGoesOn(): boolean {
    const start = this.#at;
    const flags = this.#octet();
    if ((flags & op.HOOK_VALUE_FOLLOWS) !== 0) return true;
    const { hook, refs } = this.#holder as HookRecord;
    const longClass = (flags & op.HOOK_LONG_CLASS) !== 0;
    const classOctets = longClass ? this.#length() : this.#octet();
    if ((flags & op.HOOK_KNOWN_CLASS) !== 0) {
      hook.className = this.#classNumber(classOctets, start);
    } else {
      hook.className = this.#className(classOctets);
      this.#classNames.push(hook.className);
    }
    const frozen = (flags & op.HOOK_LONG_STRING) !== 0 ? this.#length() : this.#octet();
    hook.frozen = this.#settings.frozen(this.#image, this.#string(frozen), frozen);
    if ((flags & op.HOOK_HAS_LIST) === 0) return false;
    const count = (flags & op.HOOK_LONG_LIST) !== 0 ? this.#length() : this.#octet();
    const list = this.#take(count * 4, 'a list of object numbers');
    this.#nodes += count;
    for (let index = 0; index < count; index++) {
      const tag = this.#image.readUInt32BE(list + index * 4);
      if (tag >= this.#seen.length) throw this.#corrupt(start, `object ${tag} is referred to before it was seen`);
      refs.push(this.#refToTag(tag, start));
    }
    return false;
  }

  #regexp(start: number, className: string | undefined): PerlRegexp {
    this.#opaque(start, 'a pattern');
    const long = (this.#octet() & op.REGEXP_LONG) !== 0;
    const pattern = this.#characters(long ? this.#length() : this.#octet(), false);
    const flags = this.#characters(this.#octet(), false);
    const regexp = new PerlRegexp(pattern, flags);
    if (className !== undefined && className !== 'Regexp') regexp[blessed] = className;
    this.#seen.push(regexp);
    return regexp;
  }

  #code(start: number, className: string | undefined): PerlCode {
    this.#opaque(start, 'code');
    // Both the code and the string with its source have a number.
    const tag = this.#seen.push(null) - 1;
    const source = this.#plainString('source code');
    const code = new PerlCode(source);
    if (className !== undefined) code[blessed] = className;
    this.#seen[tag] = code;
    this.#seen.push(source);
    return code;
  }

  #opaque(start: number, what: string): void {
    if (this.#settings.opaque) return;
    throw new PoeDataError('POE_ERR_STORABLE_OPAQUE', `${this.#doing(start)}: ${what} is refused`, {
      hint: "Allow it with the option opaque: 'keep'; it is then kept as data, and never run",
    });
  }

  // ---- scalars

  #versionString(literalLength: number): PerlVString {
    const literal = this.#characters(literalLength, false);
    return new PerlVString(this.#plainString('a version string'), literal);
  }

  /** A string, and nothing else, as part of something larger. */
  #plainString(what: string): string {
    const start = this.#at;
    switch (this.#octet()) {
      case op.SX_SCALAR:
        return this.#characters(this.#octet(), false);
      case op.SX_LSCALAR:
        return this.#characters(this.#length(), false);
      case op.SX_UTF8STR:
        return this.#characters(this.#octet(), true);
      case op.SX_LUTF8STR:
        return this.#characters(this.#length(), true);
      default:
        throw this.#corrupt(start, `${what} is no string`);
    }
  }

  #byteString(length: number): unknown {
    return this.#bytes(this.#image, this.#string(length), length);
  }

  #text(length: number): unknown {
    const text = this.#characters(length, true);
    return this.#settings.exact ? new PerlString(text, true) : text;
  }

  #characters(length: number, isText: boolean): string {
    const start = this.#string(length);
    if (!isText) return this.#image.latin1Slice(start, start + length);
    const text = decodeLaxUtf8(this.#image, start, start + length);
    if (text === undefined) throw this.#corrupt(start, `a flagged string of ${length} octets is not UTF-8`);
    return text;
  }

  #key(): string {
    const length = this.#length();
    const start = this.#string(length);
    return length <= LONGEST_CACHED
      ? shortString(this.#image, start, length)
      : this.#image.latin1Slice(start, start + length);
  }

  #integer(start: number): number | bigint {
    this.#nativeOnly(start, 'an integer of eight octets');
    const at = this.#take(8, 'an integer');
    const value = this.#image.readInt32LE(at + 4) * 2 ** 32 + this.#image.readUInt32LE(at);
    return Number.isSafeInteger(value) ? value : this.#image.readBigInt64LE(at);
  }

  /** Such a value has no defined byte order in network order, and Storable never writes it there. */
  #nativeOnly(start: number, what: string): void {
    if (!this.#native) throw this.#corrupt(start, `${what} in network order`);
  }

  // ---- octets

  /** Passes over octets and returns where they begin. */
  #take(octets: number, what: string): number {
    const at = this.#at;
    if (octets > this.#end - at) throw this.#truncated(what, octets);
    this.#at = at + octets;
    return at;
  }

  #octet(): number {
    return this.#image[this.#take(1, 'an octet')] as number;
  }

  /** A length or count, in the byte order of the image. */
  #length(): number {
    const at = this.#take(4, 'a length');
    return this.#native ? this.#image.readUInt32LE(at) : this.#image.readUInt32BE(at);
  }

  /** The length of a container, each element of which takes at least so many octets. It allocates nothing. */
  #count(octetsEach: number, what: string): number {
    const start = this.#at;
    const count = this.#length();
    if (count * octetsEach > this.#end - this.#at) {
      throw this.#truncated(`the elements of ${what} (${count} at octet ${start})`, count * octetsEach);
    }
    return count;
  }

  #string(length: number): number {
    const { maxString } = this.#settings.limits;
    if (length > maxString) throw this.#limit('STRING', 'octets of a string', maxString, length);
    return this.#take(length, 'a string');
  }

  #latin1(length: number, what: string): string {
    const start = this.#take(length, what);
    return this.#image.latin1Slice(start, start + length);
  }

  // ---- errors

  #doing(at: number): string {
    return `Cannot thaw a Storable image at octet ${at}`;
  }

  #truncated(what: string, octets: number): PoeDataError {
    const left = this.#end - this.#at;
    return new PoeDataError(
      'POE_ERR_STORABLE_TRUNCATED',
      `${this.#doing(this.#at)}: octets needed for ${what}: ${octets}, octets left: ${left}`,
    );
  }

  #corrupt(at: number, found: string): PoeDataError {
    return new PoeDataError('POE_ERR_STORABLE_CORRUPT', `${this.#doing(at)}: ${found}`);
  }

  #unexpected(code: number, at: number): PoeDataError {
    const known = code <= op.SX_REGEXP;
    return this.#corrupt(
      at,
      known ? `a container (opcode ${code}) without a reference to it` : `opcode ${code} is unknown`,
    );
  }

  #limit(name: string, what: string, limit: number, found: number): PoeLimitError {
    return new PoeLimitError(
      `POE_ERR_THAW_${name}`,
      `${this.#doing(this.#at)}: ${found} ${what}, and ${limit} are allowed`,
      { hint: 'Raise the limit in the option limits if such values are to be expected' },
    );
  }
}

const TIED_KINDS: ReadonlyMap<number, PerlTied['kind']> = new Map([
  [op.SX_TIED_ARRAY, 'array'],
  [op.SX_TIED_HASH, 'hash'],
  [op.SX_TIED_SCALAR, 'scalar'],
  [op.SX_TIED_KEY, 'elem'],
  [op.SX_TIED_IDX, 'index'],
]);

/** Whether an entry of the list of things seen is a scalar, to which a reference is a PerlRef. */
function isScalar(seen: unknown): boolean {
  return (
    typeof seen !== 'object' ||
    seen === null ||
    seen instanceof BackReference ||
    seen instanceof PerlString ||
    seen instanceof PerlVString ||
    seen instanceof Uint8Array ||
    (seen instanceof PerlTied && seen.kind !== 'array' && seen.kind !== 'hash')
  );
}
