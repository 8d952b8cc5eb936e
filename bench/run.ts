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

const ROUNDS = 5;

const HELP = `npm run bench -- [NAME...] [--rounds N] [--scale X]

Measures this library beside real POE and IKC, and prints a table: what each contestant shows, and how that compares with Perl and with
the limit. What is being measured is told on standard error.

  NAME         a group, a file or a case; default: all
  --rounds N   turns of each contestant, whose median is shown; default ${ROUNDS}, or what a case has of its own
  --scale X    multiplies how much is measured in each turn; default 1
  --help       this, and the names there are`;

/** The switches, or undefined where help was asked for. */
function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      scale: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  const scale = Number(values.scale);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1)) {
    throw new Error('--rounds is a whole number above 0');
  }
  if (!(scale > 0)) throw new Error('--scale is a number above 0');
  return values.help ? undefined : { rounds, scale, names: positionals };
}

const { isTTY } = process.stderr;

function onTurn(what: string): void {
  process.stderr.write(isTTY ? `\r\x1b[K${what} ...` : `${what}\n`);
}

async function help(): Promise<void> {
  const groups = new Map<string, string[]>();
  for (const { bench } of await allBenches()) groups.set(bench.group, [...(groups.get(bench.group) ?? []), bench.name]);
  console.log(`${HELP}\n`);
  for (const [group, names] of groups) console.log(`  ${group.padEnd(10)} ${names.join(' ')}`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  const wanted = read();
  if (wanted === undefined) {
    await help();
  } else {
    const { rounds, scale, names } = wanted;
    const body: ReturnType<typeof rows> = [];
    const taken = new Set<number>();
    for (const found of choose(await allBenches(), names)) {
      const some = rounds ?? found.bench.rounds ?? ROUNDS;
      taken.add(some);
      body.push(...rows(found.bench, await measure(found, { rounds: some, scale, onTurn })));
    }
    if (isTTY) process.stderr.write('\r\x1b[K');
    for (const line of table(body)) console.log(line);
    console.log(`\n${machineLine()}; medians of ${[...taken].join(' or ')}`);
  }
} catch (error) {
  console.error(`${(error as Error).message}; --help says what there is`);
  process.exitCode = 1;
}
