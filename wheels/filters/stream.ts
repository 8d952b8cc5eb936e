import { BaseFilter } from './base-filter.ts';
import type { Chunk } from './filter.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { warnUnknownOptions } from './options.ts';
import { encodeText, type TextEncoding, type TextRecord } from './text.ts';

export interface StreamOptions {
  /** How strings that are put become octets. Default `latin1`: code points 0 to 255, as Perl has bytes. */
  encoding?: TextEncoding;
}

/**
 * Passes octets on as they are. What one `get` is given comes out as one record, a `Buffer`; octets, or strings, go
 * out as they come.
 *
 * @example
 * new Stream().get([Buffer.from('ab'), Buffer.from('cd')]); // [Buffer 'abcd']
 * @remarks Mirrors POE::Filter::Stream. An unknown option is a warning.
 */
export class Stream extends BaseFilter<Buffer, TextRecord> {
  readonly #encoding: TextEncoding;
  readonly #buffer = new OctetBuffer();

  constructor(options: StreamOptions = {}) {
    super();
    warnUnknownOptions('Stream', options, ['encoding']);
    this.#encoding = options.encoding ?? 'latin1';
  }

  getOneStart(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#buffer.push(chunk);
  }

  getOne(): Buffer[] {
    const held = this.#buffer.gather();
    return held === 0 ? [] : [this.#buffer.shift(held)];
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for characters above U+00FF without `encoding: 'utf8'`. */
  put(records: readonly TextRecord[]): Buffer[] {
    return records.map((record) => encodeText(record, this.#encoding));
  }

  getPending(): Buffer[] | null {
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  clone(): Stream {
    return new Stream({ encoding: this.#encoding });
  }
}
