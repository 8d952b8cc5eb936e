import type { Action } from './action.ts';
import { keysOf } from './key-decoder.ts';
import { keySequences } from './key-names.ts';

/** What a keymap makes of the keys so far. */
export type Lookup = Action | 'more' | undefined;

/** Sequences of keys and what they do, for one mode of editing. */
export class Keymap {
  readonly name: string;
  /** What keys do that are not bound. */
  readonly fallback: string;
  readonly #actions = new Map<string, Action>();
  /** Beginnings of sequences: after them more keys are awaited. */
  readonly #beginnings = new Set<string>();

  constructor(name: string, fallback: string) {
    this.name = name;
    this.fallback = fallback;
  }

  /** Whether its keys are those of vi: the cursor then stands on a character, not behind the last. */
  get isVi(): boolean {
    return this.name.includes('vi');
  }

  /** Binds a key or sequence as people write it (see {@link keySequences}). */
  bind(notation: string, action: Action): void {
    for (const sequence of keySequences(notation)) this.bindSequence(sequence, action);
  }

  /** Binds the octets that keys send. */
  bindSequence(sequence: string, action: Action): void {
    if (sequence === '') return;
    this.#actions.set(sequence, action);
    // A function key is whole or not there at all: an escape that only begins one can still mean something by itself.
    let beginning = '';
    for (const { raw } of keysOf(sequence).slice(0, -1)) {
      beginning += raw;
      this.#beginnings.add(beginning);
    }
  }

  /** What a sequence does; `'more'` if it is the beginning of others, undefined if it is not bound. */
  lookUp(sequence: string): Lookup {
    if (this.#beginnings.has(sequence)) return 'more';
    return this.#actions.get(sequence);
  }

  /** The macros: their keys, and what they stand for. */
  macros(): [sequence: string, keys: string][] {
    return [...this.#actions].flatMap(([sequence, action]) =>
      typeof action === 'object' ? [[sequence, action.macro] as [string, string]] : [],
    );
  }
}
