import { readFileSync, writeFileSync } from 'node:fs';
import { fixture } from '../../helpers/fixture.ts';
import { generate } from './generate.ts';
import type { PerlPoe } from './perl.ts';
import type { Program } from './program.ts';

/** A program and the trace that POE gave. */
export interface Recorded {
  program: Program;
  trace: string[];
}

/** Programs that once ran another way than in POE, each with what it showed. */
export function readCases(): (Recorded & { title: string })[] {
  return JSON.parse(readFileSync(fixture('poe-fuzz/cases.json'), 'utf8'));
}

const RANDOM_PROGRAMS = 'poe-fuzz/random.jsonl';

/** Random programs, each with its seed. */
export function readRandomPrograms(): (Recorded & { seed: number })[] {
  const lines = readFileSync(fixture(RANDOM_PROGRAMS), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** The longest trace that is recorded, in lines: many short ones show more than a few long ones. */
const LONGEST = 120;
const SHORTEST = 15;

/** Records that many random programs of the seeds from `first` on. */
export async function recordRandomPrograms(perl: PerlPoe, first: number, count: number): Promise<void> {
  const lines: string[] = [];
  for (let seed = first; lines.length < count; seed++) {
    const program = generate(seed);
    const trace = await perl.run(program);
    if (trace.length >= SHORTEST && trace.length <= LONGEST) lines.push(JSON.stringify({ seed, program, trace }));
  }
  writeFileSync(fixture(RANDOM_PROGRAMS), `${lines.join('\n')}\n`);
}
