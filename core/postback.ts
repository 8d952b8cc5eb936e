import { KIND_CALL, KIND_CALL_LIST, type Kind } from './event.ts';
import { toList, toScalar } from './list.ts';
import type { SessionLike } from './types.ts';

/** What postbacks and callbacks have in common: they hold their session until they are given back. */
export interface Bound {
  /** Gives the session back; invoking does nothing from then on. May be called twice. */
  destroy(): void;
  [Symbol.dispose](): void;
  /** Gives up the hold on the session, but goes on working while the session lives. Returns itself. */
  weaken(): this;
}

/**
 * A function that posts an event; see `Session.postback`. Returns 0, as POE's does even when the session has gone; undefined
 * once it is given back.
 */
// biome-ignore lint/suspicious/noExplicitAny: arguments are loose until a session declares its events
export interface Postback<A extends readonly unknown[] = any[]> extends Bound {
  (...args: A): 0 | undefined;
}

/** A function that calls an event; see `Session.callback`. */
// biome-ignore lint/suspicious/noExplicitAny: arguments and values are loose until a session declares its events
export interface Callback<A extends readonly unknown[] = any[], R = any> extends Bound {
  (...args: A): R;
  /** The same in list context, as `kernel.callList`; `[]` once the session has gone. */
  // biome-ignore lint/suspicious/noExplicitAny: a handler may return anything
  callList(...args: A): any[];
}

/** The tag under which all of them are counted. */
const TAG = 'postback';

export function makePostback(session: SessionLike, event: string, creation: unknown[]): Postback {
  const engine = session._engine;
  const hold = new Hold(session);
  const post = (...args: unknown[]): 0 | undefined => {
    if (hold.isGivenBack) return undefined;
    if (!session._alive) {
      engine.errno = 'ESRCH';
      engine.missed('postback', 'ESRCH', event);
      return 0;
    }
    if (!engine.allows(session, engine.active, event)) {
      engine.errno = 'EPERM';
      engine.missed('postback', 'EPERM', event);
      return undefined;
    }
    engine.enqueueArgs(session, engine.active, event, engine.from(engine.activeEvent), [creation.slice(), args]);
    return 0;
  };
  return Object.assign(post, hold.methods);
}

export function makeCallback(session: SessionLike, event: string, creation: unknown[]): Callback {
  const engine = session._engine;
  const hold = new Hold(session);
  const call = (args: unknown[], kind: Kind): unknown => {
    const from = engine.from(engine.activeEvent);
    return engine.call(session, engine.active, event, from, 2, creation.slice(), args, undefined, kind);
  };
  return Object.assign(
    (...args: unknown[]): unknown => (hold.works ? toScalar(call(args, KIND_CALL)) : undefined),
    { callList: (...args: unknown[]): unknown[] => (hold.works ? toList(call(args, KIND_CALL_LIST)) : []) },
    hold.methods,
  );
}

/** What a postback has on its session. */
class Hold {
  readonly #session: SessionLike;
  #held: boolean;
  #destroyed = false;

  constructor(session: SessionLike) {
    this.#session = session;
    this.#held = session._alive;
    if (this.#held) session._engine.extrefs.increment(session, TAG);
  }

  get isGivenBack(): boolean {
    return this.#destroyed;
  }

  /** Whether invoking does anything. */
  get works(): boolean {
    return !this.#destroyed && this.#session._alive;
  }

  readonly #release = (): void => {
    if (!this.#held) return;
    this.#held = false;
    if (this.#session._alive) this.#session._engine.extrefs.decrement(this.#session, TAG);
  };

  readonly #destroy = (): void => {
    this.#destroyed = true;
    this.#release();
  };

  /** The methods of the function that is made. */
  get methods() {
    const release = this.#release;
    return {
      destroy: this.#destroy,
      [Symbol.dispose]: this.#destroy,
      weaken<T>(this: T): T {
        release();
        return this;
      },
    };
  }
}
