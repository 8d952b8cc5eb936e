import type { Timer } from './timer.ts';

/**
 * Pending timers, the one due first at the top; timers due together keep the order in which they were set.
 *
 * A 4-ary heap whose items know their place, so that cancelling and adjusting cost O(log n) and leave nothing behind.
 */
export class TimerHeap {
  // PERF: timers: due times and order lie apart from the timers, in arrays of plain doubles, so that sifting
  // compares without loading objects.
  readonly #due: number[] = [];
  readonly #order: number[] = [];
  readonly #timers: Timer[] = [];
  #nextOrder = 0;

  /** Timers pending. */
  size = 0;

  /** Due time of the first timer, in seconds of the monotonic clock; `Infinity` if there is none. */
  get nextDue(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.#due[0] as number);
  }

  /** The first timer. Only valid while {@link size} is above 0. */
  get first(): Timer {
    return this.#timers[0] as Timer;
  }

  dueOf(timer: Timer): number {
    return this.#due[timer.index] as number;
  }

  insert(timer: Timer, due: number): void {
    const index = this.size++;
    this.#timers.push(timer);
    this.#due.push(due);
    this.#order.push(this.#nextOrder++);
    timer.index = index;
    this.#siftUp(index);
  }

  remove(timer: Timer): void {
    const index = timer.index;
    const last = --this.size;
    timer.index = -1;
    const moved = this.#timers.pop() as Timer;
    const due = this.#due.pop() as number;
    const order = this.#order.pop() as number;
    if (index === last) return;
    this.#place(index, moved, due, order);
    this.#siftDown(this.#siftUp(index));
  }

  /** Moves a timer to another due time; among timers due then it comes last. */
  adjust(timer: Timer, due: number): void {
    const index = timer.index;
    this.#due[index] = due;
    this.#order[index] = this.#nextOrder++;
    this.#siftDown(this.#siftUp(index));
  }

  /** The timers in the order in which they are due. */
  sorted(timers: Timer[]): Timer[] {
    return timers.sort((a, b) => (this.#before(a.index, b.index) ? -1 : 1));
  }

  /** All timers, in no order. */
  values(): readonly Timer[] {
    return this.#timers;
  }

  #before(a: number, b: number): boolean {
    const dueA = this.#due[a] as number;
    const dueB = this.#due[b] as number;
    return dueA < dueB || (dueA === dueB && (this.#order[a] as number) < (this.#order[b] as number));
  }

  #place(index: number, timer: Timer, due: number, order: number): void {
    this.#timers[index] = timer;
    this.#due[index] = due;
    this.#order[index] = order;
    timer.index = index;
  }

  #siftUp(start: number): number {
    const timer = this.#timers[start] as Timer;
    const due = this.#due[start] as number;
    const order = this.#order[start] as number;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const parentDue = this.#due[parent] as number;
      if (parentDue < due || (parentDue === due && (this.#order[parent] as number) < order)) break;
      this.#place(index, this.#timers[parent] as Timer, parentDue, this.#order[parent] as number);
      index = parent;
    }
    if (index !== start) this.#place(index, timer, due, order);
    return index;
  }

  #siftDown(start: number): void {
    const size = this.size;
    const timer = this.#timers[start] as Timer;
    const due = this.#due[start] as number;
    const order = this.#order[start] as number;
    let index = start;
    for (;;) {
      const firstChild = index * 4 + 1;
      if (firstChild >= size) break;
      let least = firstChild;
      const end = Math.min(firstChild + 4, size);
      for (let child = firstChild + 1; child < end; child++) if (this.#before(child, least)) least = child;
      const leastDue = this.#due[least] as number;
      if (due < leastDue || (due === leastDue && order < (this.#order[least] as number))) break;
      this.#place(index, this.#timers[least] as Timer, leastDue, this.#order[least] as number);
      index = least;
    }
    if (index !== start) this.#place(index, timer, due, order);
  }
}
