import { SX_SCALAR } from './opcodes.ts';
import { isWide, SHORT } from './wide.ts';

/** Hashes of more keys are not kept. */
const FEW_KEYS = 128;
const SLOTS = 256;
const PATIENCE = 16;
const NO_KEYS: readonly string[] = [];
/** Stands where no text was met: it is too long for one. */
const NO_TEXT = ' '.repeat(SHORT + 1);

/** The keys of a hash as they are written in network order, and some of the values that they had. */
export interface KnownKeys {
  /** Each key with its length in front, by four octets. */
  readonly words: Int32Array;
  /** Where the words of each begin, and at the end where the last ones end. */
  readonly places: readonly number[];
  /** For each key two texts that were its values lately, short ones ... */
  readonly texts: string[];
  /** ... and how each is written, once it has come again. */
  readonly textWords: (Int32Array | undefined)[];
  /** Which of the two is given up next: the one that was not met last. */
  readonly older: Uint8Array;
  /** For each key how many other texts may come before none is looked for there any more. */
  readonly patience: Uint8Array;
}

/** Keys that came lately, none of which has a character above 255 ... */
const latest: (readonly string[])[] = new Array(SLOTS).fill(NO_KEYS);
/** ... and what is known of them, once they have come again. */
const known: (KnownKeys | undefined)[] = new Array(SLOTS).fill(undefined);

/**
 * The keys of a hash as they are written, if the same ones came lately.
 *
 * PERF: ikc-posts: hashes with the same keys come one after the other, and that two strings are the same one is seen at once. Then no key is looked
 * at for wide characters, and all are written by four octets.
 *
 * @returns undefined for keys that were not met before, or are too many or too long to be kept.
 */
export function knownKeys(keys: readonly string[]): KnownKeys | undefined {
  const { length } = keys;
  if (length === 0 || length >= FEW_KEYS) return undefined;
  const slot = slotOf(keys, length);
  const before = latest[slot] as readonly string[];
  if (before.length !== length) return undefined;
  for (let index = 0; index < length; index++) if (keys[index] !== before[index]) return undefined;
  known[slot] ??= encode(keys);
  return known[slot];
}

/** Whether any of the keys has a character above 255. If not, they are those that came last. */
export function hasWide(keys: readonly string[]): boolean {
  const { length } = keys;
  let isKept = length > 0 && length < FEW_KEYS;
  for (const key of keys) {
    if (isWide(key)) return true;
    isKept &&= key.length <= SHORT;
  }
  if (isKept) {
    const slot = slotOf(keys, length);
    latest[slot] = keys;
    known[slot] = undefined;
  }
  return false;
}

function slotOf(keys: readonly string[], length: number): number {
  return (length + 8 * (keys[0] as string).length + 64 * (keys[length - 1] as string).length) % SLOTS;
}

function encode(keys: readonly string[]): KnownKeys {
  const { length } = keys;
  const places = [0];
  const words: number[] = [];
  for (const key of keys) {
    words.push(...byFour([0, 0, 0, key.length], key));
    places.push(words.length);
  }
  return {
    words: Int32Array.from(words),
    places,
    texts: new Array(length * 2).fill(NO_TEXT),
    textWords: new Array(length * 2).fill(undefined),
    older: new Uint8Array(length),
    patience: new Uint8Array(length).fill(PATIENCE),
  };
}

/**
 * How a text is written that is the value of a known key, by four octets, if one of the last two there was the same: who is called, and where an answer
 * is to go, is the same from message to message.
 *
 * @returns undefined for others than short byte strings, and for one that was not met there before.
 */
export function knownText(text: string, known: KnownKeys, index: number): Int32Array | undefined {
  const { texts, textWords, older, patience } = known;
  if (text.length > SHORT || patience[index] === 0) return undefined;
  const first = index * 2;
  const isFirst = texts[first] === text;
  if (!isFirst && texts[first + 1] !== text) {
    const place = first + (older[index] as number);
    (patience[index] as number)--;
    (older[index] as number) ^= 1;
    texts[place] = text;
    textWords[place] = undefined;
    return undefined;
  }
  const place = isFirst ? first : first + 1;
  older[index] = isFirst ? 1 : 0;
  patience[index] = PATIENCE;
  const words = textWords[place];
  if (words !== undefined || isWide(text)) return words;
  textWords[place] = byFour([SX_SCALAR, text.length], text);
  return textWords[place];
}

/** Octets and the characters behind them, by four. */
function byFour(front: readonly number[], text: string): Int32Array {
  const words = new Int32Array(Math.ceil((front.length + text.length) / 4));
  for (let at = 0; at < front.length + text.length; at++) {
    const octet = at < front.length ? (front[at] as number) : text.charCodeAt(at - front.length);
    (words[at >> 2] as number) |= octet << ((at & 3) * 8);
  }
  return words;
}
