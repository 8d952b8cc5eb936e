import { PoeLimitError } from '../../../core/errors.ts';
import { BaseFilter, type Chunk, OctetBuffer } from '../../../wheels/filters/index.ts';

const CR = 0x0d;
const LF = 0x0a;

export interface HandshakeLinesOptions {
  /** Longest line, in octets. Default 4 KiB. */
  maxLine?: number | undefined;
}

/**
 * The lines of a handshake, as a filter: reads lines that end in CR LF, LF CR, CR or LF, in any mixture, and writes CR LF.
 *
 * A line is complete with the first octet of its end. If the other half comes later, it is dropped then, where a genuine
 * peer sees an empty line. So the same lines are read however the stream is cut. The half may even come after
 * {@link getPending} has handed over what was left: read the frames with the option `afterLines` of `Reference`.
 *
 * @example
 * const filter = new HandshakeLines();
 * filter.get([Buffer.from('HELLO\r')]); // ['HELLO']
 * filter.get([Buffer.from('\nOK\r\n')]); // ['OK']
 */
export class HandshakeLines extends BaseFilter<string> {
  readonly #maxLine: number;
  readonly #buffer = new OctetBuffer();
  #searched = 0;
  /** The octet that would complete the end of the line before. */
  #otherHalf: number | undefined;
  #failed: PoeLimitError | undefined;

  constructor(options: HandshakeLinesOptions = {}) {
    super();
    this.#maxLine = options.maxLine ?? 4096;
  }

  getOneStart(chunks: readonly Chunk[]): void {
    if (this.#failed) return;
    for (const chunk of chunks) this.#buffer.push(chunk);
  }

  /** @throws PoeLimitError `POE_ERR_IKC_HANDSHAKE_LIMIT` for a line beyond `maxLine`, from then on. */
  getOne(): string[] {
    if (this.#failed) throw this.#failed;
    const held = this.#gather();
    const { window, start, end } = this.#buffer;
    let at = start + this.#searched;
    while (at < end && window[at] !== CR && window[at] !== LF) at++;
    if (at - start > this.#maxLine) this.#fail();
    if (at === end) {
      this.#searched = held;
      return [];
    }
    this.#searched = 0;
    this.#otherHalf = window[at] === CR ? LF : CR;
    this.#buffer.skip(at + 1 - start);
    return [window.toString('latin1', start, at)];
  }

  put(lines: readonly string[]): Buffer[] {
    return lines.map((line) => Buffer.from(`${line}\r\n`, 'latin1'));
  }

  getPending(): Buffer[] | null {
    this.#gather();
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  clone(): HandshakeLines {
    return new HandshakeLines({ maxLine: this.#maxLine });
  }

  /** Brings all octets together, without the other half of a line end at the front. */
  #gather(): number {
    const held = this.#buffer.gather();
    if (held === 0 || this.#otherHalf === undefined) return held;
    if (this.#buffer.window[this.#buffer.start] === this.#otherHalf) this.#buffer.skip(1);
    this.#otherHalf = undefined;
    return this.#buffer.length;
  }

  #fail(): never {
    this.#buffer.clear();
    this.#failed = new PoeLimitError(
      'POE_ERR_IKC_HANDSHAKE_LIMIT',
      `Cannot shake hands: the other side has sent a line of more than ${this.#maxLine} octets`,
      { hint: 'The other side is no IKC peer, or raise the limit' },
    );
    throw this.#failed;
  }
}
