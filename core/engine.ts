import { type Caller, type From, fileOf, lineOf, noteCaller, stateOf } from './caller.ts';
import type { ErrnoName } from './errno.ts';
import {
  ARGC_GRACE,
  ARGC_MANY,
  ARGC_SIGNAL,
  KIND_CALL_LIST,
  KIND_CALL_VOID,
  KIND_EVENT,
  KIND_SIGNAL_DIE,
  KIND_STOP,
  type Kind,
  SIGNAL,
  START,
} from './event.ts';
import { handOver } from './hand-over.ts';
import { HookGuard } from './hook-guard.ts';
import { createKernelHooks, type KernelHooks } from './hooks.ts';
import type { Host } from './host/host.ts';
import { KernelSession } from './kernel-session.ts';
import type { KernelView } from './kernel-view.ts';
import { ARG0, ARG1, ARG2, ARGC, EventRing, FROM, NAME, SENDER, TARGET } from './queue/event-ring.ts';
import { Aliases } from './resources/aliases.ts';
import { Extrefs } from './resources/extrefs.ts';
import { FileHandles } from './resources/file-handles.ts';
import { Sessions } from './resources/sessions.ts';
import { Signals } from './resources/signals.ts';
import { Timers } from './resources/timers.ts';
import { RunLoop } from './run-loop.ts';
import type { SessionLike } from './types.ts';
import { warn } from './warn.ts';

/** What a DIE signal carries as ARG1. */
export interface DieDetails {
  /** The value that was thrown, as it is. */
  errorStr: unknown;
  /** Name of the event whose handler failed. */
  event: string;
  /** The session whose handler failed. */
  destSession: SessionLike;
  /** Where that event came from. */
  sourceSession: SessionLike;
  /** The event that was being handled when it was sent. */
  fromState: string | undefined;
  /** Where in the program it was sent from, if the kernel was asked for `traceCallers`. */
  file: string | undefined;
  line: number | undefined;
}

/**
 * One kernel's engine room: the queue, the resources and the dispatcher, without any checking of arguments. The public
 * face of it is `Kernel`; every session sees it through a view of its own.
 */
export class Engine {
  readonly host: Host;
  readonly guard: HookGuard;
  readonly hooks: KernelHooks;
  readonly ring = new EventRing();
  readonly kernelSession: KernelSession;

  readonly aliases: Aliases;
  readonly extrefs: Extrefs;
  readonly handles: FileHandles;
  readonly sessions: Sessions;
  readonly signals: Signals;
  readonly timers: Timers;
  readonly loop: RunLoop;

  /** The session whose handler is running; the kernel's outside of handlers. */
  active: SessionLike;
  activeEvent: string | undefined = undefined;
  activeKind: Kind = KIND_EVENT;

  /** What ended sessions leave behind is given back: that it is gone already is no mistake of the program. */
  givesBack = false;
  /** Why the last operation missed, as `$!` in Perl. */
  errno: ErrnoName | 0 = 0;
  /** An exception that nobody handled: everything stops and `run` rejects with it. */
  exception: { readonly error: unknown } | null = null;
  /** Whether exceptions become DIE signals; if not they end `run` at once. */
  catchExceptions = true;
  /** Whether events carry the place they were sent from. */
  traceCallers = false;
  /** Whether sessions warn of events without a handler unless their option `default` says otherwise. */
  warnsUnhandled = false;
  /** Readies the views of the kernel that sessions get, where they are to check how they are used. */
  readyView: ((view: KernelView) => void) | null = null;
  /** Promises of async handlers that are pending. */
  pendingPromises = 0;

  constructor(host: Host, id: string) {
    this.host = host;
    this.guard = new HookGuard(host.clock, (code, message) => this.warn(code, message));
    this.hooks = this.guard.around(createKernelHooks());
    this.kernelSession = new KernelSession(this, id);
    this.active = this.kernelSession;
    this.aliases = new Aliases(this);
    this.extrefs = new Extrefs(this);
    this.handles = new FileHandles(this);
    this.sessions = new Sessions(this);
    this.signals = new Signals(this);
    this.timers = new Timers(this);
    this.loop = new RunLoop(this);
  }

