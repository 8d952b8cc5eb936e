import { Buffer } from 'node:buffer';
import type { ThawOptions } from '../freezer.ts';
import type { PerlRegexp } from '../perl-values.ts';
import { type PerlReference, PerlViewer, placeOf } from '../perl-view.ts';

/** A container that is being written, and how far. */
interface Frame {
  readonly values: readonly unknown[];
  /** What the values are called, for the place in an error: keys of a hash, nothing for indices, one undefined for a reference. */
  readonly keys: readonly (string | undefined)[] | undefined;
  next: number;
}

const WIDE = /[^\0-\xff]/;

/**
 * Writes one image. The plain form is tried first; if something turns out to be reachable twice, all is written again in
 * the form with a table: how many entries, an empty shell for each, the contents of each, and then the list.
 */
export class FreezeThawWriter {
  readonly #viewer: PerlViewer;
  /** Everything that was met, to notice what is met again. Empty once the table is complete. */
  readonly #seen = new Set<object>();
  /** What was met more than once, in the order of the second meeting, with its number. */
  readonly #repeated = new Map<object, { readonly number: number; readonly view: PerlReference }>();
  #tableIsComplete = false;
  #classes = new Map<string, number>();
  #stack: Frame[] = [];
  #text = '';

  constructor({ classes }: ThawOptions) {
    this.#viewer = new PerlViewer(classes, () => this.#place());
  }

  write(values: readonly unknown[]): Buffer {
    this.#text = 'FrT;';
    this.#writeList(values);
    if (this.#repeated.size > 0) this.#writeWithTable(values);
    return Buffer.from(this.#text, 'latin1');
  }

  #writeWithTable(values: readonly unknown[]): void {
    this.#tableIsComplete = true;
    this.#classes = new Map();
    this.#text = `FrT;!${this.#repeated.size - 1}|`;
    for (const { view } of this.#repeated.values()) {
      if (view.className !== undefined) this.#writeClass('{', view.className);
      this.#text += view.kind === 'array' ? '@0|' : view.kind === 'hash' ? '%0|' : '\\_';
    }
    for (const { view } of this.#repeated.values()) {
      if (view.className !== undefined) this.#writeClass('}', view.className);
      this.#writePlain(view);
      this.#finish();
    }
    this.#writeList(values);
  }

  #writeList(values: readonly unknown[]): void {
    this.#text += `@${values.length}|`;
    for (const value of values) {
      this.#writeValue(value);
      this.#finish();
    }
  }

  /** Writes the contents of every container that was opened. */
  #finish(): void {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      if (frame.next === frame.values.length) this.#stack.pop();
      else this.#writeValue(frame.values[frame.next++]);
    }
  }

  #writeValue(value: unknown): void {
    const view = this.#viewer.view(value);
    switch (view.kind) {
      case 'undef':
        this.#text += '_';
        return;
      case 'number':
      case 'string':
        this.#writeString(view.text);
        return;
      case 'vstring':
        this.#writeString(view.vstring.value);
        return;
      case 'glob':
      case 'code':
        throw this.#viewer.refuse(`a ${view.kind} reference`, 'FreezeThaw has no form for it that could be thawed');
      case 'regexp':
        // A pattern never goes into the table: FreezeThaw loses the text of those that do.
        if (view.className !== undefined) this.#writeClass('>', view.className);
        this.#writeRegexp(view.regexp);
        return;
      default:
        this.#writeReference(view);
    }
  }

  #writeReference(view: PerlReference): void {
    const repeated = this.#repeated.get(view.identity);
    if (repeated !== undefined) {
      this.#text += `<${repeated.number}|`;
    } else if (!this.#tableIsComplete && this.#seen.has(view.identity)) {
      this.#repeated.set(view.identity, { number: this.#repeated.size, view });
    } else {
      this.#seen.add(view.identity);
      if (view.className !== undefined) this.#writeClass('>', view.className);
      this.#writePlain(view);
    }
  }

  /** Writes the head of a container and opens it, leaving its class aside. */
  #writePlain(view: PerlReference): void {
    if (view.kind === 'array') {
      this.#text += `@${view.array.length}|`;
      this.#stack.push({ values: view.array, keys: undefined, next: 0 });
    } else if (view.kind === 'ref') {
      this.#text += '\\';
      this.#stack.push({ values: [view.ref.value], keys: [undefined], next: 0 });
    } else if (view.kind === 'hash') {
      const { hash } = view;
      const keys = Object.keys(hash).sort();
      this.#text += `%${2 * keys.length}|`;
      for (const key of keys) this.#writeString(key);
      this.#stack.push({ values: keys.map((key) => hash[key]), keys, next: 0 });
    }
  }

  #writeClass(code: '>' | '{' | '}', className: string): void {
    const number = this.#classes.get(className);
    if (number !== undefined) {
      this.#text += `${code})${number}|`;
      return;
    }
    this.#text += `${code}>${this.#classes.size}|`;
    this.#writeString(className);
    this.#classes.set(className, this.#classes.size);
  }

  #writeRegexp({ pattern, flags }: PerlRegexp): void {
    if (!/^[a-z]*$/.test(flags)) {
      throw this.#viewer.refuse(
        `a pattern with the modifiers '${flags}'`,
        'Modifiers of a Perl pattern are small letters',
      );
    }
    // Under /x a comment would run on into the closing bracket.
    const end = flags.includes('x') ? '\n)' : ')';
    const text = flags === '' ? pattern : `(?^${flags}:${pattern}${end}`;
    this.#text += `/${text.length}|${this.#narrow(text)}`;
  }

  #writeString(text: string): void {
    this.#text += `$${text.length}|${this.#narrow(text)}`;
  }

  #narrow(text: string): string {
    if (!WIDE.test(text)) return text;
    throw this.#viewer.refuse(
      'text with characters above 255',
      'FreezeThaw knows octets only: encode it, as with new TextEncoder().encode(text), or let the peers use Storable',
      'POE_ERR_FREEZE_WIDE',
    );
  }

  #place(): string {
    return placeOf(this.#stack.map(({ keys, next }) => (keys === undefined ? next - 1 : keys[next - 1])));
  }
}
