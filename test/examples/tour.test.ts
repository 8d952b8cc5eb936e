import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tour = fileURLToPath(new URL('../../examples/tour/index.js', import.meta.url));
const expected = readFileSync(new URL('../../../examples/tour/output.txt', import.meta.url), 'utf8');

/** What varies: times, ports, process numbers and kernel IDs. */
function settled(output: string): string {
  return output
    .replaceAll(/^ *[\d.]+ ms {2}/gm, '')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/process,? \d+/g, 'process PID')
    .replaceAll(/kernel \S+-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}/g, 'kernel ID');
}

/** The lines of one of the two processes; how they mix is up to the system. */
function linesOf(who: string, output: string): string[] {
  return output.split('\n').filter((line) => line.startsWith(who));
}

test('npm start shows each step of two kernels and ends well', async () => {
  const { stdout, stderr } = await run(process.execPath, [tour], { env: { ...process.env, NO_COLOR: '1' } });
  assert.equal(stderr, '');
  for (const who of ['server', 'client']) assert.deepEqual(linesOf(who, settled(stdout)), linesOf(who, expected));
});
