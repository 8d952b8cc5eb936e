import type { From } from './caller.ts';
import type { Engine } from './engine.ts';
import type { Few } from './few.ts';
import type { KernelView } from './kernel-view.ts';
import type { WatchedHandle } from './resources/file-handles.ts';
import type { SessionId, SessionLike } from './types.ts';

/**
 * What the kernel keeps about each session: its place in the tree and the reasons it is alive. A session lives while
 * any of its three counts is above zero.
 */
export abstract class SessionNode {
  abstract readonly id: SessionId;

  /** @internal */
  readonly _engine: Engine;
  /** The kernel as handlers of this session see it: bound to the session. @internal */
  _kernel: KernelView;
  /** Events and timers queued for it. @internal */
  _eventsTo = 0;
  /** Events it has posted to others that are not delivered yet. @internal */
  _eventsFrom = 0;
  /** Children, aliases, watched handles, tagged references, watched processes and pending promises. @internal */
  _references = 0;
  /** Position in the order in which sessions ran out of reasons; see Sessions. @internal */
  _ranOutAt = 0;
  /** Whether it waits for the next sweep. @internal */
  _marked = false;
  /** @internal */
  _alive = true;
  /** Whether its `_start` runs. @internal */
  _starting = false;
  /** @internal */
  _stopping = false;
  /** @internal */
  _parent: SessionLike | null = null;
  // The collections below are made when they are first needed: most sessions need none.
  /** @internal */
  _children: Set<SessionLike> | null = null;
  /** @internal */
  _aliases: Few<string> = null;
  /** Slot of one of its timers of each event. @internal */
  _timers: Map<string, number> | null = null;
  /** @internal */
  _tags: Map<string, number> | null = null;
  /** @internal */
  _signals: Set<string> | null = null;
  /** @internal */
  _pids: Set<number> | null = null;
  /** What to do once it has stopped: its wheels end then. @internal */
  _atEnd: Few<() => void> = null;
  /** What it watches of handles. @internal */
  _handles: Few<WatchedHandle> = null;
  /** Promises of its async handlers that are pending. @internal */
  _promises = 0;

  constructor(engine: Engine, kernel: KernelView) {
    this._engine = engine;
    this._kernel = kernel;
  }

  /**
   * Runs the handler of an event. `argc` 0 to 3: that many of the three arguments; more: all of them in `arg0`.
   * @internal
   */
  abstract _invoke(
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
  ): unknown;
}
