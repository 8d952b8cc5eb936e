import { SyncHook } from 'tapable';
import type { KernelView } from '../../core/index.ts';
import type { CallInfo, RequestInfo } from './call-info.ts';
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

/** Makes the hooks of IKC in one kernel. A hook that nobody taps costs one test. */
function createIkcHooks() {
  return Object.freeze({
    /** Told when a call whose answer is awaited begins, before it is sent. What a tap puts into `call.headers` travels with it. */
    callStarted: new SyncHook<[call: CallInfo]>(['call'], 'callStarted'),
    /** Told when its answer has come, or with the error when there will be none. */
    callEnded: new SyncHook<[call: CallInfo, error: Error | undefined]>(['call', 'error'], 'callEnded'),
    /** Told before the handler of a published event is called for another kernel. A tap may put a function into `request.around`. */
    requestStarted: new SyncHook<[request: RequestInfo]>(['request'], 'requestStarted'),
    /** Told when that handler is through, an async one too, or with what went wrong. */
    requestEnded: new SyncHook<[request: RequestInfo, error: unknown]>(['request', 'error'], 'requestEnded'),
    /** Told of each message that could not be delivered. */
    deadLetter: new SyncHook<[letter: DeadLetter]>(['letter'], 'deadLetter'),
    /** Told when more than `limits.highQueued` octets wait for a peer. */
    queueHigh: new SyncHook<[link: LinkInfo, octets: number]>(['link', 'octets'], 'queueHigh'),
    /** Told when no more than `limits.lowQueued` of them are left. */
    queueLow: new SyncHook<[link: LinkInfo, octets: number]>(['link', 'octets'], 'queueLow'),
  });
}

export type IkcHooks = ReturnType<typeof createIkcHooks>;

/** Each kernel's, by its own hooks: those are one object for all of its views. */
const made = new WeakMap<object, IkcHooks>();

/**
 * Where plugins watch what a kernel has to do with others. They are there before the first server or client is.
 *
 * @param kernel - Any view of it.
 * @returns Its hooks, the same ones each time; those of its {@link Responder} too.
 * @example
 * ikcHooks(kernel).deadLetter.tap('letters', ({ to, text }) => console.error(`${to}: ${text}`));
 */
export function ikcHooks(kernel: KernelView): IkcHooks {
  let hooks = made.get(kernel.hooks);
  if (hooks === undefined) {
    hooks = kernel.guardHooks(createIkcHooks());
    made.set(kernel.hooks, hooks);
  }
  return hooks;
}
