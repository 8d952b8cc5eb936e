import type { From } from './caller.ts';
import type { CallResult, EventArgs, EventName } from './declared-events.ts';
import type { Engine } from './engine.ts';
import type { ErrnoName } from './errno.ts';
import { PoeUsageError } from './errors.ts';
import { ARGC_MANY, KIND_CALL, KIND_CALL_LIST, KIND_CALL_VOID, type Kind, START } from './event.ts';
import { withOne, withoutOne } from './few.ts';
import type { KernelHooks } from './hooks.ts';
import { type Handle, MODE_EXPEDITE, MODE_READ, MODE_WRITE, type Mode } from './host/handles.ts';
import type { Host } from './host/host.ts';
import { toList, toScalar } from './list.ts';
import { refuseIfOnlyLoaded } from './only-loaded.ts';
import { NONE } from './queue/timer-table.ts';
import type { Session } from './session.ts';
import type { EventsOf, Resolved } from './typed-kernel.ts';
import type { Handler, SessionId, SessionLike } from './types.ts';

/** Where an event can be sent: a session, its ID, an alias, a session's text form, or the kernel. */
export type Destination = Session | KernelView | SessionId;

/** A session, or the kernel where POE has the kernel stand as one. */
export type SessionOrKernel = Session | KernelView;

/** What an alarm was: event, due time in epoch seconds, arguments. */
export type AlarmRecord = [event: string, time: number, args: unknown[]];

/** A child process to watch: its number, or Node's object for it. */
export type ProcessId = number | { readonly pid?: number | undefined };

// biome-ignore lint/suspicious/noExplicitAny: a handler may return anything
type Returned = any;

/** How often a view may find that it has remembered the wrong name before it no longer remembers any. */
const MOST_MISSES = 100;

/**
 * The kernel as a program sees it.
 *
 * The `kernel` in a handler's context is a view bound to the handler's session: what it does, it does for that session, even
 * after an `await`. The exported `kernel` acts for whichever session is active, as `$poe_kernel` does; outside of
 * handlers that is the kernel itself.
 *
 * What POE reports through `$!` is reported the same way: the method returns what POE's returns, and {@link errno} says
 * why. Durations are seconds, absolute times epoch seconds, fractions allowed.
 *
 * @remarks Mirrors POE::Kernel.
 */
export class KernelView {
  /** @internal */
  readonly _engine: Engine;
  /** The session this view acts for; null: whichever is active. @internal */
  readonly _bound: SessionLike | null;

  /** The name that was resolved last, what it meant, and when; how often it was another one. */
  #lastName: string | null = null;
  #lastTarget: SessionLike | undefined = undefined;
  #lastChange = 0;
  #misses = 0;

  /** @internal */
  constructor(engine: Engine, session: SessionLike | null) {
    this._engine = engine;
    this._bound = session;
    engine.readyView?.(this);
  }

