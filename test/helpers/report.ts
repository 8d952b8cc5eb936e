import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** How a run ended. Suites are not counted, only what they hold. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What became of one test file. */
export interface FileReport extends Tally {
  path: string;
  milliseconds: number;
  /** What it printed. */
  output: string;
  /** What failed, and why. */
  problems: string[];
  /** What was skipped, and why. */
  skips: string[];
}

type Verdict = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/**
 * Gathers what the run of one test file tells. Which file an event belongs to is not asked of the event: where a helper
 * defines the tests, some versions of Node name the helper.
 *
 * @param events - The events of `run()` of `node:test`, of one file.
 * @param path - The file.
 */
export async function report(events: AsyncIterable<TestEvent>, path: string): Promise<FileReport> {
  const file: FileReport = {
    path,
    milliseconds: 0,
    output: '',
    problems: [],
    skips: [],
    passed: 0,
    failed: 0,
    skipped: 0,
  };
  /** Names of the suites around the current test. */
  const titles: string[] = [];
  for await (const event of events) {
    if (event.type === 'test:start') {
      titles.length = event.data.nesting;
      titles.push(event.data.name);
    } else if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      file.output += event.data.message;
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      judge(file, event, titles.slice(0, event.data.nesting));
    }
  }
  return file;
}

/** What all of them make together. */
export function sum(files: readonly FileReport[]): Tally {
  const all: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    all.passed += file.passed;
    all.failed += file.failed;
    all.skipped += file.skipped;
  }
  return all;
}

function judge(file: FileReport, event: Verdict, suites: readonly string[]): void {
  const { data } = event;
  if (data.nesting === 0) file.milliseconds += data.details.duration_ms;
  const title = [...suites, data.name].join(' > ');
  // A file is told as a test itself when it ended badly, or when it ended well before any test was done.
  const isFile = data.nesting === 0 && data.name === file.path;
  if (data.todo !== undefined) {
    file.problems.push(`${title}: tests marked "todo" are not for this project`);
    file.failed += 1;
  } else if (event.type === 'test:fail') {
    const { error } = event.data.details;
    if ('failureType' in error && error.failureType === 'subtestsFailed') return;
    file.problems.push(`${isFile ? 'the file' : title}\n${explain(error.cause ?? error)}`);
    file.failed += 1;
  } else if (isFile) {
    file.problems.push('the file ended and had run no test');
    file.failed += 1;
  } else if (data.skip !== undefined) {
    file.skips.push(`${title}: ${data.skip === true ? 'no reason given' : data.skip}`);
    file.skipped += 1;
  } else if (data.details.type !== 'suite') {
    file.passed += 1;
  }
}

/**
 * The lines to print of a file: one with the counts, below it what failed and why, what it printed if something failed,
 * and what was skipped and why.
 */
export function lines(file: FileReport, folder: string): string[] {
  const counts = [`${file.passed} passed`];
  if (file.failed > 0) counts.push(`${file.failed} FAILED`);
  if (file.skipped > 0) counts.push(`${file.skipped} skipped`);
  const head = `${file.failed > 0 ? 'FAIL' : 'ok  '} ${relative(folder, file.path)}: ${counts.join(', ')} (${Math.round(file.milliseconds)} ms)`;
  const skips = file.skips.map((text) => indent(`- skipped: ${text}`));
  return [head, ...failure(file), ...skips];
}

/** What failed in it and why, and what it printed; nothing of a file in which nothing failed. */
export function failure(file: FileReport): string[] {
  const problems = file.problems.map((text) => indent(`- failed: ${text}`));
  const output = file.failed > 0 && file.output !== '' ? [indent(`- it printed:\n${file.output.trimEnd()}`)] : [];
  return [...problems, ...output];
}

/** The error's message and stack, less the frames of the test runner; what does not fit on a screen is cut. */
function explain(error: unknown): string {
  const text = error instanceof Error && error.stack ? error.stack : inspect(error);
  const all = text.replace(/^ +at .*\bnode:.*\n?/gm, '').split('\n');
  return all.length <= 60 ? all.join('\n') : [...all.slice(0, 50), '...', ...all.slice(-8)].join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?!-)/gm, '  ').replace(/^/gm, '     ');
}
