import type { From } from '../caller.ts';
import type { SessionLike } from '../types.ts';

/** One pending alarm or delay. */
export class Timer {
  readonly session: SessionLike;
  readonly event: string;
  readonly from: From;
  readonly args: readonly unknown[];
  /** Where the timer is due, as epoch seconds: what `alarmRemove` and `alarmAdjust` report. */
  wallTime: number;
  /** Number that the next posted event had when the timer was set: tells which of two that are due together came first. */
  readonly arrival: number;
  /** Place in the heap, -1 once it has left. Kept by the heap. */
  index = -1;
  /** Place in the table of ids, and how often that table had been used then. */
  slot = -1;
  serial = 0;
  /** Neighbours among the session's timers of the same name. */
  previous: Timer | null = null;
  next: Timer | null = null;

  constructor(
    session: SessionLike,
    event: string,
    from: From,
    args: readonly unknown[],
    wallTime: number,
    arrival: number,
  ) {
    this.session = session;
    this.event = event;
    this.from = from;
    this.args = args;
    this.wallTime = wallTime;
    this.arrival = arrival;
  }
}
