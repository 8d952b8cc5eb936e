import { KIND_CALL, KIND_CALL_LIST } from './event.ts';
import type { KernelView } from './kernel-view.ts';
import type { Session } from './session.ts';
import type { SessionLike } from './types.ts';

/** Who an event came from: a session, or the kernel for what the kernel itself sends. */
export type Sender = Session | KernelView;

/**
 * First parameter of every handler: what Perl's handlers take from `@_` by constants. `ARG0` and on are the parameters
 * behind it.
 *
 * Each event brings a new one, so that it stays right across an `await`.
 *
 * @example
 * greet({ kernel, heap, sender }, name) { heap.greeted = name; kernel.post(sender, 'thanks'); }
 * @remarks Mirrors POE::Session, "Session's Predefined Parameters".
 */
// biome-ignore lint/suspicious/noExplicitAny: a heap is whatever the program makes of it
export class HandlerContext<H = any> {
  /** `KERNEL`: the kernel, bound to this session: it acts for the session even after an `await`. */
  readonly kernel: KernelView;
  /** `HEAP`: the session's own storage. */
  readonly heap: H;
  /** `SESSION`: the session the event was sent to. */
  readonly session: Session<H>;
  /** `SENDER`: where the event came from; equal to {@link kernel} for what the kernel sent. */
  readonly sender: Sender;
  /** `STATE`: the name of the event, `_default` in a `_default` handler. */
  readonly state: string;
  /** `OBJECT`: the object or class of an object or package state, otherwise undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: objectStates take objects of any class
  readonly object: any;
  /** `CALLER_STATE`: the event that was being handled when this one was sent. */
  readonly callerState: string | undefined;

  /** @internal */
  constructor(
    session: Session<H>,
    heap: H,
    state: string,
    sender: SessionLike,
    callerState: string | undefined,
    object: unknown,
  ) {
    const kernel = session._kernel;
    this.kernel = kernel;
    this.heap = heap;
    this.session = session;
    this.sender = sender === session._engine.kernelSession ? kernel : (sender as Session);
    this.state = state;
    this.object = object;
    this.callerState = callerState;
  }

  /**
   * Whether the caller wants a list: true inside `kernel.callList`, false inside `kernel.call`, otherwise undefined. Ask
   * before the first `await`.
   *
   * @remarks Mirrors Perl's `wantarray`.
   */
  get wantarray(): boolean | undefined {
    const kind = this.session._engine.activeKind;
    return kind === KIND_CALL_LIST ? true : kind === KIND_CALL ? false : undefined;
  }
}
