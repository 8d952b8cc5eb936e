import { AsyncSeriesHook, SyncBailHook, SyncHook } from 'tapable';
import type { Handle } from './host/handles.ts';
import type { ListenOptions, SocketAddress, SocketResult } from './host/sockets.ts';
import type { Session } from './session.ts';
import type { SessionLike } from './types.ts';

/** An event on its way into the queue. */
export interface EventToQueue {
  readonly target: SessionLike;
  readonly sender: SessionLike;
  readonly name: string;
}

/** Makes the hooks of one kernel. A hook that nobody taps costs one test. */
export function createKernelHooks() {
  return Object.freeze({
    /** Told after `_start` has returned. */
    sessionStarted: new SyncHook<[session: Session]>(['session'], 'sessionStarted'),
    /** Told after `_stop` has returned and the session has given everything back. */
    sessionStopped: new SyncHook<[session: Session]>(['session'], 'sessionStopped'),
    /** Asked before an event is queued by `post` or `yield`; return `false` to refuse it. */
    eventEnqueue: new SyncBailHook<[event: EventToQueue], false | undefined>(['event'], 'eventEnqueue'),
    /** Told of each exception that a handler threw or its promise was rejected with, before the DIE signal goes out. */
    exceptionThrown: new SyncHook<[error: unknown, session: SessionLike, event: string]>(
      ['error', 'session', 'event'],
      'exceptionThrown',
    ),
    /** Asked before a socket is bound to listen; return the outcome to do it in the host's place. */
    listen: new SyncBailHook<[address: SocketAddress, options: ListenOptions], SocketResult<Handle> | undefined>(
      ['address', 'options'],
      'listen',
    ),
    /** Asked before a warning goes out to standard error; return `false` to keep it back. */
    warn: new SyncBailHook<[code: string, message: string], false | undefined>(['code', 'message'], 'warn'),
    /** Awaited in order when the last session has stopped, before `run()` is done. */
    shutdown: new AsyncSeriesHook<[]>([], 'shutdown'),
  });
}

export type KernelHooks = ReturnType<typeof createKernelHooks>;
