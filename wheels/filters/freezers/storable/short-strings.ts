import type { FastBuffer } from '../perl-utf8.ts';

/** Longer strings rarely repeat, and are faster made anew than looked up. */
export const LONGEST_CACHED = 40;

const SLOTS = 4096;
const slots: string[] = new Array(SLOTS).fill('');

/**
 * Makes a string of the octets from `start` on, each one character, by way of a cache: the keys of hashes repeat from
 * message to message, and a string that was used as a key before is found in an object faster than a new one.
 *
 * The whole string is hashed (FNV-1a) and compared, so that no peer can make two keys meet; the cache holds 4096 strings of
 * at most 40 characters, each new one in the place of another.
 */
export function shortString(octets: FastBuffer, start: number, length: number): string {
  const end = start + length;
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (octets[at] as number), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = slots[slot] as string;
  if (known.length === length && sameOctets(known, octets, start)) return known;
  const made = octets.latin1Slice(start, end);
  slots[slot] = made;
  return made;
}

function sameOctets(text: string, octets: FastBuffer, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== octets[start + index]) return false;
  }
  return true;
}
