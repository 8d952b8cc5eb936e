import type { Clock, HostLoop } from '../../../core/index.ts';

/** What one reading of the clock takes, in seconds. */
const TICK = 0.0000015;
/** Epoch seconds when the monotonic clock was at zero. */
const EPOCH = 1_000_000_000;
/** A wait that long means that nothing is to come. */
const FOR_EVER = 80_000;

/**
 * Clock and loop of a host whose time is simulated: it stands still but for a tick at each reading, and jumps to the
 * next timer when everything else is done.
 */
export class SimulatedTime implements Clock, HostLoop {
  #now = 10_000;
  #due: (() => void)[] = [];
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  /** Seconds since the start, without a tick. */
  get now(): number {
    return this.#now;
  }

  /** Moves on; never back. */
  passUntil(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  monotonic(): number {
    this.#now += TICK;
    return this.#now;
  }

  wall(): number {
    return this.monotonic() + EPOCH;
  }

  /** Epoch seconds of a time on the monotonic clock. */
  static epoch(time: number): number {
    return time + EPOCH;
  }

  soon(callback: () => void): void {
    this.#due.push(callback);
  }

  after(seconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + seconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /**
   * Turns the loop until `finished` settles.
   *
   * @param stuck - Called when nothing is to come; whether it has changed that.
   * @returns False if nothing ever will.
   */
  async turnUntil(finished: Promise<unknown>, stuck: () => boolean): Promise<boolean> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    finished.then(settle, settle);
    for (;;) {
      const due = this.#due;
      this.#due = [];
      for (const callback of due) callback();
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return true;
      if (this.#due.length === 0 && !this.#passToTimer() && !stuck()) return false;
    }
  }

  #passToTimer(): boolean {
    const [first] = [...this.#timers].sort((a, b) => a.at - b.at);
    if (first === undefined || first.at - this.#now > FOR_EVER) return false;
    this.passUntil(first.at);
    this.#timers.delete(first);
    first.callback();
    return true;
  }
}