  /** Counts whatever may change what an address means: names, and sessions that come and go. */
  addressChanges = 0;

  /** The session an address means: a session or kernel, an ID, an alias, or the text form of a session. */
  resolve(address: unknown): SessionLike | undefined {
    if (typeof address !== 'string') return this.sessions.find(address);
    // POE: an ID wins over an alias of the same text.
    const first = address.charCodeAt(0);
    const named = first >= 0x30 && first <= 0x39 ? this.sessions.byNumber(address) : undefined;
    return named ?? this.aliases.get(address) ?? this.sessions.byText(address);
  }

  // --- queueing

  /** Queues an event of up to three arguments, or of many as one array in `arg0` with `argc` {@link ARGC_MANY}. */
  enqueue(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
  ): void {
    target._eventsTo++;
    if (sender !== target) sender._eventsFrom++;
    this.ring.push(target, name, sender, from, argc, arg0, arg1, arg2, this.timers.stamp());
    if (this.loop.sleeps) this.loop.wake();
  }

  /** Queues an event with its arguments in an array. */
  enqueueArgs(target: SessionLike, sender: SessionLike, name: string, from: From, args: readonly unknown[]): void {
    const many = args.length >= ARGC_MANY;
    this.enqueue(target, sender, name, from, many ? ARGC_MANY : args.length, many ? args : args[0], args[1], args[2]);
  }

  /** Queues a signal. `from` is given for one that a program sends. */
  enqueueSignal(target: SessionLike, sender: SessionLike, name: string, args: readonly unknown[], from?: From): void {
    this.enqueue(target, sender, SIGNAL, from, ARGC_SIGNAL, name, args, undefined);
  }

  enqueueGrace(session: SessionLike): void {
    this.enqueue(session, session, START, undefined, ARGC_GRACE, undefined, undefined, undefined);
  }

  /** Gives back the counts that a queued event held. */
  release(target: SessionLike, sender: SessionLike): void {
    if (--target._eventsTo === 0) this.sessions.ranOut(target);
    if (sender !== target && --sender._eventsFrom === 0) this.sessions.ranOut(sender);
  }

  /** Whether no tap of `eventEnqueue` refuses an event. */
  allows(target: SessionLike, sender: SessionLike, name: string): boolean {
    const { eventEnqueue } = this.hooks;
    return !eventEnqueue.isUsed() || eventEnqueue.call({ target, sender, name }) !== false;
  }

  /** What an event carries of its origin. */
  from(state: string | undefined): string | undefined | Caller {
    return this.traceCallers ? noteCaller(state) : state;
  }

  // --- dispatching

  /** Takes the event at the head of the ring and runs its handler; false if it had been removed. */
  dispatchHead(): boolean {
    const ring = this.ring;
    const words = ring.headWords;
    const at = ring.headAt;
    const target = words[at + TARGET] as SessionLike | null;
    if (target === null) {
      ring.skip();
      return false;
    }
    const name = words[at + NAME] as string;
    const sender = words[at + SENDER] as SessionLike;
    const from = words[at + FROM] as From;
    const argc = words[at + ARGC] as number;
    const arg0 = words[at + ARG0];
    const arg1 = words[at + ARG1];
    const arg2 = words[at + ARG2];
    ring.shift(argc);
    // POE: the counts go down before the handler runs, so that an event being handled keeps nobody alive. Who runs out so
    // has its place in the order of ends from now on, but is only noted if the handler brings no new reason.
    // PERF: ring, fan-out: most sessions have a name, and so a reason that needs no closer look.
    if (--target._eventsTo === 0 && target._references === 0) this.sessions.mayRunOut(target);
    if (sender !== target && --sender._eventsFrom === 0 && sender._references === 0) this.sessions.ranOut(sender);
    if (argc >= 0) this.handle(target, sender, name, from, argc, arg0, arg1, arg2);
    else if (argc === ARGC_SIGNAL) {
      this.rest();
      this.signals.dispatch(target, arg0 as string, from, arg1 as readonly unknown[]);
    }
    if (target._references === 0) this.sessions.note(target);
    return true;
  }

