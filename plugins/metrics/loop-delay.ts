import { Histogram } from './histogram.ts';

/** How often it is looked whether Node's loop comes round in time. PERF: ten timers a second cost nothing that could be measured. */
const EVERY_SECONDS = 0.1;
const BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MS = 1000;

/** By how much a timer of Node's own is late: how long whatever becomes ready has to wait for its handler. */
export class LoopDelay {
  readonly histogram = new Histogram(BOUNDS);
  readonly #timer: NodeJS.Timeout;
  #due = 0;

  constructor() {
    this.#expect();
    this.#timer = setInterval(() => {
      this.histogram.observe(Math.max(0, performance.now() - this.#due) / MS);
      this.#expect();
    }, EVERY_SECONDS * MS);
    this.#timer.unref();
  }

  #expect(): void {
    this.#due = performance.now() + EVERY_SECONDS * MS;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
