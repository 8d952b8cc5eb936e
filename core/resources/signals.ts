import type { From } from '../caller.ts';
import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { KIND_SIGNAL, KIND_SIGNAL_DIE } from '../event.ts';
import { nameOf } from '../trace/describe.ts';
import type { SessionLike } from '../types.ts';

const debug = debugFor('kernel:signals');

/** Signals that stop every session they reach, unless some handler calls `sigHandled`. */
const TERMINAL: ReadonlySet<string> = new Set(['QUIT', 'INT', 'KILL', 'TERM', 'HUP', 'IDLE', 'DIE']);
/** Signals that stop every session they reach, whatever the handlers say. */
const NONMASKABLE: ReadonlySet<string> = new Set(['ZOMBIE', 'UIDESTROY']);

/** What a signal does to the sessions it reaches, by POE's classes. */
export type SignalType = 'benign' | 'terminal' | 'nonmaskable';

interface Watcher {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** Signals of the system and of programs, and the ends of child processes. */
export class Signals {
  readonly #engine: Engine;
  readonly #watchers = new Map<string, Map<SessionLike, Watcher>>();
  /** How to stop watching the signals of the system that somebody watches here. */
  readonly #unwatchHost = new Map<string, () => void>();
  readonly #pidWatchers = new Map<number, Map<SessionLike, Watcher>>();
  #unwatchProcesses: (() => void) | null = null;
  /** `sigHandled` calls in the delivery under way. */
  #handled = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  // --- watchers

  watch(session: SessionLike, signal: string, event: string, args: readonly unknown[]): void {
    let watchers = this.#watchers.get(signal);
    if (watchers === undefined) {
      watchers = new Map();
      this.#watchers.set(signal, watchers);
      this.#watchHost(signal);
    }
    watchers.set(session, { event, args });
    session._signals ??= new Set();
    session._signals.add(signal);
    if (debug.enabled) debug("watch %s for %s by '%s'", signal, nameOf(session), event);
    this.#watchProcesses();
  }

  unwatch(session: SessionLike, signal: string): void {
    const watchers = this.#watchers.get(signal);
    session._signals?.delete(signal);
    if (watchers === undefined || !watchers.delete(session)) return;
    if (debug.enabled) debug('unwatch %s for %s', signal, nameOf(session));
    if (watchers.size !== 0) return;
    this.#watchers.delete(signal);
    this.#unwatchHost.get(signal)?.();
    this.#unwatchHost.delete(signal);
    this.#watchProcesses();
  }

  typeOf(signal: string): SignalType {
    if (NONMASKABLE.has(signal)) return 'nonmaskable';
    return TERMINAL.has(signal) ? 'terminal' : 'benign';
  }

