import type { ImageOctets } from './image-octets.ts';

const FIRST_ROOM = 1024;
const MOST_KEPT = 64 * 1024;
const FEW_THINGS = 16;
const NO_MARKS = new Int32Array(0);

/** The marks of the last reader, for the next one; an image that is thawed in the middle of another makes its own. */
let idle: Int32Array | undefined;

/**
 * Everything that has a number in an image, so that it can be referred to again.
 *
 * Of a scalar only its place in the image is kept, as hardly any is ever asked for again, and then it is read again. A thing
 * that is no scalar (an array, a hash ...) is kept itself, and for a scalar that is referred to the `PerlRef` to it.
 */
export class Seen {
  readonly #octets: ImageOctets;
  /** For a scalar where its opcode is, for a thing the complement of its place among the things. */
  marks: Int32Array = NO_MARKS;
  /** How many numbers may be given before there must be more room, or the limit is reached. */
  room = 0;
  /** The number that will be given next. */
  count = 0;
  /** Values without a number of their own. */
  #repeats = 0;
  #things: unknown[] = [];

  constructor(octets: ImageOctets) {
    this.#octets = octets;
  }

  begin(): void {
    this.marks = idle ?? new Int32Array(FIRST_ROOM);
    idle = undefined;
    this.room = Math.min(this.marks.length, this.#octets.limits.maxNodes);
    this.count = 0;
    this.#repeats = 0;
  }

  /** Lets go of everything, and lets the next reader have the memory. */
  finish(): void {
    if (this.marks.length <= MOST_KEPT) idle = this.marks;
    this.marks = NO_MARKS;
    // PERF: emptying a list of few is cheaper than a new one.
    if (this.#things.length > FEW_THINGS) this.#things = [];
    while (this.#things.length > 0) this.#things.pop();
  }

  /** Gives a number to a scalar whose opcode is at `start`. */
  scalar(start: number): void {
    const tag = this.count;
    if (tag >= this.room) this.#makeRoom();
    this.marks[tag] = start;
    this.count = tag + 1;
  }

  /** Gives a number to a thing. */
  thing(thing: unknown): void {
    this.scalar(~this.#things.length);
    this.#things.push(thing);
  }

  /** Counts values that refer back, which take memory as well. */
  repeat(values: number): void {
    this.#repeats += values;
    this.#checkLimit();
    this.room = Math.min(this.room, this.#octets.limits.maxNodes - this.#repeats);
  }

  has(tag: number): boolean {
    return tag < this.count;
  }

  /** Where the opcode of a scalar is, or a negative number for a thing. */
  place(tag: number): number {
    return this.marks[tag] as number;
  }

  thingAt(tag: number): unknown {
    return this.#things[~this.place(tag)];
  }

  /** From now on this number stands for a thing. */
  becomes(tag: number, thing: unknown): void {
    this.marks[tag] = ~this.#things.length;
    this.#things.push(thing);
  }

  #checkLimit(): void {
    const { maxNodes } = this.#octets.limits;
    const count = this.count + this.#repeats;
    if (count > maxNodes) throw this.#octets.tooMuch('maxNodes', `${count} values`, this.#octets.at - 1);
  }

  #makeRoom(): void {
    this.count++;
    this.#checkLimit();
    this.count--;
    const larger = new Int32Array(this.marks.length * 2);
    larger.set(this.marks);
    this.marks = larger;
    this.room = Math.min(larger.length, this.#octets.limits.maxNodes - this.#repeats);
  }
}
