import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import {
  ARGC_GRACE,
  ARGC_SIGNAL,
  KIND_CALL,
  KIND_CALL_LIST,
  KIND_CALL_VOID,
  KIND_START,
  KIND_STOP,
  type Kind,
} from '../event.ts';
import { NO_HANDLER } from '../list.ts';
import type { SessionLike } from '../types.ts';
import { around, aroundHandlers } from './around.ts';
import { argumentsOf, nameOf, shown, withArguments } from './describe.ts';

const debug = debugFor('kernel:events');

/** Kinds of which somebody wants the value. */
const ANSWERED: ReadonlySet<Kind> = new Set<Kind>([KIND_CALL, KIND_CALL_LIST, KIND_CALL_VOID, KIND_START, KIND_STOP]);
const CALLS: ReadonlySet<Kind> = new Set<Kind>([KIND_CALL, KIND_CALL_LIST, KIND_CALL_VOID]);

/** Tells of events and timers: how they come into the queue, reach a handler, and what comes of it. */
export function traceEvents(engine: Engine): void {
  if (!debug.enabled) return;
  traceQueue(engine);
  traceHandlers(engine);
  traceTimers(engine);
}

function traceQueue(engine: Engine): void {
  around(engine, 'enqueue', (enqueue) => (target, sender, name, from, argc, arg0, arg1, arg2) => {
    enqueue(target, sender, name, from, argc, arg0, arg1, arg2);
    const where = `for ${nameOf(target)} from ${nameOf(sender)}`;
    if (argc === ARGC_GRACE) debug('queue the turn of grace of %s', nameOf(target));
    else if (argc === ARGC_SIGNAL) debug('queue signal %s %s%s', arg0, where, withArguments(arg1 as unknown[]));
    else debug("queue '%s' %s%s", name, where, withArguments(argumentsOf(argc, arg0, arg1, arg2)));
  });
  around(engine, 'allows', (allows) => (target, sender, name) => {
    const allowed = allows(target, sender, name);
    if (!allowed) debug("refuse '%s' for %s from %s: a plugin does", name, nameOf(target), nameOf(sender));
    return allowed;
  });
  around(engine.sessions, 'clearQueue', (clearQueue) => (session) => {
    const before = engine.ring.size;
    clearQueue(session);
    if (engine.ring.size !== before) debug('discard %d events of %s', before - engine.ring.size, nameOf(session));
  });
}

function traceHandlers(engine: Engine): void {
  aroundHandlers(engine, (invoke) => (target, sender, name, from, argc, arg0, arg1, arg2, kind) => {
    if (target === engine.kernelSession) return invoke(target, sender, name, from, argc, arg0, arg1, arg2, kind);
    begins(target, sender, name, argumentsOf(argc, arg0, arg1, arg2), kind);
    const value = invoke(target, sender, name, from, argc, arg0, arg1, arg2, kind);
    ends(target, name, value, kind);
    return value;
  });
  around(engine, 'call', (call) => (target, sender, name, from, argc, arg0, arg1, arg2, kind) => {
    // A session that calls itself does not come through invoke.
    if (target !== sender) return call(target, sender, name, from, argc, arg0, arg1, arg2, kind);
    begins(target, sender, name, argumentsOf(argc, arg0, arg1, arg2), kind);
    const value = call(target, sender, name, from, argc, arg0, arg1, arg2, kind);
    ends(target, name, value, kind);
    return value;
  });
  around(engine, 'invokeThrough', (invokeThrough) => (target, sender, name, from, args, kind) => {
    begins(target, sender, name, args, kind);
    const value = invokeThrough(target, sender, name, from, args, kind);
    ends(target, name, value, kind);
    return value;
  });
  engine.hooks.exceptionThrown.tap('trace', (error, session, event) => {
    debug("throw from '%s' of %s: %s", event, nameOf(session), shown(error));
  });
}

function begins(target: SessionLike, sender: SessionLike, name: string, args: readonly unknown[], kind: Kind): void {
  const word = CALLS.has(kind) ? 'call' : 'dispatch';
  debug("%s '%s' of %s from %s%s", word, name, nameOf(target), nameOf(sender), withArguments(args));
}

function ends(target: SessionLike, name: string, value: unknown, kind: Kind): void {
  if (value === NO_HANDLER) debug("find no handler for '%s' in %s", name, nameOf(target));
  else if (ANSWERED.has(kind)) debug("return from '%s' of %s: %s", name, nameOf(target), shown(value));
}

function traceTimers(engine: Engine): void {
  const { timers } = engine;
  const { table, queue } = timers;
  const due = (timer: number): string => `in ${(table.dueOf(timer) - timers.now()).toFixed(6)} s`;
  const named = (timer: number): string => `timer '${table.eventOf(timer)}' of ${nameOf(table.sessionOf(timer))}`;
  for (const method of ['setAlarm', 'setDelay', 'setPlainDelay'] as const) {
    around(timers, method, (set) => (session, event, from, time, args) => {
      const timer = set(session, event, from, time, args);
      debug('set %s %s%s', named(timer), due(timer), withArguments(args));
      return timer;
    });
  }
  around(timers, 'move', (move) => (timer, monotonic, wallTime) => {
    move(timer, monotonic, wallTime);
    debug('move %s: %s', named(timer), due(timer));
  });
  let firing: number | null = null;
  around(timers, 'remove', (remove) => (timer) => {
    // One that fires is removed first; its slot may be another's by the time its handler runs.
    if (timer === firing) firing = null;
    else debug('remove %s', named(timer));
    remove(timer);
  });
  around(timers, 'fire', (fire) => () => {
    firing = queue.first;
    debug('fire %s', named(firing));
    fire();
  });
}
