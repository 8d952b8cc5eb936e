import { KIND_CALL } from './event.ts';
import type { SessionLike } from './types.ts';

/** What postbacks and callbacks have in common: they hold their session until they are given back. */
export interface Bound {
  /** Gives the session back; invoking does nothing from then on. May be called twice. */
  destroy(): void;
  [Symbol.dispose](): void;
  /** Gives up the hold on the session, but goes on working while the session lives. Returns itself. */
  weaken(): this;
}

/** A function that posts an event; see `Session.postback`. */
export interface Postback extends Bound {
  (...args: unknown[]): 0 | undefined;
}

/** A function that calls an event; see `Session.callback`. */
export interface Callback extends Bound {
  // biome-ignore lint/suspicious/noExplicitAny: a handler may return anything
  (...args: unknown[]): any;
}

/** The tag under which all of them are counted. */
const TAG = 'postback';

export function makePostback(session: SessionLike, event: string, creation: unknown[]): Postback {
  return bind(session, (args) => {
    const engine = session._engine;
    engine.enqueueArgs(session, engine.active, event, [creation, args]);
    return 0 as const;
  });
}

export function makeCallback(session: SessionLike, event: string, creation: unknown[]): Callback {
  return bind(session, (args) => {
    const engine = session._engine;
    const value = engine.invokeArgs(session, engine.active, event, engine.activeEvent, [creation, args], KIND_CALL);
    engine.rethrow();
    return value;
  });
}

function bind<R>(session: SessionLike, invoke: (args: unknown[]) => R) {
  const { extrefs } = session._engine;
  let destroyed = false;
  let held = true;
  extrefs.increment(session, TAG);
  const release = (): void => {
    if (!held) return;
    held = false;
    if (session._alive) extrefs.decrement(session, TAG);
  };
  const bound = (...args: unknown[]): R | undefined => (destroyed || !session._alive ? undefined : invoke(args));
  const destroy = (): void => {
    destroyed = true;
    release();
  };
  return Object.assign(bound, {
    destroy,
    [Symbol.dispose]: destroy,
    weaken() {
      release();
      return this;
    },
  }) as typeof bound & Bound;
}
