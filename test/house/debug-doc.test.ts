import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
