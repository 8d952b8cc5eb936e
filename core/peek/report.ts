import type { Engine } from '../engine.ts';
import type { Session } from '../session.ts';
import type { SessionLike } from '../types.ts';
import { handlesOf } from './handles.ts';
import { countReasons, type Reasons } from './reasons.ts';
import type { KernelRecord, SessionRecord, SignalRecord } from './records.ts';
import { sessionName } from './session-name.ts';

export function kernelRecord(engine: Engine): KernelRecord {
  const { sessions, ring, timers, handles, extrefs, pendingPromises } = engine;
  return {
    id: engine.kernelSession.id,
    time: engine.host.clock.wall(),
    running: engine.loop.running,
    loop: loopName(engine),
    activeSession: engine.active.id,
    activeEvent: engine.activeEvent ?? null,
    idle: engine.loop.isIdle(),
    counts: {
      sessions: sessions.count,
      events: ring.size,
      timers: timers.count,
      handles: handles.count,
      extrefs: extrefs.count,
      promises: pendingPromises,
    },
  };
}

export function loopName({ host: { loop } }: Engine): string {
  return loop.name ?? loop.constructor.name;
}

export function sessionRecord(session: SessionLike, reasons: Reasons): SessionRecord {
  const engine = session._engine;
  const { id, _starting, _stopping, _parent, _children, _tags } = session;
  return {
    id,
    name: sessionName(session),
    type: session === engine.kernelSession ? 'Kernel' : session.constructor.name,
    phase: _stopping ? 'stopping' : _starting ? 'starting' : 'running',
    parent: _parent?.id ?? null,
    children: [...(_children ?? [])].map((child) => child.id),
    aliases: engine.aliases.of(session),
    events: eventsOf(session),
    signals: engine.signals.watchedBy(session).map(([signal, event]) => ({ signal, session: id, event })),
    handles: handlesOf(engine, session),
    extrefs: [...(_tags ?? [])].map(([tag, count]) => ({ tag, count })),
    processes: engine.signals.pidsOf(session).map(([pid, event]) => ({ pid, event })),
    counts: countReasons(engine, session),
    reasons: reasons.of(session),
  };
}

/** The events that a session has handlers for, sorted. The kernel has none. */
export function eventsOf(session: SessionLike): string[] {
  return session === session._engine.kernelSession ? [] : (session as Session)._stateNames().sort();
}

export function signalRecords({ signals }: Engine): SignalRecord[] {
  return signals
    .names()
    .flatMap((signal) =>
      signals.watchersOf(signal).map(([session, event]) => ({ signal, session: session.id, event })),
    );
}
