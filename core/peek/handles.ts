import type { Engine } from '../engine.ts';
import type { Handle } from '../host/handles.ts';
import type { SessionLike } from '../types.ts';
import { handleName } from './handle-name.ts';
import type { HandleRecord } from './records.ts';

const MODE_NAMES = ['read', 'write', 'expedite'] as const;

/** The handles that a session watches, each with its modes. */
export function handlesOf(engine: Engine, session: SessionLike): HandleRecord[] {
  const byHandle = new Map<Handle, HandleRecord['modes'][number][]>();
  for (const { handle, mode, event, paused } of engine.handles.watchedBy(session)) {
    const modes = byHandle.get(handle) ?? [];
    byHandle.set(handle, modes);
    modes.push({ mode: MODE_NAMES[mode], event, paused });
  }
  return [...byHandle].map(([handle, modes]) => ({ handle: handleName(handle), session: session.id, modes }));
}
