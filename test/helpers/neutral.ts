/**
 * The neutral notation of the recorded vectors: a tree of JSON nodes that says what a Perl value is, down to the utf8
 * flag of a string and to which references lead to the same thing. {@link differences} holds a thawed value against it,
 * {@link fromNeutral} builds the value it describes.
 *
 * What a JavaScript value cannot show is compared by value alone:
 * - `weak`: a weak reference thaws to a plain one;
 * - `locked`, `allowed`, `readonly`: a restricted hash thaws to its visible pairs;
 * - `elem`: one scalar that is reached as two elements thaws to two equal elements, and a reference to it to a `PerlRef`
 *   that holds an equal value (references to one scalar are still one `PerlRef`);
 * - `glob`: a glob and a reference to one are only known to be that;
 * - the flag of a hash key, since Perl itself compares keys by characters;
 * - the flags of the string inside a `vstring`, of a pattern, and the number beside the string of a `dual`.
 */
import { createHash } from 'node:crypto';
import {
  blessed,
  PerlCode,
  PerlGlob,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlTied,
  PerlVString,
} from '../../wheels/filters/freezers/perl-values.ts';

/** A string: one of `v` (the characters), `b64` (octets), `cps` (hexadecimal code points), `run`, or length and digest. */
export interface StringNode {
  t: 'bytes' | 'text';
  v?: string;
  b64?: string;
  cps?: string[];
  run?: { s: string; n: number };
  length?: number;
  sha256?: string;
}

/** Any value; the tags are Perl's kinds of values, as the vectors use them. */
export type NeutralNode =
  | StringNode
  | { t: 'undef' | 'hole' }
  | { t: 'int'; v: string }
  | { t: 'num'; v: string; bits: string }
  | { t: 'bool'; v: boolean }
  | { t: 'vstring'; v: StringNode; literal: string }
  | { t: 'dual'; v: StringNode; num: NeutralNode }
  | { t: 'array'; v?: NeutralNode[]; repeat?: { n: number; v: NeutralNode }; id?: number; weak?: boolean }
  | { t: 'hash'; v: [StringNode, NeutralNode][]; id?: number; weak?: boolean }
  | { t: 'ref'; v: NeutralNode; id?: number; weak?: boolean }
  | { t: 'regexp'; pattern: StringNode; flags: string; id?: number; weak?: boolean }
  | { t: 'code'; v: string; id?: number; weak?: boolean }
  | { t: 'blessed'; class: string; v: NeutralNode; weak?: boolean }
  | { t: 'tied'; kind: PerlTied['kind']; obj: NeutralNode; key?: NeutralNode; index?: NeutralNode; id?: number }
  | { t: 'hook'; class: string; kind: PerlHook['kind']; frozen: StringNode; refs: NeutralNode[]; id?: number }
  | { t: 'same'; id: number; weak?: boolean }
  | { t: 'elem'; id: number; v?: NeutralNode }
  | { t: 'nest'; kind: 'array' | 'hash' | 'ref'; depth: number; v: NeutralNode; key?: StringNode | string }
  | { t: 'glob'; v?: string; id?: number }
  | { t: 'error'; v?: string };

/**
 * Compares a value that was thawed with `strings: 'exact'` against a node.
 *
 * @returns One line for every difference, `path: what was expected, what was found`; empty if there is none.
 * @example
 * assert.deepEqual(differences(vector.expect, storable.thaw(image)), []);
 */
export function differences(node: NeutralNode, value: unknown): string[] {
  const comparison = new Comparison();
  comparison.compare(node, value, '$');
  return comparison.found;
}

/** What the string of a node contains, as characters (octets are the characters 0 to 255). */
export function characters(node: StringNode): string {
  if (node.v !== undefined) return node.v;
  if (node.b64 !== undefined) return Buffer.from(node.b64, 'base64').toString('latin1');
  if (node.cps !== undefined) return node.cps.map((cp) => String.fromCodePoint(Number.parseInt(cp, 16))).join('');
  if (node.run !== undefined) return node.run.s.repeat(node.run.n);
  throw new Error('This string node carries only a digest: its characters are unknown');
}

/** A class mark, a node that is not blessed has none. */
type Marked = { [blessed]?: unknown };

class Comparison {
  readonly found: string[] = [];
  /** Values behind the ids of the notation: what a `same` must be, and what an `elem` must equal. */
  readonly #references = new Map<number, unknown>();
  readonly #elements = new Map<number, NeutralNode>();
  /** Every reference that was met, with its first path: nothing may be shared unless a `same` says so. */
  readonly #paths = new Map<object, string>();

