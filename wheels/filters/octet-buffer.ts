import { encodeText, type TextRecord } from './text.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Received octets that wait to be parsed. The front of them is a *window*, one piece of memory in which a parser works
 * in place: the received chunk itself as long as that is enough. Chunks are joined only where a record lies across
 * them, and then with amortised growth, so that a long record in many small chunks costs no more than linear time and
 * memory.
 *
 * Memory that was handed out by {@link shift} is never written again: records may be views of it.
 */
export class OctetBuffer {
  #window = NOTHING;
  #start = 0;
  #end = 0;
  /** Whether the window is our own memory, so that what lies behind `#end` may be written. */
  #own = false;
  /** Chunks behind the window; those before `#next` are used up. */
  #waiting: Buffer[] = [];
  #next = 0;
  #waitingLength = 0;

  /** Octets in all, in the window and behind it. */
  get length(): number {
    return this.#end - this.#start + this.#waitingLength;
  }

  /** The memory of the window; only from {@link start} to {@link end} does it hold octets. */
  get window(): Buffer {
    return this.#window;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Adds a chunk at the end. It is kept, not copied. What a filter nearer to the wire made may be a string of octets, or a number. */
  push(chunk: TextRecord): void {
    const octets = Buffer.isBuffer(chunk) ? chunk : encodeText(chunk, 'latin1');
    if (octets.length === 0) return;
    this.#waiting.push(octets);
    this.#waitingLength += octets.length;
  }

  /**
   * Brings octets into the window until it holds `wanted` of them; all there are, if there are fewer.
   *
   * @returns How many octets the window holds.
   */
  gather(wanted: number = Number.POSITIVE_INFINITY): number {
    let held = this.#end - this.#start;
    while (held < wanted && this.#waitingLength > 0) {
      if (held === 0) this.#adopt();
      else this.#join(held, wanted);
      held = this.#end - this.#start;
    }
    return held;
  }

  /** Removes octets from the front of the window and returns them, as a view where possible. */
  shift(octets: number): Buffer {
    const from = this.#start;
    this.#start += octets;
    return this.#window.subarray(from, this.#start);
  }

  /** Removes octets from the front of the window. */
  skip(octets: number): void {
    this.#start += octets;
  }

  /**
   * Removes octets from the front, in the window and behind it.
   *
   * @returns How many: `octets`, or as many as there are.
   */
  drop(octets: number): number {
    let left = octets;
    while (left > 0 && this.gather(1) > 0) {
      const skipped = Math.min(left, this.#end - this.#start);
      this.skip(skipped);
      left -= skipped;
    }
    return octets - left;
  }

  /**
   * Puts other octets in place of all that is buffered. What {@link peek} gave, less octets at its front, is taken for
   * what it is and moves nothing.
   */
  become(octets: Buffer): void {
    const end = this.#window.byteOffset + this.#end;
    const isRest =
      this.#waitingLength === 0 &&
      octets.buffer === this.#window.buffer &&
      octets.byteOffset + octets.length === end &&
      octets.length <= this.#end - this.#start;
    if (isRest) {
      this.#start = this.#end - octets.length;
    } else {
      this.clear();
      this.push(octets);
    }
  }

  /** Removes everything. */
  clear(): void {
    this.#window = NOTHING;
    this.#start = this.#end = 0;
    this.#own = false;
    this.#waiting = [];
    this.#next = this.#waitingLength = 0;
  }

  /** All octets in one piece, which stay buffered; `null` if there are none. */
  peek(): Buffer | null {
    return this.gather() === 0 ? null : this.#window.subarray(this.#start, this.#end);
  }

  /** The window is used up: the next chunk becomes the window as it is. */
  #adopt(): void {
    const chunk = this.#takeWaiting();
    this.#window = chunk;
    this.#start = 0;
    this.#end = chunk.length;
    this.#own = false;
  }

  /** Copies what is missing behind the window. */
  #join(held: number, wanted: number): void {
    const target = Math.min(wanted, this.length);
    if (!this.#own || this.#window.length - this.#start < target) this.#move(held, this.#capacity(target, wanted));
    while (this.#end - this.#start < target) {
      const chunk = this.#takeWaiting();
      const missing = target - (this.#end - this.#start);
      if (chunk.length > missing) this.#putBack(chunk.subarray(missing));
      this.#end += chunk.copy(this.#window, this.#end, 0, missing);
    }
  }

  /**
   * Twice of what there is while one record grows, so that the copies add up to linear time; just what there is when
   * records were read since the last growth. A size that a peer merely announced never allocates by itself.
   */
  #capacity(target: number, wanted: number): number {
    const growing = this.#own && this.#start === 0;
    return growing ? Math.min(wanted, 2 * target) : target;
  }

  #move(held: number, capacity: number): void {
    const window = Buffer.allocUnsafe(capacity);
    this.#window.copy(window, 0, this.#start, this.#end);
    this.#window = window;
    this.#start = 0;
    this.#end = held;
    this.#own = true;
  }

  #takeWaiting(): Buffer {
    const chunk = this.#waiting[this.#next++] as Buffer;
    this.#waitingLength -= chunk.length;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return chunk;
  }

  #putBack(chunk: Buffer): void {
    if (this.#next > 0) this.#waiting[--this.#next] = chunk;
    else this.#waiting.unshift(chunk);
    this.#waitingLength += chunk.length;
  }
}
