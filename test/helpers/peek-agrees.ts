import assert from 'node:assert/strict';
import { type Kernel, Peek, type Reason, type ReasonCounts, type ReasonKind, type SessionRecord } from 'poe-kernel';

/** Holds what a Peek says against the counts by which the kernel decides who lives, and against itself. */
export function assertPeekAgrees(kernel: Kernel): void {
  const { _engine: engine } = kernel;
  const peek = new Peek(kernel);
  const errno = kernel.errno;
  const dump = peek.dump({ limit: Number.POSITIVE_INFINITY });
  const everybody = [...dump.sessions, peek.session(kernel) as SessionRecord];
  for (const record of everybody) {
    const { name, reasons, counts } = record;
    const session = engine.resolve(record.id);
    assert.ok(session, name);
    const kernels = [session._eventsTo, session._eventsFrom, session._references];
    const { events, timers, posted, children, aliases, handles, extrefs, processes, promises } = counts;
    const others = children + aliases + handles + extrefs + processes + promises;
    assert.deepEqual([events + timers, posted, others], kernels, `counts of ${name}`);
    assert.deepEqual(countsOf(reasons), counts, `reasons of ${name}`);
    assert.deepEqual([record.children.length, record.aliases.length], [children, aliases]);
    assert.deepEqual(
      [record.handles.length, record.extrefs.length, record.processes.length],
      [handles, extrefs, processes],
    );
    for (const child of record.children) assert.equal(peek.session(child)?.parent, record.id);
    assert.equal(peek.getSessionRefcount(session as never), others + Math.sign(events + timers) + Math.sign(posted));
  }
  const strong = everybody.some(({ reasons }) => reasons.some(({ weak }) => !weak));
  assert.equal(dump.kernel.idle, dump.sessions.length > 0 && !strong, 'idle');

  assert.equal(dump.queue.length, kernel.getEventCount());
  assert.deepEqual(
    dump.queue.map(({ due }) => due),
    dump.queue.map(({ due }) => due).sort((a, b) => a - b),
  );
  for (const { id, counts } of everybody) {
    const own = dump.queue.filter(({ destination }) => destination === id).length;
    const sent = dump.queue.filter(({ source, destination }) => source === id && destination !== id).length;
    assert.deepEqual([own, sent], [counts.events + counts.timers, counts.posted]);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(dump)), dump);
  assert.equal(kernel.errno, errno);
}

const COUNTED: Record<ReasonKind, keyof ReasonCounts> = {
  event: 'events',
  timer: 'timers',
  posted: 'posted',
  child: 'children',
  alias: 'aliases',
  handle: 'handles',
  extref: 'extrefs',
  process: 'processes',
  promise: 'promises',
};

/** What the kernel would count for these reasons. A tag counts once, however often it is held. */
function countsOf(reasons: readonly Reason[]): ReasonCounts {
  const counts: Record<string, number> = Object.fromEntries(Object.values(COUNTED).map((key) => [key, 0]));
  for (const { kind, count } of reasons)
    counts[COUNTED[kind]] = (counts[COUNTED[kind]] ?? 0) + (kind === 'extref' ? 1 : count);
  return counts as unknown as ReasonCounts;
}

/** From now on each sweep of the kernel has to stop exactly those for whom a Peek finds no reason to live. */
export function watchSweeps(kernel: Kernel): { readonly swept: number } {
  const { sessions } = kernel._engine;
  const peek = new Peek(kernel);
  const unreasonable = (): SessionRecord[] =>
    peek.sessions().filter(({ phase, reasons }) => phase === 'running' && reasons.length === 0);
  const seen = { swept: 0 };
  const sweep = sessions.sweep.bind(sessions);
  sessions.sweep = () => {
    const doomed = unreasonable();
    seen.swept += doomed.length;
    const before = peek.sessionList();
    sweep();
    const alive = new Set(peek.sessionList());
    for (const { id, name } of doomed) assert.equal(peek.session(id), undefined, `${name} should have been stopped`);
    assert.deepEqual(unreasonable(), [], 'after a sweep everybody has a reason');
    // Without anybody to begin with, nobody is stopped.
    if (doomed.length === 0) for (const session of before) assert.ok(alive.has(session), `${session} had a reason`);
  };
  return seen;
}
