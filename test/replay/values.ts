/** Recorded and thawed values, brought to a form in which what Perl does not tell apart looks alike. */
import { isDeepStrictEqual } from 'node:util';
import { PerlRef, PerlString } from '../../wheels/filters/freezers/perl-values.ts';
import { characters, type NeutralNode } from '../helpers/neutral.ts';

/** A value of plain JavaScript: undef is null, numbers are text, hashes have no prototype, flags and classes are gone. */
export type Plain = null | string | Plain[] | { [key: string]: Plain };

/** The plain value of a recorded one. */
export function plainOf(node: NeutralNode | undefined): Plain {
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
      return plainOf(node.v);
    case 'array':
      return (node.v ?? []).map(plainOf);
    case 'hash':
      return hashOf(node.v.map(([key, child]) => [characters(key), plainOf(child)]));
    case 'blessed':
    case 'ref':
      return plainOf(node.v);
    default:
      return null;
  }
}

/** The plain value of one that a program of ours was given. */
export function plainValue(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (value instanceof PerlString) return value.value;
  if (value instanceof PerlRef) return plainValue(value.value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object') {
    return hashOf(Object.entries(value).map(([key, child]) => [key, plainValue(child)]));
  }
  return String(value);
}

/** A recorded value as a program would write it: strings and numbers, arrays and objects. For specifiers. */
export function programValue(node: NeutralNode | undefined): unknown {
  if (node?.t === 'int') return Number(node.v);
  if (node?.t === 'array') return (node.v ?? []).map(programValue);
  if (node?.t === 'hash') return Object.fromEntries(node.v.map(([key, each]) => [characters(key), programValue(each)]));
  return plainOf(node);
}

function hashOf(pairs: [string, Plain][]): Plain {
  return Object.assign(Object.create(null), Object.fromEntries(pairs)) as Plain;
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
