/**
 * Runs files of recorded vectors: `npm run --silent vectors -- FILE...`, with paths relative to where the command is
 * given. Prints a line for every case, then how many passed and failed; the exit status is 0 only if none failed.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type VectorCase, type VectorFile, vectorCases } from './helpers/vector-cases.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  process.stderr.write('usage: npm run --silent vectors -- FILE...\n');
  process.exit(2);
}

// npm runs scripts in the folder of the package, and says where it was called.
const caller = process.env.INIT_CWD ?? process.cwd();
let passed = 0;
let failed = 0;

for (const file of files) {
  for (const { name, run } of casesOf(file)) {
    try {
      const remark = run();
      passed++;
      console.log(remark === undefined ? `ok ${name}` : `ok ${name}: ${remark}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}: ${oneLine(error)}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The cases of a file; one failing case if it cannot be read. */
function casesOf(file: string): VectorCase[] {
  try {
    return vectorCases(JSON.parse(readFileSync(resolve(caller, file), 'utf8')) as VectorFile);
  } catch (error) {
    const run = (): never => {
      throw error;
    };
    return [{ name: file, run }];
  }
}

function oneLine(error: unknown): string {
  return (
    error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : String(error)
  ).replace(/\s+/g, ' ');
}
