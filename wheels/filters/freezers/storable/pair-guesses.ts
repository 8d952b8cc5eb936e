import { SHORT } from './wide.ts';

/** Hashes of more keys are not guessed at. */
const MOST_KEYS = 15;
/** Hashes of as many keys are told apart by the number that they have in their image, up to this. */
const PLACES = 8;
/** How often a text may be another one before it is guessed no more. */
const PATIENCE = 16;
const NO_WORDS = new Int32Array(0);

/** What stood at one place of a hash last: some octets, by four, and what they mean. Where less than four are left, the last four are the last word. */
export interface PairGuess {
  key: string;
  keyWords: Int32Array;
  /** Octets of the key with its length in front; 0 until it has come twice. */
  keyOctets: number;
  text: string;
  textWords: Int32Array;
  /** The same of the value, if that is a short byte string. */
  textOctets: number;
  patience: number;
}

/**
 * What the pairs of hashes were last.
 *
 * PERF: ikc-posts: messages mostly have the keys of the one before, in the same order, and many of its texts. To see that octets are those that are expected
 * takes less than half of finding the string that they make, if they are looked at by four.
 */
export class PairGuesses {
  readonly #lists: (PairGuess[] | undefined)[] = new Array((MOST_KEYS + 1) * PLACES).fill(undefined);

  /** The guesses for a hash of so many pairs with that number, by the place of the pair; undefined for too many. */
  of(pairs: number, tag: number): PairGuess[] | undefined {
    if (pairs > MOST_KEYS) return undefined;
    const index = pairs * PLACES + (tag % PLACES);
    this.#lists[index] ??= [];
    return this.#lists[index];
  }
}

/** Whether some octets are those that are expected. */
export function areAt(words: Int32Array, octets: number, view: DataView, at: number, end: number): boolean {
  if (octets === 0 || octets > end - at) return false;
  const last = words.length - 1;
  for (let word = 0; word < last; word++) if (view.getInt32(at + word * 4, true) !== words[word]) return false;
  return view.getInt32(at + octets - 4, true) === words[last];
}

/** Notes what key stands at a place of a hash, in which octets. */
export function learnKey(
  guesses: PairGuess[],
  place: number,
  key: string,
  view: DataView,
  at: number,
  octets: number,
): void {
  const guess = guesses[place];
  if (guess === undefined) {
    if (place === guesses.length) guesses.push(guessOf(key));
  } else if (guess.key !== key) {
    guess.key = key;
    guess.keyOctets = 0;
  } else if (key.length <= SHORT) {
    guess.keyWords = wordsAt(view, at, octets);
    guess.keyOctets = octets;
  }
}

/** Notes what value stands there. Of others than strings nothing is kept: they may be objects. */
export function learnText(guess: PairGuess, value: unknown, view: DataView, at: number, octets: number): void {
  if (guess.patience === 0 || typeof value !== 'string' || octets < 4 || value.length > SHORT) return;
  if (guess.text !== value) {
    guess.text = value;
    guess.textOctets = 0;
    guess.patience--;
    return;
  }
  guess.textWords = wordsAt(view, at, octets);
  guess.textOctets = octets;
  guess.patience = PATIENCE;
}

function guessOf(key: string): PairGuess {
  return { key, keyWords: NO_WORDS, keyOctets: 0, text: '', textWords: NO_WORDS, textOctets: 0, patience: PATIENCE };
}

function wordsAt(view: DataView, at: number, octets: number): Int32Array {
  const words = new Int32Array(Math.ceil(octets / 4));
  for (let word = 0; word < words.length; word++) {
    words[word] = view.getInt32(at + Math.min(word * 4, octets - 4), true);
  }
  return words;
}
