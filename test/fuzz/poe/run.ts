/**
 * Runs random programs on ours and on real POE and compares what they do:
 *
 *     npm run fuzz:poe -- --count 1000 --seed 1    so many programs, of the seeds from that on
 *     npm run fuzz:poe -- --seed 4711 --show       one, with its program and both traces
 *     npm run fuzz:poe -- --program FILE           the program in a JSON file
 *     npm run fuzz:poe -- --record --count 50      records programs with what POE makes of them, for where there is none
 *
 * The first differences are made as small as possible and shown. Status 1 if there is any.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare, type Difference, differenceFrom, sideBySide } from './compare.ts';
import { generate } from './generate.ts';
import { interpret } from './interpret.ts';
import { PerlPoe, whyNoPerl } from './perl.ts';
import type { Program } from './program.ts';
import { recordRandomPrograms } from './recorded.ts';
import { shrink } from './shrink.ts';

/** Programs that are with Perl at the same time. */
const AHEAD = 32;
/** Differences that are looked for before it stops. */
const ENOUGH = 20;
/** Differences that are shown. */
const SHOWN = 3;

const { values: options } = parseArgs({
  options: {
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    program: { type: 'string' },
    show: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});

const reason = whyNoPerl();
if (reason !== undefined) {
  console.error(`Cannot compare with POE: ${reason}`);
  process.exitCode = 1;
} else {
  const perl = new PerlPoe();
  try {
    process.exitCode = (await run(perl)) ? 0 : 1;
  } finally {
    perl.close();
  }
}

/** Whether there is no difference. */
async function run(perl: PerlPoe): Promise<boolean> {
  if (options.program !== undefined) return runOne(perl, JSON.parse(readFileSync(options.program, 'utf8')));
  const seed = Number(options.seed);
  if (options.count === undefined) return runOne(perl, generate(seed));
  const count = Number(options.count);
  if (!options.record) return runMany(perl, seed, count);
  await recordRandomPrograms(perl, seed, count);
  return true;
}

async function runOne(perl: PerlPoe, program: Program): Promise<boolean> {
  const perls = await perl.run(program);
  const found = await differenceFrom(perls, program);
  const shown: Difference = found ?? { choice: 'bound', perls, ours: await interpret(program) };
  if (options.show) console.log(`${JSON.stringify(program, null, 2)}\n\n${sideBySide(shown)}`);
  if (found !== undefined) await showSmallest(perl, program);
  else console.log('no difference');
  return found === undefined;
}

async function runMany(perl: PerlPoe, first: number, count: number): Promise<boolean> {
  const differing: number[] = [];
  const start = performance.now();
  let done = 0;
  while (done < count && differing.length < ENOUGH) {
    const seeds = Array.from({ length: Math.min(AHEAD, count - done) }, (_, at) => first + done + at);
    const found = await Promise.all(seeds.map((seed) => compare(perl, generate(seed))));
    done += seeds.length;
    for (const [at, difference] of found.entries()) if (difference !== undefined) differing.push(seeds[at] as number);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${done} programs in ${seconds.toFixed(1)} s, ${differing.length} differ: ${differing.join(' ')}`);
  if (differing.length === 0) return true;
  for (const seed of differing.slice(0, SHOWN)) {
    console.log(`\nSeed ${seed}, as small as it gets:`);
    await showSmallest(perl, generate(seed));
  }
  return false;
}

async function showSmallest(perl: PerlPoe, program: Program): Promise<void> {
  const fails = (programs: Program[]): Promise<boolean[]> =>
    Promise.all(programs.map(async (one) => (await compare(perl, one)) !== undefined));
  const smallest = await shrink(program, fails);
  const difference = await compare(perl, smallest);
  console.log(`${JSON.stringify(smallest)}\n\n${difference === undefined ? '' : sideBySide(difference)}`);
}
