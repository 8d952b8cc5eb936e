import type { From } from './caller.ts';
import type { CalledWith, CallResult, EventName, MadeWith, PostbackEvent, Settled } from './declared-events.ts';
import { kernel as defaultKernel } from './default-kernel.ts';
import { PoeUsageError } from './errors.ts';
import { ARGC_MANY, DEFAULT, START, STOP } from './event.ts';
import type { KernelView } from './kernel-view.ts';
import { MachineContext } from './machine-context.ts';
import { refuseIfOnlyLoaded } from './only-loaded.ts';
import type { Callback } from './postback.ts';
import { Session } from './session.ts';
import {
  checkParameters,
  entriesOf,
  inlineState,
  type MethodMap,
  methodStates,
  objectOf,
  runState,
  type State,
} from './states.ts';
import type {
  EntryArgs,
  MachineEvents,
  MachineStates,
  StateEvents,
  StateMap,
  StateName,
  StatesMarker,
} from './typed-machine.ts';
import type { SessionLike } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: undeclared runstates and arguments are loose on purpose
type Loose = any;

export interface MachineOptions<R, S = Loose> {
  /** The kernel that runs the machine, or the view of one that a handler was given. Default: the exported `kernel`. */
  kernel?: KernelView;
  /** By state: events to functions. */
  inlineStates?: MachineStates<R, Settled<S>>;
  /** By state: pairs of an object and the methods that handle events. */
  objectStates?: Readonly<Record<string, readonly (readonly [object, MethodMap])[]>>;
  /** By state: pairs of a class and its static methods that handle events. */
  packageStates?: Readonly<Record<string, readonly (readonly [object, MethodMap])[]>>;
  /** The machine's own storage. Default: a new object. */
  runstate?: R;
  /** Initial options: those of a session, and `immediate`. */
  options?: Record<string, unknown>;
  /** Declares the machine's states and their events, which are checked then: `states: states<States>()`. */
  states?: StatesMarker<S>;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'inlineStates',
  'objectStates',
  'packageStates',
  'runstate',
  'options',
  'states',
]);

/** Events by which a machine moves itself. */
const GOTO = 'poe_nfa_goto_state';
const PUSH = 'poe_nfa_push_state';
const POP = 'poe_nfa_pop_state';
const END = 'poe_nfa_stop';

/** POE: the name of the state before the first one. */
const NO_STATE = '(undef)';

/**
 * A state machine: a session whose handlers depend on the state it is in. An event without a handler in the current
 * state is an error there, unless the state has a `_default`. `_start` and `_stop` are ignored.
 *
 * @example
 * const door = NFA.spawn({
 *   inlineStates: {
 *     closed: { push: ({ machine }, who) => machine.gotoState('open', 'enter', who) },
 *     open: { enter: ({ runstate }, who) => { runstate.visitors.push(who); } },
 *   },
 *   runstate: { visitors: [] as string[] },
 * });
 * door.gotoState('closed');
 * @remarks Mirrors POE::NFA.
 */
export class NFA<R = Loose, S = Loose> extends Session<R, MachineEvents<S>> {
  /** Types only: the states that the machine declares. @internal */
  declare readonly _declaredStates: S;
  readonly #states = new Map<string, Map<string, State>>();
  readonly #stack: { state: string; event: string | undefined }[] = [];
  #current: Map<string, State> | null = null;
  #currentName = NO_STATE;

  protected constructor(kernel: KernelView, options: MachineOptions<R, Loose> = {}) {
    // The states of the session underneath are those that wheels add; _start makes it one that can live.
    const { runstate, options: given } = options;
    super(kernel, {
      inlineStates: { [START]() {} },
      ...(runstate === undefined ? {} : { heap: runstate }),
      ...(given === undefined ? {} : { options: given }),
    });
    for (const [state, handlers] of entriesOf('inlineStates', options.inlineStates)) {
      const events = this.#eventsOf(state);
      for (const [event, handler] of entriesOf(`inlineStates of '${state}'`, handlers)) {
        events.set(event, inlineState(event, handler));
      }
    }
    for (const parameter of ['objectStates', 'packageStates'] as const) {
      for (const [state, pairs] of entriesOf(parameter, options[parameter])) {
        const events = this.#eventsOf(state);
        for (const [event, handler] of methodStates(`${parameter} of '${state}'`, pairs)) events.set(event, handler);
      }
    }
  }

