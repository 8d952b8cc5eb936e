import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { CHILD, KIND_EVENT, KIND_START, KIND_STOP, PARENT, START, STOP } from '../event.ts';
import { allOf } from '../few.ts';
import { handOver } from '../hand-over.ts';
import { KernelView } from '../kernel-view.ts';
import type { Session } from '../session.ts';
import { SessionNode } from '../session-node.ts';
import { nameOf } from '../trace/describe.ts';
import type { SessionLike } from '../types.ts';

const debug = debugFor('kernel:sessions');

/** The tree of sessions: who lives, whose child it is, and who has run out of reasons to live. */
export class Sessions {
  readonly #engine: Engine;
  readonly #byId = new Map<number, Session>();
  #lastId = 0;

  /** Sessions that may have run out, in the first {@link markedCount} places. PERF: self-yield: the array is kept. */
  readonly #marked: (SessionLike | null)[] = [];
  markedCount = 0;
  #ranOutCount = 0;

  readonly #release = (target: SessionLike, sender: SessionLike): void => this.#engine.release(target, sender);

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get count(): number {
    return this.#byId.size;
  }

  byId(id: number): Session | undefined {
    return this.#byId.get(id);
  }

  /** A session by its number as a text. */
  byNumber(text: string): Session | undefined {
    const session = this.#byId.get(Number(text));
    return session !== undefined && String(session.id) === text ? session : undefined;
  }

  /** A session by its text form, or the kernel by its ID. */
  byText(text: string): SessionLike | undefined {
    const kernelSession = this.#engine.kernelSession;
    if (text === kernelSession.id) return kernelSession;
    const number = /^Session#(\d+)$/.exec(text)?.[1];
    return number === undefined ? undefined : this.#byId.get(Number(number));
  }

  /** A live session by itself or its number; the kernel by any view of it. */
  find(address: unknown): SessionLike | undefined {
    if (typeof address === 'number') return this.#byId.get(address);
    if (address instanceof SessionNode) {
      return address._alive && address._engine === this.#engine ? (address as SessionLike) : undefined;
    }
    if (address instanceof KernelView) return address._engine === this.#engine ? this.#engine.kernelSession : undefined;
    return undefined;
  }

  all(): IterableIterator<Session> {
    return this.#byId.values();
  }

  nextId(): number {
    return ++this.#lastId;
  }

  // --- birth

  /** Enters a new session below `parent` and runs its `_start`. */
  start(session: Session, creator: SessionLike, args: readonly unknown[]): void {
    const engine = this.#engine;
    // POE: Kernel, stop: who has ended can be nobody's parent.
    const parent = creator._alive ? creator : engine.kernelSession;
    this.#byId.set(session.id, session);
    engine.addressChanges++;
    session._parent = parent;
    parent._children ??= new Set();
    parent._children.add(session);
    parent._references++;
    this.ranOut(session);
    if (debug.enabled) debug('allocate session %d below %s', session.id, nameOf(parent));

    session._starting = true;
    const value = engine.invokeArgs(session, parent, START, undefined, args, KIND_START);
    session._starting = false;
    if (!session._alive) return;
    // The parent may be another one by now: _start can detach itself.
    this.#tellParent(session._parent as SessionLike, 'create', session, value);
    if (!session._alive) return;
    engine.enqueueGrace(session);
    if (engine.hooks.sessionStarted.isUsed()) engine.hooks.sessionStarted.call(session);
  }

