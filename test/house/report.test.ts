import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { type FileReport, lines, report, sum } from '../helpers/report.ts';

const FILE = '/project/test/sample.test.js';

function event(type: 'test:start' | 'test:pass' | 'test:fail', name: string, data: object = {}): TestEvent {
  const details = { duration_ms: 1, error: new Error('wrapper', { cause: new Error('the reason') }) };
  return { type, data: { name, nesting: 0, file: FILE, testNumber: 1, details, ...data } } as TestEvent;
}

async function* stream(events: readonly TestEvent[]): AsyncGenerator<TestEvent, void> {
  yield* events;
}

async function reported(...events: TestEvent[]) {
  const file = await report(stream(events), FILE);
  return { tally: sum([file]), text: lines(file, '/project').join('\n') };
}

describe('report()', () => {
  test('counts tests, not the suites that hold them', async () => {
    const { tally, text } = await reported(
      event('test:start', 'suite'),
      event('test:pass', 'one', { nesting: 1 }),
      event('test:pass', 'two', { nesting: 1 }),
      event('test:pass', 'suite', { details: { duration_ms: 5, type: 'suite' } }),
    );
    assert.deepEqual(tally, { passed: 2, failed: 0, skipped: 0 });
    assert.match(text, /^ok {3}test\/sample\.test\.js: 2 passed \(5 ms\)$/m);
  });

  test('names the suites around a failure and gives its cause', async () => {
    const { tally, text } = await reported(
      event('test:start', 'suite'),
      event('test:start', 'bad', { nesting: 1 }),
      event('test:fail', 'bad', { nesting: 1 }),
    );
    assert.equal(tally.failed, 1);
    assert.match(text, /failed: suite > bad\n\s+Error: the reason/);
    assert.doesNotMatch(text, /node:internal/);
  });

  test('does not count a suite again whose tests have failed', async () => {
    const error = Object.assign(new Error('1 subtest failed'), { failureType: 'subtestsFailed' });
    const { tally } = await reported(
      event('test:fail', 'suite', { details: { duration_ms: 1, type: 'suite', error } }),
    );
    assert.equal(tally.failed, 0);
  });

  test('counts a suite whose hook has failed', async () => {
    const error = Object.assign(new Error('hook'), { failureType: 'hookFailed' });
    const { tally } = await reported(
      event('test:fail', 'suite', { details: { duration_ms: 1, type: 'suite', error } }),
    );
    assert.equal(tally.failed, 1);
  });

  test('fails a file that ended well without running a test', async () => {
    const { tally, text } = await reported(event('test:pass', FILE));
    assert.equal(tally.failed, 1);
    assert.match(text, /had run no test/);
  });

  test('counts for a file what a helper defines in its name', async () => {
    const { tally, text } = await reported(
      event('test:pass', 'one'),
      event('test:fail', 'two', { file: '/project/test/helpers/contract.js' }),
    );
    assert.deepEqual(tally, { passed: 1, failed: 1, skipped: 0 });
    assert.match(text, /^FAIL test\/sample\.test\.js: 1 passed, 1 FAILED \(2 ms\)$/m);
  });

  test('gives the reason of a skipped test and refuses a "todo"', async () => {
    const { tally, text } = await reported(
      event('test:pass', 'needs a peer', { skip: 'no Perl here' }),
      event('test:fail', 'later', { todo: true }),
    );
    assert.deepEqual(tally, { passed: 0, failed: 1, skipped: 1 });
    assert.match(text, /skipped: needs a peer: no Perl here/);
  });

  test('shows what a file printed only if it fails', async () => {
    const noise = { type: 'test:stdout', data: { file: FILE, message: 'chatter\n' } } as TestEvent;
    assert.doesNotMatch((await reported(noise, event('test:pass', 'fine'))).text, /chatter/);
    assert.match((await reported(noise, event('test:fail', 'bad'))).text, /chatter/);
  });
});

test('sum(), adds up the files', () => {
  const file: FileReport = {
    path: FILE,
    milliseconds: 1,
    output: '',
    problems: [],
    skips: [],
    passed: 1,
    failed: 2,
    skipped: 3,
  };
  assert.deepEqual(sum([file, file]), { passed: 2, failed: 4, skipped: 6 });
  assert.deepEqual(sum([]), { passed: 0, failed: 0, skipped: 0 });
});
