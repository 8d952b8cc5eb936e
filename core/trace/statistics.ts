import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { KIND_CALL, KIND_CALL_LIST, KIND_CALL_VOID, type Kind } from '../event.ts';
import { around, aroundHandlers } from './around.ts';

const debug = debugFor('kernel:statistics');

/** How often a run tells while it lasts. */
const INTERVAL_SECONDS = 30;

const CALLS: ReadonlySet<Kind> = new Set<Kind>([KIND_CALL, KIND_CALL_LIST, KIND_CALL_VOID]);

/** Counts what a kernel does and tells at the end of each run, and about every half minute of one. */
export function traceStatistics(engine: Engine): void {
  if (debug.enabled) new Statistics(engine);
}

/** What is counted between two reports. */
function zeros() {
  return {
    queued: 0,
    longest: 0,
    timers: 0,
    handles: 0,
    signals: 0,
    calls: 0,
    handlers: 0,
    started: 0,
    stopped: 0,
    /** Seconds in handlers; those inside others are not counted twice. */
    busy: 0,
  };
}

class Statistics {
  readonly #engine: Engine;
  #counts = zeros();
  #since: number;
  /** Handlers that are running, one inside the other. */
  #depth = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#since = this.#now();
    this.#countQueue();
    this.#countHandlers();
    this.#countSessions();
    around(engine.loop, 'run', (run) => (once) => {
      if (!once) this.#since = this.#now();
      // The end of a run of single turns is the turn after which no session is left.
      return run(once).finally(() => {
        if (!once || engine.sessions.count === 0) this.#report();
      });
    });
  }

  #countQueue(): void {
    const engine = this.#engine;
    const { ring, timers, handles, signals } = engine;
    around(engine, 'enqueue', (enqueue) => (...event) => {
      enqueue(...event);
      this.#counts.queued++;
      this.#counts.longest = Math.max(this.#counts.longest, ring.size + timers.count);
    });
    around(timers, 'fire', (fire) => () => {
      this.#counts.timers++;
      fire();
    });
    around(handles, 'dispatchReady', (dispatchReady) => () => {
      const count = dispatchReady();
      this.#counts.handles += count;
      return count;
    });
    around(signals, 'dispatch', (dispatch) => (...signal) => {
      this.#counts.signals++;
      dispatch(...signal);
    });
  }

  #countHandlers(): void {
    const engine = this.#engine;
    aroundHandlers(engine, (invoke) => (...event) => {
      if (CALLS.has(event[8])) this.#counts.calls++;
      this.#counts.handlers++;
      const start = this.#depth++ === 0 ? this.#now() : 0;
      const value = invoke(...event);
      if (--this.#depth === 0) this.#pass(start);
      return value;
    });
    around(engine, 'call', (call) => (target, sender, ...event) => {
      // A session that calls itself does not come through invoke.
      if (target === sender) {
        this.#counts.calls++;
        this.#counts.handlers++;
      }
      return call(target, sender, ...event);
    });
  }

  /** The outermost handler has returned. */
  #pass(start: number): void {
    const now = this.#now();
    this.#counts.busy += now - start;
    if (now - this.#since >= INTERVAL_SECONDS) this.#report();
  }

  #countSessions(): void {
    around(this.#engine.sessions, 'start', (start) => (...session) => {
      this.#counts.started++;
      start(...session);
    });
    this.#engine.hooks.sessionStopped.tap('trace', () => {
      this.#counts.stopped++;
    });
  }

  #now(): number {
    return this.#engine.host.clock.monotonic();
  }

  #report(): void {
    const counts = this.#counts;
    const now = this.#now();
    const seconds = now - this.#since;
    debug(
      'count in %s s: %d handlers (%d a second), %d events queued, %d calls, %d timers, %d handles ready, %d signals',
      seconds.toFixed(3),
      counts.handlers,
      seconds > 0 ? Math.round(counts.handlers / seconds) : counts.handlers,
      counts.queued,
      counts.calls,
      counts.timers,
      counts.handles,
      counts.signals,
    );
    debug(
      'count sessions: %d started, %d stopped, %d alive; longest queue %d; %d %% of the time in handlers',
      counts.started,
      counts.stopped,
      this.#engine.sessions.count,
      counts.longest,
      seconds > 0 ? Math.round((counts.busy / seconds) * 100) : 0,
    );
    this.#counts = zeros();
    this.#since = now;
  }
}
