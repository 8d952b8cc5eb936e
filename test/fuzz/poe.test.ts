import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Difference, differenceFrom, sideBySide } from './poe/compare.ts';
import { generate } from './poe/generate.ts';
import { interpret } from './poe/interpret.ts';
import { OPERATIONS } from './poe/operations.ts';
import type { Program } from './poe/program.ts';
import { readCases } from './poe/recorded.ts';
import { shrink } from './poe/shrink.ts';

const FIRST_SEED = 1;
const PROGRAMS = 500;

function assertSame(difference: Difference | undefined, what: string): void {
  if (difference !== undefined) assert.fail(`${what} runs another way than in POE:\n${sideBySide(difference)}`);
}

describe('a program that once ran another way than in POE', () => {
  for (const { title, program, trace } of readCases()) {
    it(title, async () => assertSame(await differenceFrom(trace, program), 'it'));
  }
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
