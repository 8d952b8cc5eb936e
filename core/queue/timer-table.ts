import type { From } from '../caller.ts';
import { ARGC_MANY } from '../event.ts';
import type { SessionLike } from '../types.ts';

/** No timer, where the number of one is expected. */
export const NONE = -1;

/** Words that a timer takes in {@link TimerTable.words}, and what each holds. */
const WORDS = 6;
const SESSION = 0;
const EVENT = 1;
const FROM = 2;
const ARGS = 3;

/** Doubles that a timer takes in {@link TimerTable.times}, and what each of the first ones holds. */
export const TIMES = 8;
/** When it is due, in seconds of the monotonic clock. */
export const DUE = 0;
/** What `alarmRemove` and `alarmAdjust` report as its time: mostly epoch seconds. */
export const WALL_TIME = 1;
/** Which of those that are due together was set first. */
export const ORDER = 2;
/** Number that the next posted event had when it was set: tells which of two that are due together came first. */
export const ARRIVAL = 3;

/** The other half of these octets are 32-bit numbers, {@link TimerTable.links}: so many a timer, and what each holds. */
export const LINKS = TIMES * 2;
/** Where the {@link TimerQueue} has it; {@link NONE} for a slot that is free. Kept by the queue. */
export const PLACE = 8;
/** Neighbours in a bucket of the wheel, and among the session's timers of the same event. */
export const NEXT = 9;
export const PREVIOUS = 10;
export const NEXT_OF_EVENT = 11;
export const PREVIOUS_OF_EVENT = 12;
const GENERATION = 13;
const ARGC = 14;

/** An id is `generation * SLOTS + slot`, exact as long as both stay within their share of 53 bits. */
const SLOTS = 2 ** 26;
const LAST_GENERATION = 2 ** 27 - 1;
const SMALLEST = 16;
/** Slots that a full table gets at a time, if it does not double. */
const LARGEST_STEP = 2 ** 20;
/** A table that has been larger than this and is empty starts anew. */
const KEPT = 4096;

/**
 * What is known of every pending timer, by its slot: a small number that is used again once the timer has gone.
 *
 * PERF: pending-delay, set-cancel: numbers in one buffer in place of an object a timer. A pending timer takes half the memory, and setting
 * one allocates nothing. delays: what is known of a timer lies together, so that a million of them cost few misses of the cache.
 */
export class TimerTable {
  /** Timers pending. */
  size = 0;
  times: Float64Array;
  links: Int32Array;
  /** Session, event, origin and up to three arguments of each. */
  words: unknown[];

  #slots = SMALLEST;
  #used = 0;
  /** The first of the free slots, which are chained by {@link NEXT}. */
  #free = NONE;
  #firstGeneration = 1;
  #nextOrder = 0;

  constructor() {
    this.times = new Float64Array(SMALLEST * TIMES);
    this.links = new Int32Array(this.times.buffer);
    this.words = new Array(SMALLEST * WORDS).fill(undefined);
  }

  /** Enters a timer. */
  add(session: SessionLike, event: string, from: From, args: readonly unknown[]): number {
    const slot = this.#takeSlot();
    const at = slot * WORDS;
    const words = this.words;
    const argc = args.length;
    words[at + SESSION] = session;
    words[at + EVENT] = event;
    words[at + FROM] = from;
    if (argc >= ARGC_MANY) {
      words[at + ARGS] = args;
    } else if (argc !== 0) {
      words[at + ARGS] = args[0];
      if (argc > 1) words[at + ARGS + 1] = args[1];
      if (argc > 2) words[at + ARGS + 2] = args[2];
    }
    this.links[slot * LINKS + ARGC] = Math.min(argc, ARGC_MANY);
    this.size++;
    return slot;
  }

