import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** How a run ended. Suites are not counted, only what they hold. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is gathered of one test file before its line is printed. */
interface FileReport extends Tally {
  path: string;
  milliseconds: number;
  output: string;
  problems: string[];
  skips: string[];
}

type Verdict = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/**
 * Prints one line a test file, below it what failed and why and what was skipped and why, at the end the sums. What a
 * test prints is shown only if its file fails.
 *
 * @param events - The events of `run()` of `node:test`.
 * @param folder - Paths are shown relative to it.
 * @param print - Takes one line.
 */
export async function report(
  events: AsyncIterable<TestEvent>,
  folder: string,
  print: (line: string) => void,
): Promise<Tally> {
  const sum: Tally = { passed: 0, failed: 0, skipped: 0 };
  let file: FileReport | undefined;
  /** Names of the suites around the current test. */
  const titles: string[] = [];

  const close = () => {
    if (!file) return;
    for (const line of lines(file)) print(line);
    sum.passed += file.passed;
    sum.failed += file.failed;
    sum.skipped += file.skipped;
    file = undefined;
  };
  // node:test tells the files one after the other, also when they run side by side.
  const open = (path: string | undefined): FileReport => {
    const shown = path === undefined ? '(no file)' : relative(folder, path);
    if (file?.path !== shown) close();
    file ??= { path: shown, milliseconds: 0, output: '', problems: [], skips: [], passed: 0, failed: 0, skipped: 0 };
    return file;
  };

  for await (const event of events) {
    if (event.type === 'test:start') {
      titles.length = event.data.nesting;
      titles.push(event.data.name);
    } else if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      open(event.data.file).output += event.data.message;
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      judge(open(event.data.file), event, titles.slice(0, event.data.nesting));
    }
  }
  close();
  print('');
  print(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum;
}

function judge(file: FileReport, event: Verdict, suites: readonly string[]): void {
  const { data } = event;
  if (data.nesting === 0) file.milliseconds += data.details.duration_ms;
  const title = [...suites, data.name].join(' > ');
  // A file is told as a test itself when it ended badly, or when it ended well before any test was done.
  const isFile = data.nesting === 0 && data.name === data.file;
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

function lines(file: FileReport): string[] {
  const counts = [`${file.passed} passed`];
  if (file.failed > 0) counts.push(`${file.failed} FAILED`);
  if (file.skipped > 0) counts.push(`${file.skipped} skipped`);
  const head = `${file.failed > 0 ? 'FAIL' : 'ok  '} ${file.path}: ${counts.join(', ')} (${Math.round(file.milliseconds)} ms)`;
  const problems = file.problems.map((text) => indent(`- failed: ${text}`));
  const skips = file.skips.map((text) => indent(`- skipped: ${text}`));
  const output = file.failed > 0 && file.output !== '' ? [indent(`- it printed:\n${file.output.trimEnd()}`)] : [];
  return [head, ...problems, ...output, ...skips];
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
