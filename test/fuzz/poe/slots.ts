import { SimulatedTime } from './simulated-time.ts';

/**
 * Simulated time in slots of a second, counted from the start of a program. Each timer gets a slot for itself, so that no
 * two are due together: POE leaves that order to the precision of its clock.
 */
export class Slots {
  readonly #time: SimulatedTime;
  readonly #start: number;
  readonly #used = new Set<number>();
  #fractions = 0;

  constructor(time: SimulatedTime) {
    this.#time = time;
    this.#start = time.now;
  }

  get now(): number {
    return Math.floor(this.#time.now - this.#start + 0.25);
  }

  /** When a slot begins, on the monotonic clock. */
  timeOf(slot: number): number {
    return this.#start + slot;
  }

  /** Seconds from now to the next slot, that far ahead, that no timer has had. */
  delayToFree(ahead: number): number {
    return this.timeOf(this.#free(ahead)) - this.#time.now;
  }

  /** Epoch seconds of such a slot. */
  epochOfFree(ahead: number): number {
    return SimulatedTime.epoch(this.timeOf(this.#free(ahead)));
  }

  #free(ahead: number): number {
    let slot = this.now + ahead;
    while (this.#used.has(slot)) slot += ahead > 0 ? 1 : -1;
    this.#used.add(slot);
    return slot;
  }

  /** A fraction of a slot that is given once, so that a timer that is moved is not due together with another. */
  fraction(): number {
    const turns = (++this.#fractions) ** 2 * 0.618033988749895;
    return 0.3 * (turns - Math.floor(turns));
  }

  /** Passes that many slots and a half. */
  spin(slots: number): void {
    this.#time.passUntil(this.timeOf(this.now + slots) + 0.5);
  }

  /** A time that the kernel reports: the slot of epoch seconds; plain delays report their seconds. */
  show(time: number): string {
    if (time < SimulatedTime.epoch(0)) return 'seconds';
    return `slot ${Math.floor(time - SimulatedTime.epoch(this.#start) + 0.5)}`;
  }
}
