/**
 * Runs the compiled tests: `node dist/test/run.js [--once] [part of a path]...`, for example `wheels/filters` or `ikc`.
 * Up to three files that failed are run a second time, alone; not with `--once`, for who hunts what is unsteady.
 *
 * node's own `--test` takes no patterns on Node 20 and no folders on later ones, hence this program. It starts from the
 * sources, so that what an old build left behind is not run.
 */
import { setMaxListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { root } from './helpers/repository.ts';
import { lastLine, runFiles } from './helpers/run-files.ts';

const MINUTE_MS = 60_000;
/** What all of them may take, second looks included. */
const ALL_MS = 12 * MINUTE_MS;
/** What one file may take. It ends one that hangs; on a quiet machine the longest takes less than a minute. */
const FILE_MS = 4 * MINUTE_MS;

const { values, positionals: wanted } = parseArgs({
  options: { once: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('fixtures'))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .sort()
  .map((path) => join(root, 'dist/test', path.replace(/\.ts$/, '.js')));

if (files.length === 0) {
  console.error(`No test file has ${wanted.join(' or ')} in its path`);
  process.exitCode = 1;
} else {
  // Ends the process of a test that has failed but keeps something open. Every test file listens to it.
  const patience = AbortSignal.timeout(ALL_MS);
  setMaxListeners(0, patience);
  const verdict = await runFiles(files, {
    // Many tests wait for children and timers most of the time.
    atOnce: availableParallelism() + 1,
    once: values.once,
    folder: join(root, 'dist'),
    start: (path) => run({ files: [path], timeout: FILE_MS, signal: patience }),
    print: console.log,
  });
  if (patience.aborted)
    console.log(`\n${ALL_MS / MINUTE_MS} minutes were not enough: what had not ended by then counts as failed`);
  console.log(`\n${lastLine(verdict)}`);
  process.exitCode = verdict.failed === 0 ? 0 : 1;
}
