import { readFileSync } from 'node:fs';
import type { PreforkedProgram } from '../helpers/preforked/preforked.ts';
import type { Journal } from './journal.ts';

/** What came of a scenario: figures for a person, and what is not as it should be. */
export interface Report {
  readonly figures: string;
  readonly wrong: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** Does its faults for so many seconds. */
  run(seconds: number): Promise<Report>;
}

/** Collects what is wrong. */
export class Findings {
  readonly wrong: string[] = [];

  none(what: string, found: readonly unknown[]): void {
    if (found.length > 0) this.wrong.push(`${found.length} ${what}: ${JSON.stringify(found.slice(0, 3))}`);
  }

  atMost(what: string, most: number, found: number): void {
    if (found > most) this.wrong.push(`${what}: ${found}, at most ${most} may be`);
  }

  atLeast(what: string, least: number, found: number): void {
    if (found < least) this.wrong.push(`${what}: ${found}, at least ${least} should be`);
  }
}

/** Children of a process that have ended and were not waited for. */
export function zombiesOf(parent: number): number[] {
  try {
    const list = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    return list
      .split(' ')
      .filter((pid) => pid !== '')
      .map(Number)
      .filter((pid) => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return [];
  }
}

/** For each child that ended unasked: seconds until as many served again as should. */
export function gaps(program: PreforkedProgram, size: number): number[] {
  const serving = new Set<number>();
  const found: number[] = [];
  let lackingSince: number | undefined;
  for (const { event, pid, at } of program.events) {
    if (event === 'childServing') serving.add(pid);
    else if (event === 'childExited' || event === 'childDraining') {
      if (serving.delete(pid) && serving.size < size) lackingSince ??= at;
    }
    if (lackingSince !== undefined && serving.size >= size) {
      found.push((at - lackingSince) / 1000);
      lackingSince = undefined;
    }
  }
  return found;
}

/** How long the program takes to boot on this machine, now: the median, in seconds. */
export function bootSeconds(program: PreforkedProgram): number {
  const started = new Map<number, number>();
  const found: number[] = [];
  for (const { event, pid, at } of program.events) {
    if (event === 'childStarted') started.set(pid, at);
    else if (event === 'childReady') found.push((at - (started.get(pid) ?? at)) / 1000);
  }
  return percentile(found, 0.5);
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The figures every scenario has. */
export function summary(journal: Journal): string {
  const { requests, answered, failed, silent, refused, slowest } = journal;
  return `${requests.length} requests, ${answered} answered, ${failed.length} failed, ${silent.length} unheard of, ${refused.length} connections refused, slowest ${slowest.toFixed(2)} s`;
}
