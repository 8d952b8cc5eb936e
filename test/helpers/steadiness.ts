/** What was measured in one stretch of a long run. */
export interface Stretch {
  /** How fast it was. */
  readonly rate: number;
  /** Octets held at its end. */
  readonly held: number;
}

export interface Limits {
  /** By how much the last third may be slower than the first: 0.05 is 5 %. */
  readonly slower: number;
  /** By how many octets it may hold more. */
  readonly more: number;
}

export interface Verdict {
  /** How much slower the last third was than the first; negative if it was faster. */
  readonly slower: number;
  /** How many octets it held more. */
  readonly more: number;
  readonly steady: boolean;
}

/** Compares the last third of a run with its first, by medians, so that single stretches on a busy machine count for nothing. */
export function judge(stretches: readonly Stretch[], limits: Limits): Verdict {
  const third = Math.max(Math.floor(stretches.length / 3), 1);
  const [first, last] = [stretches.slice(0, third), stretches.slice(-third)];
  const of = (part: readonly Stretch[], key: keyof Stretch): number => median(part.map((stretch) => stretch[key]));
  const slower = 1 - of(last, 'rate') / of(first, 'rate');
  const more = of(last, 'held') - of(first, 'held');
  return { slower, more, steady: slower <= limits.slower && more <= limits.more };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