  compare(node: NeutralNode, value: unknown, path: string, className?: string): void {
    switch (node.t) {
      case 'undef':
        this.#expect(value === null, path, 'undef', value);
        return;
      case 'int':
        this.#expect(isInteger(value, BigInt(node.v)), path, `integer ${node.v}`, value);
        return;
      case 'num':
        this.#expect(typeof value === 'number' && sameBits(value, node.bits), path, `double ${node.v}`, value);
        return;
      case 'bool':
        this.#expect(value === node.v, path, `boolean ${node.v}`, value);
        return;
      case 'bytes':
      case 'text':
        this.#string(node, value, path);
        return;
      case 'dual':
        this.#string(node.v, value, path);
        return;
      case 'vstring':
        this.#expect(
          value instanceof PerlVString && value.literal === node.literal && value.value === characters(node.v),
          path,
          `version string ${node.literal}`,
          value,
        );
        return;
      case 'glob':
        // A glob itself, or a reference to one: the notation names them alike.
        if (node.id !== undefined) this.#references.set(node.id, value);
        this.#expect((value instanceof PerlRef ? value.value : value) instanceof PerlGlob, path, 'a glob', value);
        return;
      case 'same':
        this.#same(node.id, value, path);
        return;
      case 'elem':
        this.#element(node, value, path);
        return;
      case 'nest':
        this.#nest(node, value, path);
        return;
      case 'blessed':
        this.compare(node.v, value, path, node.class);
        return;
      case 'array':
      case 'hash':
      case 'ref':
      case 'regexp':
      case 'code':
      case 'tied':
      case 'hook':
        if (this.#reference(node, value, path, className)) this.#content(node, value, path);
        return;
      default:
        this.#expect(false, path, `no value at all (${node.t})`, value);
    }
  }

