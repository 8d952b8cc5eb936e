/** Records that were taken out are forgotten once there are so many of them, and as many as those that wait. */
const SPENT_ALLOWED = 256;

/** Records that wait, first in first out. Taking from the front costs the same however many wait. */
export class RecordQueue<T> {
  #records: T[] = [];
  #spent = 0;

  get length(): number {
    return this.#records.length - this.#spent;
  }

  push(records: readonly T[]): void {
    for (const record of records) this.#records.push(record);
  }

  /** Takes out the first `count` records, or as many as there are. */
  take(count: number): T[] {
    const taken = this.#records.slice(this.#spent, this.#spent + count);
    this.#spent += taken.length;
    if (this.#spent >= SPENT_ALLOWED && this.#spent * 2 >= this.#records.length) {
      this.#records = this.#records.slice(this.#spent);
      this.#spent = 0;
    }
    return taken;
  }

  /** All that wait, which stay; `null` if there are none. */
  peek(): T[] | null {
    return this.length === 0 ? null : this.#records.slice(this.#spent);
  }
}
