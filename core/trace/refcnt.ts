import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { ARGC_GRACE } from '../event.ts';
import { handleName } from '../peek/handle-name.ts';
import { ARGC, NAME, SENDER, TARGET } from '../queue/event-ring.ts';
import type { SessionLike } from '../types.ts';
import { around, aroundHandlers } from './around.ts';
import { nameOf } from './describe.ts';

const debug = debugFor('kernel:refcnt');

/** Tells of the reasons that sessions have to live: each one that comes or goes, with the three counts it leaves. */
export function traceReferences(engine: Engine): void {
  if (!debug.enabled) return;
  traceQueued(engine);
  traceHeld(engine);
  tracePromises(engine);
  traceEnds(engine);
}

function raise(session: SessionLike, reason: string): void {
  debug('raise %s for %s: %s', nameOf(session), reason, counts(session));
}

function lower(session: SessionLike, reason: string): void {
  debug('lower %s for %s: %s', nameOf(session), reason, counts(session));
}

/** The three counts of a session, less what is about to be taken from them. */
function counts({ _eventsTo, _eventsFrom, _references }: SessionLike, event = 0, posted = 0): string {
  return `events ${_eventsTo - event}, posted ${_eventsFrom - posted}, references ${_references}`;
}

function eventOf(name: string, argc: number): string {
  return argc === ARGC_GRACE ? 'its turn of grace' : `event '${name}'`;
}

/** Events and timers. */
function traceQueued(engine: Engine): void {
  const { ring, timers } = engine;
  around(engine, 'enqueue', (enqueue) => (target, sender, name, from, argc, ...args) => {
    enqueue(target, sender, name, from, argc, ...args);
    raise(target, eventOf(name, argc));
    if (sender !== target) raise(sender, `${eventOf(name, argc)} it posted`);
  });
  around(engine, 'dispatchHead', (dispatchHead) => () => {
    // The counts go down inside, before the handler runs.
    const words = ring.headWords;
    const target = words[ring.headAt + TARGET] as SessionLike | null;
    if (target !== null) {
      const event = eventOf(words[ring.headAt + NAME] as string, words[ring.headAt + ARGC] as number);
      const sender = words[ring.headAt + SENDER] as SessionLike;
      debug('lower %s for %s: %s', nameOf(target), event, counts(target, 1));
      if (sender !== target) debug('lower %s for %s it posted: %s', nameOf(sender), event, counts(sender, 0, 1));
    }
    return dispatchHead();
  });
  around(engine, 'release', (release) => (target, sender) => {
    release(target, sender);
    lower(target, 'a discarded event');
    if (sender !== target) lower(sender, 'a discarded event it posted');
  });
  for (const method of ['setAlarm', 'setDelay', 'setPlainDelay'] as const) {
    around(timers, method, (set) => (session, event, ...rest) => {
      const timer = set(session, event, ...rest);
      raise(session, `timer '${event}'`);
      return timer;
    });
  }
  around(timers, 'remove', (remove) => (timer) => {
    const session = timers.table.sessionOf(timer);
    const event = timers.table.eventOf(timer);
    remove(timer);
    lower(session, `timer '${event}'`);
  });
}

/** Names, tags, handles and processes. Only the first of several holds of one kind counts. */
function traceHeld({ aliases, extrefs, handles, signals }: Engine): void {
  const told = <R>(session: SessionLike, reason: string, change: () => R): R => {
    const before = session._references;
    const result = change();
    if (session._references > before) raise(session, reason);
    else if (session._references < before) lower(session, reason);
    return result;
  };
  around(aliases, 'add', (add) => (name, session) => told(session, `name '${name}'`, () => add(name, session)));
  around(aliases, 'remove', (remove) => (name, session) => {
    told(session, `name '${name}'`, () => remove(name, session));
  });
  around(extrefs, 'increment', (increment) => (session, tag) => {
    return told(session, `tag '${tag}'`, () => increment(session, tag));
  });
  around(extrefs, 'decrement', (decrement) => (session, tag) => {
    return told(session, `tag '${tag}'`, () => decrement(session, tag));
  });
  around(handles, 'watch', (watch) => (session, handle, ...rest) => {
    told(session, `handle ${handleName(handle)}`, () => watch(session, handle, ...rest));
  });
  around(handles, 'unwatch', (unwatch) => (session, handle, mode) => {
    told(session, `handle ${handleName(handle)}`, () => unwatch(session, handle, mode));
  });
  around(signals, 'watchPid', (watchPid) => (session, pid, ...rest) => {
    told(session, `process ${pid}`, () => watchPid(session, pid, ...rest));
  });
  around(signals, 'unwatchPid', (unwatchPid) => (session, pid) => {
    told(session, `process ${pid}`, () => unwatchPid(session, pid));
  });
}

/** Promises of async handlers. */
function tracePromises(engine: Engine): void {
  aroundHandlers(engine, (invoke) => (target, sender, name, ...rest) => {
    const result = invoke(target, sender, name, ...rest);
    if (result instanceof Promise && target._alive) {
      raise(target, `the promise of '${name}'`);
      // The kernel's own reaction came first, so that the counts are those without it.
      const settled = (): void => lower(target, `the promise of '${name}'`);
      result.then(settled, settled);
    }
    return result;
  });
}

/** Children, and what happens to who has no reason left. */
function traceEnds({ sessions }: Engine): void {
  around(sessions, 'start', (start) => (session, creator, args) => {
    start(session, creator, args);
    if (session._parent !== null) raise(session._parent, `its child ${nameOf(session)}`);
  });
  around(sessions, 'note', (note) => (session) => {
    const before = session._marked;
    note(session);
    if (session._marked && !before) debug('mark %s: it has no reason to live', nameOf(session));
  });
  around(sessions, 'stop', (stop) => (session) => {
    const parent = session._parent;
    stop(session);
    if (parent !== null && !session._alive) lower(parent, `its child session ${session.id}`);
  });
}
