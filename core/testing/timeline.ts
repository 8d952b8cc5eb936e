/** Times closer than this are the same to whoever turns the clock: ten times 0.1 s are a second. */
const TOLERANCE = 1e-6;
/** How often the clock may be read at one instant before it creeps, and how far it then creeps at each reading. */
const FREE_READINGS = 10_000;
const CREEP_SECONDS = 1e-6;

/** Something to be called at a time. */
interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Simulated time, in seconds since it began, and what is to happen when. It stands still until it is moved, with one
 * exception: who reads it over and over at one instant waits for it to go on, in a loop, and would wait for ever.
 */
export class Timeline {
  #now = 0;
  #readings = 0;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  /** When the first of them is due, `Infinity` without any; undefined if that has to be looked up. */
  #earliest: number | undefined = Number.POSITIVE_INFINITY;

  get now(): number {
    return this.#now;
  }

  /** What a kernel sees who looks at the clock. */
  read(): number {
    if (++this.#readings > FREE_READINGS) this.#now += CREEP_SECONDS;
    return this.#now;
  }

  /** Moves the clock forward to a time; back it never goes. */
  moveTo(time: number): void {
    if (time <= this.#now) return;
    this.#now = time;
    this.#readings = 0;
  }

  /** The time so many seconds from now, without the dust that adding up fractions leaves. */
  in(seconds: number): number {
    return Math.round((this.#now + seconds) * 1e9) / 1e9;
  }

  /** Calls back after so many seconds; returns how to take it back. */
  set(seconds: number, callback: () => void): () => void {
    // Nobody waits for the end of time.
    if (seconds === Number.POSITIVE_INFINITY) return () => {};
    const timer: Timer = { due: this.#now + Math.max(seconds, 0), callback };
    this.#timers.add(timer);
    if (this.#earliest !== undefined && timer.due < this.#earliest) this.#earliest = timer.due;
    return () => void this.#remove(timer);
  }

  /** Whether some timer is due now. */
  get isDue(): boolean {
    return this.#next() <= this.#now;
  }

  /** When the next timer is due; undefined if there is none, or none by `until`. */
  nextDue(until = Number.POSITIVE_INFINITY): number | undefined {
    const due = this.#next();
    return due !== Number.POSITIVE_INFINITY && due <= until + TOLERANCE ? due : undefined;
  }

  /** Calls whatever is due, in the order of time, then of setting. */
  fire(): void {
    const due = [...this.#timers].filter((timer) => timer.due <= this.#now).sort((a, b) => a.due - b.due);
    // One of them may take another one back.
    for (const timer of due) if (this.#remove(timer)) timer.callback();
  }

  #next(): number {
    if (this.#earliest === undefined) {
      this.#earliest = Number.POSITIVE_INFINITY;
      for (const { due } of this.#timers) if (due < this.#earliest) this.#earliest = due;
    }
    return this.#earliest;
  }

  #remove(timer: Timer): boolean {
    if (timer.due === this.#earliest) this.#earliest = undefined;
    return this.#timers.delete(timer);
  }
}
