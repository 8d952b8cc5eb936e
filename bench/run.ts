/**
 * Measures this library beside real POE and IKC: `npm run bench -- [NAME...] [--rounds N] [--scale X]`. See README.md.
 *
 * A NAME is a group, a file or a case. Figures of different runs do not compare, ratios do.
 */
import { parseArgs } from 'node:util';
import { allBenches, choose } from './catalogue.ts';
import { machineLine } from './machine.ts';
import { measure } from './measure.ts';
import { rows, table } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
  },
});
const options = { rounds: Number(values.rounds), scale: Number(values.scale) };

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  if (!Number.isInteger(options.rounds) || options.rounds < 1) throw new Error('--rounds is a whole number above 0');
  if (!(options.scale > 0)) throw new Error('--scale is a number above 0');
  const chosen = choose(await allBenches(), positionals);
  const body: ReturnType<typeof rows> = [];
  for (const found of chosen) {
    if (process.stderr.isTTY) process.stderr.write(`${found.bench.name} ...\r\x1b[K`);
    body.push(...rows(found.bench, await measure(found, options)));
  }
  for (const line of table(body)) console.log(line);
  console.log(`\n${machineLine()}; medians of ${options.rounds}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
