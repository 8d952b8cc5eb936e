import type { From } from '../caller.ts';
import type { Engine } from '../engine.ts';
import { KIND_EVENT } from '../event.ts';
import { Timer } from '../queue/timer.ts';
import { TimerHeap } from '../queue/timer-heap.ts';
import type { SessionLike } from '../types.ts';

/** How far the wall clock may wander from the monotonic one before alarms follow it, in seconds. */
const CLOCK_STEP = 0.01;
/** Ids are `serial * SLOTS + slot`, so that an id is never used twice while the table stays small. */
const SLOTS = 2 ** 24;

/** Alarms and delays. Due times are kept on the monotonic clock; absolute alarms are converted when they are set. */
export class Timers {
  readonly #engine: Engine;
  readonly heap = new TimerHeap();
  /** The clock as it was last read: at the start of this turn of the loop, or later. */
  lastRead: number;
  #wallOffset: number;
  readonly #slots: (Timer | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #serial = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    const { clock } = engine.host;
    this.lastRead = clock.monotonic();
    this.#wallOffset = clock.wall() - this.lastRead;
  }

  // --- clocks

  /** Reads the monotonic clock. */
  now(): number {
    this.lastRead = this.#engine.host.clock.monotonic();
    return this.lastRead;
  }

  /**
   * When an event is posted. The clock is only read while timers are pending, since only they are compared with it.
   * PERF: self-yield, 1.4x: reading the clock costs as much as a third of an event.
   */
  stamp(): number {
    return this.heap.size === 0 ? this.lastRead : this.now();
  }

  /** What to add to monotonic times for epoch seconds. Steady, so that equal alarms stay equal; follows clock steps. */
  wallOffset(): number {
    const offset = this.#engine.host.clock.wall() - this.now();
    if (Math.abs(offset - this.#wallOffset) > CLOCK_STEP) this.#wallOffset = offset;
    return this.#wallOffset;
  }

  // --- timers

  /** Sets a timer at epoch seconds. */
  setAlarm(session: SessionLike, event: string, from: From, time: number, args: unknown[]): Timer {
    return this.#insert(session, event, from, time - this.wallOffset(), time, args);
  }

  /** Sets a timer that many seconds from now. */
  setDelay(session: SessionLike, event: string, from: From, delay: number, args: unknown[]): Timer {
    const due = this.now() + delay;
    return this.#insert(session, event, from, due, due + this.#wallOffset, args);
  }

  /** The same for delays without an id. POE: Kernel, delay_add: they report the seconds in place of the time. */
  setPlainDelay(session: SessionLike, event: string, from: From, delay: number, args: unknown[]): Timer {
    return this.#insert(session, event, from, this.now() + delay, delay, args);
  }

  #insert(session: SessionLike, event: string, from: From, due: number, wallTime: number, args: unknown[]): Timer {
    const timer = new Timer(session, event, from, args, wallTime, this.#engine.ring.tailSeq);
    this.#link(timer);
    this.#enter(timer);
    this.heap.insert(timer, due);
    session._eventsTo++;
    this.#engine.loop.wake();
    return timer;
  }

  /** Moves a timer to another monotonic time. */
  move(timer: Timer, due: number, wallTime: number): void {
    timer.wallTime = wallTime;
    this.heap.adjust(timer, due);
    this.#engine.loop.wake();
  }

  remove(timer: Timer): void {
    this.#forget(timer);
    if (--timer.session._eventsTo === 0) this.#engine.sessions.ranOut(timer.session);
    // Perhaps nothing can ever happen now.
    this.#engine.loop.wake();
  }

  removeByName(session: SessionLike, event: string): void {
    for (let timer = session._timers?.get(event); timer !== undefined; timer = session._timers?.get(event)) {
      this.remove(timer);
    }
  }

  /** Timers of a session in the order in which they are due. */
  of(session: SessionLike): Timer[] {
    const timers: Timer[] = [];
    for (const first of session._timers?.values() ?? []) {
      for (let timer: Timer | null = first; timer !== null; timer = timer.next) timers.push(timer);
    }
    return this.heap.sorted(timers);
  }

  clearSession(session: SessionLike): void {
    for (const timer of this.of(session)) this.remove(timer);
  }

  /** Runs the first timer. Its id is used up before its handler runs. */
  fire(): void {
    const timer = this.heap.first;
    const { session } = timer;
    this.remove(timer);
    this.#engine.invokeArgs(session, session, timer.event, timer.from, timer.args, KIND_EVENT);
  }

  // --- ids

  idOf(timer: Timer): number {
    return timer.serial * SLOTS + timer.slot;
  }

  byId(id: unknown): Timer | undefined {
    if (typeof id !== 'number' || !Number.isInteger(id)) return undefined;
    const timer = this.#slots[id % SLOTS];
    return timer !== undefined && this.idOf(timer) === id ? timer : undefined;
  }

  #enter(timer: Timer): void {
    const slot = this.#freeSlots.pop() ?? this.#slots.length;
    timer.slot = slot;
    timer.serial = ++this.#serial;
    this.#slots[slot] = timer;
  }

  /** Takes a timer out of the heap, the table of ids and its session's chain of that name. */
  #forget(timer: Timer): void {
    this.heap.remove(timer);
    this.#slots[timer.slot] = undefined;
    this.#freeSlots.push(timer.slot);
    const { session, event, previous, next } = timer;
    if (next !== null) next.previous = previous;
    if (previous !== null) previous.next = next;
    else if (next !== null) session._timers?.set(event, next);
    else session._timers?.delete(event);
    timer.previous = null;
    timer.next = null;
  }

  #link(timer: Timer): void {
    const { session, event } = timer;
    session._timers ??= new Map();
    const first = session._timers.get(event);
    if (first === undefined) {
      session._timers.set(event, timer);
      return;
    }
    // Behind the first one, so that the map need not be written.
    timer.previous = first;
    timer.next = first.next;
    if (first.next !== null) first.next.previous = timer;
    first.next = timer;
  }
}
