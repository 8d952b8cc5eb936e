import type { Engine } from '../engine.ts';
import type { SessionLike } from '../types.ts';
import { handlesOf } from './handles.ts';
import { visitEvents, type Waiting } from './queue.ts';
import type { Reason, ReasonCounts } from './records.ts';
import { sessionName } from './session-name.ts';

/** Children that are named. */
const NAMED_CHILDREN = 5;

/** How many reasons of each kind there are: what the kernel has counted, by where it comes from. */
export function countReasons(engine: Engine, session: SessionLike): ReasonCounts {
  const timers = countTimers(engine, session);
  return {
    events: session._eventsTo - timers,
    timers,
    posted: session._eventsFrom,
    children: session._children?.size ?? 0,
    aliases: engine.aliases.of(session).length,
    handles: engine.handles.countOf(session),
    extrefs: session._tags?.size ?? 0,
    processes: session._pids?.size ?? 0,
    promises: session._promises,
  };
}

function countTimers({ timers }: Engine, session: SessionLike): number {
  let count = 0;
  for (const first of session._timers?.values() ?? []) for (const _ of timers.chain(first)) count++;
  return count;
}

/** Gives the reasons of some sessions. What waits in the queue is looked at once for all of them. */
export class Reasons {
  readonly #engine: Engine;
  readonly #now: number;
  /** Who gets what, and how often. */
  readonly #waiting = new Map<SessionLike, Tally>();
  /** Who has posted what to whom, and how often. */
  readonly #posted = new Map<SessionLike, Map<SessionLike, Tally>>();

  /** What events are called here, made once for each: a million strings that are alike would cost more than all the rest. */
  readonly #names = new Map<string, string>();

  constructor(engine: Engine, sessions: readonly SessionLike[]) {
    this.#engine = engine;
    this.#now = engine.host.clock.monotonic();
    const asked = new Set(sessions);
    visitEvents(engine, (event) => {
      const { source, destination } = event;
      if (asked.has(destination)) count(within(this.#waiting, destination), this.#nameOf(event));
      if (source !== destination && asked.has(source)) {
        count(within(within(this.#posted, source), destination), this.#nameOf(event));
      }
      return true;
    });
  }

  #nameOf({ type, event, signal }: Waiting): string {
    if (type === '_garbage_collect') return 'the turn of grace of a new session';
    if (type === '_signal') return `signal ${signal}`;
    let name = this.#names.get(event);
    if (name === undefined) {
      name = `'${event}'`;
      this.#names.set(event, name);
    }
    return name;
  }

  of(session: SessionLike): Reason[] {
    return [
      ...this.#events(session),
      ...this.#timers(session),
      ...this.#postedEvents(session),
      ...children(session),
      ...aliases(session),
      ...this.#handles(session),
      ...extrefs(session),
      ...this.#processes(session),
      ...promises(session),
    ];
  }

  #events(session: SessionLike): Reason[] {
    return [...(this.#waiting.get(session) ?? [])].map(([what, count]) => {
      const text = count === 1 ? `${what} waits for it` : `${what} waits for it, ${count} times`;
      return { kind: 'event', what, count, weak: false, text };
    });
  }

  #postedEvents(session: SessionLike): Reason[] {
    return [...(this.#posted.get(session) ?? [])].flatMap(([destination, tally]) =>
      [...tally].map(([event, count]) => {
        const what = `${event} to ${sessionName(destination)}`;
        const text = `it has posted ${what}, which waits${count === 1 ? '' : `, ${count} times`}`;
        return { kind: 'posted' as const, what, count, weak: false, text };
      }),
    );
  }

  #timers(session: SessionLike): Reason[] {
    const { timers } = this.#engine;
    return [...(session._timers ?? [])].map(([event, some]) => {
      const due = [...timers.chain(some)].map((timer) => timers.table.dueOf(timer));
      const count = due.length;
      const first = due.reduce((least, each) => Math.min(least, each));
      const when = `is due in ${(first - this.#now).toFixed(1)} s`;
      const text = count === 1 ? `timer '${event}' ${when}` : `${count} timers '${event}', the first of which ${when}`;
      return { kind: 'timer', what: event, count, weak: false, text };
    });
  }

  #handles(session: SessionLike): Reason[] {
    return handlesOf(this.#engine, session).map(({ handle, modes }) => {
      const how = modes.map(({ mode, event, paused }) => `${mode} '${event}'${paused ? ' (paused)' : ''}`);
      return { kind: 'handle', what: handle, count: 1, weak: false, text: `it watches ${handle}: ${how.join(', ')}` };
    });
  }

  #processes(session: SessionLike): Reason[] {
    const { host } = this.#engine;
    return [...(session._pids ?? [])].map((pid) => {
      const weak = !host.processes.isChild(pid);
      const text = `it waits for process ${pid}${weak ? ', which is no child of this one' : ''}`;
      return { kind: 'process', what: String(pid), count: 1, weak, text };
    });
  }
}

/** How often each of several things comes. */
type Tally = Map<string, number>;

function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** The map that another map has for a key. */
function within<K, V>(maps: Map<SessionLike, Map<K, V>>, key: SessionLike): Map<K, V> {
  let own = maps.get(key);
  if (own === undefined) {
    own = new Map();
    maps.set(key, own);
  }
  return own;
}

function children({ _children: all }: SessionLike): Reason[] {
  if (all === null || all.size === 0) return [];
  const named: string[] = [];
  for (const child of all) {
    if (named.length === NAMED_CHILDREN) break;
    named.push(sessionName(child));
  }
  const more = all.size - named.length;
  const what = named.join(', ') + (more === 0 ? '' : ` and ${more} more`);
  return [{ kind: 'child', what, count: all.size, weak: true, text: `it is the parent of ${what}` }];
}

function aliases(session: SessionLike): Reason[] {
  return session._engine.aliases.of(session).map((what) => ({
    kind: 'alias',
    what,
    count: 1,
    weak: true,
    text: `it is called '${what}', which counts as long as anything else can happen`,
  }));
}

function extrefs({ _tags: all }: SessionLike): Reason[] {
  return [...(all ?? [])].map(([what, count]) => ({
    kind: 'extref',
    what,
    count,
    weak: false,
    text: `it is held by '${what}'${count === 1 ? '' : `, ${count} times`}`,
  }));
}

function promises({ _promises: count }: SessionLike): Reason[] {
  if (count === 0) return [];
  const text = count === 1 ? 'a promise of a handler is pending' : `${count} promises of handlers are pending`;
  return [{ kind: 'promise', what: 'promise', count, weak: false, text }];
}
