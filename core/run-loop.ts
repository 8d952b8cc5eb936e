import type { Engine } from './engine.ts';

/** Events one turn of the host's loop may take before the host's own input and output get theirs. */
const TURN_EVENTS = 1024;
/** How often, in events, a turn looks at the clock, and how long it may take in seconds. */
const LOOK_EVERY = 64;
const TURN_SECONDS = 0.001;

/**
 * Takes the kernel's turns inside the host's loop. POE's loop makes passes: look whether the kernel is idle, dispatch
 * the handles that are ready, stop who has run out, dispatch every event that was due when the pass began, stop who has
 * run out. Here several passes share one turn of the host's loop, within a budget, and a long pass goes on in the next
 * turn where it left off. Who asks for one timeslice gets one pass.
 */
export class RunLoop {
  readonly #engine: Engine;
  /** Whether turns are taken: false again while the taps of `shutdown` have their time. */
  #running = false;
  /** Whether a run is on, but neither is a turn under way nor has one been asked for. PERF: self-yield: one test an event. */
  sleeps = false;
  /** Whether anything but a posted event has come since the last look. PERF: self-yield: one test an event. */
  #disturbed = false;
  /** The host's timer for when there is nothing to do, and when it fires. */
  #cancelTimer: (() => void) | null = null;
  #wakesAt = 0;

  /** Inside a pass: events with numbers below are due in it, and timers due by then. */
  #passEnd = -1;
  #passTime = 0;

  /** Who waits for the end of the run, or of one pass; told whether sessions are left. */
  #done: { resolve: (more: boolean) => void; reject: (error: unknown) => void } | null = null;
  /** Whether one pass is all that was asked for. */
  #once = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether somebody waits for a run to end. */
  get running(): boolean {
    return this.#done !== null;
  }

