import { Buffer } from 'node:buffer';
import { PoeUsageError } from '../../../core/errors.ts';
import { ClassIndex } from './classes.ts';
import type { ClassCodec } from './freezer.ts';
import { perlNumberText } from './perl-numbers.ts';
import {
  type Blessable,
  blessed,
  PerlCode,
  PerlGlob,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlVString,
} from './perl-values.ts';

/** What a JavaScript value is to Perl. Strings are code points; what they become on the wire is the format's business. */
export type PerlView =
  | { readonly kind: 'undef' }
  | { readonly kind: 'number'; readonly text: string; readonly isInteger: boolean }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'vstring'; readonly vstring: PerlVString }
  | { readonly kind: 'glob'; readonly glob: PerlGlob }
  | PerlReference;

/** A view of something that Perl holds by reference. `identity` is what two places must share to be the same thing. */
export type PerlReference = { readonly identity: object; readonly className: string | undefined } & (
  | { readonly kind: 'array'; readonly array: readonly unknown[] }
  | { readonly kind: 'hash'; readonly hash: Readonly<Record<string, unknown>> }
  | { readonly kind: 'ref'; readonly ref: PerlRef }
  | { readonly kind: 'regexp'; readonly regexp: PerlRegexp }
  | { readonly kind: 'code'; readonly code: PerlCode }
);

const UNDEF: PerlView = { kind: 'undef' };

/**
 * Sees JavaScript values as Perl will, for one freezing. An instance of a registered class is reduced once, and is one
 * thing wherever it appears.
 */
export class PerlViewer {
  readonly #classes: ClassIndex;
  readonly #place: () => string;
  readonly #instances = new Map<object, PerlReference>();

  /** @param place - Says where the value is that is being seen, for an error. */
  constructor(classes: ReadonlyMap<string, ClassCodec> | undefined, place: () => string) {
    this.#classes = new ClassIndex(classes);
    this.#place = place;
  }

  /** @throws PoeUsageError `POE_ERR_FREEZE_VALUE` for what has no counterpart in Perl. */
  view(value: unknown): PerlView {
    switch (typeof value) {
      case 'string':
        return { kind: 'string', text: value };
      case 'number':
        return { kind: 'number', text: perlNumberText(value), isInteger: Number.isSafeInteger(value) };
      case 'bigint':
        return { kind: 'number', text: String(value), isInteger: true };
      case 'boolean':
        // Perl's true and false are the number one and the empty string.
        return value ? { kind: 'number', text: '1', isInteger: true } : { kind: 'string', text: '' };
      case 'undefined':
        return UNDEF;
      case 'object':
        return value === null ? UNDEF : this.#object(value);
      default:
        throw this.refuse(`a ${typeof value}`, 'Send data only: it has no meaning for the receiver');
    }
  }

  /** The error for a value that cannot be frozen. */
  refuse(what: string, hint: string, code = 'POE_ERR_FREEZE_VALUE'): PoeUsageError {
    return new PoeUsageError(code, `Cannot freeze the value at ${this.#place()}: it is ${what}`, { hint });
  }

  #object(value: object): PerlView {
    if (value instanceof Uint8Array) {
      return { kind: 'string', text: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1') };
    }
    if (value instanceof PerlString) return { kind: 'string', text: value.value };
    if (value instanceof PerlVString) return { kind: 'vstring', vstring: value };
    if (value instanceof PerlGlob) return { kind: 'glob', glob: value };
    return this.#instances.get(value) ?? this.#instance(value) ?? this.#data(value, this.#mark(value), value);
  }

  #instance(value: object): PerlReference | undefined {
    const registered = this.#classes.find(value);
    if (registered === undefined) return undefined;
    const data = registered.codec.reduce(value);
    const view = isObject(data) ? this.#plain(data, registered.name, value) : undefined;
    if (view === undefined) {
      throw this.refuse(
        `an instance whose class '${registered.name}' reduces it to ${describe(data)}`,
        'Let the codec reduce it to a plain object, a Map, an array or a PerlRef',
      );
    }
    this.#instances.set(value, view);
    return view;
  }

  #data(data: object, className: string | undefined, identity: object): PerlReference {
    const view = this.#plain(data, className, identity);
    if (view !== undefined) return view;
    throw this.refuse(
      describe(data),
      'Send its data as a plain object, or register its class under a Perl name with the option classes',
    );
  }

  /** The view of data that needs no class to be understood; undefined for an instance of anything else. */
  #plain(data: object, className: string | undefined, identity: object): PerlReference | undefined {
    const common = { identity, className };
    if (Array.isArray(data)) return { kind: 'array', array: data, ...common };
    if (isRecord(data)) return { kind: 'hash', hash: data, ...common };
    if (data instanceof Map) return { kind: 'hash', hash: this.#record(data), ...common };
    if (data instanceof PerlRef) return { kind: 'ref', ref: data, ...common };
    if (data instanceof PerlRegexp) return { kind: 'regexp', regexp: data, ...common };
    if (data instanceof PerlCode) return { kind: 'code', code: data, ...common };
    return undefined;
  }

  #record(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
    const record: Record<string, unknown> = Object.create(null);
    for (const [key, value] of map) {
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint') {
        throw this.refuse(`a Map with ${describe(key)} as a key`, 'The keys of a Map must be strings or numbers');
      }
      record[String(key)] = value;
    }
    return record;
  }

  #mark(data: Blessable): string | undefined {
    const className: unknown = data[blessed];
    if (className === undefined || (typeof className === 'string' && className !== '')) return className;
    throw this.refuse('marked with a class that is no name', 'Set value[blessed] to the name of a Perl class');
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A plain object, also one of another realm, whose prototype is not our Object.prototype but has none above it either. */
function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (!isObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  const type: unknown = value.constructor;
  return typeof type === 'function' ? `an instance of ${type.name}` : 'an object without a constructor';
}

/** Says where inside of a frozen value something is: `$.params[2]`. What a PerlRef refers to is its `.value`. */
export function placeOf(keys: readonly (string | number | undefined)[]): string {
  return keys.reduce<string>((place, key) => {
    if (key === undefined) return `${place}.value`;
    if (typeof key === 'number') return `${place}[${key}]`;
    return /^[A-Za-z_]\w*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
  }, '$');
}
