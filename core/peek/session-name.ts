import type { SessionLike } from '../types.ts';

/** A session as POE's traces and warnings name it: its ID, and its aliases in brackets. */
export function sessionName(session: SessionLike): string {
  const aliases = session._engine.aliases.of(session);
  return aliases.length === 0 ? `session ${session.id}` : `session ${session.id} (${aliases.join(', ')})`;
}
