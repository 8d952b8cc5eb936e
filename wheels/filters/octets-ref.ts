import type { Chunk } from './filter.ts';
import { encodeText } from './text.ts';

/**
 * Octets that a function is given to change: what is a reference to a string in Perl (`$$stuff`) is `stuff.value` here.
 * Reading gives a `Buffer`; octets or a string of code points 0 to 255 can be assigned.
 *
 * @example
 * // substr($$stuff, 0, 2) = '';
 * stuff.value = stuff.value.subarray(2);
 * // $$stuff = "<$length>$$stuff";
 * stuff.value = `<${length}>${stuff.value.toString('latin1')}`;
 */
export class OctetsRef {
  #octets: Buffer;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  get value(): Buffer {
    return this.#octets;
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a string with a character above U+00FF. */
  set value(octets: string | Chunk) {
    this.#octets = encodeText(octets, 'latin1');
  }
}
