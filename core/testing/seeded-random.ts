import { PoeUsageError } from '../errors.ts';
import type { RandomSource } from '../host/host.ts';

const WORDS = 2 ** 32;

/**
 * Random numbers that are the same for the same seed, on every machine and in every version of this package. Fit for tests; never
 * for secrets.
 *
 * @example
 * const random = new SeededRandom(7);
 * const dice = random.below(6) + 1;
 * @remarks Mulberry32: 32 bits of state, which go through all of their values before they come again.
 */
export class SeededRandom implements RandomSource {
  #state: number;

  /**
   * @param seed - A whole number; of one beyond 32 bits the lower 32 count.
   * @throws PoeUsageError `POE_ERR_SIMULATION_OPTION` for anything else.
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new PoeUsageError('POE_ERR_SIMULATION_OPTION', `Cannot make random numbers: the seed is ${String(seed)}`, {
        hint: 'Pass a whole number',
      });
    }
    this.#state = seed | 0;
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A number from 0 up to, but not including, 1. */
  number(): number {
    return this.word() / WORDS;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.number() * limit);
  }

  /** One element of a list; undefined of an empty one. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  octets(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() & 0xff);
  }

  /** Another source, which follows from this one: what is drawn from it later does not change what is drawn here. */
  split(): SeededRandom {
    return new SeededRandom(this.word());
  }
}
