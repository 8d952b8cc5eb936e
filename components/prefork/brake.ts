/** Restarts that may follow failures in {@link WINDOW} seconds. */
const MOST = 5;
const WINDOW = 60;
/** The first pause, and the longest. */
const FIRST_PAUSE = 0.1;
const LONGEST_PAUSE = 30;
/** By how much of itself a pause may be longer or shorter. */
const JITTER = 0.2;

/**
 * Slows down the replacement of children that fail as soon as they start. While there are such failures one child is tried at a
 * time: after 0.1 s, then 0.2 s and so on up to 30 s, and at most 5 times in 60 s. One that boots ends it.
 */
export class Brake {
  readonly #random: () => number;
  /** Rounds of failures in a row. */
  #streak = 0;
  #lastFailure = Number.NEGATIVE_INFINITY;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** When children were started in spite of failures. */
  #tries: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Whether children fail. */
  get isOn(): boolean {
    return this.#streak > 0;
  }

  /** A child that was started at some time has failed. Those that were started together fail together: that counts once. */
  failed(started: number, now: number): void {
    const isSameRound = started < this.#lastFailure;
    this.#lastFailure = now;
    if (isSameRound) return;
    this.#streak++;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#streak - 1));
    this.#nextAt = now + pause * (1 + JITTER * (2 * this.#random() - 1));
  }

  /** Seconds until a child may be tried. */
  wait(now: number): number {
    if (!this.isOn) return 0;
    this.#tries = this.#tries.filter((time) => now - time < WINDOW);
    const [oldest = Number.NEGATIVE_INFINITY] = this.#tries;
    const windowOpens = this.#tries.length < MOST ? Number.NEGATIVE_INFINITY : oldest + WINDOW;
    return Math.max(0, this.#nextAt - now, windowOpens - now);
  }

  /** A child is started. */
  tried(now: number): void {
    if (this.isOn) this.#tries.push(now);
  }

  /** Children boot and stay: all is well again. */
  release(): void {
    this.#streak = 0;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }
}
