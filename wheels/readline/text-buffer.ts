import { segmentsOf } from './segments.ts';
import { graphemes } from './width.ts';

/** The text of a line and the cursor in it, which stands between characters as a reader counts them. */
export class TextBuffer {
  /** Whether typing inserts; otherwise it replaces. */
  insertMode = true;
  readonly #longest: number;
  #text = '';
  #cursor = 0;

  /** @param longest - UTF-16 units that the text may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Moves the cursor; places outside of the text are its ends. */
  set cursor(place: number) {
    this.#cursor = Math.min(Math.max(0, place), this.#text.length);
  }

  setText(text: string, cursor: number): void {
    this.#text = text;
    this.cursor = cursor;
  }

  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  get after(): string {
    return this.#text.slice(this.#cursor);
  }

  /** Where the character before the cursor begins. */
  get previous(): number {
    return this.#cursor === 0 ? 0 : (segmentsOf(this.#text).containing(this.#cursor - 1)?.index ?? 0);
  }

  /** Where the character after the cursor ends. */
  get next(): number {
    const found = segmentsOf(this.#text).containing(this.#cursor);
    return found === undefined ? this.#text.length : found.index + found.segment.length;
  }

  /** Inserts text at the cursor, or replaces as many characters as it has. @returns false if the line would be too long. */
  insert(added: string): boolean {
    const replaced = this.insertMode ? 0 : lengthOf(this.after, graphemes(added).length);
    if (this.#text.length + added.length - replaced > this.#longest) return false;
    this.#text = this.before + added + this.#text.slice(this.#cursor + replaced);
    this.#cursor += added.length;
    return true;
  }

  /** Takes a part of the text away; a cursor behind its beginning goes there. @returns What it was. */
  delete(from: number, length: number): string {
    const taken = this.#text.slice(from, from + length);
    this.#text = this.#text.slice(0, from) + this.#text.slice(from + length);
    if (this.#cursor > from) this.cursor = from;
    return taken;
  }

  /** Puts other text in place of a part; the cursor goes behind it. */
  replace(from: number, length: number, by: string): void {
    this.setText(this.#text.slice(0, from) + by + this.#text.slice(from + length), from + by.length);
  }
}

/** Units that so many characters at the beginning of a text take. */
function lengthOf(text: string, characters: number): number {
  return graphemes(text).slice(0, characters).join('').length;
}
