import { encodeText, type TextRecord } from './text.ts';

const NOTHING: Buffer = Buffer.alloc(0);
/** Octets of memory from which on it is worth keeping. */
const LARGE = 16_384;

/**
 * Received octets that wait to be parsed. The front of them is a *window*, one piece of memory in which a parser works
 * in place: the received chunk itself as long as that is enough. Chunks are joined only where a record lies across
 * them, and then with amortised growth, so that a long record in many small chunks costs no more than linear time and
 * memory.
 *
 * Memory that was handed out by {@link shift} is never written again: records may be views of it. Chunks that were given away
 * with {@link push} and of which nothing was handed out, as all of it was copied, are what the next records are joined in.
 */
export class OctetBuffer {
  #window = NOTHING;
  #start = 0;
  #end = 0;
  /** Whether the window is our own memory, so that what lies behind `#end` may be written. */
  #own = false;
  /** Chunks behind the window; those before `#next` are used up, and `#copied` octets of that one were copied already. */
  #waiting: Buffer[] = [];
  #next = 0;
  #copied = 0;
  #waitingLength = 0;
  /** The chunks before this one are not ours alone. */
  #shared = 0;
  /** The memory of the window, as long as it is a chunk that is ours alone and none of it was handed out. */
  #free: Buffer | undefined;
  /** Memory in which the next record may be joined. */
  #spare: Buffer | undefined;

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

  /**
   * Adds a chunk at the end. It is kept, not copied. What a filter nearer to the wire made may be a string of octets, or a number.
   *
   * @param owned - Nobody else will look at the chunk any more: its memory may be used again. Default: it may not.
   */
  push(chunk: TextRecord, owned = false): void {
    const octets = Buffer.isBuffer(chunk) ? chunk : encodeText(chunk, 'latin1');
    if (octets.length === 0) return;
    this.#waiting.push(octets);
    this.#waitingLength += octets.length;
    if (!owned) this.#shared = this.#waiting.length;
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
    // Who has nothing to wait for keeps no memory for it.
    if (held === 0) this.#spare = undefined;
    return held;
  }

  /** Removes octets from the front of the window and returns them, as a view where possible. */
  shift(octets: number): Buffer {
    const from = this.#start;
    this.#start += octets;
    this.#free = undefined;
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
    this.#free = this.#spare = undefined;
    this.#waiting = [];
    this.#next = this.#copied = this.#waitingLength = this.#shared = 0;
  }

  /** All octets in one piece, which stay buffered; `null` if there are none. */
  peek(): Buffer | null {
    if (this.gather() === 0) return null;
    this.#free = undefined;
    return this.#window.subarray(this.#start, this.#end);
  }

  /** The window is used up: the next chunk becomes the window as it is. */
  #adopt(): void {
    this.#keep(this.#free);
    const chunk = this.#waiting[this.#next] as Buffer;
    this.#free = this.#next >= this.#shared ? chunk : undefined;
    this.#window = chunk;
    this.#start = this.#copied;
    this.#end = chunk.length;
    this.#own = false;
    this.#take(chunk.length - this.#copied);
  }

  /** Copies what is missing behind the window. */
  #join(held: number, wanted: number): void {
    const target = Math.min(wanted, this.length);
    if (!this.#own || this.#window.length - this.#start < target) this.#move(held, this.#capacity(target, wanted));
    while (this.#end - this.#start < target) {
      const missing = target - (this.#end - this.#start);
      const from = this.#copied;
      const isOurs = this.#next >= this.#shared;
      const chunk = this.#waiting[this.#next] as Buffer;
      const octets = chunk.copy(this.#window, this.#end, from, from + missing);
      this.#end += octets;
      this.#take(octets);
      if (isOurs && from + octets === chunk.length) this.#keep(chunk);
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
    const window = this.#memory(capacity);
    this.#window.copy(window, 0, this.#start, this.#end);
    this.#keep(this.#free);
    this.#free = undefined;
    this.#window = window;
    this.#start = 0;
    this.#end = held;
    this.#own = true;
  }

  /** Memory for so many octets; not much more of it, as a record may hold it for long. */
  #memory(octets: number): Buffer {
    const spare = this.#spare;
    if (spare === undefined || spare.length < octets || spare.length > 2 * octets) return Buffer.allocUnsafe(octets);
    this.#spare = undefined;
    return spare;
  }

  /** PERF: stream, 1.3x: as new memory for each record makes V8 collect its whole heap twice as often. */
  #keep(memory: Buffer | undefined): void {
    if (memory !== undefined && memory.length >= LARGE) this.#spare = memory;
  }

  /** Notes that octets of the next chunk are no longer to come. */
  #take(octets: number): void {
    this.#waitingLength -= octets;
    this.#copied += octets;
    if (this.#copied < (this.#waiting[this.#next] as Buffer).length) return;
    this.#copied = 0;
    if (++this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = this.#shared = 0;
  }
}
