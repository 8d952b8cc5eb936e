import type { Engine } from '../engine.ts';
import { ARGC_GRACE, ARGC_MANY, ARGC_SIGNAL } from '../event.ts';
import { ARG0, ARG1, ARGC, NAME, SENDER, TARGET } from '../queue/event-ring.ts';
import type { SessionLike } from '../types.ts';
import type { EventType } from './records.ts';

/** How many more timers than wanted are collected before those due last are left out. */
const ROOM = 1024;

/** One thing that waits to happen. */
export interface Waiting {
  readonly id: number;
  readonly type: EventType;
  readonly event: string;
  readonly signal?: string;
  readonly source: SessionLike;
  readonly destination: SessionLike;
  /** When it is due, in epoch seconds. */
  readonly due: number;
  readonly args: number;
}

/** What waits, in the order in which it would be dispatched now: by due time, then by arrival; the first `limit` of it. */
export function waiting(engine: Engine, limit: number): Waiting[] {
  const { clock } = engine.host;
  const offset = clock.wall() - clock.monotonic();
  return inOrder(engine, limit).map((event) => ({ ...event, due: finite(event.due + offset) }));
}

/** A time as JSON can hold it: an alarm for the end of time stays a number. */
function finite(time: number): number {
  return Math.min(Math.max(time, -Number.MAX_VALUE), Number.MAX_VALUE);
}

/** Their times are still those of the monotonic clock. */
function inOrder(engine: Engine, limit: number): Waiting[] {
  const posted = waitingEvents(engine, limit);
  const timers = waitingTimers(engine, limit);
  const merged: Waiting[] = [];
  let nextTimer = 0;
  for (const event of posted) {
    for (
      let timer = timers[nextTimer];
      timer !== undefined && goesFirst(engine, timer, event);
      timer = timers[nextTimer]
    ) {
      merged.push(shownTimer(engine, timer));
      nextTimer++;
    }
    merged.push(event);
  }
  for (const timer of timers.slice(nextTimer)) merged.push(shownTimer(engine, timer));
  return merged.slice(0, limit);
}

/** As the loop decides it. */
function goesFirst({ timers: { table } }: Engine, timer: number, event: Waiting): boolean {
  const due = table.dueOf(timer);
  return due < event.due || (due === event.due && table.arrivalOf(timer) <= event.id);
}

function shownTimer({ timers: { table } }: Engine, timer: number): Waiting {
  const session = table.sessionOf(timer);
  return {
    id: table.idOf(timer),
    type: 'Alarm',
    event: table.eventOf(timer),
    source: session,
    destination: session,
    due: table.dueOf(timer),
    args: table.argsOf(timer).length,
  };
}

function waitingEvents(engine: Engine, limit: number): Waiting[] {
  const found: Waiting[] = [];
  visitEvents(engine, (event) => found.length < limit && found.push(event) > 0);
  return found;
}

/** Visits posted events and signals, oldest first, until `visit` returns false. */
export function visitEvents(engine: Engine, visit: (event: Waiting) => boolean): void {
  engine.ring.show((words, at, due, id) => {
    const argc = words[at + ARGC] as number;
    const source = words[at + SENDER] as SessionLike;
    const destination = words[at + TARGET] as SessionLike;
    const event = words[at + NAME] as string;
    if (argc === ARGC_SIGNAL) {
      const signal = words[at + ARG0] as string;
      const args = (words[at + ARG1] as readonly unknown[]).length;
      return visit({ id, type: '_signal', event, signal, source, destination, due, args });
    }
    if (argc === ARGC_GRACE) {
      return visit({ id, type: '_garbage_collect', event: '_garbage_collect', source, destination, due, args: 0 });
    }
    const args = argc >= ARGC_MANY ? (words[at + ARG0] as readonly unknown[]).length : argc;
    return visit({ id, type: 'User', event, source, destination, due, args });
  });
}

/** Pending timers, the first ones of all sorted by due time. */
function waitingTimers({ timers: { table } }: Engine, limit: number): number[] {
  let found: number[] = [];
  const sort = (): number[] => found.sort((a, b) => (table.before(a, b) ? -1 : 1)).slice(0, limit);
  // Of a million timers a thousand are wanted: whoever is due after so many others is passed by at once.
  let last = Number.POSITIVE_INFINITY;
  table.forEach((timer) => {
    if (table.dueOf(timer) > last) return;
    found.push(timer);
    if (found.length < 2 * limit + ROOM) return;
    found = sort();
    const latest = found.at(-1);
    last = latest === undefined ? Number.NEGATIVE_INFINITY : table.dueOf(latest);
  });
  return sort();
}
