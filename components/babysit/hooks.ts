import { SyncHook } from 'tapable';
import type { Treatment } from './policy.ts';
import type { Readings } from './process-table.ts';

/** Makes the hooks of one babysitter. */
export function createBabysitHooks() {
  return Object.freeze({
    /** Told after each look at the children of what the system said of them, by process number. */
    childrenLooked: new SyncHook<[readings: Readings]>(['readings'], 'childrenLooked'),
    /** Told of each thing that is done about a child, and why. */
    childTreated: new SyncHook<[treatment: Treatment]>(['treatment'], 'childTreated'),
  });
}

export type BabysitHooks = ReturnType<typeof createBabysitHooks>;
