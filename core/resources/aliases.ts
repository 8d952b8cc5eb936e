import type { Engine } from '../engine.ts';
import { allOf, withOne, withoutOne } from '../few.ts';
import type { SessionLike } from '../types.ts';

/** Names of sessions. Each keeps its session alive, as long as anything else in the kernel can happen. */
export class Aliases {
  readonly #engine: Engine;
  readonly #sessions = new Map<string, SessionLike>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get(name: string): SessionLike | undefined {
    return this.#sessions.get(name);
  }

  add(name: string, session: SessionLike): void {
    this.#sessions.set(name, session);
    this.#engine.addressChanges++;
    session._aliases = withOne(session._aliases, name);
    session._references++;
  }

  remove(name: string, session: SessionLike): void {
    this.#sessions.delete(name);
    this.#engine.addressChanges++;
    session._aliases = withoutOne(session._aliases, name);
    if (--session._references === 0) this.#engine.sessions.ranOut(session);
  }

  /** The names of a session, sorted. */
  of({ _aliases }: SessionLike): string[] {
    return [...allOf(_aliases)].sort();
  }

  clearSession(session: SessionLike): void {
    for (const name of this.of(session)) this.remove(name, session);
  }
}
