/** One keystroke, as far as octets alone can tell: bindings make sequences of them. */
export interface Key {
  /** What the terminal sent, decoded: a character, or a whole escape sequence. */
  readonly raw: string;
  /** A character (the escape character too), a function key's whole sequence, or text pasted between the marks of a bracketed paste. */
  readonly kind: 'character' | 'function' | 'paste';
}

const ESCAPE = '\x1b';
const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** What follows the escape of a function key; F1 to F5 of the Linux console have a second bracket. */
const COMPLETE = /^(?:\[\[?[0-?]*[ -/]*[@-~]|O[0-9;]*[ -~])/;
const BEGUN = /^(?:\[\[?[0-?]*[ -/]*|O[0-9;]*)$/;
/** Longer than any key: what goes on beyond it is not one. */
const LONGEST_SEQUENCE = 32;

/**
 * Makes keys of the octets that a terminal sends, however they are cut: characters of several octets and escape sequences
 * may end in a later chunk.
 *
 * Escape sequences of function keys (CSI and SS3) become one key. Any other escape is a key of its own, as is what follows.
 */
export class KeyDecoder {
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The beginning of what is not complete: an escape sequence, or the end mark of a paste. */
  #held = '';
  #pasting = false;

  /** What waits for more, `''` if nothing does; {@link flush} gives up the wait. */
  get held(): string {
    return this.#pasting ? '' : this.#held;
  }

  /** The keys that are complete with these octets. */
  push(octets: Uint8Array): Key[] {
    return this.#decode(this.#text.decode(octets, { stream: true }));
  }

  /** What waits, as it is: nothing came that would have completed it. */
  flush(): Key[] {
    if (this.#pasting) return [];
    const keys = characters(this.#held);
    this.#held = '';
    return keys;
  }

  #decode(text: string): Key[] {
    const keys: Key[] = [];
    let rest = this.#held + text;
    this.#held = '';
    while (rest !== '') {
      const before = rest.length;
      rest = this.#pasting ? this.#decodePaste(rest, keys) : this.#decodeKey(rest, keys);
      if (rest.length === before) {
        this.#held = rest;
        break;
      }
    }
    return keys;
  }

  /** Takes one key off. What comes back unchanged is not complete. */
  #decodeKey(text: string, keys: Key[]): string {
    if (!text.startsWith(ESCAPE)) {
      const raw = String.fromCodePoint(text.codePointAt(0) as number);
      keys.push({ raw, kind: 'character' });
      return text.slice(raw.length);
    }
    const length = sequenceLength(text);
    if (length === undefined) return text;
    const raw = text.slice(0, length);
    if (raw === PASTE_START) this.#pasting = true;
    else keys.push({ raw, kind: length === 1 ? 'character' : 'function' });
    return text.slice(length);
  }

  #decodePaste(text: string, keys: Key[]): string {
    const end = text.indexOf(PASTE_END);
    const length = end >= 0 ? end : text.length - markBegun(text);
    if (length > 0) keys.push({ raw: text.slice(0, length), kind: 'paste' });
    if (end < 0) return text.slice(length);
    this.#pasting = false;
    return text.slice(end + PASTE_END.length);
  }
}

/** The keys that all of a text stands for. */
export function keysOf(text: string): Key[] {
  const decoder = new KeyDecoder();
  return [...decoder.push(Buffer.from(text)), ...decoder.flush()];
}

/** How much of a text beginning with an escape is one key; undefined if that is not yet known. */
function sequenceLength(text: string): number | undefined {
  const introducer = text[1];
  if (introducer === undefined) return undefined;
  if (introducer !== '[' && introducer !== 'O') return 1;
  const body = text.slice(1);
  const complete = COMPLETE.exec(body)?.[0];
  if (complete !== undefined && complete !== '[[') return complete.length + 1;
  return BEGUN.test(body) && text.length < LONGEST_SEQUENCE ? undefined : 1;
}

/** How many characters at the end of a text may be the beginning of the end mark. */
function markBegun(text: string): number {
  for (let length = Math.min(PASTE_END.length - 1, text.length); length > 0; length--) {
    if (PASTE_END.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

function characters(text: string): Key[] {
  return Array.from(text, (raw) => ({ raw, kind: 'character' as const }));
}
