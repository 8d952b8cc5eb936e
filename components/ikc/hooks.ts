import { SyncHook } from 'tapable';
import type { DeadLetter } from './dead-letters.ts';

/** A connection, as hooks are told of it. */
export interface LinkInfo {
  /** The real name of the other kernel. */
  readonly kernel: string;
  /** Its other names that lead to it. */
  readonly aliases: readonly string[];
  /** The session of the channel. */
  readonly sessionId: number;
}

/** Makes the hooks of one responder. A hook that nobody taps costs one test. */
export function createIkcHooks() {
  return Object.freeze({
    /** Told of each message that could not be delivered. */
    deadLetter: new SyncHook<[letter: DeadLetter]>(['letter'], 'deadLetter'),
    /** Told when more than `limits.highQueued` octets wait for a peer. */
    queueHigh: new SyncHook<[link: LinkInfo, octets: number]>(['link', 'octets'], 'queueHigh'),
    /** Told when no more than `limits.lowQueued` of them are left. */
    queueLow: new SyncHook<[link: LinkInfo, octets: number]>(['link', 'octets'], 'queueLow'),
  });
}

export type IkcHooks = ReturnType<typeof createIkcHooks>;
