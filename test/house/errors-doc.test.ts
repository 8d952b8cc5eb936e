import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { librarySources, readText } from '../helpers/repository.ts';

/** Codes as the sources write them, where an error or warning is made. */
function codesInSources(kind: 'ERR' | 'WARN'): Set<string> {
  const pattern = new RegExp(`(['"\`])(POE_${kind}_[A-Z0-9_]+)\\1`, 'g');
  return new Set(
    librarySources().flatMap((path) => [...readText(path).matchAll(pattern)].map(([, , code = '']) => code)),
  );
}

/** Rows of the tables of `docs/errors.md`: a code and its other cells. */
function rowsInDocs(kind: 'ERR' | 'WARN'): Map<string, string[]> {
  const rows = readText('docs/errors.md').matchAll(new RegExp(`^\\| \`(POE_${kind}_[A-Z0-9_]+)\` \\|(.*)\\|$`, 'gm'));
  return new Map([...rows].map(([, code = '', cells = '']) => [code, cells.split('|').map((cell) => cell.trim())]));
}

for (const kind of ['ERR', 'WARN'] as const) {
  describe(`docs/errors.md, codes POE_${kind}_`, () => {
    const sources = codesInSources(kind);
    const rows = rowsInDocs(kind);

    test('has a row for every code in the sources', () => {
      assert.ok(sources.size > 0);
      assert.deepEqual(
        [...sources].filter((code) => !rows.has(code)),
        [],
      );
    });

    test('has no row for a code that the sources do not have', () => {
      assert.deepEqual(
        [...rows.keys()].filter((code) => !sources.has(code)),
        [],
      );
    });

    test('says something in every cell, and is sorted', () => {
      for (const [code, cells] of rows) {
        assert.equal(cells.length, kind === 'ERR' ? 2 : 1, code);
        assert.ok(
          cells.every((cell) => cell.length > 3),
          code,
        );
      }
      assert.deepEqual([...rows.keys()], [...rows.keys()].sort());
    });
  });
}
