import type { From } from '../caller.ts';
import { ARGC_MANY } from '../event.ts';
import type { SessionLike } from '../types.ts';

/** No timer, where the number of one is expected. */
export const NONE = -1;

/** Words that a timer takes in {@link TimerTable.words}, and what each holds. */
export const TIMER_WIDTH = 6;
export const TIMER_SESSION = 0;
export const TIMER_EVENT = 1;
export const TIMER_FROM = 2;
const TIMER_ARGS = 3;

/** An id is `generation * SLOTS + slot`, exact as long as both stay within their share of 53 bits. */
const SLOTS = 2 ** 26;
const LAST_GENERATION = 2 ** 27 - 1;
const SMALLEST = 16;
/** A table that has been larger than this and is empty starts anew. */
const KEPT = 4096;

/**
 * What is known of every pending timer, by its slot: a small number that is used again once the timer has gone.
 *
 * PERF: pending-delay, set-cancel: columns in place of an object a timer. A pending timer takes 110 octets rather than 230, and setting one
 * allocates nothing.
 */
export class TimerTable {
  /** Timers pending. */
  size = 0;
  /** Session, event, origin and up to three arguments of each. */
  words: unknown[];
  argc: Uint8Array;
  /** When it is due, in seconds of the monotonic clock. */
  due: Float64Array;
  /** What `alarmRemove` and `alarmAdjust` report as its time: mostly epoch seconds. */
  wallTime: Float64Array;
  /** Which of those that are due together was set first. */
  order: Float64Array;
  /** Number that the next posted event had when it was set: tells which of two that are due together came first. */
  arrival: Float64Array;
  /** Where the {@link TimerQueue} has it. Kept by that. */
  place: Int32Array;
  /** Neighbours in a bucket of the wheel, and among the session's timers of the same event. */
  next: Int32Array;
  previous: Int32Array;
  nextOfEvent: Int32Array;
  previousOfEvent: Int32Array;

  #generation: Uint32Array;
  #firstGeneration = 1;
  #used = 0;
  /** The first of the free slots, which are chained by {@link next}. */
  #free = NONE;
  #nextOrder = 0;

  constructor() {
    this.words = new Array(SMALLEST * TIMER_WIDTH).fill(undefined);
    this.argc = new Uint8Array(SMALLEST);
    this.due = new Float64Array(SMALLEST);
    this.wallTime = new Float64Array(SMALLEST);
    this.order = new Float64Array(SMALLEST);
    this.arrival = new Float64Array(SMALLEST);
    this.place = new Int32Array(SMALLEST);
    this.next = new Int32Array(SMALLEST);
    this.previous = new Int32Array(SMALLEST);
    this.nextOfEvent = new Int32Array(SMALLEST);
    this.previousOfEvent = new Int32Array(SMALLEST);
    this.#generation = new Uint32Array(SMALLEST);
  }

  /** Enters a timer. */
  add(session: SessionLike, event: string, from: From, args: readonly unknown[]): number {
    const slot = this.#takeSlot();
    const at = slot * TIMER_WIDTH;
    const words = this.words;
    const argc = args.length;
    words[at + TIMER_SESSION] = session;
    words[at + TIMER_EVENT] = event;
    words[at + TIMER_FROM] = from;
    if (argc >= ARGC_MANY) {
      words[at + TIMER_ARGS] = args;
    } else if (argc !== 0) {
      words[at + TIMER_ARGS] = args[0];
      if (argc > 1) words[at + TIMER_ARGS + 1] = args[1];
      if (argc > 2) words[at + TIMER_ARGS + 2] = args[2];
    }
    this.argc[slot] = Math.min(argc, ARGC_MANY);
    this.size++;
    return slot;
  }

