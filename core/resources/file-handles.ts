import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { KIND_EVENT } from '../event.ts';
import type { Handle, Mode, Port } from '../host/handles.ts';
import type { SessionLike } from '../types.ts';

const debug = debugFor('kernel:files');
const MODES: readonly Mode[] = [0, 1, 2];

interface Watcher {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** One handle that somebody watches. */
class WatchedHandle {
  readonly handle: Handle;
  readonly port: Port;
  /** Per mode: who watches. */
  readonly watchers: readonly [Map<SessionLike, Watcher>, Map<SessionLike, Watcher>, Map<SessionLike, Watcher>] = [
    new Map(),
    new Map(),
    new Map(),
  ];
  readonly paused: [boolean, boolean, boolean] = [false, false, false];
  /** Whether it waits in the list of handles to look at. */
  listed = false;

  constructor(handle: Handle, port: Port) {
    this.handle = handle;
    this.port = port;
  }

  watches(mode: Mode): boolean {
    return this.watchers[mode].size !== 0 && !this.paused[mode];
  }

  wants(mode: Mode): boolean {
    return this.watches(mode) && this.port.ready(mode);
  }

  get unwatched(): boolean {
    return this.watchers.every((watchers) => watchers.size === 0);
  }

  watchedBy(session: SessionLike): boolean {
    return this.watchers.some((watchers) => watchers.has(session));
  }
}

/** Handles that sessions watch, and their dispatch in the order POE has: all readable, then writable, then urgent ones. */
export class FileHandles {
  readonly #engine: Engine;
  readonly #watched = new Map<Handle, WatchedHandle>();
  /** Handles that may be ready. */
  #candidates: WatchedHandle[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Watched handles. */
  get count(): number {
    return this.#watched.size;
  }

  get hasCandidates(): boolean {
    return this.#candidates.length !== 0;
  }

  /** Starts to watch, or resumes if the session watches already. */
  watch(session: SessionLike, handle: Handle, mode: Mode, event: string, args: readonly unknown[]): void {
    let watched = this.#watched.get(handle);
    if (watched === undefined) {
      watched = new WatchedHandle(handle, this.#engine.host.handles.portOf(handle));
      watched.port.onReady = () => this.#consider(watched as WatchedHandle);
      this.#watched.set(handle, watched);
    }
    // POE: a second watcher of the same session changes neither event nor arguments, it only resumes.
    if (!watched.watchers[mode].has(session)) {
      if (!watched.watchedBy(session)) session._references++;
      watched.watchers[mode].set(session, { event, args });
      if (debug.enabled) debug('watch handle of session %s in mode %d', session.id, mode);
    }
    this.#run(watched, mode);
  }

  unwatch(session: SessionLike, handle: Handle, mode: Mode): void {
    const watched = this.#watched.get(handle);
    if (watched === undefined || !watched.watchers[mode].delete(session)) return;
    if (watched.watchers[mode].size === 0) {
      watched.paused[mode] = false;
      watched.port.unwatch(mode);
    }
    if (watched.unwatched) {
      watched.port.onReady = null;
      this.#watched.delete(handle);
    }
    if (!watched.watchedBy(session) && --session._references === 0) this.#engine.sessions.ranOut(session);
    this.#engine.loop.wake();
  }

  pause(handle: Handle, mode: Mode): boolean {
    const watched = this.#watched.get(handle);
    if (watched === undefined || watched.watchers[mode].size === 0) return false;
    watched.paused[mode] = true;
    watched.port.unwatch(mode);
    return true;
  }

  resume(handle: Handle, mode: Mode): boolean {
    const watched = this.#watched.get(handle);
    if (watched === undefined || watched.watchers[mode].size === 0) return false;
    this.#run(watched, mode);
    return true;
  }

  clearSession(session: SessionLike): void {
    for (const [handle, watched] of [...this.#watched]) {
      if (!watched.watchedBy(session)) continue;
      for (const mode of MODES) this.unwatch(session, handle, mode);
    }
  }

  /** What a session watches, for introspection. */
  watchedBy(session: SessionLike): { handle: Handle; mode: Mode; event: string; paused: boolean }[] {
    const found: { handle: Handle; mode: Mode; event: string; paused: boolean }[] = [];
    for (const [handle, { watchers, paused }] of this.#watched) {
      for (const mode of MODES) {
        const watcher = watchers[mode].get(session);
        if (watcher !== undefined) found.push({ handle, mode, event: watcher.event, paused: paused[mode] });
      }
    }
    return found;
  }

  /** Dispatches every handle that is ready now, at once and not through the queue. Returns how many it looked at. */
  dispatchReady(): number {
    const candidates = this.#candidates;
    this.#candidates = [];
    for (const watched of candidates) watched.listed = false;
    // POE: readiness is found out for all modes before anything is dispatched.
    const ready = MODES.map((mode) => candidates.filter((watched) => watched.wants(mode)));
    for (const mode of MODES) for (const watched of ready[mode] ?? []) this.#dispatch(watched, mode);
    // A level, not an edge: what is still ready has its turn again in the next pass.
    for (const watched of candidates) if (MODES.some((mode) => watched.wants(mode))) this.#consider(watched);
    return candidates.length;
  }

  #dispatch(watched: WatchedHandle, mode: Mode): void {
    const watchers = watched.watchers[mode];
    // A copy, and a look at each: handlers remove and set watchers, their own and those of others.
    for (const [session, watcher] of [...watchers]) {
      if (watched.paused[mode] || watchers.get(session) !== watcher) continue;
      const all = [watched.handle, mode, ...watcher.args];
      this.#engine.invokeArgs(session, session, watcher.event, undefined, all, KIND_EVENT);
    }
  }

  #run(watched: WatchedHandle, mode: Mode): void {
    watched.paused[mode] = false;
    watched.port.watch(mode);
    if (watched.port.ready(mode)) this.#consider(watched);
  }

  #consider(watched: WatchedHandle): void {
    if (watched.listed) return;
    watched.listed = true;
    this.#candidates.push(watched);
    this.#engine.loop.wake();
  }
}
