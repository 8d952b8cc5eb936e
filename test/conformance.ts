/**
 * Runs ported POE programs and compares what they print with what the Perl originals print under POE 1.370:
 *
 *     npm run --silent conformance             all of them
 *     npm run --silent conformance 113 2       those whose names begin so
 */
import { listCases, runCase } from './helpers/conformance-cases.ts';
import { diffLines } from './helpers/diff-lines.ts';

const indent = (text: string): string => text.trimEnd().replace(/^/gm, '    ');

let passed = 0;
let failed = 0;
for (const one of listCases(process.argv.slice(2))) {
  const result = await runCase(one);
  if (result.passed) {
    passed++;
    console.log(`ok ${one.name}`);
    continue;
  }
  failed++;
  console.log(`not ok ${one.name}${result.trouble === undefined ? '' : `: ${result.trouble}`}`);
  console.log(indent(diffLines(one.expected, result.stdout).join('\n')));
  if (result.stderr !== '') console.log(`  standard error:\n${indent(result.stderr)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
