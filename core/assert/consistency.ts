import type { Engine } from '../engine.ts';
import { PoeError } from '../errors.ts';
import type { Handle } from '../host/handles.ts';
import type { HostLoop } from '../host/host.ts';
import { SENDER, TARGET } from '../queue/event-ring.ts';
import type { AssertName } from '../switches.ts';
import { aroundHandlers } from '../trace/around.ts';
import { nameOf } from '../trace/describe.ts';
import type { SessionLike } from '../types.ts';

/** What was found to be wrong, in words; nothing if all is well. */
type Check = (engine: Engine) => string | undefined;

/**
 * `POE_ASSERT_DATA`, `POE_ASSERT_EVENTS` and `POE_ASSERT_FILES`: after each turn the books of the kernel are gone through. What
 * is wrong with them is a fault of the kernel, or of a host that was replaced, and ends the run.
 */
export function assertConsistency(engine: Engine, wanted: ReadonlySet<AssertName>): void {
  if (wanted.has('data')) afterTurns(engine, 'POE_ERR_ASSERT_DATA', checkSessions);
  if (wanted.has('files')) afterTurns(engine, 'POE_ERR_ASSERT_FILES', checkHandles);
  if (wanted.has('events')) {
    afterTurns(engine, 'POE_ERR_ASSERT_EVENTS', checkQueue);
    assertLivingTargets(engine);
  }
}

function inconsistent(code: string, found: string): PoeError {
  return new PoeError(code, `Cannot go on: ${found}`, {
    hint: 'This is a fault of the kernel. Please report it, with what the program does',
  });
}

function afterTurns(engine: Engine, code: string, check: Check): void {
  const { loop } = engine.host;
  const checked: Pick<HostLoop, 'soon' | 'after'> = {
    soon: (turn) =>
      loop.soon(() => {
        turn();
        const found = check(engine);
        if (found !== undefined) engine.fail(inconsistent(code, found));
      }),
    after: (seconds, callback) => loop.after(seconds, callback),
  };
  // Each kernel has a host of its own, put together from parts that may be shared. Whatever else the loop is, it stays.
  Object.assign(engine.host, { loop: Object.assign(Object.create(loop), checked) });
}

/** An event reaches nobody who has ended. */
function assertLivingTargets(engine: Engine): void {
  aroundHandlers(engine, (invoke) => (target, sender, name, ...rest) => {
    if (!target._alive) {
      throw inconsistent(
        'POE_ERR_ASSERT_EVENTS',
        `'${name}' is to be dispatched to ${nameOf(target)}, which has ended`,
      );
    }
    return invoke(target, sender, name, ...rest);
  });
}

/** The counts of events that sessions keep are those of the queue and the timers. */
function checkQueue(engine: Engine): string | undefined {
  const to = new Map<SessionLike, number>();
  const from = new Map<SessionLike, number>();
  const count = (counts: Map<SessionLike, number>, session: SessionLike): void => {
    counts.set(session, (counts.get(session) ?? 0) + 1);
  };
  engine.ring.show((words, at) => {
    const target = words[at + TARGET] as SessionLike;
    const sender = words[at + SENDER] as SessionLike;
    count(to, target);
    if (sender !== target) count(from, sender);
    return true;
  });
  const { table } = engine.timers;
  table.forEach((timer) => {
    count(to, table.sessionOf(timer));
  });
  for (const session of [...to.keys(), ...from.keys()]) {
    if (!session._alive) return `events are queued for or from ${nameOf(session)}, which has ended`;
  }
  for (const session of everybody(engine)) {
    const [events, posted] = [to.get(session) ?? 0, from.get(session) ?? 0];
    if (session._eventsTo === events && session._eventsFrom === posted) continue;
    const counted = `counts ${session._eventsTo} events and ${session._eventsFrom} posted`;
    return `${nameOf(session)} ${counted}, the queue has ${events} and ${posted}`;
  }
  return undefined;
}

/** Every watched handle is watched by sessions that live. */
function checkHandles(engine: Engine): string | undefined {
  const watched = new Set<Handle>();
  for (const session of everybody(engine)) for (const handle of handlesOf(engine, session)) watched.add(handle);
  if (watched.size === engine.handles.count) return undefined;
  return `${engine.handles.count} handles are watched, ${watched.size} of them by sessions that live`;
}

/** The tree of sessions hangs together, and their references are those that the resources hold. */
function checkSessions(engine: Engine): string | undefined {
  let tags = 0;
  for (const session of everybody(engine)) {
    const found = checkTree(engine, session) ?? checkReferences(engine, session);
    if (found !== undefined) return found;
    tags += session._tags?.size ?? 0;
  }
  return tags === engine.extrefs.count ? undefined : `${engine.extrefs.count} tags are counted, sessions have ${tags}`;
}

function checkTree(engine: Engine, session: SessionLike): string | undefined {
  const name = nameOf(session);
  if (!session._alive) return `${name} has ended and is still listed`;
  if (session !== engine.kernelSession && !session._parent?._children?.has(session)) {
    return `${name} is no child of its parent`;
  }
  for (const child of session._children ?? []) {
    if (child._parent !== session) return `${nameOf(child)} is a child of ${name}, but has another parent`;
  }
  for (const alias of engine.aliases.of(session)) {
    if (engine.aliases.get(alias) !== session) return `${name} has the name '${alias}', which means another session`;
  }
  return undefined;
}

function checkReferences(engine: Engine, session: SessionLike): string | undefined {
  const held = {
    children: session._children?.size ?? 0,
    names: engine.aliases.of(session).length,
    tags: session._tags?.size ?? 0,
    processes: session._pids?.size ?? 0,
    handles: handlesOf(engine, session).size,
    promises: session._promises,
  };
  const sum = Object.values(held).reduce((all, count) => all + count, 0);
  if (sum === session._references) return undefined;
  const list = Object.entries(held).map(([kind, count]) => `${count} ${kind}`);
  return `${nameOf(session)} counts ${session._references} references, but has ${list.join(', ')}`;
}

function handlesOf(engine: Engine, session: SessionLike): Set<Handle> {
  return new Set(engine.handles.watchedBy(session).map(({ handle }) => handle));
}

function everybody(engine: Engine): SessionLike[] {
  return [engine.kernelSession, ...engine.sessions.all()];
}
