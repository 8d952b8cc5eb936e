import { PoeUsageError } from '../../core/errors.ts';
import type { Chunk } from './filter.ts';

/**
 * How text travels. `latin1` (Perl's bytes): every octet is the character of that code, U+0000 to U+00FF. `utf8`: as
 * UTF-8; octets that are none become U+FFFD.
 */
export type TextEncoding = 'latin1' | 'utf8';

/** Anything that no octet can stand for. */
const WIDE = /[\u0100-\uffff]/;

/** What can be put where text is written: numbers as their digits, undefined and null as nothing. */
export type TextRecord = string | number | bigint | boolean | null | undefined | Chunk;

/**
 * Text, or octets as they are, to octets. What is neither is written as {@link textOf} says.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a character above U+00FF without `utf8`, which Perl dies of later, in
 * `syswrite` ("Wide character"); and for what has no text.
 */
export function encodeText(text: TextRecord, encoding: TextEncoding): Buffer {
  if (text instanceof Uint8Array) return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  if (typeof text !== 'string') return encodeText(textOf(text), encoding);
  if (encoding === 'latin1' && WIDE.test(text)) {
    throw new PoeUsageError('POE_ERR_FILTER_RECORD', 'Cannot put text: it holds a character above U+00FF', {
      hint: "Give the filter the option encoding: 'utf8', or put a Buffer",
    });
  }
  return Buffer.from(text, encoding);
}

/**
 * A record as text. Numbers are their digits, undefined and null nothing, as in Perl; an object what it says of itself, as
 * an `Error` does.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_RECORD` for what says nothing: a plain object, an array, a function, a symbol. Perl would send
 * `HASH(0x55d0)`.
 */
export function textOf(record: unknown): string {
  if (record === undefined || record === null) return '';
  if (Array.isArray(record) || typeof record === 'function' || typeof record === 'symbol') throw noText(typeof record);
  if (typeof record === 'object' && (record.toString ?? plainText) === plainText) throw noText('object');
  return String(record);
}

const { toString: plainText } = Object.prototype;

function noText(type: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_FILTER_RECORD', `Cannot put text: it is of type ${type}`, {
    hint: 'Put text, a number or octets; Reference is the filter for data',
  });
}

/** How many octets chunks come to. A filter next to the wire that works on records may have made them text, or numbers. */
export function octetsOf(chunks: readonly TextRecord[]): number {
  let octets = 0;
  for (const chunk of chunks) {
    octets += typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk.length : textOf(chunk).length;
  }
  return octets;
}