  /** Lets go of all that a timer held, and of its id. */
  free(slot: number): void {
    const words = this.words;
    const links = this.links;
    const link = slot * LINKS;
    // PERF: set-cancel, 1.15x: not with fill(), which is made for more than six words.
    for (let at = slot * WORDS, end = at + WORDS; at < end; at++) words[at] = undefined;
    links[link + PLACE] = NONE;
    this.size--;
    const generation = (links[link + GENERATION] as number) + 1;
    links[link + GENERATION] = generation;
    // A slot whose ids are used up is left alone from then on.
    if (generation <= LAST_GENERATION) {
      links[link + NEXT] = this.#free;
      this.#free = slot;
    }
    if (this.size === 0 && this.#slots > KEPT) this.#startAnew();
  }

  /** Puts a timer behind all that are there, as far as they are due together. */
  touch(slot: number): void {
    this.times[slot * TIMES + ORDER] = this.#nextOrder++;
  }

  dueOf(slot: number): number {
    return this.times[slot * TIMES + DUE] as number;
  }

  wallTimeOf(slot: number): number {
    return this.times[slot * TIMES + WALL_TIME] as number;
  }

  arrivalOf(slot: number): number {
    return this.times[slot * TIMES + ARRIVAL] as number;
  }

  argcOf(slot: number): number {
    return this.links[slot * LINKS + ARGC] as number;
  }

  sessionOf(slot: number): SessionLike {
    return this.words[slot * WORDS + SESSION] as SessionLike;
  }

  eventOf(slot: number): string {
    return this.words[slot * WORDS + EVENT] as string;
  }

  fromOf(slot: number): From {
    return this.words[slot * WORDS + FROM] as From;
  }

  /** One of its first three arguments; the array of all of them is the first one if there are more. */
  arg(slot: number, index: 0 | 1 | 2): unknown {
    return this.words[slot * WORDS + ARGS + index];
  }

  argsOf(slot: number): unknown[] {
    const argc = this.argcOf(slot);
    if (argc === 0) return [];
    if (argc >= ARGC_MANY) return [...(this.arg(slot, 0) as readonly unknown[])];
    const at = slot * WORDS + ARGS;
    return this.words.slice(at, at + argc);
  }

  /** Whether `a` goes before `b`. */
  before(a: number, b: number): boolean {
    const times = this.times;
    const dueA = times[a * TIMES] as number;
    const dueB = times[b * TIMES] as number;
    return (
      dueA < dueB || (dueA === dueB && (times[a * TIMES + ORDER] as number) < (times[b * TIMES + ORDER] as number))
    );
  }

  idOf(slot: number): number {
    return (this.links[slot * LINKS + GENERATION] as number) * SLOTS + slot;
  }

  /** The slot of a pending timer; {@link NONE} for anything else. */
  find(id: unknown): number {
    if (typeof id !== 'number' || !Number.isInteger(id)) return NONE;
    // PERF: adjust, set-cancel: both are exact, and much faster than the rest of a division.
    const generation = Math.floor(id / SLOTS);
    const slot = id - generation * SLOTS;
    return slot < this.#used && this.#isPending(slot) && this.links[slot * LINKS + GENERATION] === generation
      ? slot
      : NONE;
  }

  /** Visits every pending timer, in no order. */
  forEach(visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.#used; slot++) if (this.#isPending(slot)) visit(slot);
  }

  #isPending(slot: number): boolean {
    return this.links[slot * LINKS + PLACE] !== NONE;
  }

  #takeSlot(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.links[free * LINKS + NEXT] as number;
      return free;
    }
    if (this.#used === this.#slots) this.#grow();
    const slot = this.#used++;
    this.links[slot * LINKS + GENERATION] = this.#firstGeneration;
    return slot;
  }

  #grow(): void {
    const more = Math.min(this.#slots, LARGEST_STEP);
    this.#slots += more;
    const times = new Float64Array(this.#slots * TIMES);
    times.set(this.times);
    this.times = times;
    this.links = new Int32Array(times.buffer);
    this.words = this.words.concat(new Array(more * WORDS).fill(undefined));
  }

  /** Gives the memory back. No id comes twice. */
  #startAnew(): void {
    let highest = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      highest = Math.max(highest, this.links[slot * LINKS + GENERATION] as number);
    }
    if (highest > LAST_GENERATION) return;
    this.#firstGeneration = highest;
    this.#slots = SMALLEST;
    this.#used = 0;
    this.#free = NONE;
    this.times = new Float64Array(SMALLEST * TIMES);
    this.links = new Int32Array(this.times.buffer);
    this.words = new Array(SMALLEST * WORDS).fill(undefined);
  }
}
