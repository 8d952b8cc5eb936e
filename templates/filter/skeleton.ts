import { BaseFilter, type Chunk, OctetBuffer } from 'poe-kernel/wheels';

const NUL = 0;

/**
 * Texts that end with a NUL.
 *
 * @example
 * heap.wheel = new ReadWrite({ handle, filter: new Skeleton(), inputEvent: 'text' });
 */
export class Skeleton extends BaseFilter<string> {
  readonly #buffer = new OctetBuffer();
  /** Octets at the front that were searched without a find. */
  #searched = 0;

  getOneStart(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#buffer.push(chunk);
  }

  getOne(): string[] {
    const held = this.#buffer.gather();
    const { window, start } = this.#buffer;
    const end = window.indexOf(NUL, start + this.#searched);
    if (end < 0 || end >= start + held) {
      this.#searched = held;
      return [];
    }
    this.#searched = 0;
    const text = this.#buffer.shift(end - start).toString();
    this.#buffer.skip(1);
    return [text];
  }

  put(texts: readonly string[]): Chunk[] {
    return texts.map((text) => Buffer.from(`${text}\0`));
  }

  getPending(): Chunk[] | null {
    const pending = this.#buffer.peek();
    return pending && [pending];
  }

  clone(): Skeleton {
    return new Skeleton();
  }
}
