import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { KIND_EVENT } from '../event.ts';
import { allOf, type Few, hasOne, sizeOf, withOne, withoutOne } from '../few.ts';
import { type Handle, MODE_EXPEDITE, MODE_READ, MODE_WRITE, type Mode, type Port } from '../host/handles.ts';
import { handleName } from '../peek/handle-name.ts';
import { nameOf } from '../trace/describe.ts';
import type { SessionLike } from '../types.ts';

const debug = debugFor('kernel:files');
/** The modes in words. */
const WORDS = ['reading', 'writing', 'urgent data'] as const;
const MODES: readonly Mode[] = [MODE_READ, MODE_WRITE, MODE_EXPEDITE];

/** One session that watches a handle in one mode. */
interface Watcher {
  /** The handle as that session knows it: two of them may stand for one descriptor. */
  readonly handle: Handle;
  readonly session: SessionLike;
  readonly event: string;
  readonly args: readonly unknown[];
}

const NOBODY: readonly Watcher[] = [];

/** One handle that somebody watches. */
export class WatchedHandle {
  readonly handle: Handle;
  readonly port: Port;
  /** What it is found by: the handles that stand for it, and its descriptor. */
  keys: Few<Handle> = null;
  /** Per mode: who watches. The lists are replaced, never changed, so that a dispatch under way keeps the one it began with. */
  readonly watchers: [readonly Watcher[], readonly Watcher[], readonly Watcher[]] = [NOBODY, NOBODY, NOBODY];
  readonly paused: [boolean, boolean, boolean] = [false, false, false];
  /** Whether it waits in the list of handles to look at. */
  listed = false;
  /** The modes in which the last look has found it ready, a bit each. */
  found = 0;

  constructor(handle: Handle, port: Port) {
    this.handle = handle;
    this.port = port;
  }

  /** Looks in which modes it is ready for somebody. */
  look(): number {
    this.found =
      this.#wants(MODE_READ) | (this.#wants(MODE_WRITE) << MODE_WRITE) | (this.#wants(MODE_EXPEDITE) << MODE_EXPEDITE);
    return this.found;
  }

  #wants(mode: Mode): 0 | 1 {
    return this.watchers[mode] !== NOBODY && !this.paused[mode] && this.port.ready(mode) ? 1 : 0;
  }

  get unwatched(): boolean {
    return this.watchers[0] === NOBODY && this.watchers[1] === NOBODY && this.watchers[2] === NOBODY;
  }

  watcherOf(session: SessionLike, mode: Mode): Watcher | undefined {
    return this.watchers[mode].find((watcher) => watcher.session === session);
  }

  watchedBy(session: SessionLike): boolean {
    return MODES.some((mode) => this.watcherOf(session, mode) !== undefined);
  }
}

/** Handles that sessions watch, and their dispatch in the order POE has: all readable, then writable, then urgent ones. */
export class FileHandles {
  readonly #engine: Engine;
  readonly #watched = new Map<Handle, WatchedHandle>();
  #count = 0;
  /** Handles that may be ready. */
  #candidates: WatchedHandle[] = [];

  /** Asked for every handle that is ready, so it is kept. */
  readonly #traced = debug.enabled;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Watched handles. */
  get count(): number {
    return this.#count;
  }

  get hasCandidates(): boolean {
    return this.#candidates.length !== 0;
  }

  /** Starts to watch, or resumes if the session watches already. */
  watch(session: SessionLike, handle: Handle, mode: Mode, event: string, args: readonly unknown[]): void {
    const watched = this.#find(handle) ?? this.#add(handle);
    if (!hasOne(watched.keys, handle)) this.#name(watched, handle);
    // POE: a second watcher of the same session changes neither event nor arguments, it only resumes.
    if (watched.watcherOf(session, mode) === undefined) {
      this.#hold(session, watched);
      const others = watched.watchers[mode];
      const watcher: Watcher = { handle, session, event, args };
      watched.watchers[mode] = others === NOBODY ? [watcher] : [...others, watcher];
      if (debug.enabled) tell(`watch ${handleName(handle)}`, session, mode, event);
    }
    this.#run(watched, mode);
  }

  #add(handle: Handle): WatchedHandle {
    const watched = new WatchedHandle(handle, this.#engine.host.handles.portOf(handle));
    watched.port.onReady = () => this.#consider(watched);
    this.#count++;
    const descriptor = this.#engine.host.handles.descriptorOf?.(handle);
    if (descriptor !== undefined) this.#name(watched, descriptor);
    return watched;
  }