  /**
   * Makes a machine. It is in no state until {@link gotoState} is called.
   *
   * @param options - At least one of `inlineStates`, `objectStates` and `packageStates`.
   * @throws PoeUsageError `POE_ERR_SESSION_PARAMETER`, `POE_ERR_SESSION_HANDLER`.
   * @remarks Mirrors POE::NFA, "spawn".
   */
  static spawn<R = Record<string, Loose>, S extends StateMap<S> = Loose>(options: MachineOptions<R, S>): NFA<R, S> {
    refuseIfOnlyLoaded('create a machine');
    checkParameters('a machine', options, PARAMETERS);
    if (!['inlineStates', 'objectStates', 'packageStates'].some((name) => name in options)) {
      throw new PoeUsageError('POE_ERR_SESSION_PARAMETER', 'Cannot create a machine: it has no states', {
        hint: 'Give at least one of inlineStates, objectStates and packageStates',
      });
    }
    const kernel = options.kernel ?? defaultKernel;
    const machine = new this<R, S>(kernel, options);
    kernel._engine.sessions.start(machine, kernel._bound ?? kernel._engine.active, []);
    return machine;
  }

  /** Machines are made by {@link spawn}. */
  static override create(): never {
    throw new PoeUsageError(
      'POE_ERR_SESSION_PARAMETER',
      'Cannot create a machine: it has states, not one set of handlers',
      {
        hint: 'Use NFA.spawn',
      },
    );
  }

  // --- moving

  /**
   * Enters a state: runs `leave` of the present one, then `event` of the new one with `args`. The first time and with the option
   * `immediate` it happens at once, otherwise in its turn behind what is queued.
   *
   * An unknown state or event is an exception of the machine (`POE_ERR_MACHINE_STATE`, `POE_ERR_MACHINE_EVENT`), a DIE signal
   * unless the machine moves itself at once.
   *
   * @remarks Mirrors POE::NFA, "goto_state".
   */
  gotoState<K extends StateName<S>, N extends EventName<StateEvents<S, K>> = never>(
    state: K,
    event?: N,
    ...args: EntryArgs<S, K, N>
  ): void {
    this.#move(this.#current === null || this.#immediate(), GOTO, [state, event, ...args]);
  }

  /**
   * Enters a state as {@link gotoState} does, to come back by {@link returnState}, which delivers `returnEvent` in the present
   * state.
   * @remarks Mirrors POE::NFA, "call_state".
   */
  callState<K extends StateName<S>, N extends EventName<StateEvents<S, K>> = never>(
    returnEvent: EventName<MachineEvents<S>> | undefined,
    state: K,
    event?: N,
    ...args: EntryArgs<S, K, N>
  ): void {
    this.#move(this.#immediate(), PUSH, [returnEvent, state, event, ...args]);
  }

  /**
   * Goes back to the state that called {@link callState} last, whose return event gets `args`. With nothing to return to
   * it is an exception of the machine (`POE_ERR_MACHINE_STACK`).
   * @remarks Mirrors POE::NFA, "return_state".
   */
  returnState(...args: unknown[]): void {
    this.#move(this.#immediate(), POP, args);
  }

  /** Ends the machine, in its turn behind what is queued. @remarks Mirrors POE::NFA, "stop". */
  stop(): void {
    this.#move(false, END, []);
  }

  /** Name of the state the machine is in; `(undef)` before the first. @remarks Mirrors POE::NFA, "get_current_state". */
  getCurrentState(): string {
    return this.#currentName;
  }

  /** The machine's own storage. @remarks Mirrors POE::NFA, "get_runstate". */
  getRunstate(): R {
    return this.getHeap();
  }

  /** As of sessions, but it does not keep the machine alive. @remarks Mirrors POE::NFA, "callback". */
  override callback<N extends string>(
    event: PostbackEvent<MachineEvents<S>, N>,
    ...args: MadeWith<MachineEvents<S>, N>
  ): Callback<CalledWith<MachineEvents<S>, N>, CallResult<MachineEvents<S>, N>> {
    return super.callback(event, ...args).weaken();
  }

