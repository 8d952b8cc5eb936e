import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type KernelView, Peek, type SessionId, type WatchedEvent } from '../../core/index.ts';

/** How often the delay of the host's loop is sampled. */
const SAMPLE_MS = 20;
/** Sessions that are counted; those of a program that makes many more are not all shown anyway. */
const MOST_SESSIONS = 10_000;

/** What a session has done since somebody began to look. */
export interface Activity {
  events: number;
  /** Time that its handlers took. */
  seconds: number;
}

/** The delay of the host's loop in seconds, since it was last asked for. */
export interface LoopDelay {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * What can only be known by watching: which sessions are busy, and how late the host's loop is. Nothing is watched unless somebody looks,
 * see {@link use}.
 */
export class Live {
  readonly #peek: Peek;
  #viewers: Viewer[] = [];
  #unwatch: (() => void) | null = null;

  constructor(kernel: KernelView) {
    this.#peek = new Peek(kernel);
  }

  /** Whether anybody looks. */
  get watching(): boolean {
    return this.#unwatch !== null;
  }

  /** Begins to look. Each viewer has counts of its own, and ends it with `close()`. */
  use(onEvent?: (event: WatchedEvent) => void): Viewer {
    const viewer = new Viewer(onEvent, () => this.#remove(viewer));
    this.#viewers = [...this.#viewers, viewer];
    this.#unwatch ??= this.#peek.watch((event) => {
      for (const each of this.#viewers) each.note(event);
    });
    return viewer;
  }

  #remove(viewer: Viewer): void {
    this.#viewers = this.#viewers.filter((each) => each !== viewer);
    if (this.#viewers.length > 0) return;
    this.#unwatch?.();
    this.#unwatch = null;
  }

  /** Everybody stops looking. */
  close(): void {
    for (const viewer of this.#viewers) viewer.close();
  }
}

/** One who looks. */
export class Viewer {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  readonly #onEvent: ((event: WatchedEvent) => void) | undefined;
  readonly #onClose: () => void;
  #activity = new Map<SessionId, Activity>();
  #since = performance.now();
  #events = 0;

  constructor(onEvent: ((event: WatchedEvent) => void) | undefined, onClose: () => void) {
    this.#onEvent = onEvent;
    this.#onClose = onClose;
    this.#delay.enable();
  }

  note(event: WatchedEvent): void {
    this.#events++;
    const own = this.#activity.get(event.destination);
    if (own !== undefined) {
      own.events++;
      own.seconds += event.seconds;
    } else if (this.#activity.size < MOST_SESSIONS) {
      this.#activity.set(event.destination, { events: 1, seconds: event.seconds });
    }
    this.#onEvent?.(event);
  }

  /** What has happened since the last time this was asked, and begins anew. */
  take(): { seconds: number; events: number; activity: Map<SessionId, Activity>; delay: LoopDelay } {
    const now = performance.now();
    const taken = {
      seconds: Math.max((now - this.#since) / 1000, 0.001),
      events: this.#events,
      activity: this.#activity,
      delay: delayOf(this.#delay),
    };
    this.#since = now;
    this.#events = 0;
    this.#activity = new Map();
    this.#delay.reset();
    return taken;
  }

  close(): void {
    this.#delay.disable();
    this.#onClose();
  }
}

/** The histogram has whole intervals in nanoseconds: the sampling itself is no delay. */
function delayOf(histogram: IntervalHistogram): LoopDelay {
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(nanoseconds / 1e9 - SAMPLE_MS / 1000, 0) : 0;
  if (histogram.count === 0) return { mean: 0, p99: 0, max: 0 };
  return { mean: seconds(histogram.mean), p99: seconds(histogram.percentile(99)), max: seconds(histogram.max) };
}
