/** Random values, and messages that carry them. */
import { blessed, PerlRef, PerlRegexp, PerlString, PerlVString } from '../../../wheels/filters/freezers/perl-values.ts';
import { pick, type Random, seededRandom } from '../../helpers/random.ts';

const DEEPEST = 6;
const WIDEST = 6;

/** Around every border that the formats have. */
const NUMBERS: readonly (number | bigint)[] = [
  ...[0, 1, -1, 127, 128, -128, -129, 255, 256, 65_535, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1],
  ...[2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 0.5, -0.5, 0.1 + 0.2, 1e15 + 0.5, 1e-5, 1e22, 1e300, 5e-324],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n],
];

const CHARACTERS = [...'ab01 _-:/?*\\\'"$@%\n\r\0\t\x7f\x80\xe9\xff', '€', 'Ā', '\u{1f600}', '\ufeff', '\u2028'];
const KEYS = ['', '0', 'a', 'key', 'a key', '__proto__', 'constructor', 'kernel', '10', '\xe9', '€', 'k'.repeat(300)];
const CLASSES = ['K', 'My::Class', 'A::B::C', 'N'.repeat(255)];
const LENGTHS = [0, 1, 2, 5, 20, 39, 40, 41, 255, 256, 257, 1000];

/** One value and how it was made. */
export interface Case {
  seed: number;
  value: unknown;
}

/** The value of a seed: always the same one. */
export function randomValue(seed: number): unknown {
  return new Maker(seededRandom(seed)).value(DEEPEST);
}

/** The values of so many seeds. */
export function cases(count: number, seed: number): Case[] {
  return Array.from({ length: count }, (_, n) => ({ seed: seed + n, value: randomValue(seed + n) }));
}

class Maker {
  readonly #random: Random;
  /** Containers that were made, for values that hold the same one twice, or themselves. */
  readonly #made: object[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  value(depth: number): unknown {
    const random = this.#random;
    if (depth === 0 || random(3) === 0) return this.#scalar();
    if (this.#made.length > 0 && random(8) === 0) return pick(this.#made, random);
    return this.#container(depth - 1);
  }

  #scalar(): unknown {
    const random = this.#random;
    switch (random(10)) {
      case 0:
        return null;
      case 1:
        return random(2) === 0;
      case 2:
        return pick(NUMBERS, random);
      case 3:
        return random(2 ** 32) - 2 ** 31;
      case 4:
        return (random(2 ** 32) - 2 ** 31) / 10 ** random(12);
      case 5:
        return new PerlString(this.#text(), true);
      case 6:
        return Uint8Array.from({ length: pick(LENGTHS, random) }, () => random(256));
      case 7:
        return new PerlVString('\x01\x02', 'v1.2');
      default:
        return this.#text();
    }
  }

  #text(): string {
    const random = this.#random;
    // Texts of octets alone take another way than those with wide characters.
    const characters = random(2) === 0 ? CHARACTERS : CHARACTERS.filter((each) => each <= '\xff');
    return Array.from({ length: pick(LENGTHS, random) >> random(4) }, () => pick(characters, random)).join('');
  }

  #container(depth: number): object {
    const random = this.#random;
    const width = random(WIDEST);
    switch (random(7)) {
      case 0:
      case 1:
        return this.#bless(
          this.#fill<unknown[]>([], (array) => {
            for (let n = 0; n < width; n++) array.push(this.value(depth));
          }),
        );
      case 2:
        return this.#fill([], (array: unknown[]) => {
          for (let n = 0; n < width; n++) if (random(2) === 0) array[n] = this.value(depth);
          // The last element exists, so that the length is what it is for Perl.
          array[width] = this.value(depth);
        });
      case 3:
      case 4:
        return this.#bless(
          this.#fill(Object.create(null) as Record<string, unknown>, (hash) => {
            for (let n = 0; n < width; n++) {
              const key = random(2) === 0 ? pick(KEYS, random) : this.#text();
              Object.defineProperty(hash, key, {
                value: this.value(depth),
                enumerable: true,
                writable: true,
                configurable: true,
              });
            }
          }),
        );
      case 5:
        return this.#bless(
          this.#fill(new PerlRef<unknown>(null), (ref) => {
            ref.value = this.value(depth);
          }),
        );
      default:
        return this.#fill(
          new PerlRegexp(pick(['a.b', '^x+$', '\\d|\xe9'], random), pick(['', 'i', 'msx'], random)),
          () => {},
        );
    }
  }

  /** Notes a container before it is filled, so that it can hold itself. */
  #fill<T extends object>(container: T, fill: (container: T) => void): T {
    this.#made.push(container);
    fill(container);
    return container;
  }

  #bless<T extends object>(container: T): T {
    if (this.#random(4) === 0) Object.assign(container, { [blessed]: pick(CLASSES, this.#random) });
    return container;
  }
}

/** A message that asks for its value back, by an rsvp of any kind that a kernel would make, and odder ones. */
export interface Question {
  seed: number;
  event: unknown;
  params: unknown;
  rsvp: Record<string, unknown>;
}

/** The question of a seed, for the event `interop/echo` of the kernel `Interop`; `kernel` is who asks. */
export function randomQuestion(seed: number, kernel: string): Question {
  const random = seededRandom(seed);
  const kernels = ['Interop', 'InteropAlias', '*', 'Nobody', ''];
  const to = { kernel: pick(kernels, random), session: 'interop', state: 'echo' };
  const texts = [`poe://${to.kernel || '*'}/interop/echo`, 'poe:/interop/echo', 'interop/echo'];
  const rsvp: Record<string, unknown> = {
    kernel,
    session: pick(['me', 'IKCLite', 17, 'a session', 'odd:name (1)'], random),
    state: pick([`response${seed}`, 'an event', 'IKC:proxy', 'receipt: a (b) {c}', '€vent', '\xe9'], random),
  };
  if (random(4) === 0) rsvp.args = randomValue(seed + 1);
  return {
    seed,
    event: random(2) === 0 ? to : pick(texts, random),
    // undef is not answered, an array that holds it is.
    params: [randomValue(seed)],
    rsvp,
  };
}
