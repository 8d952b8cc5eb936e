import { Buffer, isUtf8 } from 'node:buffer';
import type { ThawOptions } from './freezer.ts';
import { canonicalNumber } from './perl-numbers.ts';
import { PerlString } from './perl-values.ts';

/** Makes the JavaScript values for thawed strings, as {@link ThawOptions} wants them. */
export interface StringDecoder {
  /** A byte string, given as the characters 0 to 255. */
  bytes(characters: string): unknown;
  /** A string that Perl flags as text. */
  text(characters: string): unknown;
  /** A hash key that is a byte string; a key is always a JavaScript string. */
  key(characters: string): string;
}

const NOT_ASCII = /[^\0-\x7f]/;

export function stringDecoder({ strings = 'characters', numericStrings = false }: ThawOptions): StringDecoder {
  const bytes = BYTES[strings];
  return {
    bytes: numericStrings ? (characters) => canonicalNumber(characters) ?? bytes(characters) : bytes,
    text: strings === 'exact' ? (characters) => new PerlString(characters, true) : same,
    key: strings === 'utf8' ? decodeUtf8 : same,
  };
}

const BYTES: Record<NonNullable<ThawOptions['strings']>, (characters: string) => unknown> = {
  characters: same,
  bytes: (characters) => Uint8Array.from(Buffer.from(characters, 'latin1')),
  utf8: decodeUtf8,
  exact: (characters) => new PerlString(characters, false),
};

function same(characters: string): string {
  return characters;
}

function decodeUtf8(characters: string): string {
  if (!NOT_ASCII.test(characters)) return characters;
  const octets = Buffer.from(characters, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : characters;
}
