import { isUtf8 } from 'node:buffer';
import type { ThawOptions } from '../freezer.ts';
import { canonicalNumber } from '../perl-numbers.ts';
import type { FastBuffer } from '../perl-utf8.ts';
import { PerlString } from '../perl-values.ts';
import { shortString } from './short-strings.ts';

/** Makes the value of a byte string. */
export type ByteStringMaker = (octets: FastBuffer, start: number, length: number) => unknown;

/** Up to here a look into the cache is faster than a call into Node. PERF: ikc-posts, 1.1x: most specifiers are no longer, and repeat. */
const CACHE_UP_TO = 32;

/** From so many octets on Node keeps a string of octets outside of V8's heap. */
const OUTSIDE = 1_031_913;
/** Of a shorter string more memory would be wasted than used. */
const LONG = 512 * 1024;
/** What is made a string of, from the first long one on. */
let outside: FastBuffer | undefined;

/** The characters 0 to 255 of a byte string. */
export function characters(octets: FastBuffer, start: number, length: number): string {
  if (length <= CACHE_UP_TO) return shortString(octets, start, length);
  return length >= LONG && length < OUTSIDE
    ? longString(octets, start, length)
    : octets.latin1Slice(start, start + length);
}

/**
 * PERF: the largest strings in V8's heap have pages of their own, which the system has to map and fill for each: to copy the
 * octets, make a larger string outside of the heap and take a part of that is two to three times as fast.
 */
function longString(octets: FastBuffer, start: number, length: number): string {
  outside ??= Buffer.alloc(OUTSIDE) as FastBuffer;
  octets.copy(outside, 0, start, start + length);
  return outside.latin1Slice(0, OUTSIDE).slice(0, length);
}

/** Decodes UTF-8, and leaves other octets the characters 0 to 255. */
export function utf8OrCharacters(octets: FastBuffer, start: number, length: number): string {
  const end = start + length;
  return isUtf8(octets.subarray(start, end)) ? octets.utf8Slice(start, end) : octets.latin1Slice(start, end);
}

const MAKERS: Record<NonNullable<ThawOptions['strings']>, ByteStringMaker> = {
  characters,
  bytes: (octets, start, length) => new Uint8Array(octets.subarray(start, start + length)),
  utf8: utf8OrCharacters,
  exact: (octets, start, length) => new PerlString(characters(octets, start, length), false),
};

/** What the options `strings` and `numericStrings` ask for. */
export function byteStringMaker(strings: keyof typeof MAKERS, numericStrings: boolean): ByteStringMaker {
  const make = MAKERS[strings];
  return numericStrings ? numbersFirst(make) : make;
}

/** The longest number is `-2.2250738585072e-308` or so; the first octet rules out most of the others. */
const LONGEST_NUMBER = 24;

function numbersFirst(make: ByteStringMaker): ByteStringMaker {
  return (octets, start, length) => {
    if (length > 0 && length <= LONGEST_NUMBER && mayBeginNumber(octets[start] as number)) {
      const number = canonicalNumber(octets.latin1Slice(start, start + length));
      if (number !== undefined) return number;
    }
    return make(octets, start, length);
  };
}

/** A digit, a minus sign, or the first letter of `Inf` or `NaN`. */
function mayBeginNumber(octet: number): boolean {
  return (octet >= 0x30 && octet <= 0x39) || octet === 0x2d || octet === 0x49 || octet === 0x4e;
}
