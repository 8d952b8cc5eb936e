/** Recorded and thawed values, brought to a form in which what Perl does not tell apart looks alike. */
import { isDeepStrictEqual } from 'node:util';
import { PerlRef, PerlString } from '../../wheels/filters/freezers/perl-values.ts';
import { characters, type NeutralNode } from '../helpers/neutral.ts';

/** A value of plain JavaScript: undef is null, numbers are text, hashes have no prototype, flags and classes are gone. */
export type Plain = null | string | Plain[] | { [key: string]: Plain };

/** The plain value of a recorded one. */
export function plainOf(node: NeutralNode | undefined, known: Map<number, Plain> = new Map()): Plain {
  switch (node?.t) {
    case 'bytes':
    case 'text':
      return node.sha256 === undefined ? characters(node) : `sha256 ${node.sha256}`;
    case 'int':
    case 'num':
      return node.v;
    case 'bool':
      return node.v ? '1' : '';
    case 'dual':
    case 'blessed':
      return plainOf(node.v, known);
    case 'ref': {
      const value = plainOf(node.v, known);
      if (node.id !== undefined) known.set(node.id, value);
      return value;
    }
    case 'same':
      return known.get(node.id) ?? null;
    case 'array': {
      const array: Plain[] = [];
      if (node.id !== undefined) known.set(node.id, array);
      for (const each of node.v ?? []) array.push(plainOf(each, known));
      return array;
    }
    case 'hash': {
      const hash = Object.create(null) as { [key: string]: Plain };
      if (node.id !== undefined) known.set(node.id, hash);
      for (const [key, each] of node.v) hash[characters(key)] = plainOf(each, known);
      return hash;
    }
    default:
      return null;
  }
}

/** The plain value of one that a program of ours was given. */
export function plainValue(value: unknown, known: Map<object, Plain> = new Map()): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  if (value instanceof PerlString) return value.value;
  if (value instanceof PerlRef) return plainValue(value.value, known);
  const earlier = known.get(value);
  if (earlier !== undefined) return earlier;
  if (Array.isArray(value)) {
    const array: Plain[] = [];
    known.set(value, array);
    for (const each of value) array.push(plainValue(each, known));
    return array;
  }
  const hash = Object.create(null) as { [key: string]: Plain };
  known.set(value, hash);
  for (const [key, each] of Object.entries(value)) hash[key] = plainValue(each, known);
  return hash;
}

/** A recorded value as a program would write it: strings and numbers, arrays and objects. For specifiers. */
export function programValue(node: NeutralNode | undefined): unknown {
  if (node?.t === 'int') return Number(node.v);
  if (node?.t === 'array') return (node.v ?? []).map(programValue);
  if (node?.t === 'hash') return Object.fromEntries(node.v.map(([key, each]) => [characters(key), programValue(each)]));
  return plainOf(node);
}

/** The value of a key, null for what is no hash or has no such key. */
export function at(value: Plain, key: string): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value[key] ?? null) : null;
}

export function same(one: Plain, other: Plain): boolean {
  return isDeepStrictEqual(one, other);
}

/** A value on one short line. */
export function shown(value: unknown): string {
  const text =
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** The node of a key in a hash node. */
export function child(node: NeutralNode | undefined, key: string): NeutralNode | undefined {
  return node?.t === 'hash' ? node.v.find(([name]) => characters(name) === key)?.[1] : undefined;
}
