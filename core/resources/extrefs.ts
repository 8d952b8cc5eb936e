import type { Engine } from '../engine.ts';
import type { SessionLike } from '../types.ts';

/** Tagged reference counts: reasons to live that a program or a component gives a session. */
export class Extrefs {
  readonly #engine: Engine;
  /** Tags with a count above zero, in all sessions. */
  count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  increment(session: SessionLike, tag: string): number {
    session._tags ??= new Map();
    const held = session._tags.get(tag) ?? 0;
    session._tags.set(tag, held + 1);
    if (held === 0) {
      this.count++;
      session._references++;
    }
    return held + 1;
  }

  /** One less; undefined if the session does not hold the tag. */
  decrement(session: SessionLike, tag: string): number | undefined {
    const held = session._tags?.get(tag);
    if (held === undefined) return undefined;
    if (held > 1) session._tags?.set(tag, held - 1);
    else this.#drop(session, tag);
    return held - 1;
  }

  clearSession(session: SessionLike): void {
    for (const tag of [...(session._tags?.keys() ?? [])]) this.#drop(session, tag);
  }

  #drop(session: SessionLike, tag: string): void {
    session._tags?.delete(tag);
    this.count--;
    if (--session._references === 0) this.#engine.sessions.ranOut(session);
    // The last reference may have been all that kept the kernel from being idle.
    this.#engine.loop.wake();
  }
}
