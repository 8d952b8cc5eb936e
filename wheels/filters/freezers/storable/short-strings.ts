import type { FastBuffer } from '../perl-utf8.ts';

/** Longer strings rarely repeat, and are faster made anew than looked up. */
export const LONGEST_CACHED = 40;

const SLOTS = 4096;
/** What is kept of a string beside itself: its octets, by four. */
const WORDS = LONGEST_CACHED / 4;
const slots: string[] = new Array(SLOTS).fill('');
const words = new Int32Array(SLOTS * WORDS);
let turn = 0;

/**
 * Makes a string of the octets from `start` on, each one character, by way of a cache: the keys of hashes repeat from
 * message to message, and a string that was used as a key before is found in an object faster than a new one.
 *
 * The whole string is hashed and compared, so that no peer can make two keys meet; the cache holds 4096 strings of at most
 * 40 characters, each new one in the place of another.
 *
 * PERF: octets are hashed and compared by four, and most keys without a loop, since the end of each loop is a guess that the
 * processor gets wrong. The first four and the last four may overlap.
 */
export function shortString(octets: FastBuffer, start: number, length: number): string {
  if (length === 0) return '';
  const end = start + length;
  let first: number;
  let last: number;
  if (length < 4) {
    first = ((octets[start] as number) << 8) | (octets[start + (length >> 1)] as number);
    last = octets[end - 1] as number;
  } else {
    first = four(octets, start);
    last = four(octets, end - 4);
  }
  let hash = Math.imul(first ^ (length << 26), 0x9e3779b1);
  for (let at = start + 4; at < end - 4; at += 4) hash = Math.imul(hash ^ (hash >>> 15) ^ four(octets, at), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ last, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  // There are two places for each string; a new one takes either in turn.
  const slot = (hash >>> 20) & ~1;
  if (isAt(slot, first, last, octets, start, length)) return slots[slot] as string;
  if (isAt(slot + 1, first, last, octets, start, length)) return slots[slot + 1] as string;
  turn ^= 1;
  const made = octets.latin1Slice(start, end);
  slots[slot + turn] = made;
  let place = (slot + turn) * WORDS;
  words[place++] = first;
  words[place++] = last;
  for (let at = start + 4; at < end - 4; at += 4) words[place++] = four(octets, at);
  return made;
}

function isAt(slot: number, first: number, last: number, octets: FastBuffer, start: number, length: number): boolean {
  let place = slot * WORDS;
  if (words[place++] !== first || words[place++] !== last || (slots[slot] as string).length !== length) return false;
  for (let at = start + 4; at < start + length - 4; at += 4) {
    if (words[place++] !== four(octets, at)) return false;
  }
  return true;
}

function four(octets: FastBuffer, at: number): number {
  return (
    (octets[at] as number) |
    ((octets[at + 1] as number) << 8) |
    ((octets[at + 2] as number) << 16) |
    ((octets[at + 3] as number) << 24)
  );
}
