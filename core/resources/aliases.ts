import type { Engine } from '../engine.ts';
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
    const own = session._aliases;
    if (own === null) session._aliases = name;
    else if (typeof own === 'string') session._aliases = new Set([own, name]);
    else own.add(name);
    session._references++;
  }

  remove(name: string, session: SessionLike): void {
    this.#sessions.delete(name);
    this.#engine.addressChanges++;
    if (typeof session._aliases === 'string') session._aliases = null;
    else session._aliases?.delete(name);
    if (--session._references === 0) this.#engine.sessions.ranOut(session);
  }

  /** The names of a session, sorted. */
  of({ _aliases: own }: SessionLike): string[] {
    return typeof own === 'string' ? [own] : [...(own ?? [])].sort();
  }

  clearSession(session: SessionLike): void {
    for (const name of this.of(session)) this.remove(name, session);
  }
}
