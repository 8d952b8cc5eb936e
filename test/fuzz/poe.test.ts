import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare, type Difference, differenceFrom, sideBySide } from './poe/compare.ts';
import { generate } from './poe/generate.ts';
import { interpret } from './poe/interpret.ts';
import { OPERATIONS } from './poe/operations.ts';
import { PerlPoe, whyNoPerl } from './poe/perl.ts';
import type { Program } from './poe/program.ts';
import { readCases, readRandomPrograms } from './poe/recorded.ts';
import { shrink } from './poe/shrink.ts';

const FIRST_SEED = 1;
/** `npm run fuzz:poe` takes as many as one likes. */
const PROGRAMS = 250;
/** Programs that are with Perl at the same time. */
const AHEAD = 25;

function assertSame(difference: Difference | undefined, what: string): void {
  if (difference !== undefined) assert.fail(`${what} runs another way than in POE:\n${sideBySide(difference)}`);
}

describe('a program that once ran another way than in POE', () => {
  for (const { title, program, trace } of readCases()) {
    it(title, async () => assertSame(await differenceFrom(trace, program), 'it'));
  }
});

describe('random programs', () => {
  it('run as they did in POE when they were recorded', async () => {
    const recorded = readRandomPrograms();
    assert.equal(recorded.length, 50);
    for (const { seed, program, trace } of recorded) {
      assertSame(await differenceFrom(trace, program), `the recorded program ${seed}`);
    }
  });

  const reason = whyNoPerl();
  it(`run as they do in POE: ${PROGRAMS} of them`, { skip: reason ?? false }, async () => {
    const perl = new PerlPoe();
    try {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed += AHEAD) {
        const seeds = Array.from({ length: AHEAD }, (_, at) => seed + at);
        const differences = await Promise.all(seeds.map((one) => compare(perl, generate(one))));
        for (const [at, difference] of differences.entries()) {
          assertSame(difference, `npm run fuzz:poe -- --seed ${seeds[at]}:`);
        }
      }
    } finally {
      perl.close();
    }
  });
});

describe('generate()', () => {
  it('makes every operation', () => {
    const seeds = Array.from({ length: PROGRAMS }, (_, at) => FIRST_SEED + at);
    const made = new Set(seeds.flatMap((seed) => generate(seed).bodies.flat()).map((step) => step.op));
    assert.deepEqual([...made].sort(), [...OPERATIONS, 'return'].sort());
  });

  it('makes the same program of the same seed', () => {
    assert.deepEqual(generate(7), generate(7));
    assert.notDeepEqual(generate(7), generate(8));
  });
});

describe('shrink()', () => {
  it('leaves what it takes to fail and nothing else', async () => {
    const calls = async (program: Program): Promise<number> =>
      (await interpret(program)).filter((line) => line.trim().startsWith('call ')).length;
    const big = generate(43);
    assert.ok((await calls(big)) > 3);
    const fails = async (program: Program): Promise<boolean> => (await calls(program)) > 0;
    const small = await shrink(big, (programs) => Promise.all(programs.map(fails)));
    assert.deepEqual(
      [small.bodies.flat(), small.main.flat()].map((steps) => steps.map((step) => step.op)),
      [['call'], ['create']],
    );
  });
});