  #expect(holds: boolean, path: string, expected: string, value: unknown): boolean {
    if (!holds) this.found.push(`${path}: expected ${expected}, found ${show(value)}`);
    return holds;
  }

  #string(node: StringNode, value: unknown, path: string): void {
    const flagged = node.t === 'text';
    if (!this.#expect(value instanceof PerlString, path, `a string (${node.t})`, value)) return;
    const string = value as PerlString;
    this.#expect(string.flagged === flagged, path, `the flag ${flagged}`, string.flagged);
    if (node.sha256 === undefined) {
      this.#expect(string.value === characters(node), path, JSON.stringify(characters(node)), string.value);
      return;
    }
    const digest = createHash('sha256').update(Buffer.from(string.value, 'latin1')).digest('hex');
    this.#expect(string.value.length === node.length, path, `${node.length} octets`, string.value.length);
    this.#expect(digest === node.sha256, path, `the digest ${node.sha256}`, digest);
  }

  /** Takes the identity and the class of a reference; false if it is not even an object. */
  #reference(node: NeutralNode & { id?: number }, value: unknown, path: string, className?: string): boolean {
    if (!this.#expect(typeof value === 'object' && value !== null, path, `a reference (${node.t})`, value))
      return false;
    const earlier = this.#paths.get(value as object);
    this.#expect(earlier === undefined, path, 'a thing of its own', `the same as ${earlier}`);
    this.#paths.set(value as object, path);
    if (node.id !== undefined) {
      this.#references.set(node.id, value);
      if (node.t === 'ref') this.#elements.set(node.id, node.v);
    }
    if (node.t !== 'hook') {
      const mark = (value as Marked)[blessed];
      this.#expect(mark === className, path, `the class ${className}`, mark);
    }
    return true;
  }

  #content(node: NeutralNode, value: unknown, path: string): void {
    switch (node.t) {
      case 'array':
        this.#array(node, value, path);
        break;
      case 'hash':
        this.#hash(node, value, path);
        break;
      case 'ref':
        if (this.#expect(value instanceof PerlRef, path, 'a PerlRef', value)) {
          this.compare(node.v, (value as PerlRef).value, `\${${path}}`);
        }
        break;
      case 'regexp':
        this.#expect(
          value instanceof PerlRegexp && value.pattern === characters(node.pattern) && value.flags === node.flags,
          path,
          `the pattern ${characters(node.pattern)} with '${node.flags}'`,
          value,
        );
        break;
      case 'code':
        this.#expect(
          value instanceof PerlCode && value.source.replace(/\s+/g, ' ') === node.v,
          path,
          `the code ${node.v}`,
          value,
        );
        break;
      case 'tied':
        if (this.#expect(value instanceof PerlTied && value.kind === node.kind, path, `tied ${node.kind}`, value)) {
          const tied = value as PerlTied;
          this.compare(node.obj, tied.object, `tied(${path})`);
          const key = node.key ?? node.index;
          if (key !== undefined) this.compare(key, tied.key, `key(${path})`);
        }
        break;
      case 'hook':
        if (this.#expect(value instanceof PerlHook && value.kind === node.kind, path, `hook ${node.kind}`, value)) {
          const hook = value as PerlHook;
          this.#expect(hook.className === node.class, path, `the class ${node.class}`, hook.className);
          this.#string(node.frozen, hook.frozen, `frozen(${path})`);
          this.#list(node.refs, hook.refs, `refs(${path})`);
        }
        break;
    }
  }

  #array(node: NeutralNode & { t: 'array' }, value: unknown, path: string): void {
    if (!this.#expect(Array.isArray(value), path, 'an array', value)) return;
    this.#list(
      node.v ?? Array<NeutralNode>(node.repeat?.n ?? 0).fill(node.repeat?.v as NeutralNode),
      value as [],
      path,
    );
  }

  #list(nodes: readonly NeutralNode[], values: readonly unknown[], path: string): void {
    this.#expect(values.length === nodes.length, path, `${nodes.length} elements`, values.length);
    nodes.forEach((element, index) => {
      if (element.t === 'hole') this.#expect(!(index in values), `${path}[${index}]`, 'a hole', values[index]);
      else if (this.#expect(index in values, `${path}[${index}]`, element.t, 'a hole')) {
        this.compare(element, values[index], `${path}[${index}]`);
      }
    });
  }

  #hash(node: NeutralNode & { t: 'hash' }, value: unknown, path: string): void {
    const prototype = Object.getPrototypeOf(value);
    if (!this.#expect(prototype === null && !Array.isArray(value), path, 'an object without prototype', value)) return;
    const hash = value as Record<string, unknown>;
    const expected = node.v.map(([key]) => characters(key)).sort();
    this.#expect(
      JSON.stringify(Object.keys(hash).sort()) === JSON.stringify(expected),
      path,
      `the keys ${expected}`,
      Object.keys(hash).sort().join(),
    );
    for (const [key, child] of node.v) {
      const name = characters(key);
      if (name in hash) this.compare(child, hash[name], `${path}{${name}}`);
    }
  }

  #same(id: number, value: unknown, path: string): void {
    if (this.#references.has(id)) {
      this.#expect(value === this.#references.get(id), path, `the very thing with id ${id}`, value);
      return;
    }
    // A reference to an element that came first: the first such PerlRef stands for all others.
    this.#references.set(id, value);
    const element = this.#elements.get(id);
    if (!this.#expect(element !== undefined && value instanceof PerlRef, path, `a PerlRef to id ${id}`, value)) return;
    this.#byValue(element as NeutralNode, (value as PerlRef).value, `\${${path}}`);
  }

  #element(node: NeutralNode & { t: 'elem' }, value: unknown, path: string): void {
    if (node.v !== undefined) {
      this.#elements.set(node.id, node.v);
      this.compare(node.v, value, path);
    } else {
      const first = this.#elements.get(node.id);
      if (this.#expect(first !== undefined, path, `an element with id ${node.id}`, value)) {
        this.#byValue(first as NeutralNode, value, path);
      }
    }
  }

  /** A scalar met for the second time, which in JavaScript is a copy: what it refers to may have been visited before. */
  #byValue(node: NeutralNode, value: unknown, path: string): void {
    if (typeof value === 'object' && value !== null && this.#paths.has(value)) return;
    this.compare(node, value, path);
  }

  #nest(node: NeutralNode & { t: 'nest' }, value: unknown, path: string): void {
    let inner = value;
    const key = typeof node.key === 'string' ? node.key : characters(node.key ?? { t: 'bytes', v: 'k' });
    for (let level = 0; level < node.depth; level++) {
      const found = inner;
      if (node.kind === 'array' && Array.isArray(found) && found.length === 1) inner = found[0];
      else if (node.kind === 'ref' && found instanceof PerlRef) inner = found.value;
      else if (node.kind === 'hash' && isHash(found) && Object.keys(found).join() === key) inner = found[key];
      else {
        this.#expect(false, path, `${node.kind} at level ${level} of ${node.depth}`, found);
        return;
      }
    }
    this.compare(node.v, inner, `${path}...`);
  }
}

function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

