/**
 * Runs the compiled tests: `node dist/test/run.js [part of a path]...`, for example `wheels/filters` or `ikc`.
 *
 * node's own `--test` takes no patterns on Node 20 and no folders on later ones, hence this program. It starts from the
 * sources, so that what an old build left behind is not run.
 */
import { setMaxListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { report } from './helpers/report.ts';
import { root } from './helpers/repository.ts';

const MINUTE_MS = 60_000;

const wanted = process.argv.slice(2);
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
  const patience = AbortSignal.timeout(12 * MINUTE_MS);
  setMaxListeners(0, patience);
  const events = run({
    files,
    concurrency: availableParallelism(),
    timeout: 2 * MINUTE_MS,
    signal: patience,
  });
  const { failed } = await report(events, join(root, 'dist'), console.log);
  process.exitCode = failed === 0 ? 0 : 1;
}
