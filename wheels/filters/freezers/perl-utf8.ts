/**
 * Perl's own, laxer UTF-8. A Perl string may hold surrogates on their own, and so may a JavaScript string; strict UTF-8
 * has no octets for them, Perl writes the three that the scheme suggests. Both directions here do the same, so that such
 * strings survive. What Perl can hold and JavaScript cannot, code points above 10FFFF, is no valid text here.
 */

/** The encodings of Node's buffers without the detour over `toString` and `write`, which costs as much as a short string. */
export interface FastBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length?: number): number;
  utf8Write(text: string, offset: number, length?: number): number;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Decodes octets from `start` up to `end`. Two surrogates that follow each other in the octets become one character, as
 * in any JavaScript string.
 *
 * @returns The text, or undefined if the octets are not UTF-8 even in the lax sense.
 */
export function decodeLaxUtf8(octets: FastBuffer, start: number, end: number): string | undefined {
  const text = octets.utf8Slice(start, end);
  // The replacement character may have been sent, or it may stand for octets that strict UTF-8 does not know.
  return text.includes('\ufffd') ? decodeByHand(octets, start, end) : text;
}

/** How many octets {@link writeLaxUtf8} will write. */
export function laxUtf8Length(text: string): number {
  // A lone surrogate counts as three octets here too: those of the replacement character.
  return Buffer.byteLength(text, 'utf8');
}

/** Writes text at `offset`, where there must be room for it, and returns the offset behind it. */
export function writeLaxUtf8(octets: FastBuffer, text: string, offset: number): number {
  if (!LONE_SURROGATE.test(text)) return offset + octets.utf8Write(text, offset);
  let at = offset;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0xd800 || code > 0xdfff) {
      at += octets.utf8Write(character, at);
    } else {
      octets[at++] = 0xe0 | (code >> 12);
      octets[at++] = 0x80 | ((code >> 6) & 0x3f);
      octets[at++] = 0x80 | (code & 0x3f);
    }
  }
  return at;
}

/** The smallest code point that needs a sequence of so many octets; shorter ones are overlong. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function decodeByHand(octets: FastBuffer, start: number, end: number): string | undefined {
  let text = '';
  let at = start;
  while (at < end) {
    const first = octets[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + length - 1 > end) return undefined;
    let code = first & (0x7f >> length);
    for (let left = length - 1; left > 0; left--) {
      const next = octets[at++] as number;
      if ((next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    if (code < (SMALLEST[length] as number) || code > 0x10ffff) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}