/** Integers are numbers as long as a number is exact, and bigints beyond. */
function isInteger(value: unknown, expected: bigint): boolean {
  const exact = expected >= BigInt(Number.MIN_SAFE_INTEGER) && expected <= BigInt(Number.MAX_SAFE_INTEGER);
  return exact ? Object.is(value, Number(expected)) : value === expected;
}

function sameBits(value: number, bits: string): boolean {
  const octets = Buffer.alloc(8);
  octets.writeDoubleBE(value);
  return octets.toString('hex') === bits;
}

function show(value: unknown): string {
  if (value instanceof PerlString) return `${JSON.stringify(value.value)} (${value.flagged ? 'text' : 'bytes'})`;
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'no prototype'})`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * Builds the value that a node describes, with {@link PerlString} for every string so that its flag survives a freezer.
 * An `elem` becomes an ordinary element, a reference to it a `PerlRef` to an equal value; hashes have no prototype.
 *
 * @throws Error for `error`, `glob` and strings that are given as a digest: there is no such value.
 */
export function fromNeutral(node: NeutralNode): unknown {
  return new Construction().build(node);
}

class Construction {
  readonly #references = new Map<number, unknown>();
  readonly #elements = new Map<number, unknown>();

  build(node: NeutralNode): unknown {
    switch (node.t) {
      case 'undef':
        return null;
      case 'int':
        return Number.isSafeInteger(Number(node.v)) ? Number(node.v) : BigInt(node.v);
      case 'num':
        return Buffer.from(node.bits, 'hex').readDoubleBE();
      case 'bool':
        return node.v;
      case 'bytes':
      case 'text':
        return new PerlString(characters(node), node.t === 'text');
      case 'dual':
        return this.build(node.v);
      case 'vstring':
        return new PerlVString(characters(node.v), node.literal);
      case 'array':
        return this.#array(node);
      case 'hash': {
        const hash = this.#keep(node.id, Object.create(null) as Record<string, unknown>);
        for (const [key, child] of node.v) hash[characters(key)] = this.build(child);
        return hash;
      }
      case 'ref': {
        const ref = this.#keep(node.id, new PerlRef<unknown>(null));
        ref.value = this.build(node.v);
        if (node.id !== undefined) this.#elements.set(node.id, ref.value);
        return ref;
      }
      case 'regexp':
        return this.#keep(node.id, new PerlRegexp(characters(node.pattern), node.flags));
      case 'code':
        return this.#keep(node.id, new PerlCode(node.v));
      case 'blessed': {
        const thing = this.build(node.v) as Marked;
        thing[blessed] = node.class;
        return thing;
      }
      case 'tied': {
        const key = node.key ?? node.index;
        return this.#keep(node.id, new PerlTied(node.kind, this.build(node.obj), key && this.build(key)));
      }
      case 'hook': {
        const refs: unknown[] = [];
        const hook = this.#keep(node.id, new PerlHook(node.class, node.kind, this.build(node.frozen), refs));
        for (const child of node.refs) refs.push(this.build(child));
        return hook;
      }
      case 'same':
        if (!this.#references.has(node.id)) this.#keep(node.id, new PerlRef(this.#elements.get(node.id)));
        return this.#references.get(node.id);
      case 'elem': {
        if (node.v === undefined) return this.#elements.get(node.id);
        const value = this.build(node.v);
        this.#elements.set(node.id, value);
        // The value may hold a reference to the element itself.
        const early = this.#references.get(node.id);
        if (early instanceof PerlRef) early.value = value;
        return value;
      }
      case 'nest':
        return this.#nest(node);
      default:
        throw new Error(`No value can be built from a node '${node.t}'`);
    }
  }

  #keep<T>(id: number | undefined, thing: T): T {
    if (id !== undefined) this.#references.set(id, thing);
    return thing;
  }

  #array(node: NeutralNode & { t: 'array' }): unknown[] {
    const array = this.#keep<unknown[]>(node.id, []);
    const nodes = node.v ?? Array<NeutralNode>(node.repeat?.n ?? 0).fill(node.repeat?.v as NeutralNode);
    array.length = nodes.length;
    nodes.forEach((child, index) => {
      if (child.t !== 'hole') array[index] = this.build(child);
    });
    return array;
  }

  #nest(node: NeutralNode & { t: 'nest' }): unknown {
    const key = typeof node.key === 'string' ? node.key : characters(node.key ?? { t: 'bytes', v: 'k' });
    let value = this.build(node.v);
    for (let level = 0; level < node.depth; level++) {
      if (node.kind === 'array') value = [value];
      else if (node.kind === 'ref') value = new PerlRef(value);
      else value = Object.assign(Object.create(null), { [key]: value });
    }
    return value;
  }
}
