import { pick, type Random, seededRandom } from '../../helpers/random.ts';

/** Random choices, the same for the same seed. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.#random(high - low + 1);
  }

  /** True that often in a hundred times. */
  chance(percent: number): boolean {
    return this.#random(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return pick(from, this.#random);
  }
}
