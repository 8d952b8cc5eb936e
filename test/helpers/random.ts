import { SeededRandom } from 'poe-kernel/testing';

/** Random numbers that are the same for the same seed on every machine. */
export type Random = (below: number) => number;

/** @returns A function that gives whole numbers from 0 up to, but not including, its argument. */
export function seededRandom(seed: number): Random {
  const random = new SeededRandom(seed);
  return (below) => random.word() % below;
}

/** One element of a list. */
export function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T;
}
