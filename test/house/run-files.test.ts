import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { lastLine, runFiles, type Verdict } from '../helpers/run-files.ts';

/** What becomes of a test file, each time it is run: whether its second test passes. */
type Fates = Readonly<Record<string, readonly boolean[]>>;

interface Ran {
  verdict: Verdict;
  text: string;
  /** The files in the order in which they were started, with how many were running then. */
  started: [path: string, running: number][];
}

/** Runs files of two tests each. */
async function ran(fates: Fates, { atOnce = 2, once = false } = {}): Promise<Ran> {
  const started: [string, number][] = [];
  const printed: string[] = [];
  const times = new Map<string, number>();
  let running = 0;
  async function* start(path: string): AsyncGenerator<TestEvent, void> {
    const time = times.get(path) ?? 0;
    times.set(path, time + 1);
    started.push([path, ++running]);
    await new Promise((resolve) => setImmediate(resolve));
    const data = {
      nesting: 0,
      file: path,
      testNumber: 1,
      details: { duration_ms: 1, error: new Error(`no. ${time}`) },
    };
    yield { type: 'test:pass', data: { ...data, name: 'first' } } as TestEvent;
    const type = fates[path]?.[time] === true ? 'test:pass' : 'test:fail';
    yield { type, data: { ...data, name: 'second' } } as TestEvent;
    running--;
  }
  const print = (line: string): void => void printed.push(line);
  const verdict = await runFiles(Object.keys(fates), { atOnce, once, folder: '/p', start, print });
  return { verdict, text: printed.join('\n'), started };
}

describe('runFiles()', () => {
  test('runs so many files at once, each of them once if nothing fails', async () => {
    const { verdict, text, started } = await ran({ '/p/a': [true], '/p/b': [true], '/p/c': [true] });
    assert.deepEqual(verdict, { passed: 6, failed: 0, unsteady: 0, skipped: 0 });
    assert.deepEqual(
      started.map(([path]) => path),
      ['/p/a', '/p/b', '/p/c'],
    );
    assert.equal(Math.max(...started.map(([, running]) => running)), 2);
    assert.match(text, /^ok {3}a: 2 passed \(2 ms\)$/m);
  });

  test('runs what failed once more, alone; what passes then is unsteady and keeps what it failed with', async () => {
    const { verdict, text, started } = await ran({ '/p/a': [false, true], '/p/b': [false, true], '/p/c': [true] });
    assert.deepEqual(verdict, { passed: 6, failed: 0, unsteady: 2, skipped: 0 });
    assert.deepEqual(started.slice(3), [
      ['/p/a', 1],
      ['/p/b', 1],
    ]);
    assert.match(text, /^Once more, alone: a, b$/m);
    assert.match(
      text,
      /^UNSTEADY: a failed beside the others, passed alone\. At first:\n +- failed: second\n +Error: no\. 0/m,
    );
  });

  test('has failed what fails again', async () => {
    const { verdict, text } = await ran({ '/p/a': [false, false], '/p/b': [false, true] });
    assert.deepEqual(verdict, { passed: 3, failed: 1, unsteady: 1, skipped: 0 });
    assert.doesNotMatch(text, /UNSTEADY: a/);
    assert.match(text, /Error: no\. 1/);
  });

  test('takes three files that failed for a bad moment, four for a failure', async () => {
    const fates = (count: number): Fates =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`/p/${n}`, [false, true]]));
    assert.deepEqual((await ran(fates(3))).verdict, { passed: 6, failed: 0, unsteady: 3, skipped: 0 });
    const { verdict, started } = await ran(fates(4));
    assert.deepEqual(verdict, { passed: 4, failed: 4, unsteady: 0, skipped: 0 });
    assert.equal(started.length, 4);
  });

  test('with `once` fails what failed', async () => {
    const { verdict, started } = await ran({ '/p/a': [false, true] }, { once: true });
    assert.deepEqual(verdict, { passed: 1, failed: 1, unsteady: 0, skipped: 0 });
    assert.equal(started.length, 1);
  });
});

test('lastLine(), counts what is unsteady only where there is any', () => {
  const verdict = { passed: 12, failed: 0, unsteady: 0, skipped: 1 };
  assert.equal(lastLine(verdict), '12 passed, 0 failed, 1 skipped');
  assert.equal(lastLine({ ...verdict, unsteady: 2 }), '12 passed, 0 failed, 2 unsteady, 1 skipped');
});