  /**
   * {@link invoke} for an event of the queue. PERF: fan-out: nobody waits for a value, and what was active before need not be
   * put back: that is the kernel, see {@link rest}. Traces and assertions have it go through {@link invoke}.
   */
  handle(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
  ): void {
    this.active = target;
    this.activeEvent = name;
    try {
      const result = target._invoke(sender, name, from, argc, arg0, arg1, arg2);
      if (result instanceof Promise) this.#adopt(result, target, sender, name, from, KIND_EVENT);
    } catch (error) {
      this.#thrown(error, target, sender, name, from, KIND_EVENT);
    }
  }

  /** No event is being handled any more: the kernel is active. */
  rest(): void {
    this.active = this.kernelSession;
    this.activeEvent = undefined;
  }

  /**
   * Runs a handler as the active session and returns its value. An exception does not come out: it becomes a DIE
   * signal, or {@link Engine.exception} where POE rethrows.
   */
  invoke(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
    kind: Kind,
  ): unknown {
    const heldSession = this.active;
    const heldEvent = this.activeEvent;
    const heldKind = this.activeKind;
    this.active = target;
    this.activeEvent = name;
    this.activeKind = kind;
    let result: unknown;
    try {
      result = target._invoke(sender, name, from, argc, arg0, arg1, arg2);
    } catch (error) {
      this.#thrown(error, target, sender, name, from, kind);
    }
    this.active = heldSession;
    this.activeEvent = heldEvent;
    this.activeKind = heldKind;
    if (result instanceof Promise) this.#adopt(result, target, sender, name, from, kind);
    return result;
  }

  /**
   * Calls a handler for `sender` and returns its value. The value of another session arrives by its text if it is a
   * session or kernel, as POE has it.
   */
  call(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
    kind: Kind,
  ): unknown {
    let value: unknown;
    if (target === sender) {
      value = this.#invokeOwn(target, name, from, argc, arg0, arg1, arg2, kind);
    } else {
      value = this.invoke(target, sender, name, from, argc, arg0, arg1, arg2, kind);
      if (typeof value === 'object' && kind !== KIND_CALL_LIST) value = handOver(value);
    }
    if (this.exception !== null) this.rethrow();
    this.errno = 0;
    return value;
  }