  #immediate(): boolean {
    return Boolean(this._option('immediate'));
  }

  /** Sends the machine one of its own events, from whichever session is active. */
  #move(now: boolean, event: string, args: unknown[]): void {
    const kernel = this._engine.kernelSession._kernel;
    if (now) kernel.callVoid(this as Session, event, ...args);
    else kernel.post(this as Session, event, ...args);
  }

  /** The handlers of a state; making them makes the state. */
  #eventsOf(state: string): Map<string, State> {
    let events = this.#states.get(state);
    if (events === undefined) {
      events = new Map();
      this.#states.set(state, events);
    }
    return events;
  }

  /** Events of the state it is in, and those that wheels and the like have added. @internal */
  override _stateNames(): string[] {
    return [...new Set([...super._stateNames(), ...(this.#current?.keys() ?? [])])];
  }

  // --- dispatch

  /** @internal */
  override _invoke(
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
  ): unknown {
    const args = () => (argc >= ARGC_MANY ? [...(arg0 as unknown[])] : [arg0, arg1, arg2].slice(0, argc));
    if (this._option('trace')) this._engine.warn('POE_WARN_TRACE', `${this.id} -> ${name}`);
    switch (name) {
      case START:
      case STOP:
        return undefined;
      case END:
        this._engine.sessions.stop(this);
        return undefined;
      case GOTO:
        return this.#enter(args());
      case PUSH: {
        const [event, ...rest] = args();
        this.#stack.push({ state: this.#currentName, event: event as string | undefined });
        return this.#enter(rest);
      }
      case POP:
        return this.#return(args());
    }
    const own = this.#current?.get(name) ?? this._stateOf(name);
    if (own !== undefined) {
      const context = new MachineContext<R, S>(this, this.#currentName, name, sender, from, objectOf(own));
      return runState(own, context, argc, arg0, arg1, arg2);
    }
    const otherwise = this.#current?.get(DEFAULT);
    if (otherwise === undefined) {
      throw new PoeUsageError(
        'POE_ERR_MACHINE_EVENT',
        `Cannot handle '${name}' in machine ${this.id}: its state '${this.#currentName}' has neither a handler for it nor a ${DEFAULT}`,
        { hint: `Give the state a handler, or a ${DEFAULT} for whatever else may come, such as _child and _parent` },
      );
    }
    const context = new MachineContext<R, S>(this, this.#currentName, DEFAULT, sender, from, objectOf(otherwise));
    return runState(otherwise, context, 2, name, args(), undefined);
  }

  #return(args: unknown[]): unknown {
    const back = this.#stack.pop();
    if (back === undefined) {
      throw new PoeUsageError('POE_ERR_MACHINE_STACK', `Cannot return in machine ${this.id}: nothing has called`, {
        hint: 'Each returnState needs a callState before it',
      });
    }
    return this.#enter([back.state, back.event, ...args]);
  }

  #enter([name, event, ...args]: unknown[]): unknown {
    const next = this.#states.get(name as string);
    if (next === undefined) {
      throw new PoeUsageError(
        'POE_ERR_MACHINE_STATE',
        `Cannot enter a state in machine ${this.id}: there is no '${name}'`,
        {
          hint: `Its states are ${[...this.#states.keys()].join(', ')}`,
        },
      );
    }
    if (event !== undefined && event !== null && !next.has(event as string)) {
      throw new PoeUsageError(
        'POE_ERR_MACHINE_EVENT',
        `Cannot enter state '${name}' in machine ${this.id}: it has no handler for the entry event '${event}'`,
        { hint: `Its events are ${[...next.keys()].join(', ')}` },
      );
    }
    const left = this.#current?.has('leave') ? this.#own('leave', []) : undefined;
    this.#current = next;
    this.#currentName = name as string;
    const entered = event === undefined || event === null ? undefined : this.#own(event as string, args);
    // POE: a move has no value. Promises are kept, so that they hold the machine and their rejections are heard.
    const promises = [left, entered].filter((value) => value instanceof Promise);
    return promises.length === 0 ? undefined : Promise.all(promises);
  }

  /** Runs a handler of the present state as part of a move. */
  #own(event: string, args: unknown[]): unknown {
    const many = args.length >= ARGC_MANY;
    const argc = many ? ARGC_MANY : args.length;
    return this._invoke(
      this as unknown as SessionLike,
      event,
      undefined,
      argc,
      many ? args : args[0],
      args[1],
      args[2],
    );
  }
}
