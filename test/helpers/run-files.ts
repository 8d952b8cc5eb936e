import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { type FileReport, failure, lines, report, sum, type Tally } from './report.ts';

/** So many files may fail beside the others and pass alone. More of them are no bad luck. */
const MOST_UNSTEADY = 3;

/** How a run of test files ended, second looks included. */
export interface Verdict extends Tally {
  /** Files that failed beside the others and passed alone. Their tests are counted as the second look found them. */
  readonly unsteady: number;
}

export interface RunFilesOptions {
  /** How many run side by side. */
  readonly atOnce: number;
  /** No second look. */
  readonly once?: boolean;
  /** Paths are shown relative to it. */
  readonly folder: string;
  /** Starts a test file and gives the events of `run()` of `node:test`. */
  start(path: string): AsyncIterable<TestEvent>;
  /** Takes one line. */
  print(line: string): void;
}

/**
 * Runs test files and reports on each when it has ended. If no more than three of them failed, those are run once more,
 * one after the other with nothing beside them. What passes then is called unsteady, is shown with what failed at first,
 * and is no failure: the machine may have stood still at a bad moment. What fails again has failed.
 *
 * @param paths - Absolute paths of test files.
 */
export async function runFiles(paths: readonly string[], options: RunFilesOptions): Promise<Verdict> {
  const { atOnce, once = false, folder, print } = options;
  const first = await runEach(paths, atOnce, options);
  const failed = first.filter((file) => file.failed > 0);
  if (once || failed.length === 0 || failed.length > MOST_UNSTEADY) return { ...sum(first), unsteady: 0 };

  print(`\nOnce more, alone: ${failed.map(({ path }) => relative(folder, path)).join(', ')}`);
  const alone = failed.map(({ path }) => path);
  const second = await runEach(alone, 1, options);
  const stillFail = new Set(second.filter((file) => file.failed > 0).map(({ path }) => path));
  const unsteady = failed.filter(({ path }) => !stillFail.has(path));
  for (const file of unsteady) {
    print(`\nUNSTEADY: ${relative(folder, file.path)} failed beside the others, passed alone. At first:`);
    for (const line of failure(file)) print(line);
  }
  const steady = first.filter((file) => file.failed === 0);
  return { ...sum([...steady, ...second]), unsteady: unsteady.length };
}

async function runEach(
  paths: readonly string[],
  atOnce: number,
  { folder, start, print }: RunFilesOptions,
): Promise<FileReport[]> {
  const left = [...paths];
  const done: FileReport[] = [];
  const worker = async (): Promise<void> => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const file = await report(start(path), path);
      for (const line of lines(file, folder)) print(line);
      done.push(file);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

/** The last line of a run. */
export function lastLine({ passed, failed, unsteady, skipped }: Verdict): string {
  const some = unsteady > 0 ? `, ${unsteady} unsteady` : '';
  return `${passed} passed, ${failed} failed${some}, ${skipped} skipped`;
}