  /** POE: a session that calls itself stays inside the event it is handling, and an exception comes out. */
  #invokeOwn(
    target: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
    kind: Kind,
  ): unknown {
    const heldSession = this.active;
    const heldEvent = this.activeEvent;
    const heldKind = this.activeKind;
    if (heldSession !== target) {
      // After an await some other session may be active, or none.
      this.active = target;
      this.activeEvent = name;
    }
    this.activeKind = kind;
    let result: unknown;
    try {
      result = target._invoke(target, name, from, argc, arg0, arg1, arg2);
    } finally {
      this.active = heldSession;
      this.activeEvent = heldEvent;
      this.activeKind = heldKind;
    }
    if (result instanceof Promise) {
      // The promise is the caller's, as the exception would be; where nobody asked for a value it is the kernel's.
      if (kind === KIND_CALL_VOID) this.#adopt(result, target, target, name, from, kind);
      else this.#hold(result, target);
    }
    return result;
  }

  /** {@link invoke}, but an exception comes out, and so does the rejection of an async handler's promise. */
  invokeThrough(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    args: readonly unknown[],
    kind: Kind,
  ): unknown {
    const heldSession = this.active;
    const heldEvent = this.activeEvent;
    const heldKind = this.activeKind;
    this.active = target;
    this.activeEvent = name;
    this.activeKind = kind;
    try {
      const many = args.length >= ARGC_MANY;
      const argc = many ? ARGC_MANY : args.length;
      const result = target._invoke(sender, name, from, argc, many ? args : args[0], args[1], args[2]);
      if (result instanceof Promise) this.#hold(result, target);
      return result;
    } finally {
      this.active = heldSession;
      this.activeEvent = heldEvent;
      this.activeKind = heldKind;
    }
  }

  /** {@link invoke} with the arguments in an array. */
  invokeArgs(
    target: SessionLike,
    sender: SessionLike,
    name: string,
    from: From,
    args: readonly unknown[],
    kind: Kind,
  ): unknown {
    const many = args.length >= ARGC_MANY;
    return this.invoke(
      target,
      sender,
      name,
      from,
      many ? ARGC_MANY : args.length,
      many ? args : args[0],
      args[1],
      args[2],
      kind,
    );
  }

  #thrown(error: unknown, target: SessionLike, sender: SessionLike, event: string, from: From, kind: Kind): void {
    const { exceptionThrown } = this.hooks;
    if (exceptionThrown.isUsed()) exceptionThrown.call(error, target, event);
    // POE: an exception of _stop, of a DIE handler, or after stop() has nobody left to tell.
    const nobody = kind === KIND_STOP || kind === KIND_SIGNAL_DIE || this.active === this.kernelSession;
    if (!this.catchExceptions || nobody || !target._alive) {
      this.fail(error);
      return;
    }
    const details: DieDetails = {
      errorStr: error,
      event,
      destSession: target,
      sourceSession: sender,
      fromState: stateOf(from),
      file: fileOf(from),
      line: lineOf(from),
    };
    this.enqueueSignal(target, this.kernelSession, 'DIE', [details]);
  }

  /** Ends everything with an exception. The first one is what `run` rejects with; of further ones the person is told. */
  fail(error: unknown): void {
    if (this.exception === null) this.exception = { error };
    else this.warn('POE_WARN_FURTHER_EXCEPTION', `A further exception while the kernel stops: ${describeError(error)}`);
    this.loop.wake();
  }

  /** A promise keeps its session alive until it settles; a rejection counts as an exception of the handler. */
  #adopt(
    promise: Promise<unknown>,
    target: SessionLike,
    sender: SessionLike,
    event: string,
    from: From,
    kind: Kind,
  ): void {
    promise.catch((error: unknown) => {
      if (!target._alive) {
        // Whoever stopped the session has given up on what it was doing.
        const message = `A handler of ${event} failed after its session had stopped: ${describeError(error)}`;
        this.warn('POE_WARN_LATE_EXCEPTION', message);
        return;
      }
      const heldSession = this.active;
      this.active = target;
      this.#thrown(error, target, sender, event, from, kind);
      this.active = heldSession;
    });
    this.#hold(promise, target);
  }

  /** A session does not end before the promise has settled, unless it is stopped. */
  #hold(promise: Promise<unknown>, target: SessionLike): void {
    if (!target._alive) return;
    target._promises++;
    target._references++;
    this.pendingPromises++;
    const settle = (): void => {
      if (!target._alive) return;
      this.pendingPromises--;
      target._promises--;
      if (--target._references === 0) this.sessions.ranOut(target);
      this.loop.wake();
    };
    promise.then(settle, settle);
  }

  /** A session that stops no longer waits for its promises. */
  dropPromises(target: SessionLike): void {
    this.pendingPromises -= target._promises;
    target._references -= target._promises;
    target._promises = 0;
  }

  // --- telling

  /**
   * Told of each method that misses, with what it was given. Does nothing itself: `POE_TRACE_RETVALS` and `POE_ASSERT_RETVALS` take
   * its place.
   */
  missed(_method: string, _errno: ErrnoName, _found: unknown): void {}

  /** Warns the person who runs the program, unless a tap of the hook `warn` keeps it back. */
  warn(code: string, message: string): void {
    warn(code, message, this);
  }

  /** Rethrows an exception that nobody handled; it is cleared, so that the kernel can be used again. */
  rethrow(): void {
    if (this.exception === null) return;
    const { error } = this.exception;
    this.exception = null;
    throw error;
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