  /** POE: watchers are kept by descriptor, not by handle. */
  #find(handle: Handle): WatchedHandle | undefined {
    const watched = this.#watched.get(handle);
    if (watched !== undefined) return watched;
    const descriptor = this.#engine.host.handles.descriptorOf?.(handle);
    return descriptor === undefined ? undefined : this.#watched.get(descriptor);
  }

  /** From now on it is found by this handle, even when the program has closed it. */
  #name(watched: WatchedHandle, key: Handle): void {
    watched.keys = withOne(watched.keys, key);
    this.#watched.set(key, watched);
  }

  unwatch(session: SessionLike, handle: Handle, mode: Mode): void {
    const watched = this.#find(handle);
    if (watched?.watcherOf(session, mode) === undefined) return;
    if (debug.enabled) tell(`unwatch ${handleName(handle)}`, session, mode);
    const others = watched.watchers[mode].filter((watcher) => watcher.session !== session);
    watched.watchers[mode] = others.length === 0 ? NOBODY : others;
    if (others.length === 0) {
      watched.paused[mode] = false;
      watched.port.unwatch(mode);
    }
    if (watched.unwatched) {
      watched.port.onReady = null;
      this.#count--;
      for (const key of allOf(watched.keys)) this.#watched.delete(key);
    }
    if (!watched.watchedBy(session)) this.#release(session, watched);
    this.#engine.loop.wake();
  }

  /** A session lives while it watches a handle, in however many modes. */
  #hold(session: SessionLike, watched: WatchedHandle): void {
    if (hasOne(session._handles, watched)) return;
    session._handles = withOne(session._handles, watched);
    session._references++;
  }

  #release(session: SessionLike, watched: WatchedHandle): void {
    session._handles = withoutOne(session._handles, watched);
    if (--session._references === 0) this.#engine.sessions.ranOut(session);
  }

  pause(handle: Handle, mode: Mode): boolean {
    const watched = this.#find(handle);
    if (watched === undefined || watched.watchers[mode] === NOBODY) return false;
    if (debug.enabled) debug('pause %s for %s', handleName(handle), WORDS[mode]);
    watched.paused[mode] = true;
    watched.port.unwatch(mode);
    return true;
  }

  resume(handle: Handle, mode: Mode): boolean {
    const watched = this.#find(handle);
    if (watched === undefined || watched.watchers[mode] === NOBODY) return false;
    if (debug.enabled) debug('resume %s for %s', handleName(handle), WORDS[mode]);
    this.#run(watched, mode);
    return true;
  }

  clearSession(session: SessionLike): void {
    for (const { handle } of allOf(session._handles)) {
      for (const mode of MODES) this.unwatch(session, handle, mode);
    }
  }

  /** How many handles a session watches, in however many modes. */
  countOf(session: SessionLike): number {
    return sizeOf(session._handles);
  }

  /** Whether anybody watches a handle in that mode. */
  isWatched(handle: Handle, mode: Mode): boolean {
    return (this.#find(handle)?.watchers[mode] ?? NOBODY) !== NOBODY;
  }

  /** What a session watches. */
  watchedBy(session: SessionLike): { handle: Handle; mode: Mode; event: string; paused: boolean }[] {
    const found: { handle: Handle; mode: Mode; event: string; paused: boolean }[] = [];
    for (const watched of allOf(session._handles)) {
      for (const mode of MODES) {
        const watcher = watched.watcherOf(session, mode);
        if (watcher === undefined) continue;
        found.push({ handle: watched.handle, mode, event: watcher.event, paused: watched.paused[mode] });
      }
    }
    return found;
  }

  /**
   * Dispatches every handle that is ready now, at once and not through the queue.
   * @returns How many handlers ran.
   */
  dispatchReady(): number {
    const candidates = this.#candidates;
    this.#candidates = [];
    // POE: what is ready is found out for all modes before anything is dispatched.
    let found = 0;
    for (const watched of candidates) {
      watched.listed = false;
      found |= watched.look();
    }
    let count = 0;
    for (const mode of MODES) {
      const bit = 1 << mode;
      if ((found & bit) === 0) continue;
      for (const watched of candidates) if ((watched.found & bit) !== 0) count += this.#dispatch(watched, mode);
    }
    // A level, not an edge: what is still ready has its turn again in the next pass.
    for (const watched of candidates) if (watched.look() !== 0) this.#consider(watched);
    return count;
  }

  #dispatch(watched: WatchedHandle, mode: Mode): number {
    let count = 0;
    const watchers = watched.watchers[mode];
    for (const watcher of watchers) {
      const { handle, session, event, args } = watcher;
      // A handler before this one may have taken the watcher back, or paused it.
      const now = watched.watchers[mode];
      if (watched.paused[mode] || (now !== watchers && !now.includes(watcher))) continue;
      count++;
      if (this.#traced) tell(`find ${handleName(watched.handle)} ready`, session, mode, event);
      if (args.length === 0) {
        this.#engine.invoke(session, session, event, undefined, 2, handle, mode, undefined, KIND_EVENT);
      } else {
        this.#engine.invokeArgs(session, session, event, undefined, [handle, mode, ...args], KIND_EVENT);
      }
    }
    return count;
  }

  #run(watched: WatchedHandle, mode: Mode): void {
    watched.paused[mode] = false;
    watched.port.watch(mode);
    if (watched.port.ready(mode)) this.#consider(watched);
  }

  #consider(watched: WatchedHandle): void {
    if (watched.listed) return;
    watched.listed = true;
    // PERF: stream: mostly it is one handle, and the first push makes room for seventeen.
    if (this.#candidates.length === 0) this.#candidates = [watched];
    else this.#candidates.push(watched);
    this.#engine.loop.wake();
  }
}

function tell(what: string, session: SessionLike, mode: Mode, event?: string): void {
  debug('%s for %s, for %s%s', what, WORDS[mode], nameOf(session), event === undefined ? '' : ` by '${event}'`);
}
