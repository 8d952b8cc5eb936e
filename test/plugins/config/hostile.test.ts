import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PoeUsageError } from 'poe-kernel';
import { type PoeConfig, readConfig } from 'poe-kernel/plugins';
import { processorMs } from '../../helpers/processor-time.ts';
import { fc } from '../../helpers/property.ts';

/** What `readConfig` makes of anything at all: it takes it, or refuses it with an error that names where it is from and a key. */
async function verdict(config: unknown): Promise<'taken' | 'refused'> {
  try {
    await readConfig({ config: config as PoeConfig, env: {} });
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof PoeUsageError, String(error));
    assert.match(error.message, /config of the program|\(plugins\[\d+\]\.use\)/);
    assert.ok(error.message.length < 2000, 'a message is for people');
    return 'refused';
  }
}

/** Keys and values near to those that a config has. */
const key = fc.constantFrom(
  'plugins',
  'use',
  'options',
  'name',
  'level',
  'hookFailures',
  '__proto__',
  'constructor',
  'x',
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>('log', './x.js', '', null, undefined, 1, -1, Number.NaN, 1n, true, () => {}, Symbol('s')),
  fc.anything({ maxDepth: 1, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
);
const { near } = fc.letrec<{ near: unknown }>((tie) => ({
  near: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('near'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('near')), { maxLength: 4 }).map((entries) => {
      const made = {};
      for (const [name, value] of entries) {
        Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
      }
      return made;
    }),
  ),
}));

describe('readConfig(), whatever it is given', () => {
  test('takes or refuses it, and changes no prototype', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(near, fc.record({ plugins: fc.array(fc.record({ use: leaf, options: near })) })),
        async (value) => {
          fc.pre(typeof value === 'object' && value !== null);
          seen.add(await verdict(value));
        },
      ),
      { numRuns: 3000 },
    );
    assert.deepEqual([...seen].sort(), ['refused', 'taken']);
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
  });

  const circle: { plugins: unknown[] } = { plugins: [] };
  circle.plugins.push({ use: 'log', options: { circle } });
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level++) deep = { deep };
  const throwing = Object.defineProperty({}, 'plugins', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  for (const [title, config, found] of [
    ['a circle', circle, /plugins\[0\]\.options\.circle leads back to a value that it is part of/],
    ['levels without end', { plugins: [{ use: 'log', options: deep }] }, /is nested more than 32 levels deep/],
    ['a million values', { plugins: Array(1_000_000).fill({ use: 'log' }) }, /holds more than 10000 values/],
    ['__proto__', JSON.parse('{"__proto__":{"polluted":1}}'), /it is |__proto__ is no key that is known/],
    [
      '__proto__ in options',
      JSON.parse('{"plugins":[{"use":"log","options":{"__proto__":{"polluted":1}}}]}'),
      /plugins\[0\]\.options\.__proto__ is no key that is known/,
    ],
    ['a getter that throws', throwing, /it cannot be looked at: no/],
    ['a proxy that is gone', proxy, /it cannot be looked at: /],
    ['a hundred mistakes', { plugins: Array(100).fill(0) }, /100 mistakes[\s\S]*and 90 more$/],
    [
      'a text without end',
      { name: 'x'.repeat(1_000_000) },
      /name is 'x{50}'\.\.\. .*: expected string to have <=100 characters$/,
    ],
  ] as const) {
    test(`refuses ${title}`, async () => {
      const start = processorMs();
      await assert.rejects(readConfig({ config: config as PoeConfig, env: {} }), (error: Error) => {
        assert.ok(error instanceof PoeUsageError);
        assert.match(error.message, found);
        return true;
      });
      assert.ok(processorMs() - start < 2000);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    });
  }
});