  /** The signals that anybody watches. */
  names(): string[] {
    return [...this.#watchers.keys()];
  }

  /** Who watches a signal, with the events it brings. */
  watchersOf(signal: string): [session: SessionLike, event: string][] {
    return [...(this.#watchers.get(signal) ?? [])].map(([session, { event }]) => [session, event]);
  }

  /** The signals that a session watches, with the events they bring. */
  watchedBy(session: SessionLike): [signal: string, event: string][] {
    return [...(session._signals ?? [])].map((signal) => [signal, eventOf(this.#watchers.get(signal), session)]);
  }

  /** The processes that a session waits for, with the events their ends bring. */
  pidsOf(session: SessionLike): [pid: number, event: string][] {
    return [...(session._pids ?? [])].map((pid) => [pid, eventOf(this.#pidWatchers.get(pid), session)]);
  }

  #watchHost(signal: string): void {
    const { signals } = this.#engine.host;
    if (!signals.exists(signal)) return;
    const { kernelSession } = this.#engine;
    this.#unwatchHost.set(
      signal,
      signals.watch(signal, () => {
        if (debug.enabled) debug('receive %s from the system', signal);
        this.#engine.enqueueSignal(kernelSession, kernelSession, signal, []);
      }),
    );
  }

  clearSession(session: SessionLike): void {
    for (const signal of [...(session._signals ?? [])]) this.unwatch(session, signal);
    for (const pid of [...(session._pids ?? [])]) this.unwatchPid(session, pid);
  }

  // --- delivery

  handled(): void {
    this.#handled++;
  }

  /** Delivers a signal to a session and everything below it, children before parents. */
  dispatch(target: SessionLike, signal: string, from: From, args: readonly unknown[]): void {
    const engine = this.#engine;
    if (debug.enabled) debug('dispatch %s to %s', signal, nameOf(target));
    const heldHandled = this.#handled;
    this.#handled = 0;

    const reached = engine.sessions.below(target);
    if (signal === 'DIE') {
      for (let up = target._parent; up !== null && up !== engine.kernelSession; up = up._parent) reached.unshift(up);
    }
    reached.reverse();

    const watchers = this.#watchers.get(signal);
    if (watchers !== undefined) {
      const kind = signal === 'DIE' ? KIND_SIGNAL_DIE : KIND_SIGNAL;
      // POE: who watches is settled when the delivery begins.
      const asked = new Map(watchers);
      for (const session of reached) {
        const watcher = asked.get(session);
        if (watcher === undefined || !session._alive) continue;
        if (debug.enabled) debug("bring %s to %s by '%s'", signal, nameOf(session), watcher.event);
        const all = [signal, ...args, ...watcher.args];
        engine.invokeArgs(session, engine.kernelSession, watcher.event, from, all, kind);
      }
    }
    const wasHandled = this.#handled > 0;
    if (debug.enabled && wasHandled) debug('handle %s: some handler says so', signal);
    if (NONMASKABLE.has(signal) || (TERMINAL.has(signal) && !wasHandled)) {
      for (const session of reached) {
        if (session === engine.kernelSession) continue;
        if (debug.enabled) debug('terminate %s by %s', nameOf(session), signal);
        engine.sessions.stop(session);
      }
    }
    // POE: Kernel, _dispatch_signal_event: for the exception, if not for the sessions, a _stop can still say so.
    const inTheEnd = this.#handled > 0;
    this.#handled = heldHandled;

    if (signal === 'DIE' && !inTheEnd) {
      // What a DIE handler threw comes second to what it was told of.
      const further = engine.exception;
      engine.exception = null;
      const { errorStr } = args[0] as { errorStr: unknown };
      if (typeof errorStr === 'string' && typeof further?.error === 'string') {
        // Texts say both, in POE's words.
        engine.fail(`${errorStr}Additional error thrown in handler for previous error:\n${further.error}`);
      } else {
        engine.fail(errorStr);
        if (further !== null) engine.fail(further.error);
      }
    } else if (signal === 'IDLE') {
      this.#zombieIfStillIdle();
    }
  }

  /** POE: when an IDLE was handled and there is still nothing to do, ZOMBIE stops everybody. */
  #zombieIfStillIdle(): void {
    const engine = this.#engine;
    if (!engine.loop.isIdle()) return;
    engine.enqueueSignal(engine.kernelSession, engine.kernelSession, 'ZOMBIE', []);
  }

  // --- child processes

  watchPid(session: SessionLike, pid: number, event: string, args: readonly unknown[]): void {
    let watchers = this.#pidWatchers.get(pid);
    if (watchers === undefined) {
      watchers = new Map();
      this.#pidWatchers.set(pid, watchers);
    }
    if (!watchers.has(session)) session._references++;
    watchers.set(session, { event, args });
    session._pids ??= new Set();
    session._pids.add(pid);
    if (debug.enabled) debug("watch process %d for %s by '%s'", pid, nameOf(session), event);
    this.#watchProcesses();
  }

  unwatchPid(session: SessionLike, pid: number): void {
    const watchers = this.#pidWatchers.get(pid);
    if (watchers === undefined || !watchers.delete(session)) return;
    if (watchers.size === 0) this.#pidWatchers.delete(pid);
    session._pids?.delete(pid);
    if (--session._references === 0) this.#engine.sessions.ranOut(session);
    this.#watchProcesses();
    // It may have been all that kept the kernel from being idle.
    this.#engine.loop.wake();
  }

  /** Whether some watched process is still to end. */
  get awaitsProcesses(): boolean {
    for (const pid of this.#pidWatchers.keys()) if (this.#engine.host.processes.isChild(pid)) return true;
    return false;
  }

  /** Asks the host for the ends of children only while somebody wants to know. */
  #watchProcesses(): void {
    const wanted = this.#pidWatchers.size > 0 || this.#watchers.has('CHLD');
    if (wanted && this.#unwatchProcesses === null) {
      this.#unwatchProcesses = this.#engine.host.processes.watch((pid, status) => this.#ended(pid, status));
    } else if (!wanted && this.#unwatchProcesses !== null) {
      this.#unwatchProcesses();
      this.#unwatchProcesses = null;
    }
  }

  #ended(pid: number, status: number): void {
    const engine = this.#engine;
    if (debug.enabled) debug('reap process %d, status %d', pid, status);
    for (const [session, { event, args }] of [...(this.#pidWatchers.get(pid) ?? [])]) {
      engine.enqueueArgs(session, engine.kernelSession, event, undefined, ['CHLD', pid, status, ...args]);
      this.unwatchPid(session, pid);
    }
    engine.enqueueSignal(engine.kernelSession, engine.kernelSession, 'CHLD', [pid, status]);
  }
}

function eventOf(watchers: Map<SessionLike, Watcher> | undefined, session: SessionLike): string {
  return watchers?.get(session)?.event ?? '';
}
