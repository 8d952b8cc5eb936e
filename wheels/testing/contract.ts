import { SeededRandom } from '../../core/testing/index.ts';

/** One thing that a contract asks. It fails by throwing; any test runner can run it. */
export interface ContractCase {
  /** The method and what it should do. */
  title: string;
  run(): void | Promise<void>;
}

/** How much random a contract tries. */
export interface ContractRounds {
  /** How often each case is tried with other random data. Default 100. */
  rounds?: number;
  /** What the random data follow from. Default 1. */
  seed?: number;
}

/**
 * Makes a case that is tried with random data, round by round. Where it fails, the message says in which round, and
 * `cause` is the failure itself.
 */
export function randomCase(
  title: string,
  { rounds = 100, seed = 1 }: ContractRounds,
  round: (random: SeededRandom) => void,
): ContractCase {
  return {
    title,
    run() {
      const source = new SeededRandom(seed);
      for (let count = 1; count <= rounds; count++) {
        try {
          round(source.split());
        } catch (cause) {
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new Error(`round ${count} of seed ${seed}: ${reason}`, { cause });
        }
      }
    },
  };
}

/** As many things as one throws, up to `most`. */
export function some<T>(random: SeededRandom, most: number, make: () => T): T[] {
  return Array.from({ length: random.below(most + 1) }, make);
}

/**
 * Cuts octets at the given places; what lies beyond the end counts from the beginning again.
 *
 * @example
 * cut(Buffer.from('abcd'), [1, 3]); // 'a', 'bc', 'd'
 */
export function cut(octets: Uint8Array, places: readonly number[]): Uint8Array[] {
  const inside = [...new Set(places.map((place) => place % (octets.length + 1)))].sort((a, b) => a - b);
  return [0, ...inside].map((from, index) => octets.subarray(from, inside[index] ?? octets.length));
}
