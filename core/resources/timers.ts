import type { From } from '../caller.ts';
import type { Engine } from '../engine.ts';
import { KIND_EVENT } from '../event.ts';
import { TimerQueue } from '../queue/timer-queue.ts';
import {
  ARRIVAL,
  LINKS,
  NEXT_OF_EVENT,
  NONE,
  PREVIOUS_OF_EVENT,
  TIMES,
  TimerTable,
  WALL_TIME,
} from '../queue/timer-table.ts';
import type { SessionLike } from '../types.ts';

/** How far the wall clock may wander from the monotonic one before alarms follow it, in seconds. */
const CLOCK_STEP = 0.01;
/** How often turns look for that, in seconds. */
const WALL_LOOK = 0.005;

/**
 * Alarms and delays, each known by its slot in the table. Due times are kept on the monotonic clock; absolute alarms are converted when
 * they are set.
 */
export class Timers {
  readonly #engine: Engine;
  readonly table = new TimerTable();
  readonly queue: TimerQueue;
  /** The clock as it was last read: at the start of this turn of the loop, or later. */
  lastRead: number;
  #wallOffset: number;
  /** Before that time no turn compares the clocks. PERF: echo: reading one costs as much as a small event. */
  #wallLook = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    const { clock } = engine.host;
    this.lastRead = clock.monotonic();
    this.#wallOffset = clock.wall() - this.lastRead;
    this.queue = new TimerQueue(this.table, this.lastRead);
  }

  /** Timers pending. */
  get count(): number {
    return this.table.size;
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
    return this.table.size === 0 ? this.lastRead : this.now();
  }

  /** Reads the clocks. Returns the monotonic one's time. */
  beginTurn(): number {
    if (this.now() >= this.#wallLook) this.#compareClocks();
    return this.lastRead;
  }

  /**
   * What to add to monotonic times for epoch seconds. Steady, so that equal alarms stay equal; follows clock steps. PERF: adjust:
   * delays take it as a turn of the loop has lately found it.
   */
  wallOffset(): number {
    this.now();
    return this.#compareClocks();
  }

  #compareClocks(): number {
    this.#wallLook = this.lastRead + WALL_LOOK;
    const offset = this.#engine.host.clock.wall() - this.lastRead;
    if (Math.abs(offset - this.#wallOffset) > CLOCK_STEP) this.#wallOffset = offset;
    return this.#wallOffset;
  }

  // --- timers

  /** Sets a timer at epoch seconds. */
  setAlarm(session: SessionLike, event: string, from: From, time: number, args: readonly unknown[]): number {
    return this.#insert(session, event, from, time - this.wallOffset(), time, args);
  }

  /** Sets a timer that many seconds from now. */
  setDelay(session: SessionLike, event: string, from: From, delay: number, args: readonly unknown[]): number {
    const due = this.now() + delay;
    return this.#insert(session, event, from, due, due + this.#wallOffset, args);
  }

  /** The same for delays without an id. POE: Kernel, delay_add: they report the seconds in place of the time. */
  setPlainDelay(session: SessionLike, event: string, from: From, delay: number, args: readonly unknown[]): number {
    return this.#insert(session, event, from, this.now() + delay, delay, args);
  }

  #insert(
    session: SessionLike,
    event: string,
    from: From,
    due: number,
    wallTime: number,
    args: readonly unknown[],
  ): number {
    const { table } = this;
    const slot = table.add(session, event, from, args);
    table.times[slot * TIMES + WALL_TIME] = wallTime;
    table.times[slot * TIMES + ARRIVAL] = this.#engine.ring.tailSeq;
    this.#link(session, event, slot);
    this.queue.insert(slot, due);
    session._eventsTo++;
    this.#engine.loop.wake();
    return slot;
  }

  /** Starts a timer anew. Returns its new time in epoch seconds. */
  restart(slot: number, delay: number): number {
    const due = this.now() + delay;
    const time = due + this.#wallOffset;
    this.move(slot, due, time);
    return time;
  }

  /** Moves a timer to another monotonic time. */
  move(slot: number, due: number, wallTime: number): void {
    this.table.times[slot * TIMES + WALL_TIME] = wallTime;
    this.queue.remove(slot);
    this.queue.insert(slot, due);
    this.#engine.loop.wake();
  }

  remove(slot: number): void {
    const session = this.table.sessionOf(slot);
    this.#forget(slot);
    if (--session._eventsTo === 0) this.#engine.sessions.ranOut(session);
    // Perhaps nothing can ever happen now.
    this.#engine.loop.wake();
  }

  removeByName(session: SessionLike, event: string): void {
    for (let slot = session._timers?.get(event); slot !== undefined; slot = session._timers?.get(event)) {
      this.remove(slot);
    }
  }

  /** Timers of a session in the order in which they are due. */
  of(session: SessionLike): number[] {
    const slots: number[] = [];
    for (const first of session._timers?.values() ?? []) for (const slot of this.chain(first)) slots.push(slot);
    return slots.sort((a, b) => (this.table.before(a, b) ? -1 : 1));
  }

  /** The timers of one event of one session, from the one that its session knows. */
  *chain(first: number): Iterable<number> {
    for (let slot = first; slot !== NONE; slot = this.table.links[slot * LINKS + NEXT_OF_EVENT] as number) yield slot;
  }

  clearSession(session: SessionLike): void {
    for (const first of [...(session._timers?.values() ?? [])]) {
      for (const slot of [...this.chain(first)]) this.remove(slot);
    }
  }

  /** Runs the first timer. Its id is used up before its handler runs. */
  fire(): void {
    const { table } = this;
    const slot = this.queue.first;
    const session = table.sessionOf(slot);
    const event = table.eventOf(slot);
    const from = table.fromOf(slot);
    const argc = table.argcOf(slot);
    const arg0 = table.arg(slot, 0);
    const arg1 = table.arg(slot, 1);
    const arg2 = table.arg(slot, 2);
    this.remove(slot);
    this.#engine.invoke(session, session, event, from, argc, arg0, arg1, arg2, KIND_EVENT);
  }

  /** Takes a timer out of the queue, its session's chain of that event, and the table. */
  #forget(slot: number): void {
    const { table } = this;
    this.queue.remove(slot);
    this.#unlink(table.sessionOf(slot), table.eventOf(slot), slot);
    table.free(slot);
  }

  #link(session: SessionLike, event: string, slot: number): void {
    const { links } = this.table;
    const link = slot * LINKS;
    links[link + NEXT_OF_EVENT] = NONE;
    links[link + PREVIOUS_OF_EVENT] = NONE;
    session._timers ??= new Map();
    const first = session._timers.get(event);
    if (first === undefined) {
      session._timers.set(event, slot);
      return;
    }
    // Behind the first one, so that the map need not be written.
    const second = links[first * LINKS + NEXT_OF_EVENT] as number;
    links[link + PREVIOUS_OF_EVENT] = first;
    links[link + NEXT_OF_EVENT] = second;
    if (second !== NONE) links[second * LINKS + PREVIOUS_OF_EVENT] = slot;
    links[first * LINKS + NEXT_OF_EVENT] = slot;
  }

  #unlink(session: SessionLike, event: string, slot: number): void {
    const { links } = this.table;
    const next = links[slot * LINKS + NEXT_OF_EVENT] as number;
    const previous = links[slot * LINKS + PREVIOUS_OF_EVENT] as number;
    if (next !== NONE) links[next * LINKS + PREVIOUS_OF_EVENT] = previous;
    if (previous !== NONE) links[previous * LINKS + NEXT_OF_EVENT] = next;
    else if (next !== NONE) session._timers?.set(event, next);
    else session._timers?.delete(event);
  }
}
