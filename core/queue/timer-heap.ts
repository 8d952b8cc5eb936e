import { LINKS, NONE, PLACE, type TimerTable } from './timer-table.ts';

/**
 * Timers, the one due first at the top; those due together keep the order in which they were set.
 *
 * A 4-ary heap of slots, whose places stand in the table, so that any of them can be taken out in O(log n).
 */
export class TimerHeap {
  readonly #table: TimerTable;
  #slots = new Int32Array(16);
  size = 0;

  constructor(table: TimerTable) {
    this.#table = table;
  }

  /** The first timer; {@link NONE} if there is none. */
  get first(): number {
    return this.size === 0 ? NONE : (this.#slots[0] as number);
  }

  insert(slot: number): void {
    const index = this.size++;
    if (index === this.#slots.length) {
      const slots = new Int32Array(index * 2);
      slots.set(this.#slots);
      this.#slots = slots;
    }
    this.#siftUp(slot, index);
  }

  remove(slot: number): void {
    const index = this.#table.links[slot * LINKS + PLACE] as number;
    const last = this.#slots[--this.size] as number;
    if (slot === last) return;
    this.#siftDown(last, this.#siftUp(last, index));
  }

  #put(slot: number, index: number): void {
    this.#slots[index] = slot;
    this.#table.links[slot * LINKS + PLACE] = index;
  }

  #siftUp(slot: number, start: number): number {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = this.#slots[parent] as number;
      if (this.#table.before(above, slot)) break;
      this.#put(above, index);
      index = parent;
    }
    this.#put(slot, index);
    return index;
  }

  #siftDown(slot: number, start: number): void {
    const { size } = this;
    const table = this.#table;
    const slots = this.#slots;
    let index = start;
    for (;;) {
      const firstChild = index * 4 + 1;
      if (firstChild >= size) break;
      let least = firstChild;
      const end = Math.min(firstChild + 4, size);
      for (let child = firstChild + 1; child < end; child++) {
        if (table.before(slots[child] as number, slots[least] as number)) least = child;
      }
      const below = slots[least] as number;
      if (table.before(slot, below)) break;
      this.#put(below, index);
      index = least;
    }
    this.#put(slot, index);
  }
}