  #tellParent(parent: SessionLike, what: 'create' | 'lose', child: SessionLike, value: unknown): void {
    const { kernelSession } = this.#engine;
    if (parent === kernelSession || !parent._alive) return;
    this.#engine.invoke(parent, kernelSession, CHILD, undefined, 3, what, child, handOver(value), KIND_EVENT);
  }

  // --- running out

  /** Notes that one of a session's counts has reached zero: if all have, it is stopped at the end of the pass. */
  ranOut(session: SessionLike): void {
    this.mayRunOut(session);
    this.note(session);
  }

  /** The first half of {@link ranOut}: gives a session without reasons its place in the order. */
  mayRunOut(session: SessionLike): void {
    if (session._eventsTo + session._eventsFrom + session._references === 0) session._ranOutAt = ++this.#ranOutCount;
  }

  /** The second half: puts a session without reasons down for the next sweep. */
  note(session: SessionLike): void {
    if (session._eventsTo + session._eventsFrom + session._references !== 0 || session._marked) return;
    if (session === this.#engine.kernelSession) return;
    session._marked = true;
    this.#marked[this.markedCount++] = session;
    this.#engine.loop.wake();
  }

  /** Stops every session that has run out and not found a new reason, the one that ran out last first. */
  sweep(): void {
    while (this.markedCount !== 0) {
      const count = this.markedCount;
      this.markedCount = 0;
      let dying: SessionLike[] | null = null;
      for (let index = 0; index < count; index++) {
        const session = this.#marked[index] as SessionLike;
        this.#marked[index] = null;
        session._marked = false;
        if (!session._alive || session._eventsTo + session._eventsFrom + session._references !== 0) continue;
        if (dying === null) dying = [session];
        else dying.push(session);
      }
      if (dying === null) return;
      if (dying.length > 1) dying.sort((a, b) => b._ranOutAt - a._ranOutAt);
      for (const session of dying) this.stop(session);
    }
  }

  // --- death

  /** Stops a session, telling its parent and its children, and takes everything from it that it still has. */
  stop(session: SessionLike): void {
    if (session._stopping || !session._alive) return;
    session._stopping = true;
    const engine = this.#engine;
    const { kernelSession } = engine;
    if (debug.enabled) debug('stop %s', nameOf(session));

    const parent = session._parent;
    if (parent !== null) {
      for (const child of [...(session._children ?? [])]) {
        // Whoever was told before may have stopped others: who has ended hears nothing any more.
        if (parent !== kernelSession && parent._alive && child._alive) {
          engine.invoke(parent, kernelSession, CHILD, undefined, 2, 'gain', child, undefined, KIND_EVENT);
        }
        this.#tellNewParent(child, session, parent);
      }
    }
    const value = engine.invoke(session, engine.active, STOP, undefined, 0, undefined, undefined, undefined, KIND_STOP);
    // Perhaps another one by now: it can have detached itself.
    if (session._parent !== null) this.#tellParent(session._parent, 'lose', session, value);
    this.#free(session);
    session._stopping = false;
    if (engine.hooks.sessionStopped.isUsed()) engine.hooks.sessionStopped.call(session as Session);
  }

  #free(session: SessionLike): void {
    const engine = this.#engine;
    if (debug.enabled) debug('free %s', nameOf(session));
    const parent = session._parent as SessionLike;
    parent._children?.delete(session);
    session._parent = null;
    this.#dropReference(parent);
    for (const child of [...(session._children ?? [])]) this.#move(child, session, parent);

    session._alive = false;
    this.#byId.delete(session.id as number);
    engine.addressChanges++;
    engine.signals.clearSession(session);
    engine.aliases.clearSession(session);
    engine.extrefs.clearSession(session);
    engine.handles.clearSession(session);
    engine.dropPromises(session);
    engine.timers.clearSession(session);
    this.clearQueue(session);
    if (session._atEnd !== null) this.#giveBack(allOf(session._atEnd));
  }

  /** Ends what a session leaves behind, its wheels above all. One that fails does not keep the others. */
  #giveBack(callbacks: readonly (() => void)[]): void {
    const engine = this.#engine;
    const held = engine.givesBack;
    engine.givesBack = true;
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        engine.fail(error);
      }
    }
    engine.givesBack = held;
  }

  /** Throws away what is queued for a session and what it has posted to others. Its timers have gone before. */
  clearQueue(session: SessionLike): void {
    this.#engine.ring.removeOf(session, session._eventsTo + session._eventsFrom, this.#release);
  }

  /** What the main program had given to the kernel itself ends with the run, and so does what is still queued for it. */
  clearKernel(): void {
    const { kernelSession, aliases, signals, timers } = this.#engine;
    aliases.clearSession(kernelSession);
    signals.clearSession(kernelSession);
    timers.clearSession(kernelSession);
    this.clearQueue(kernelSession);
  }

  #dropReference(session: SessionLike): void {
    if (--session._references === 0) this.ranOut(session);
  }

  // --- the tree

  #move(child: SessionLike, from: SessionLike, to: SessionLike): void {
    if (debug.enabled) debug('move %s from %s to %s', nameOf(child), nameOf(from), nameOf(to));
    from._children?.delete(child);
    this.#dropReference(from);
    child._parent = to;
    to._children ??= new Set();
    to._children.add(child);
    to._references++;
  }

  /** Gives `child` of `parent` to the kernel. `silently`: the parent hears nothing, as when the child still starts. */
  detach(child: SessionLike, parent: SessionLike, silently: boolean): void {
    const { kernelSession } = this.#engine;
    if (!silently) this.#tellParent(parent, 'lose', child, undefined);
    this.#tellNewParent(child, parent, kernelSession);
    // Those who were told may have ended the child, or moved it themselves.
    if (child._alive && child._parent === parent) this.#move(child, parent, kernelSession);
  }

  #tellNewParent(child: SessionLike, from: SessionLike, to: SessionLike): void {
    if (!child._alive) return;
    const { kernelSession } = this.#engine;
    // The child knows the kernel by its own view of it, so that it can compare.
    const known = (session: SessionLike) => (session === kernelSession ? child._kernel : session);
    this.#engine.invoke(child, kernelSession, PARENT, undefined, 2, known(from), known(to), undefined, KIND_EVENT);
  }

  /** A session and everything below it, parents before their children. */
  below(top: SessionLike): SessionLike[] {
    const order = [top];
    // One by one: as arguments of one call there may be too many of them.
    for (const session of order) for (const child of session._children ?? []) order.push(child);
    return order;
  }

  /** Stops every session, children before their parents. */
  stopAll(): void {
    for (const session of this.below(this.#engine.kernelSession).slice(1).reverse()) this.stop(session);
    this.#engine.active = this.#engine.kernelSession;
    this.sweep();
  }
}
