import type { SeededRandom } from './seeded-random.ts';

/** The turns that one host's kernels have asked for, first come, first served: in one process they share one loop. */
export type Lane = (() => void)[];

/**
 * Whose turn is next. Within a process the order is law; which of several processes comes first is free in the real world, so
 * the seed decides.
 */
export class Turns {
  readonly #random: SeededRandom;
  readonly #waiting: Lane[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  get any(): boolean {
    return this.#waiting.length !== 0;
  }

  add(lane: Lane, turn: () => void): void {
    if (lane.push(turn) === 1) this.#waiting.push(lane);
  }

  /** Takes the next turn out. */
  take(): (() => void) | undefined {
    const count = this.#waiting.length;
    const at = count > 1 ? this.#random.below(count) : 0;
    const lane = this.#waiting[at];
    const turn = lane?.shift();
    if (lane?.length === 0) this.#waiting.splice(at, 1);
    return turn;
  }
}