  /** The same, if it can still be given anything; undefined with errno `ESRCH` once it has stopped. */
  #living(method: string): SessionLike | undefined {
    const self = this.#self();
    return self._alive ? self : this.#miss(method, 'ESRCH');
  }

  /**
   * The session an address means. PERF: ring, 1.3x: many a session posts to the same name again and again. fan-out, 1.1x:
   * one that does not is soon no longer asked.
   */
  #resolve(address: Destination): SessionLike | undefined {
    const engine = this._engine;
    if (typeof address !== 'string') return engine.resolve(address);
    if (address === this.#lastName && engine.addressChanges === this.#lastChange) return this.#lastTarget;
    const target = engine.resolve(address);
    if (this.#misses < MOST_MISSES) {
      this.#misses++;
      this.#lastName = address;
      this.#lastTarget = target;
      this.#lastChange = engine.addressChanges;
    } else {
      this.#lastName = null;
    }
    return target;
  }

  /** The session this view acts for now. PERF: self-yield: a private getter would leave compiled code each time, a method does not. */
  #self(): SessionLike {
    return this._bound ?? this._engine.active;
  }

  /** What an event sent now carries of its origin: the event being handled, and where in the program if that is traced. */
  #from(): From {
    const engine = this._engine;
    const state = this._bound === null || this._bound === engine.active ? engine.activeEvent : undefined;
    return engine.traceCallers ? engine.from(state) : state;
  }

  /** The kernel's textual ID; the same for every view of it. @remarks Mirrors POE::Kernel, "ID". */
  get id(): string {
    return this._engine.kernelSession.id;
  }

  /**
   * Why the last method that missed did so: `'ESRCH'`, `'EPERM'`, `'EINVAL'`, `'ENOSYS'`. `call` and `idSessionToId` set it
   * to 0, a program may too; otherwise it stays until the next miss.
   * @remarks Mirrors `$!`.
   */
  get errno(): ErrnoName | 0 {
    return this._engine.errno;
  }

  set errno(errno: ErrnoName | 0) {
    this._engine.errno = errno;
  }

  /** Where plugins tap in. */
  get hooks(): KernelHooks {
    return this._engine.hooks;
  }

  /**
   * Has taps of further hooks treated as those of {@link hooks} are: what one throws is a warning that names it, and one that throws again and again is
   * switched off. For wheels and components with hooks of their own.
   *
   * @param hooks - A record of tapable's hooks that nobody has tapped yet.
   * @returns The same.
   */
  guardHooks<H extends object>(hooks: H): H {
    return this._engine.guard.around(hooks);
  }

  /**
   * What this kernel takes from the outside: clock, loop, signals, processes, handles, sockets, random numbers and the name of the
   * process. For wheels, components, and programs that should replay in a simulation.
   */
  get host(): Host {
    return this._engine.host;
  }

  /** The session this view acts for: its own if it is bound to one, otherwise the active one. */
  get session(): SessionOrKernel {
    return this.#shown(this.#self());
  }

  /**
   * The view that goes on acting for {@link session}. Wheels and components take it, so that they act for the session that
   * made them.
   *
   * @throws PoeUsageError `POE_ERR_NO_ACTIVE_SESSION` outside of sessions.
   */
  forSession(): KernelView {
    if (this._bound !== null) return this;
    const { active, kernelSession } = this._engine;
    if (active !== kernelSession) return active._kernel;
    throw new PoeUsageError('POE_ERR_NO_ACTIVE_SESSION', 'Cannot act for a session: none is active', {
      hint: 'Make wheels inside a handler, or pass the kernel that a handler was given',
    });
  }

  /**
   * Calls back once this session has stopped and given everything back, for what it holds outside of the kernel.
   * @returns How to take that back.
   */
  atSessionEnd(callback: () => void): () => void {
    const self = this.#self();
    self._atEnd = withOne(self._atEnd, callback);
    return () => {
      self._atEnd = withoutOne(self._atEnd, callback);
    };
  }

  /** True for every view of one kernel, and for the kernel as `sourceSession` of a DIE. */
  isSame(other: unknown): boolean {
    return other instanceof KernelView ? other._engine === this._engine : other === this._engine.kernelSession;
  }

  toString(): string {
    return this.id;
  }

  // --- running

  /**
   * Runs until the last session has stopped. May be called again after that.
   *
   * @returns A promise that resolves then, and rejects with the value of an exception that nobody handled.
   * @throws PoeUsageError `POE_ERR_ALREADY_RUNNING`.
   * @remarks Mirrors POE::Kernel, "run".
   */
  async run(): Promise<void> {
    await this.#run('run', false);
  }

  /**
   * Makes one pass of the loop, as soon as there is anything to do: takes the handles that are ready and the events that are due by then. What
   * those post waits for the next pass.
   *
   * @returns A promise of true while sessions are left; it rejects as {@link run} does.
   * @throws PoeUsageError `POE_ERR_ALREADY_RUNNING`.
   * @remarks Mirrors POE::Kernel, "run_one_timeslice". Here it is a promise, so that the host gets its turn.
   */
  async runOneTimeslice(): Promise<boolean> {
    return this.#run('runOneTimeslice', true);
  }

  /**
   * Makes passes, as {@link runOneTimeslice} does, while `wanted()` is true and sessions are left.
   *
   * @param wanted - Asked before each pass.
   * @throws PoeUsageError `POE_ERR_ALREADY_RUNNING`.
   * @example
   * let left = 3;
   * await own.runWhile(() => left-- > 0);
   * @remarks Mirrors POE::Kernel, "run_while", which takes a reference to a flag.
   */
  async runWhile(wanted: () => boolean): Promise<void> {
    while (wanted() && (await this.runOneTimeslice()));
  }

  /**
   * Stops every session now, children before their parents, each with its `_stop`. The handler that calls this runs on to its
   * end.
   * @remarks Mirrors POE::Kernel, "stop".
   */
  stop(): void {
    this._engine.sessions.stopAll();
    this._engine.loop.wake();
  }

  /**
   * Does nothing: it tells a forked child that it is one, and Node never forks a running program. With `POE_ASSERT_USAGE` it warns
   * (`POE_WARN_USAGE`).
   * @remarks Mirrors POE::Kernel, "has_forked".
   */
  hasForked(): void {}

  async #run(method: string, once: boolean): Promise<boolean> {
    refuseIfOnlyLoaded(method);
    const { loop, sessions, exception } = this._engine;
    if (loop.running) {
      throw new PoeUsageError('POE_ERR_ALREADY_RUNNING', `Cannot ${method}: the kernel is running already`, {
        hint: 'Make a second Kernel, or await the first run',
      });
    }
    if (sessions.count === 0 && exception === null) {
      // Everybody may have been stopped before this, but a signal of theirs can wait.
      sessions.clearKernel();
      return false;
    }
    return loop.run(once);
  }

  // --- events

  /**
   * Queues an event for a session. It is handled in its turn, behind everything that is due before it.
   *
   * @param destination - A session, its ID, a name, its text, or the kernel.
   * @param event - Its name.
   * @param args - Passed to the handler after the context.
   * @returns 1, also where the session has no handler for the event; undefined with errno `ESRCH` if there is no such session, `EPERM`
   * if a plugin refuses the event.
   * @throws PoeUsageError `POE_ERR_EVENT_NAME`.
   * @example
   * kernel.post('logger', 'note', 'started');
   * @remarks Mirrors POE::Kernel, "post".
   */
  post<D extends Destination, N extends EventName<EventsOf<D>>>(
    destination: D,
    event: N,
    ...args: EventArgs<EventsOf<D>, N>
  ): 1 | undefined;
  post(
    destination: Destination,
    event: string,
    arg0?: unknown,
    arg1?: unknown,
    arg2?: unknown,
    ...more: unknown[]
  ): 1 | undefined {
    // biome-ignore lint/complexity/noArguments: PERF: self-yield, 1.2x: the count without an array of the arguments
    const argc = arguments.length - 2;
    const engine = this._engine;
    if (typeof event !== 'string') throw eventNameMissing('post', event);
    const target = this.#resolve(destination);
    if (target === undefined) return this.#miss('post', 'ESRCH', destination);
    const sender = this._bound ?? engine.active;
    if (engine.hooks.eventEnqueue.isUsed() && !engine.allows(target, sender, event))
      return this.#miss('post', 'EPERM', event);
    if (argc < ARGC_MANY) engine.enqueue(target, sender, event, this.#from(), argc, arg0, arg1, arg2);
    else {
      const all = [arg0, arg1, arg2, ...more];
      engine.enqueue(target, sender, event, this.#from(), ARGC_MANY, all, undefined, undefined);
    }
    return 1;
  }

  /**
   * Queues an event for the own session, as {@link post} does.
   *
   * @param event - Its name.
   * @param args - Passed to the handler after the context.
   * @returns undefined in any case; errno is `ESRCH` once the session has stopped, `EPERM` if a plugin refuses the event.
   * @throws PoeUsageError `POE_ERR_EVENT_NAME`.
   * @example
   * kernel.yield('step', 1);
   * @remarks Mirrors POE::Kernel, "yield".
   */
  yield(event: string, ...args: unknown[]): undefined;
  yield(event: string, arg0?: unknown, arg1?: unknown, arg2?: unknown, ...more: unknown[]): undefined {
    // biome-ignore lint/complexity/noArguments: PERF: self-yield, 1.2x: the count without an array of the arguments
    const argc = arguments.length - 1;
    const engine = this._engine;
    if (typeof event !== 'string') throw eventNameMissing('yield', event);
    const self = this._bound ?? engine.active;
    if (!self._alive) return this.#miss('yield', 'ESRCH', event);
    if (engine.hooks.eventEnqueue.isUsed() && !engine.allows(self, self, event))
      return this.#miss('yield', 'EPERM', event);
    if (argc < ARGC_MANY) engine.enqueue(self, self, event, this.#from(), argc, arg0, arg1, arg2);
    else {
      const all = [arg0, arg1, arg2, ...more];
      engine.enqueue(self, self, event, this.#from(), ARGC_MANY, all, undefined, undefined);
    }
    return undefined;
  }

  /**
   * Runs another session's handler now and returns its value. An exception in it does not come out here: it becomes
   * a DIE signal of the called session, and the value is undefined. Calling the own session lets it out.
   *
   * @param destination - As for {@link post}.
   * @param event - Its name.
   * @param args - Passed to the handler after the context.
   * @returns The handler's value (a promise if it is async) with errno 0; undefined with errno `ESRCH` if there is no such
   * session. A session that is the value of another session's handler arrives as its text, which is an address, as in POE;
   * {@link callList} gives the session itself. An event without a handler gives undefined with errno 0.
   * @throws PoeUsageError `POE_ERR_EVENT_NAME`.
   * @example
   * const sum = kernel.call('calculator', 'add', 1, 2);
   * @remarks Mirrors POE::Kernel, "call".
   */
  call<D extends Destination, N extends EventName<EventsOf<D>>>(
    destination: D,
    event: N,
    ...args: EventArgs<EventsOf<D>, N>
  ): CallResult<EventsOf<D>, N>;
  call(
    destination: Destination,
    event: string,
    arg0?: unknown,
    arg1?: unknown,
    arg2?: unknown,
    ...more: unknown[]
  ): Returned {
    // biome-ignore lint/complexity/noArguments: PERF: call, 1.2x: the count without an array of the arguments
    const argc = arguments.length - 2;
    if (typeof event !== 'string') throw eventNameMissing('call', event);
    const target = this.#resolve(destination);
    if (target === undefined) return this.#miss('call', 'ESRCH', destination);
    if (argc < ARGC_MANY) return toScalar(this.#call(target, event, argc, arg0, arg1, arg2, KIND_CALL));
    const all = [arg0, arg1, arg2, ...more];
    return toScalar(this.#call(target, event, ARGC_MANY, all, undefined, undefined, KIND_CALL));
  }

  /**
   * {@link call} in list context: the handler's `wantarray` is true.
   *
   * @returns All the values of a handler that returns `list(...)`; `[value]` otherwise, `[]` for undefined; `[]` with errno
   * `ESRCH` if there is no such session.
   * @example
   * const names = kernel.callList('logger', 'names');
   * @remarks Mirrors POE::Kernel, "call" in list context.
   */
  callList<D extends Destination, N extends EventName<EventsOf<D>>>(
    destination: D,
    event: N,
    ...args: EventArgs<EventsOf<D>, N>
  ): Returned[];
  callList(destination: Destination, event: string, ...args: unknown[]): Returned[] {
    if (typeof event !== 'string') throw eventNameMissing('callList', event);
    const target = this.#resolve(destination);
    if (target === undefined) {
      this.#miss('callList', 'ESRCH', destination);
      return [];
    }
    return toList(this.#callArgs(target, event, args, KIND_CALL_LIST));
  }

  /**
   * {@link call} where nobody wants the value: the handler's `wantarray` is undefined. An async handler's promise is the
   * kernel's: its rejection becomes a DIE signal also if the own session was called. So wheels call their events.
   *
   * @remarks Mirrors POE::Kernel, "call" in void context.
   */
  callVoid<D extends Destination, N extends EventName<EventsOf<D>>>(
    destination: D,
    event: N,
    ...args: EventArgs<EventsOf<D>, N>
  ): void;
  callVoid(destination: Destination, event: string, ...args: unknown[]): void {
    if (typeof event !== 'string') throw eventNameMissing('callVoid', event);
    const target = this.#resolve(destination);
    if (target === undefined) this.#miss('callVoid', 'ESRCH', destination);
    else this.#callArgs(target, event, args, KIND_CALL_VOID);
  }

  #callArgs(target: SessionLike, event: string, args: unknown[], kind: Kind): unknown {
    const many = args.length >= ARGC_MANY;
    return this.#call(target, event, many ? ARGC_MANY : args.length, many ? args : args[0], args[1], args[2], kind);
  }

  /**
   * {@link call} for those who answer for their callers: an exception of the handler comes out here, and so does the
   * rejection of its promise; no DIE signal is sent.
   *
   * @param options - `list`: call in list context.
   * @returns What the handler returned, a {@link List} as it is; undefined with errno `ESRCH` if there is no such session.
   */
  callThrough(
    destination: Destination,
    event: string,
    args: readonly unknown[],
    options: { list?: boolean } = {},
  ): unknown {
    const engine = this._engine;
    const target = this.#resolve(destination);
    if (target === undefined) return this.#miss('callThrough', 'ESRCH', destination);
    const kind = options.list === true ? KIND_CALL_LIST : KIND_CALL;
    return engine.invokeThrough(target, this._bound ?? engine.active, event, this.#from(), args, kind);
  }

  #call(
    target: SessionLike,
    event: string,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
    kind: Kind,
  ): unknown {
    const engine = this._engine;
    return engine.call(target, this._bound ?? engine.active, event, this.#from(), argc, arg0, arg1, arg2, kind);
  }

  /** What a method that misses returns where errno says why. `found` is what it was given. */
  #miss(method: string, errno: ErrnoName, found?: unknown): undefined {
    this._engine.errno = errno;
    this._engine.missed(method, errno, found);
    return undefined;
  }

  /** What a method that misses returns where the reason is the value itself. */
  #missed(method: string, errno: ErrnoName, found?: unknown): ErrnoName {
    this._engine.missed(method, errno, found);
    return errno;
  }

  // --- alarms and delays by name

  /**
   * Sets the one alarm of that event: every earlier timer of the event in this session is removed. Without a time it only
   * removes them.
   *
   * @param event - Event to deliver to this session.
   * @param time - Epoch seconds; one that is past is due at once.
   * @param args - Passed to the handler after the context.
   * @returns 0; `'EINVAL'` without an event, `'ESRCH'` once the session has stopped. These are values, errno is not used.
   * @throws PoeUsageError `POE_ERR_TIME` for a time that is no number.
   * @example
   * kernel.alarm('wake', Date.now() / 1000 + 60);
   * @remarks Mirrors POE::Kernel, "alarm".
   */
  alarm(event: string, time?: number | null, ...args: unknown[]): 0 | ErrnoName {
    if (typeof event !== 'string') return this.#missed('alarm', 'EINVAL', event);
    const self = this.#living('alarm');
    if (self === undefined) return 'ESRCH';
    this._engine.timers.removeByName(self, event);
    if (isTime('alarm', time)) this._engine.timers.setAlarm(self, event, this.#from(), time, args);
    return 0;
  }

  /**
   * Sets one more alarm of that event; earlier ones stay.
   *
   * @param event - Event to deliver to this session.
   * @param time - Epoch seconds; one that is past is due at once.
   * @param args - Passed to the handler after the context.
   * @returns 0; `'EINVAL'` without event or time, `'ESRCH'` once the session has stopped. These are values, errno is not used.
   * @throws PoeUsageError `POE_ERR_TIME` for a time that is no number.
   * @example
   * kernel.alarmAdd('remind', Date.now() / 1000 + 3600, 'tea');
   * @remarks Mirrors POE::Kernel, "alarm_add".
   */
  alarmAdd(event: string, time: number, ...args: unknown[]): 0 | ErrnoName {
    if (typeof event !== 'string' || !isTime('alarmAdd', time)) return this.#missed('alarmAdd', 'EINVAL', event);
    const self = this.#living('alarmAdd');
    if (self === undefined) return 'ESRCH';
    this._engine.timers.setAlarm(self, event, this.#from(), time, args);
    return 0;
  }

  /**
   * Sets the one delay of that event: every earlier timer of the event in this session is removed. Without a time it only
   * removes them.
   *
   * @param event - Event to deliver to this session.
   * @param seconds - From now on; fractions are allowed (0.25 is 250 ms), 0 and less are due at once.
   * @param args - Passed to the handler after the context.
   * @returns 0; `'EINVAL'` without an event, `'ESRCH'` once the session has stopped. These are values, errno is not used.
   * @throws PoeUsageError `POE_ERR_TIME` for a delay that is no number.
   * @example
   * kernel.delay('tick', 0.25);
   * @remarks Mirrors POE::Kernel, "delay".
   */
  delay(event: string, seconds?: number | null, ...args: unknown[]): 0 | ErrnoName {
    if (typeof event !== 'string') return this.#missed('delay', 'EINVAL', event);
    const self = this.#living('delay');
    if (self === undefined) return 'ESRCH';
    this._engine.timers.removeByName(self, event);
    if (isTime('delay', seconds)) this._engine.timers.setPlainDelay(self, event, this.#from(), seconds, args);
    return 0;
  }

  /**
   * Sets one more delay of that event; earlier ones stay.
   *
   * @param event - Event to deliver to this session.
   * @param seconds - From now on; fractions are allowed.
   * @param args - Passed to the handler after the context.
   * @returns 0; `'EINVAL'` without event or delay, `'ESRCH'` once the session has stopped. These are values, errno is not used.
   * @throws PoeUsageError `POE_ERR_TIME` for a delay that is no number.
   * @example
   * for (const seconds of [1, 2, 3]) kernel.delayAdd('remind', seconds);
   * @remarks Mirrors POE::Kernel, "delay_add".
   */
  delayAdd(event: string, seconds: number, ...args: unknown[]): 0 | ErrnoName {
    if (typeof event !== 'string' || !isTime('delayAdd', seconds)) return this.#missed('delayAdd', 'EINVAL', event);
    const self = this.#living('delayAdd');
    if (self === undefined) return 'ESRCH';
    this._engine.timers.setPlainDelay(self, event, this.#from(), seconds, args);
    return 0;
  }

  // --- alarms and delays by id

  /**
   * Sets an alarm and returns its id; other timers of the event stay.
   *
   * @param event - Event to deliver to this session.
   * @param time - Epoch seconds.
   * @param args - Passed to the handler after the context.
   * @returns The timer's id, for {@link alarmAdjust} and {@link alarmRemove}; undefined with errno `EINVAL` without event or time,
   * `ESRCH` once the session has stopped.
   * @throws PoeUsageError `POE_ERR_TIME` for a time that is no number.
   * @example
   * heap.midnight = kernel.alarmSet('close', new Date().setHours(24, 0, 0, 0) / 1000);
   * @remarks Mirrors POE::Kernel, "alarm_set".
   */
  alarmSet(event: string, time: number, ...args: unknown[]): number | undefined {
    if (typeof event !== 'string' || !isTime('alarmSet', time)) return this.#miss('alarmSet', 'EINVAL', event);
    const self = this.#living('alarmSet');
    if (self === undefined) return undefined;
    const { timers } = this._engine;
    return timers.table.idOf(timers.setAlarm(self, event, this.#from(), time, args));
  }

  /**
   * Sets a delay and returns its id; other timers of the event stay.
   *
   * @param event - Event to deliver to this session.
   * @param seconds - From now on; fractions are allowed.
   * @param args - Passed to the handler after the context.
   * @returns The timer's id, for {@link delayAdjust} and {@link alarmRemove}; undefined with errno `EINVAL` without event or delay,
   * `ESRCH` once the session has stopped.
   * @throws PoeUsageError `POE_ERR_TIME` for a delay that is no number.
   * @example
   * heap.timer = kernel.delaySet('timeout', 30);
   * @remarks Mirrors POE::Kernel, "delay_set".
   */
  delaySet(event: string, seconds: number, ...args: unknown[]): number | undefined {
    if (typeof event !== 'string' || !isTime('delaySet', seconds)) return this.#miss('delaySet', 'EINVAL', event);
    const self = this.#living('delaySet');
    if (self === undefined) return undefined;
    const { timers } = this._engine;
    return timers.table.idOf(timers.setDelay(self, event, this.#from(), seconds, args));
  }

  /**
   * Moves a timer.
   *
   * @param id - From {@link alarmSet} or {@link delaySet}.
   * @param delta - Seconds later; negative is earlier.
   * @returns The new time in epoch seconds; undefined with errno `EINVAL` (id or delta missing), `ESRCH` (no such id, or it has
   * fired) or `EPERM` (another session's).
   * @throws PoeUsageError `POE_ERR_TIME` for a delta that is no number.
   * @example
   * const id = kernel.delaySet('timeout', 30);
   * kernel.alarmAdjust(id, 15); // due in 45 seconds
   * @remarks Mirrors POE::Kernel, "alarm_adjust".
   */
  alarmAdjust(id: number, delta: number): number | undefined {
    if (!isTime('alarmAdjust', delta)) return this.#miss('alarmAdjust', 'EINVAL', id);
    const timer = this.#ownTimer('alarmAdjust', id);
    if (timer === undefined) return undefined;
    const { timers } = this._engine;
    const { table } = timers;
    const time = table.wallTimeOf(timer) + delta;
    timers.move(timer, table.dueOf(timer) + delta, time);
    return time;
  }

  /**
   * Starts a timer anew.
   *
   * @param id - From {@link alarmSet} or {@link delaySet}.
   * @param seconds - From now on.
   * @returns The new time in epoch seconds; misses as for {@link alarmAdjust}.
   * @throws PoeUsageError `POE_ERR_TIME` for a delay that is no number.
   * @example
   * const id = kernel.delaySet('timeout', 30);
   * kernel.delayAdjust(id, 30); // something came: wait anew
   * @remarks Mirrors POE::Kernel, "delay_adjust".
   */
  delayAdjust(id: number, seconds: number): number | undefined {
    if (!isTime('delayAdjust', seconds)) return this.#miss('delayAdjust', 'EINVAL', id);
    const timer = this.#ownTimer('delayAdjust', id);
    if (timer === undefined) return undefined;
    return this._engine.timers.restart(timer, seconds);
  }

  /**
   * Removes a timer.
   *
   * @param id - From {@link alarmSet} or {@link delaySet}.
   * @returns `[event, time, args]`, the time in epoch seconds; undefined with errno as for {@link alarmAdjust}.
   * @example
   * const id = kernel.delaySet('timeout', 30, 'request 7');
   * const [event, time, args] = kernel.alarmRemove(id) ?? [];
   * @remarks Mirrors POE::Kernel, "alarm_remove".
   */
  alarmRemove(id: number): AlarmRecord | undefined {
    const timer = this.#ownTimer('alarmRemove', id);
    if (timer === undefined) return undefined;
    const { timers } = this._engine;
    const { table } = timers;
    const record: AlarmRecord = [table.eventOf(timer), table.wallTimeOf(timer), table.argsOf(timer)];
    timers.remove(timer);
    return record;
  }

  /**
   * Removes every timer of this session. Posted events stay.
   *
   * @returns `[event, time, ...args]` of each, in the order in which they were due; `time` is in epoch seconds, or for
   * {@link delay} and {@link delayAdd} the seconds they were given, as in POE.
   * @example
   * for (const [event, time] of kernel.alarmRemoveAll()) console.log(event, time);
   * @remarks Mirrors POE::Kernel, "alarm_remove_all".
   */
  alarmRemoveAll(): [event: string, time: number, ...args: unknown[]][] {
    const { timers } = this._engine;
    const { table } = timers;
    return timers.of(this.#self()).map((timer) => {
      const args = table.argsOf(timer);
      const event = table.eventOf(timer);
      const time = table.wallTimeOf(timer);
      timers.remove(timer);
      return [event, time, ...args];
    });
  }

  #ownTimer(method: string, id: unknown): number | undefined {
    if (id === undefined || id === null) return this.#miss(method, 'EINVAL', id);
    const { table } = this._engine.timers;
    const timer = table.find(id);
    if (timer === NONE) return this.#miss(method, 'ESRCH', id);
    return table.sessionOf(timer) === this.#self() ? timer : this.#miss(method, 'EPERM', id);
  }

  // --- names

  /**
   * Gives this session a name. In the main program the kernel gets it.
   *
   * @param name - Any text; one of digits only can be mistaken for the ID of a session.
   * @returns 0, also if it has the name already; `'EEXIST'` if another session has it. These are values, errno is not used.
   * @example
   * kernel.aliasSet('logger');
   * @remarks Mirrors POE::Kernel, "alias_set". An alias keeps its session alive while anything else can happen.
   */
  aliasSet(name: string): 0 | ErrnoName {
    const { aliases } = this._engine;
    const self = this.#self();
    const owner = aliases.get(name);
    if (owner !== undefined) return owner === self ? 0 : this.#missed('aliasSet', 'EEXIST', name);
    if (!self._alive) return this.#missed('aliasSet', 'ESRCH', name);
    aliases.add(name, self);
    return 0;
  }

  /**
   * Takes a name away from this session.
   *
   * @param name - One that this session was given with {@link aliasSet}.
   * @returns 0; `'ESRCH'` if nobody has it, `'EPERM'` if another session has it.
   * @remarks Mirrors POE::Kernel, "alias_remove".
   */
  aliasRemove(name: string): 0 | ErrnoName {
    const owner = this._engine.aliases.get(name);
    if (owner === undefined) return this.#missed('aliasRemove', 'ESRCH', name);
    if (owner !== this.#self()) return this.#missed('aliasRemove', 'EPERM', name);
    this._engine.aliases.remove(name, owner);
    return 0;
  }

  /**
   * The session that an address means.
   *
   * @param address - A name, an ID, a session or its text; the kernel.
   * @returns undefined with errno `ESRCH` if there is none. Asking is no mistake: `POE_ASSERT_RETVALS` lets it pass.
   * @example
   * if (kernel.aliasResolve('logger') === undefined) console.log('nobody logs');
   * @remarks Mirrors POE::Kernel, "alias_resolve".
   */
  aliasResolve<D extends Destination>(address: D): Resolved<D> | undefined;
  aliasResolve(address: Destination): SessionOrKernel | undefined {
    const found = this._engine.resolve(address);
    if (found !== undefined) return this.#shown(found);
    // POE: asking whether a name is taken is no mistake, so that no assertion is made of it.
    this._engine.errno = 'ESRCH';
    return undefined;
  }

  /**
   * The names of a session, sorted.
   *
   * @param session - Any address. Default: this session.
   * @returns An array, empty for a session without names; undefined with errno `ESRCH` for an unknown session.
   * @remarks Mirrors POE::Kernel, "alias_list".
   */
  aliasList(session?: Destination): string[] | undefined {
    // POE: whatever is false in Perl means this session.
    const found = session ? this._engine.resolve(session) : this.#self();
    return found === undefined ? this.#miss('aliasList', 'ESRCH', session) : this._engine.aliases.of(found);
  }

  // --- identity

  /**
   * The session with that ID.
   *
   * @param id - Of a session, or of the kernel.
   * @returns The session, or the kernel; undefined with errno `ESRCH`.
   * @remarks Mirrors POE::Kernel, "ID_id_to_session".
   */
  idIdToSession(id: SessionId): SessionOrKernel | undefined {
    const found = typeof id === 'string' && id === this.id ? this._engine.kernelSession : this.#byId(id);
    return found === undefined ? this.#miss('idIdToSession', 'ESRCH', id) : this.#shown(found);
  }

  #byId(id: SessionId): SessionLike | undefined {
    const { sessions } = this._engine;
    return typeof id === 'string' ? sessions.byNumber(id) : sessions.byId(id);
  }

  /**
   * The ID of a session.
   *
   * @param session - A session, or any other address.
   * @returns The ID with errno 0; undefined with errno `ESRCH`.
   * @remarks Mirrors POE::Kernel, "ID_session_to_id".
   */
  idSessionToId(session: Destination): SessionId | undefined {
    const found = this._engine.resolve(session);
    if (found === undefined) return this.#miss('idSessionToId', 'ESRCH', session);
    this._engine.errno = 0;
    return found.id;
  }

  /** The session whose handler is running; the kernel outside of handlers. @remarks Mirrors POE::Kernel, "get_active_session". */
  getActiveSession(): SessionOrKernel {
    return this.#shown(this._engine.active);
  }

  /** Name of the event being handled; undefined outside of handlers. @remarks Mirrors POE::Kernel, "get_active_event". */
  getActiveEvent(): string | undefined {
    return this._engine.activeEvent;
  }

  /** Events and timers waiting in this kernel. @remarks Mirrors POE::Kernel, "get_event_count". */
  getEventCount(): number {
    return this._engine.ring.size + this._engine.timers.count;
  }

  /** Posted events waiting in this kernel, timers left out. It is 0 when whoever comes next is first. */
  getPostedEventCount(): number {
    return this._engine.ring.size;
  }

  /** Sessions that live in this kernel, itself not counted. {@link Peek} tells more of them. */
  getSessionCount(): number {
    return this._engine.sessions.count;
  }

  /**
   * When the next event is due, in epoch seconds; undefined if none waits.
   * @remarks Mirrors POE::Kernel, "get_next_event_time".
   */
  getNextEventTime(): number | undefined {
    const { ring, timers } = this._engine;
    const due = Math.min(timers.queue.nextDue, ring.size === 0 ? Number.POSITIVE_INFINITY : ring.headStamp);
    return due === Number.POSITIVE_INFINITY ? undefined : due + timers.wallOffset();
  }

  #shown(session: SessionLike): SessionOrKernel {
    return session === this._engine.kernelSession ? this : (session as Session);
  }

  // --- parents and children

  /**
   * Gives a child of this session to the kernel: this session gets `_child` (`lose`), the child `_parent`.
   *
   * @param child - Any address of it.
   * @returns 1; undefined with errno `ESRCH` (no such session) or `EPERM` (no child of this one).
   * @remarks Mirrors POE::Kernel, "detach_child".
   */
  detachChild(child: Destination): 1 | undefined {
    const found = this._engine.resolve(child);
    if (found === undefined) return this.#miss('detachChild', 'ESRCH', child);
    const self = this.#self();
    // The kernel's own children cannot be detached any further.
    if (found._parent !== self || self === this._engine.kernelSession) return this.#miss('detachChild', 'EPERM', child);
    this._engine.sessions.detach(found, self, false);
    return 1;
  }

  /**
   * Leaves the own parent for the kernel: the parent gets `_child` (`lose`), this session `_parent`.
   *
   * @returns 1; undefined with errno `EPERM` if the kernel is the parent already.
   * @remarks Mirrors POE::Kernel, "detach_myself". In `_start` the creator hears nothing.
   */
  detachMyself(): 1 | undefined {
    const engine = this._engine;
    const self = this.#self();
    const parent = self._parent;
    if (parent === null || parent === engine.kernelSession) return this.#miss('detachMyself', 'EPERM');
    // Also where _start has called a handler of its own session: the active event is still _start then.
    const starts = self._starting && engine.active === self && engine.activeEvent === START;
    engine.sessions.detach(self, parent, starts);
    return 1;
  }

  // --- tagged references

  /**
   * Gives a session one more reason to live.
   *
   * @param session - Its ID, or any other address.
   * @param tag - Says what for; each tag is counted by itself.
   * @returns The tag's new count; undefined with errno `ESRCH`.
   * @example
   * kernel.refcountIncrement(session.id, 'connection');
   * @remarks Mirrors POE::Kernel, "refcount_increment".
   */
  refcountIncrement(session: Destination, tag: string): number | undefined {
    const found = this._engine.resolve(session);
    return found === undefined
      ? this.#miss('refcountIncrement', 'ESRCH', session)
      : this._engine.extrefs.increment(found, tag);
  }

  /**
   * Takes one such reason back.
   *
   * @param session - Its ID, or any other address.
   * @param tag - As it was given to {@link refcountIncrement}.
   * @returns The tag's new count; undefined with errno `ESRCH` for an unknown session or tag.
   * @example
   * kernel.refcountIncrement(session.id, 'connection');
   * kernel.refcountDecrement(session.id, 'connection');
   * @remarks Mirrors POE::Kernel, "refcount_decrement".
   */
  refcountDecrement(session: Destination, tag: string): number | undefined {
    const found = this._engine.resolve(session);
    if (found === undefined) return this.#miss('refcountDecrement', 'ESRCH', session);
    return this._engine.extrefs.decrement(found, tag) ?? this.#miss('refcountDecrement', 'ESRCH', tag);
  }

  // --- handles

  /**
   * Sends `event` while a handle is readable: `(handle, mode, ...args)` with mode 0. Without an event it stops.
   * Setting a watcher that exists changes neither its event nor its arguments; it only resumes it.
   *
   * @param handle - A Node stream, socket or server, the number of a descriptor, a FileHandle, or an object with a port of its own. Handles
   * of one descriptor are watched as one. A plain file is always ready.
   * @param event - Its name; nothing and `''` stop.
   * @param args - Passed to the handler behind handle and mode.
   * @returns 0.
   * @throws PoeUsageError `POE_ERR_HANDLE` for what cannot be watched.
   * @example
   * const [reader] = oneWay();
   * kernel.selectRead(reader, 'input');
   * kernel.selectRead(reader); // no more
   * @remarks Mirrors POE::Kernel, "select_read".
   */
  selectRead(handle: Handle, event?: string | null, ...args: unknown[]): 0 {
    return this.#select(handle, MODE_READ, event, args);
  }

  /** {@link selectRead} for while a handle can be written: mode 1. @returns 0. @remarks Mirrors POE::Kernel, "select_write". */
  selectWrite(handle: Handle, event?: string | null, ...args: unknown[]): 0 {
    return this.#select(handle, MODE_WRITE, event, args);
  }

  /**
   * {@link selectRead} for urgent data: mode 2.
   * @returns 0.
   * @remarks Mirrors POE::Kernel, "select_expedite". Node reports urgent data on no handle of its own.
   */
  selectExpedite(handle: Handle, event?: string | null, ...args: unknown[]): 0 {
    return this.#select(handle, MODE_EXPEDITE, event, args);
  }

  /**
   * Sets or, where the event is missing, removes all three watchers, as {@link selectRead} and its like do.
   *
   * @returns 0.
   * @throws PoeUsageError `POE_ERR_HANDLE`.
   * @remarks Mirrors POE::Kernel, "select".
   */
  select(handle: Handle, read?: string | null, write?: string | null, expedite?: string | null, ...args: unknown[]): 0 {
    this.#select(handle, MODE_READ, read, args);
    this.#select(handle, MODE_WRITE, write, args);
    return this.#select(handle, MODE_EXPEDITE, expedite, args);
  }

  #select(handle: Handle, mode: Mode, event: string | null | undefined, args: unknown[]): 0 {
    const { handles } = this._engine;
    const self = this.#self();
    // POE: an event whose name is empty counts as none.
    if (!event) handles.unwatch(self, handle, mode);
    else if (self._alive) handles.watch(self, handle, mode, event, args);
    return 0;
  }

  /** Holds read events back. @returns 1; 0 if the handle is not watched so. @remarks Mirrors POE::Kernel, "select_pause_read". */
  selectPauseRead(handle: Handle): 0 | 1 {
    return this._engine.handles.pause(handle, MODE_READ) ? 1 : 0;
  }

  /** Lets them come again. @returns 1; 0 if the handle is not watched so. @remarks Mirrors POE::Kernel, "select_resume_read". */
  selectResumeRead(handle: Handle): 0 | 1 {
    return this._engine.handles.resume(handle, MODE_READ) ? 1 : 0;
  }

  /** Holds write events back. @returns 1; 0 if the handle is not watched so. @remarks Mirrors POE::Kernel, "select_pause_write". */
  selectPauseWrite(handle: Handle): 0 | 1 {
    return this._engine.handles.pause(handle, MODE_WRITE) ? 1 : 0;
  }

  /** Lets them come again. @returns 1; 0 if the handle is not watched so. @remarks Mirrors POE::Kernel, "select_resume_write". */
  selectResumeWrite(handle: Handle): 0 | 1 {
    return this._engine.handles.resume(handle, MODE_WRITE) ? 1 : 0;
  }

  // --- signals

  /**
   * Watches a signal: `event` gets its name, then what `signal` was given, then `args`. A second call for the same
   * signal replaces the first; without an event it stops.
   *
   * @param name - Without `SIG`: `'INT'`, `'CHLD'`, `'DIE'`, or a name of your own.
   * @param event - Its name; nothing stops.
   * @param args - Passed to the handler last.
   * @example
   * kernel.sig('INT', 'interrupted');
   * @remarks Mirrors POE::Kernel, "sig". A signal watcher does not keep its session alive.
   */
  sig(name: string, event?: string | null, ...args: unknown[]): void {
    const { signals } = this._engine;
    const self = this.#self();
    if (event === undefined || event === null) signals.unwatch(self, name);
    else if (self._alive) signals.watch(self, name, event, args);
  }

  /**
   * Says that the signal being delivered has been dealt with: terminal ones stop nobody then. Outside of a delivery it does
   * nothing.
   * @remarks Mirrors POE::Kernel, "sig_handled".
   */
  sigHandled(): void {
    this._engine.signals.handled();
  }

  /**
   * Queues a signal for a session and everything below it; for everybody if `destination` is the kernel.
   *
   * @param destination - As for {@link post}.
   * @param name - Any; one that the system has, too, stays inside of the kernel all the same.
   * @param args - Passed to handlers behind the name, before those of {@link sig}.
   * @returns 1; undefined with errno `ESRCH`.
   * @example
   * kernel.signal(kernel, 'RELOAD', '/etc/app.conf');
   * @remarks Mirrors POE::Kernel, "signal".
   */
  signal(destination: Destination, name: string, ...args: unknown[]): 1 | undefined {
    const target = this.#resolve(destination);
    if (target === undefined) return this.#miss('signal', 'ESRCH', destination);
    this._engine.enqueueSignal(target, this.#self(), name, args, this.#from());
    return 1;
  }

  /**
   * Waits for a child process: `event` gets `('CHLD', pid, status, ...args)` once, `status` as in Perl's `$?`.
   * Keeps the session alive until then. Without an event it stops waiting.
   *
   * @param process - The process number or Node's ChildProcess.
   * @param event - Its name; nothing stops.
   * @param args - Passed to the handler last.
   * @example
   * const child = spawn('sleep', ['0.1']);
   * kernel.sigChild(child, 'slept');
   * @remarks Mirrors POE::Kernel, "sig_child".
   */
  sigChild(process: ProcessId, event?: string | null, ...args: unknown[]): void {
    const pid = typeof process === 'number' ? process : process?.pid;
    if (pid === undefined) return;
    const { signals } = this._engine;
    const self = this.#self();
    if (event === undefined || event === null) signals.unwatchPid(self, pid);
    else if (self._alive) signals.watchPid(self, pid, event, args);
  }

  /**
   * Does nothing: it attaches UIDESTROY to the window of a graphical toolkit, and this kernel has no such loop. Send the signal
   * yourself when the window goes: `kernel.signal(kernel, 'UIDESTROY')`.
   * @remarks Mirrors POE::Kernel, "signal_ui_destroy", as it is with the select loop.
   */
  signalUiDestroy(_window: unknown): void {}

  // --- handlers

  /**
   * Sets, replaces or removes a handler of this session at run time.
   *
   * @param event - Its name. Events that wait in the queue get the new handler.
   * @param handler - A function, or an object or class with the method; nothing removes the handler.
   * @param method - Name of the method, if it is not the event's.
   * @returns 0; `'ESRCH'` outside of sessions.
   * @throws PoeUsageError `POE_ERR_SESSION_HANDLER` for a method that does not exist, and for the event `_signal`.
   * @example
   * kernel.state('tick', ({ heap }) => { heap.ticks++; });
   * @remarks Mirrors POE::Kernel, "state".
   */
  state(event: string, handler?: Handler | object | null, method?: string): 0 | ErrnoName {
    const self = this.#self();
    if (self === this._engine.kernelSession) return this.#missed('state', 'ESRCH', event);
    (self as Session)._registerState(event, handler, method);
    return 0;
  }
}

function eventNameMissing(method: string, found: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_EVENT_NAME', `Cannot ${method}: the event name is ${String(found)}`, {
    hint: `Pass the event's name as text, as in kernel.${method === 'yield' ? "yield('tick')" : `${method}('logger', 'note')`}`,
  });
}

/** Whether a time was given; one that is no number is a mistake. */
function isTime(method: string, time: unknown): time is number {
  if (time === undefined || time === null) return false;
  if (typeof time === 'number' && !Number.isNaN(time)) return true;
  throw new PoeUsageError('POE_ERR_TIME', `Cannot ${method}: the time is ${typeof time} '${String(time)}'`, {
    hint: 'Pass seconds as a number, fractions allowed',
  });
}
