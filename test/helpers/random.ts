/** Random numbers that are the same for the same seed on every machine (Mulberry32). */
export type Random = (below: number) => number;

/** @returns A function that gives whole numbers from 0 up to, but not including, its argument. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One element of a list. */
export function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T;
}
