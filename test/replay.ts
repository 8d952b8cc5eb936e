/**
 * Replays recorded conversations between genuine peers against ours: `npm run --silent replay -- FILE...`, files or folders,
 * with paths relative to where the command is given. Each is played with our server in place of the recorded one and
 * with our client in place of the recorded one, as it was recorded and one octet at a time. Prints a line for every case,
 * then how many passed and failed; the exit status is 0 only if none failed.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replayFile } from './replay/runner.ts';

const given = process.argv.slice(2);
if (given.length === 0) {
  process.stderr.write('usage: npm run --silent replay -- FILE...\n');
  process.exit(2);
}

// npm runs scripts in the folder of the package, and says where it was called.
const caller = process.env.INIT_CWD ?? process.cwd();
let passed = 0;
let failed = 0;

for (const file of given.flatMap((path) => filesOf(resolve(caller, path)))) {
  for await (const { name, verdict, remark } of replayFile(file)) {
    if (verdict === 'ok') passed++;
    if (verdict === 'not ok') failed++;
    console.log(`${verdict} ${name}${remark === '' ? '' : `: ${remark}`}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The recordings in a folder, or the file itself. */
function filesOf(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}
