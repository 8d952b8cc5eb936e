import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ASSERTS, TRACES } from '../../core/switches.ts';
import { librarySources, readText } from '../helpers/repository.ts';

describe('docs/debug.md', () => {
  const sources = librarySources().flatMap((path) => {
    return [...readText(path).matchAll(/\bdebugFor\('([^']+)'\)/g)].map(([, name = '']) => `poe:${name}`);
  });
  const rows = [...readText('docs/debug.md').matchAll(/^\| `(poe:[^`]+)` \|/gm)].map(([, name = '']) => name);

  test('has a row for every debug name in the sources', () => {
    assert.ok(sources.length > 0);
    assert.deepEqual(
      sources.filter((name) => !rows.includes(name)),
      [],
    );
  });

  test('has no row for a name that the sources do not have', () => {
    assert.deepEqual(
      rows.filter((name) => !sources.includes(name)),
      [],
    );
  });

  test('lists names of the form poe:room:file, each once', () => {
    for (const name of rows) assert.match(name, /^poe:[a-z]+:[a-z-]+$/);
    assert.equal(new Set(rows).size, rows.length);
  });
});

describe('docs/debug.md, switches', () => {
  const rows = [...readText('docs/debug.md').matchAll(/^\| `(POE_(?:TRACE|ASSERT)_[A-Z]+)` \|/gm)].map(
    ([, name = '']) => name,
  );
  const upper = (kind: string, names: readonly string[]) => names.map((name) => `${kind}_${name.toUpperCase()}`);
  const listed = [...upper('POE_TRACE', ['default', ...TRACES]), ...upper('POE_ASSERT', ['default', ...ASSERTS])];
  const read = librarySources().flatMap((path) => {
    return [...readText(path).matchAll(/\bprocess\.env\.(POE_(?:TRACE|ASSERT)_[A-Z]+)/g)].map(([, name = '']) => name);
  });

  test('has a row for every switch, and for no other', () => {
    assert.deepEqual([...rows].sort(), [...new Set([...listed, ...read])].sort());
  });

  test('each trace is a debug name of the kernel', () => {
    const made = librarySources().flatMap((path) => [...readText(path).matchAll(/debugFor\('kernel:(\w+)'\)/g)]);
    assert.deepEqual(made.map(([, name = '']) => name).sort(), [...TRACES].sort());
  });
});
