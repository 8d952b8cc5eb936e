import { PoeUsageError } from '../../core/errors.ts';
import type { Chunk } from './filter.ts';

/**
 * How text travels. `latin1` (Perl's bytes): every octet is the character of that code, U+0000 to U+00FF. `utf8`: as
 * UTF-8; octets that are none become U+FFFD.
 */
export type TextEncoding = 'latin1' | 'utf8';

/** Anything that no octet can stand for. */
const WIDE = /[\u0100-\uffff]/;

/**
 * Text, or octets as they are, to octets.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a character above U+00FF without `utf8`. Perl dies of it later, in
 * `syswrite` ("Wide character").
 */
export function encodeText(text: string | Chunk, encoding: TextEncoding): Buffer {
  if (typeof text !== 'string') return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  if (encoding === 'latin1' && WIDE.test(text)) {
    throw new PoeUsageError('POE_ERR_FILTER_RECORD', 'Cannot put text: it holds a character above U+00FF', {
      hint: "Give the filter the option encoding: 'utf8', or put a Buffer",
    });
  }
  return Buffer.from(text, encoding);
}
