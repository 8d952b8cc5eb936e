import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../../helpers/repository.ts';
import { ELSEWHERE } from './elsewhere.ts';

const tests = join(root, 'test');

/** The titles of the tests in a file, as they stand there. */
function titlesOf(file: string): string[] {
  const source = readFileSync(join(tests, `${file}.test.ts`), 'utf8');
  return [...source.matchAll(/\b(?:test|it)\(\s*(['"`])(.*?)\1,/g)].map(([, , title]) => title as string);
}

describe('the protocol', () => {
  test('sentences that are held elsewhere name a test that is there', () => {
    const missing = ELSEWHERE.filter(([, , file, title]) => !titlesOf(file).some((each) => each.includes(title)));
    assert.deepEqual(missing, []);
  });

  test('every section from 1 to 21 has tests', () => {
    const here = readdirSync(join(tests, 'components/ikc/protocol'))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(tests, 'components/ikc/protocol', name), 'utf8'))
      .flatMap((source) => [...source.matchAll(/^(?:describe|test)\('(\d+) /gm)].map(([, section]) => Number(section)));
    const sections = new Set([...here, ...ELSEWHERE.map(([section]) => section)]);
    assert.deepEqual(
      [...sections].sort((a, b) => a - b),
      Array.from({ length: 21 }, (_, n) => n + 1),
    );
  });
});