  /** Lets go of all that a timer held, and of its id. */
  free(slot: number): void {
    this.words.fill(undefined, slot * TIMER_WIDTH, (slot + 1) * TIMER_WIDTH);
    this.place[slot] = NONE;
    this.size--;
    const generation = (this.#generation[slot] as number) + 1;
    this.#generation[slot] = generation;
    // A slot whose ids are used up is left alone from then on.
    if (generation <= LAST_GENERATION) {
      this.next[slot] = this.#free;
      this.#free = slot;
    }
    if (this.size === 0 && this.due.length > KEPT) this.#startAnew();
  }

  /** Puts a timer behind all that are there, as far as they are due together. */
  touch(slot: number): void {
    this.order[slot] = this.#nextOrder++;
  }

  sessionOf(slot: number): SessionLike {
    return this.words[slot * TIMER_WIDTH + TIMER_SESSION] as SessionLike;
  }

  eventOf(slot: number): string {
    return this.words[slot * TIMER_WIDTH + TIMER_EVENT] as string;
  }

  fromOf(slot: number): From {
    return this.words[slot * TIMER_WIDTH + TIMER_FROM] as From;
  }

  /** One of its first three arguments; the array of all of them is the first one if there are more. */
  arg(slot: number, index: 0 | 1 | 2): unknown {
    return this.words[slot * TIMER_WIDTH + TIMER_ARGS + index];
  }

  argsOf(slot: number): unknown[] {
    const argc = this.argc[slot] as number;
    if (argc >= ARGC_MANY) return [...(this.arg(slot, 0) as readonly unknown[])];
    const at = slot * TIMER_WIDTH + TIMER_ARGS;
    return this.words.slice(at, at + argc);
  }

  /** Whether `a` goes before `b`. */
  before(a: number, b: number): boolean {
    const dueA = this.due[a] as number;
    const dueB = this.due[b] as number;
    return dueA < dueB || (dueA === dueB && (this.order[a] as number) < (this.order[b] as number));
  }

  idOf(slot: number): number {
    return (this.#generation[slot] as number) * SLOTS + slot;
  }

  /** The slot of a pending timer; {@link NONE} for anything else. */
  find(id: unknown): number {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0) return NONE;
    const slot = id % SLOTS;
    return slot < this.#used && this.place[slot] !== NONE && this.idOf(slot) === id ? slot : NONE;
  }

  /** Visits every pending timer, in no order. */
  forEach(visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.#used; slot++) if (this.place[slot] !== NONE) visit(slot);
  }

  #takeSlot(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.next[free] as number;
      return free;
    }
    const slot = this.#used++;
    if (slot === this.due.length) this.#resize(slot * 2);
    this.#generation[slot] = this.#firstGeneration;
    return slot;
  }

  #startAnew(): void {
    let highest = 0;
    for (let slot = 0; slot < this.#used; slot++) highest = Math.max(highest, this.#generation[slot] as number);
    // No id comes twice.
    this.#firstGeneration = Math.min(highest, LAST_GENERATION);
    this.#used = 0;
    this.#free = NONE;
    this.#resize(SMALLEST);
  }

  #resize(slots: number): void {
    const words = new Array(slots * TIMER_WIDTH).fill(undefined);
    const kept = Math.min(slots, this.#used) * TIMER_WIDTH;
    for (let at = 0; at < kept; at++) words[at] = this.words[at];
    this.words = words;
    const copy = <T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(old: T): T => {
      const column = new (old.constructor as new (length: number) => T)(slots);
      column.set(old.length > slots ? old.subarray(0, slots) : old);
      return column;
    };
    this.argc = copy(this.argc);
    this.due = copy(this.due);
    this.wallTime = copy(this.wallTime);
    this.order = copy(this.order);
    this.arrival = copy(this.arrival);
    this.place = copy(this.place);
    this.next = copy(this.next);
    this.previous = copy(this.previous);
    this.nextOfEvent = copy(this.nextOfEvent);
    this.previousOfEvent = copy(this.previousOfEvent);
    this.#generation = copy(this.#generation);
  }
}