  /** Runs until the last session has stopped, or makes one pass as soon as there is anything to do. Resolves to whether sessions are left. */
  run(once: boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#once = once;
      this.#running = true;
      this.sleeps = true;
      this.wake();
    });
  }

  /** Makes sure that a turn comes: something has been queued or set, has become ready, run out or failed. */
  wake(): void {
    this.#disturbed = true;
    if (!this.sleeps) return;
    this.sleeps = false;
    this.#engine.host.loop.soon(this.#turn);
  }

  readonly #turn = (): void => {
    if (!this.#running) return;
    const { sessions } = this.#engine;
    // One pass was asked for: the first in which anything happens.
    if (this.#once && sessions.count !== 0 && this.#engine.exception === null && !this.#hasWork()) {
      this.#wait();
      return;
    }
    try {
      this.#work();
    } catch (error) {
      // Not a handler's: a part of the host that was replaced, for instance. The run ends with it.
      this.#engine.fail(error);
    }
    // POE: an exception wipes everybody out after each event; where none comes it is done here.
    if (this.#engine.exception !== null && !this.#hasWork()) sessions.stopAll();
    if (sessions.count === 0) this.#finish();
    else if (this.#once) this.#settle(true);
    else if (this.#hasWork()) this.#engine.host.loop.soon(this.#turn);
    else this.#wait();
  };

  /** Makes passes for as long as a turn may take. */
  #work(): void {
    const { timers } = this.#engine;
    const start = timers.beginTurn();
    if (this.#once) {
      this.#passes(Number.POSITIVE_INFINITY);
      return;
    }
    for (let left = TURN_EVENTS; left > 0; ) {
      const batch = Math.min(left, LOOK_EVERY);
      left -= batch - this.#passes(batch);
      if (!this.#hasWork() || timers.now() - start >= TURN_SECONDS) return;
    }
  }

  /** Makes passes until `budget` events are dispatched or nothing is to do, without end just one; returns what is left of the budget. */
  #passes(budget: number): number {
    const engine = this.#engine;
    const { ring, timers, handles, sessions } = engine;
    const { queue } = timers;
    let left = budget;
    // An endless budget is enough after the first pass.
    const enough = budget === Number.POSITIVE_INFINITY ? budget : 0;
    for (;;) {
      const isQuiet = timers.count === 0 && !handles.hasCandidates && sessions.markedCount === 0;
      if (isQuiet && enough === 0 && engine.exception === null) left = this.#quietPasses(left);
      if (left === 0) return 0;
      if (this.#passEnd < 0) {
        if (ring.size === 0 && this.isIdle()) {
          engine.enqueueSignal(engine.kernelSession, engine.kernelSession, 'IDLE', []);
        }
        // A handle that stays ready must not keep the host from its turn: it counts as an event.
        if (handles.hasCandidates) left = Math.max(0, left - this.#dispatchHandles());
        this.#passEnd = ring.tailSeq;
        // PERF: self-yield with a timer pending, 1.3x: what has been posted is no younger than the last look at the clock, and goes before every
        // timer that has come due since then.
        this.#passTime = timers.count === 0 || ring.size !== 0 ? timers.lastRead : timers.now();
        queue.advance(this.#passTime);
      }
      const passEnd = this.#passEnd;
      for (; left > 0; left--) {
        if (queue.firstDue <= this.#passTime && (ring.headSeq >= passEnd || this.#timerFirst())) {
          timers.fire();
        } else if (ring.headSeq < passEnd) {
          const dispatched = engine.dispatchHead();
          engine.rest();
          if (!dispatched) continue;
        } else {
          this.#passEnd = -1;
          break;
        }
        // POE: an exception that nobody handled wipes all sessions out; what is queued goes with them.
        if (engine.exception !== null) sessions.stopAll();
      }
      if (this.#passEnd >= 0) return 0;
      if (sessions.markedCount !== 0) sessions.sweep();
      if (left <= enough || (ring.size === 0 && (sessions.count === 0 || !this.#hasWork()))) return left;
    }
  }

  /**
   * PERF: self-yield, 1.1 to 1.2x on a busy machine. Passes while there is nothing but posted events: neither timers nor handles that are ready nor
   * sessions to stop, so that from one pass to the next nothing is to do. Leaves off as soon as anything else comes.
   */
  #quietPasses(budget: number): number {
    const engine = this.#engine;
    const { ring, timers, sessions } = engine;
    let passEnd = this.#passEnd;
    const passTime = timers.lastRead;
    let left = budget;
    this.#disturbed = false;
    while (left > 0 && !this.#disturbed) {
      if (ring.headSeq >= passEnd) {
        if (ring.size === 0) break;
        passEnd = ring.tailSeq;
      }
      left--;
      engine.dispatchHead();
    }
    engine.rest();
    if (engine.exception !== null) sessions.stopAll();
    // A pass that is under way goes on where it was left off; timers that were set in it compete from here on.
    this.#passEnd = passEnd;
    this.#passTime = passTime;
    return left;
  }

  /** Dispatches what is ready; returns how much of the budget that took. */
  #dispatchHandles(): number {
    const engine = this.#engine;
    const looked = engine.handles.dispatchReady();
    if (engine.exception !== null) engine.sessions.stopAll();
    engine.sessions.sweep();
    return looked;
  }

  /** Whether the first timer goes before the event at the head of the ring, both being due. */
  #timerFirst(): boolean {
    const { ring, timers } = this.#engine;
    const due = timers.queue.firstDue;
    const posted = ring.headStamp;
    return due < posted || (due === posted && timers.table.arrivalOf(timers.queue.first) <= ring.headSeq);
  }

  #timerDue(): boolean {
    const { timers } = this.#engine;
    if (timers.count === 0) return false;
    const now = timers.now();
    timers.queue.advance(now);
    return timers.queue.firstDue <= now;
  }

  /** POE: nothing can ever happen again, though there are sessions (aliases keep them). */
  isIdle(): boolean {
    const engine = this.#engine;
    return (
      engine.ring.size === 0 &&
      engine.timers.count === 0 &&
      engine.handles.count === 0 &&
      engine.extrefs.count === 0 &&
      engine.pendingPromises === 0 &&
      engine.sessions.count !== 0 &&
      !engine.signals.awaitsProcesses
    );
  }

  #hasWork(): boolean {
    const engine = this.#engine;
    return (
      engine.ring.size !== 0 ||
      this.#passEnd >= 0 ||
      engine.handles.hasCandidates ||
      engine.sessions.markedCount !== 0 ||
      this.#timerDue() ||
      this.isIdle()
    );
  }

  /** Nothing to do until a timer is due or the host brings something. */
  #wait(): void {
    const { timers, host } = this.#engine;
    this.sleeps = true;
    const now = timers.now();
    // Without any timer: for ever, so that the process stays while sessions do.
    const due = timers.queue.wakeTime;
    // PERF: ikc-calls: a timer that fires early enough stays, though it may wake for nothing; another one for each
    // request and its time limit costs more.
    if (this.#cancelTimer !== null && this.#wakesAt <= due) return;
    this.#stopTimer();
    this.#wakesAt = due;
    this.#cancelTimer = host.loop.after(Math.max(due - now, 0), () => {
      this.#cancelTimer = null;
      this.wake();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** The last session has stopped. */
  #finish(): void {
    const engine = this.#engine;
    this.#running = false;
    this.sleeps = false;
    this.#stopTimer();
    this.#passEnd = -1;
    engine.sessions.clearKernel();
    if (engine.hooks.shutdown.isUsed()) {
      engine.hooks.shutdown.promise().then(
        () => this.#settle(false),
        (error: unknown) => {
          engine.fail(error);
          this.#settle(false);
        },
      );
    } else {
      this.#settle(false);
    }
  }

  #settle(more: boolean): void {
    const { exception } = this.#engine;
    this.#stopTimer();
    this.#engine.exception = null;
    this.#running = false;
    this.sleeps = false;
    const done = this.#done;
    this.#done = null;
    if (exception !== null) done?.reject(exception.error);
    else done?.resolve(more);
  }
}
