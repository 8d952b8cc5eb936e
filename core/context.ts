import { type From, fileOf, lineOf, stateOf } from './caller.ts';
import { KIND_CALL, KIND_CALL_LIST, KIND_START, KIND_STOP } from './event.ts';
import type { KernelView } from './kernel-view.ts';
import type { Session } from './session.ts';
import type { KernelOf } from './typed-kernel.ts';
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
// biome-ignore lint/suspicious/noExplicitAny: a heap is whatever the program makes of it, and events need no declaration
export class HandlerContext<H = any, E = any> {
  // PERF: fan-out-1, 1.05x: `declare`, since a field that is defined is first set to undefined by a function of its own.
  /** `KERNEL`: the kernel, bound to this session: it acts for the session even after an `await`. */
  declare readonly kernel: KernelOf<H, E>;
  /** `HEAP`: the session's own storage. */
  declare readonly heap: H;
  /** `SESSION`: the session the event was sent to. */
  declare readonly session: Session<H, E>;
  /** `SENDER`: where the event came from; equal to {@link kernel} for what the kernel sent. */
  declare readonly sender: Sender;
  /** `STATE`: the name of the event, `_default` in a `_default` handler. */
  declare readonly state: string;
  /** `OBJECT`: the object or class of an object or package state, otherwise undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: objectStates take objects of any class
  declare readonly object: any;
  /** @internal */
  declare readonly _from: From;

  /** @internal */
  constructor(session: Session<H, E>, heap: H, state: string, sender: SessionLike, from: From, object: unknown) {
    const kernel = session._kernel;
    this.kernel = kernel as KernelOf<H, E>;
    this.heap = heap;
    this.session = session;
    this.sender = sender === session._engine.kernelSession ? kernel : (sender as Session);
    this.state = state;
    this.object = object;
    this._from = from;
  }

  /** `CALLER_STATE`: the event that was being handled when this one was sent. */
  get callerState(): string | undefined {
    return stateOf(this._from);
  }

  /** `CALLER_FILE`: the file that sent the event; undefined unless the kernel was made with `traceCallers`. */
  get callerFile(): string | undefined {
    return fileOf(this._from);
  }

  /** `CALLER_LINE`: the line in {@link callerFile}. */
  get callerLine(): number | undefined {
    return lineOf(this._from);
  }

  /**
   * What the caller wants: true for a list (inside `kernel.callList`), false for one value (inside `kernel.call`, and in `_start`
   * and `_stop`), undefined for none. Ask before the first `await`.
   *
   * @remarks Mirrors Perl's `wantarray`.
   */
  get wantarray(): boolean | undefined {
    const kind = this.session._engine.activeKind;
    if (kind === KIND_CALL_LIST) return true;
    return kind === KIND_CALL || kind === KIND_START || kind === KIND_STOP ? false : undefined;
  }
}
