import { Buffer } from 'node:buffer';
import type { ThawOptions } from '../freezer.ts';
import type { PerlGlob, PerlRegexp, PerlVString } from '../perl-values.ts';
import { type PerlReference, type PerlView, PerlViewer, placeOf } from '../perl-view.ts';
import {
  DUMMY_CODE,
  EMPTY_SCALAR,
  MAX_INTEGER_LENGTH,
  VARIABLE,
  VERSION_LITERAL,
  versionCharacters,
} from './syntax.ts';

/** Where in the variable something is: in the container at `parent`, under a key, an index, or behind a reference. */
interface Place {
  readonly parent: Place | undefined;
  readonly key: Key;
}

/** Undefined stands for what a reference refers to. */
type Key = string | number | undefined;

/** A container that is being written, and how far. */
interface Frame {
  readonly kind: 'array' | 'hash' | 'ref';
  readonly place: Place;
  readonly values: readonly unknown[];
  /** The keys of a hash. */
  readonly keys: readonly string[];
  next: number;
  /** What is written behind the last value. */
  readonly end: string;
}

const NO_KEYS: readonly string[] = [];

/** Writes one value as a statement, and a repair statement for every second way to something. */
export class DumperWriter {
  readonly #viewer: PerlViewer;
  /** Where each container was met first. */
  readonly #places = new Map<object, Place>();
  readonly #stack: Frame[] = [];
  #text = `${VARIABLE} = `;
  #repairs = '';

  constructor({ classes }: ThawOptions) {
    this.#viewer = new PerlViewer(classes, () => placeOf(this.#stack.map((frame) => keyAt(frame, frame.next - 1))));
  }

  write(value: unknown): Buffer {
    this.#writeValue(value, undefined, undefined);
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) this.#continue(frame);
    return Buffer.from(`${this.#text};${this.#repairs}`, 'latin1');
  }

  /** Writes the next value of a container, or its end. */
  #continue(frame: Frame): void {
    const index = frame.next++;
    if (index === frame.values.length) {
      this.#text += frame.end;
      this.#stack.pop();
      return;
    }
    if (index > 0) this.#text += ',';
    if (frame.kind === 'hash') this.#text += `${quote(frame.keys[index] as string)} => `;
    this.#writeValue(frame.values[index], frame.place, keyAt(frame, index));
  }

  #writeValue(value: unknown, parent: Place | undefined, key: Key): void {
    const view = this.#viewer.view(value);
    if ('identity' in view) this.#writeReference(view, { parent, key });
    else this.#text += this.#scalar(view);
  }

  #scalar(view: Exclude<PerlView, PerlReference>): string {
    switch (view.kind) {
      case 'undef':
        return 'undef';
      case 'number':
        return view.isInteger && view.text.length <= MAX_INTEGER_LENGTH ? view.text : quote(view.text);
      case 'string':
        return quote(view.text);
      case 'vstring':
        return this.#vstring(view.vstring);
      case 'glob':
        return this.#glob(view.glob);
    }
  }

  #writeReference(view: PerlReference, place: Place): void {
    const first = this.#places.get(view.identity);
    if (first !== undefined) {
      this.#text += view.kind === 'array' ? '[]' : view.kind === 'hash' ? '{}' : EMPTY_SCALAR;
      this.#repairs += `${path(place)} = ${path(first)};`;
      return;
    }
    this.#places.set(view.identity, place);
    const { className } = view;
    const end = className === undefined ? '' : `, ${quote(className)} )`;
    if (className !== undefined) this.#text += 'bless( ';
    if (view.kind === 'array') {
      this.#text += '[';
      this.#stack.push({ kind: 'array', place, values: view.array, keys: NO_KEYS, next: 0, end: `]${end}` });
    } else if (view.kind === 'hash') {
      const { hash } = view;
      const keys = Object.keys(hash);
      this.#text += '{';
      this.#stack.push({ kind: 'hash', place, values: keys.map((key) => hash[key]), keys, next: 0, end: `}${end}` });
    } else if (view.kind === 'ref') {
      // A literal cannot be blessed, so an object needs a scalar of its own.
      const [head, tail] = className === undefined ? ['\\', ''] : ['do{\\(my $o = ', ')}'];
      this.#text += head;
      this.#stack.push({ kind: 'ref', place, values: [view.ref.value], keys: NO_KEYS, next: 0, end: tail + end });
    } else {
      this.#text += (view.kind === 'regexp' ? this.#regexp(view.regexp) : DUMMY_CODE) + end;
    }
  }

  /**
   * A pattern whose text comes out of a string. Between slashes Perl would interpolate variables, and with them code;
   * and in a pattern that is put together at run time it refuses embedded code.
   */
  #regexp({ pattern, flags }: PerlRegexp): string {
    if (/^[a-z]*$/.test(flags)) return `do{my $o = ${quote(pattern)};qr/$o/${flags}}`;
    throw this.#viewer.refuse(
      `a pattern with the modifiers '${flags}'`,
      'Modifiers of a Perl pattern are small letters',
    );
  }

  #glob({ name }: PerlGlob): string {
    if (/^\w+(?:::\w+)*$/.test(name)) return `*${name.startsWith('main::') ? name.slice(4) : name}`;
    throw this.#viewer.refuse(`a glob named ${JSON.stringify(name)}`, 'Perl reads only globs with a plain name back');
  }

  #vstring({ value, literal }: PerlVString): string {
    if (VERSION_LITERAL.test(literal) && versionCharacters(literal) === value) return literal;
    throw this.#viewer.refuse(
      `a version string written ${JSON.stringify(literal)}`,
      'Write it as Perl does, such as v1.22.333, and give the very characters that it stands for',
    );
  }
}

function keyAt({ kind, keys }: Frame, index: number): Key {
  return kind === 'array' ? index : keys[index];
}

/** The way to a place, as Perl writes it: an arrow only behind the variable or a bracket, `${...}` behind a reference. */
function path(place: Place): string {
  const places: Place[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) places.push(at);
  let text = VARIABLE;
  let needsArrow = true;
  for (const { key } of places.reverse()) {
    if (key === undefined) {
      text = `\${${text}}`;
      needsArrow = true;
    } else {
      const step = typeof key === 'number' ? `[${key}]` : `{${quote(key)}}`;
      text += needsArrow ? `->${step}` : step;
      needsArrow = false;
    }
  }
  return text;
}

const WIDE = /[^\0-\xff]/;
const SPECIAL_IN_SINGLE_QUOTES = /['\\]/;

/**
 * A string as Perl source. Single quotes know two escapes and interpolate nothing; double quotes, which characters
 * above 255 need, get an escape for all that is not ASCII and for whatever Perl would interpolate.
 */
function quote(text: string): string {
  if (!WIDE.test(text)) {
    return SPECIAL_IN_SINGLE_QUOTES.test(text) ? `'${text.replace(/['\\]/g, '\\$&')}'` : `'${text}'`;
  }
  const escaped = text.replace(/["\\$@]|[^\0-\x7f]/gu, (character) => {
    const codePoint = character.codePointAt(0) as number;
    return codePoint > 0x7f ? `\\x{${codePoint.toString(16)}}` : `\\${character}`;
  });
  return `"${escaped}"`;
}
