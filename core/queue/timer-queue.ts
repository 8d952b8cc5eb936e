import { TimerHeap } from './timer-heap.ts';
import { DUE, LINKS, NONE, PLACE, TIMES, type TimerTable } from './timer-table.ts';
import { TimerWheel } from './timer-wheel.ts';

/** So many timers are looked at to learn when the kernel has to wake up; where there are more it wakes a little early. */
const LOOKED_AT = 64;

/**
 * Pending timers in the order in which they are due: a wheel for those that are not due yet, and a heap for those of this tick. PERF:
 * delays, set-cancel: what is never due never costs an order, and the heap stays small enough for the nearest cache.
 */
export class TimerQueue {
  readonly #table: TimerTable;
  readonly #heap: TimerHeap;
  readonly #wheel: TimerWheel;
  /** {@link wakeTime} as it was last found for the timers of the wheel; undefined if it must be found anew. */
  #wheelWakes: number | undefined = Number.POSITIVE_INFINITY;
  readonly #becomesNear = (slot: number): void => {
    this.#wheelWakes = undefined;
    this.#heap.insert(slot);
  };

  /** @param time - The monotonic clock's time now, in seconds. */
  constructor(table: TimerTable, time: number) {
    this.#table = table;
    this.#heap = new TimerHeap(table);
    this.#wheel = new TimerWheel(table, time);
  }

  get size(): number {
    return this.#heap.size + this.#wheel.size;
  }

  /** The timer that is due first of those due by the time last {@link advance}d to; others may follow it in the same tick. */
  get first(): number {
    return this.#heap.first;
  }

  /** When {@link first} is due; `Infinity` if nothing is due in this tick. */
  get firstDue(): number {
    const { first } = this.#heap;
    return first === NONE ? Number.POSITIVE_INFINITY : this.#table.dueOf(first);
  }

  /** Puts what is due by then in order: {@link first} is right for every time up to this one. */
  advance(time: number): void {
    // What was found may have been a little early.
    if (this.#wheelWakes !== undefined && this.#wheelWakes <= time) this.#wheelWakes = undefined;
    this.#wheel.advance(time, this.#becomesNear);
  }

  insert(slot: number, due: number): void {
    this.#table.times[slot * TIMES + DUE] = due;
    this.#table.touch(slot);
    if (!this.#wheel.insert(slot)) this.#heap.insert(slot);
    else if (this.#wheelWakes !== undefined && due < this.#wheelWakes) this.#wheelWakes = due;
  }

  remove(slot: number): void {
    if ((this.#table.links[slot * LINKS + PLACE] as number) >= 0) {
      this.#heap.remove(slot);
      return;
    }
    this.#wheel.remove(slot);
    if (this.#wheelWakes !== undefined && this.#table.dueOf(slot) <= this.#wheelWakes) this.#wheelWakes = undefined;
  }

  /** When the loop has to look again, in seconds; `Infinity` if there are no timers. Perhaps a little before anything is due. */
  get wakeTime(): number {
    if (this.#heap.size !== 0) return this.firstDue;
    this.#wheelWakes ??= this.#findWheelWakes();
    return this.#wheelWakes;
  }

  #findWheelWakes(): number {
    const slots = this.#wheel.nextBucket(LOOKED_AT);
    return slots.length === LOOKED_AT ? this.#wheel.nextTime : this.#earliest(slots);
  }

  /** When the first timer of all is due; `Infinity` if there is none. */
  get nextDue(): number {
    if (this.#heap.size !== 0) return this.firstDue;
    return this.#earliest(this.#wheel.nextBucket(Number.POSITIVE_INFINITY));
  }

  #earliest(slots: readonly number[]): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const slot of slots) earliest = Math.min(earliest, this.#table.dueOf(slot));
    return earliest;
  }
}
