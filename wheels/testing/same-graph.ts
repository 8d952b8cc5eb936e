import assert from 'node:assert/strict';
import { blessed, PerlRef } from '../filters/index.ts';

/**
 * Holds two thawed values against each other: equal scalars, equal classes, and the same things shared at the same
 * places. Hashes must have no prototype.
 */
export function assertSameGraph(actual: unknown, expected: unknown): void {
  const partners = new Map<object, object>();
  const taken = new Set<object>();
  const pending: [actual: unknown, expected: unknown, path: string][] = [[actual, expected, '$']];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right, path] = pair;
    if (!isContainer(right)) {
      assert.deepEqual(left, right, path);
      continue;
    }
    assert.ok(isContainer(left), `${path}: not a container`);
    const partner = partners.get(right);
    assert.equal(taken.has(left), partner !== undefined, `${path}: shared in one of the two only`);
    if (partner !== undefined) {
      assert.equal(left, partner, `${path}: another thing than before`);
      continue;
    }
    partners.set(right, left);
    taken.add(left);
    assert.equal(kindOf(left), kindOf(right), path);
    assert.equal(left[blessed], right[blessed], `${path}: class`);
    assert.deepEqual(Object.keys(left).sort(), Object.keys(right).sort(), `${path}: keys`);
    for (const key of Object.keys(right)) pending.push([left[key], right[key], `${path}{${key}}`]);
  }
}

type Container = Record<string, unknown> & { [blessed]?: string };

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && kindOf(value) !== 'other';
}

function kindOf(value: object): 'array' | 'hash' | 'ref' | 'other' {
  if (Array.isArray(value)) return 'array';
  if (value instanceof PerlRef) return 'ref';
  return Object.getPrototypeOf(value) === null ? 'hash' : 'other';
}
