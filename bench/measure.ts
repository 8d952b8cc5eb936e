import { freePort } from '../test/helpers/free-port.ts';
import {
  type Bench,
  type Contestant,
  isPerl,
  type Measure,
  type PerlProgram,
  type Sample,
  type Serve,
} from './bench.ts';
import type { FoundBench } from './catalogue.ts';
import { AS_PUBLISHED, contestantProgram } from './folders.ts';
import { perlCommand, perlVersion } from './perl.ts';
import { end, type Started, start } from './processes.ts';

/** How long and how often is measured. */
export interface MeasureOptions {
  /** How often each contestant has its turn. */
  rounds: number;
  /** What all counts are multiplied by. */
  scale: number;
  /** The least that becomes of a count; default 10. */
  fewest?: number;
  /** Told before each turn what is measured now. */
  onTurn?(what: string): void;
}

/** What a case showed of one contestant. */
export interface Result {
  key: string;
  label: string;
  /** Median over the rounds of what the case shows; undefined if it needs something that is not there. */
  value: number | undefined;
}

/** Measures a case: in every round each contestant has one turn, in processes of its own. */
export async function measure(
  found: FoundBench,
  { rounds, scale, fewest = 10, onTurn }: MeasureOptions,
): Promise<Result[]> {
  const entries = Object.entries(found.bench.contestants) as [string, Contestant][];
  const values = new Map<string, number[]>(entries.map(([key]) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [key, contestant] of entries) {
      if (missing(contestant) !== undefined) continue;
      onTurn?.(`${found.bench.name}, round ${round + 1} of ${rounds}: ${contestant.label}`);
      const count = Math.max(fewest, Math.round(contestant.count * scale));
      values.get(key)?.push(shown(found.bench, await measureOnce(found, key, contestant, count)));
    }
  }
  return entries.map(([key, { label }]) => ({ key, label, value: median(values.get(key) ?? []) }));
}

/** What a contestant needs and this machine does not have. */
export function missing({ run, server }: Contestant): string | undefined {
  const programs = [run, server].filter((program) => program !== undefined && isPerl(program)) as PerlProgram[];
  return programs.find(({ needs }) => perlVersion(needs) === undefined)?.needs;
}

function shown({ shows }: Bench, { count, cost }: Sample): number {
  return isCost(shows) ? cost / count : count / cost;
}

/** Whether less of it is better. */
export function isCost(shows: Bench['shows']): boolean {
  return shows === 'octets each' || shows === 'each';
}

/** The middle one; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

async function measureOnce(found: FoundBench, key: string, contestant: Contestant, count: number): Promise<Sample> {
  const { run, server, nodeOptions = [] } = contestant;
  const command = (role: 'run' | 'server', program: Measure | Serve | PerlProgram, port: number): string[] =>
    isPerl(program)
      ? perlCommand(found.file, program, count, port)
      : [
          process.execPath,
          AS_PUBLISHED,
          ...nodeOptions,
          ...[contestantProgram, found.file, found.bench.name, key, role, String(count), String(port)],
        ];
  const started: Started[] = [];
  try {
    let port = 0;
    if (server !== undefined) {
      port = await freePort();
      const serving = start(command('server', server, port));
      started.push(serving);
      await serving.firstLine;
    }
    const running = start(command('run', run, port));
    started.push(running);
    return readSample(await running.firstLine);
  } finally {
    for (const process of started) await end(process);
  }
}

function readSample(line: string): Sample {
  const [count = Number.NaN, cost = Number.NaN] = line.split(' ').map(Number);
  if (!(count > 0 && cost >= 0)) throw new Error(`'${line}' is no measurement: it has to be a count and a cost`);
  return { count, cost };
}
