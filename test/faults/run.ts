/**
 * Does harm to a preforked server under load, and holds what its clients have seen against what may happen:
 *
 *     npm run --silent faults                          all, each for a minute
 *     npm run --silent faults -- --seconds 5 kill      one of them, for 5 seconds
 */
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios.ts';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
const chosen = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

let failed = chosen.length === 0 || !(seconds > 0);
for (const { name, run } of chosen) {
  const { figures, wrong } = await run(seconds);
  console.log(`${wrong.length === 0 ? 'ok' : 'not ok'} ${name}: ${figures}`);
  for (const one of wrong) console.log(`    ${one}`);
  failed ||= wrong.length > 0;
}
process.exitCode = failed ? 1 : 0;
