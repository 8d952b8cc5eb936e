import type { From } from './caller.ts';
import { HandlerContext } from './context.ts';
import type {
  CalledWith,
  CallResult,
  EventMap,
  EventsMarker,
  MadeWith,
  NeededArgs,
  PostbackEvent,
  Settled,
  StartArgs,
} from './declared-events.ts';
import { kernel as defaultKernel } from './default-kernel.ts';
import { PoeUsageError } from './errors.ts';
import { ARGC_MANY, DEFAULT, START } from './event.ts';
import { KernelView } from './kernel-view.ts';
import { NO_HANDLER } from './list.ts';
import { refuseIfOnlyLoaded } from './only-loaded.ts';
import { type Callback, makeCallback, makePostback, type Postback } from './postback.ts';
import { SessionNode } from './session-node.ts';
import { type StateTable, sharing, stateIn, stateNames, stateTable, withoutState, withState } from './state-table.ts';
import {
  checkParameters,
  entriesOf,
  inlineState,
  isClass,
  methodState,
  methodStates,
  objectOf,
  runState,
  type State,
} from './states.ts';
import type { CheckedPairs, InlineStates, MethodPairs } from './typed-states.ts';
import type { SessionLike } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: undeclared heaps and events are loose on purpose
type Loose = any;

export interface SessionOptions<H, E, O extends MethodPairs = MethodPairs, P extends MethodPairs = MethodPairs> {
  /** The kernel that runs the session, or the view of one that a handler was given. Default: the exported `kernel`. */
  kernel?: KernelView;
  /** Events to functions. Where many sessions are made of one object that is frozen, they share what they know of it. */
  inlineStates?: InlineStates<H, Settled<E>>;
  /** Pairs of an object and the methods that handle events; methods are looked up by name when an event comes. */
  objectStates?: CheckedPairs<Settled<H>, Settled<E>, O>;
  /** Pairs of a class and its static methods that handle events. */
  packageStates?: CheckedPairs<Settled<H>, Settled<E>, P>;
  /** Arguments of `_start`: an array is spread, anything else is one argument. */
  args?: StartArgs<Settled<E>>;
  /** The session's own storage. Default: a new object. */
  heap?: H;
  /** Initial options; see {@link Session.option}. */
  options?: Record<string, unknown>;
  /** Declares the session's events, which are checked then: `events: events<Events>()`. */
  events?: EventsMarker<E>;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'inlineStates',
  'objectStates',
  'packageStates',
  'args',
  'heap',
  'options',
  'events',
]);

/**
 * The heap of a session that brings none: an object without any inherited properties, so that no key can mean anything.
 * PERF: ring, 1.2x: V8 keeps an object without prototype as a hash table, but one whose prototype is empty as a record.
 */
const Heap = function Heap() {} as unknown as new () => object;
Heap.prototype = Object.freeze(Object.create(null));

/**
 * A session: a set of event handlers with a heap of their own.
 *
 * @remarks Mirrors POE::Session.
 */
export class Session<H = Loose, E = Loose> extends SessionNode {
  /** Types only: the events that the session declares. @internal */
  declare readonly _events: E;
  /**
   * The session's number; stays after its end and is never used again. 0 without a `_start` handler.
   * @remarks Mirrors POE::Session, "ID".
   */
  readonly id: number;
  readonly #heap: H;
  #states: StateTable;
  /** The event that was looked up last, and what handles it. */
  #lastName: string | null = null;
  #lastState: State | undefined = undefined;
  #options: Map<string, unknown> | null = null;

  /** For subclasses, which `create` makes an instance of; a session comes to life only there. */
  protected constructor(kernel: KernelView, options: SessionOptions<H, Loose>) {
    if (!(kernel instanceof KernelView)) {
      throw new PoeUsageError('POE_ERR_SESSION_PARAMETER', 'Cannot make a session with new: it would never start', {
        hint: 'Use Session.create, or NFA.spawn for a machine',
      });
    }
    super(kernel._engine, kernel);
    this._kernel = new KernelView(kernel._engine, this as unknown as SessionLike);
    this.#heap = options.heap === undefined ? (new Heap() as H) : options.heap;
    for (const [name, value] of entriesOf('options', options.options)) this.#setOption(name, value);
    this.#states = statesOf(options);
    this.id = this._stateOf(START) !== undefined ? kernel._engine.sessions.nextId() : 0;
  }

  /**
   * Makes a session and starts it: `_start` runs before this returns, then `_child` of its parent.
   *
   * @param options - At least one of `inlineStates`, `objectStates` and `packageStates`, with a handler for `_start`.
   * @returns The session, of the class that `create` was called on; undefined (and a warning) if it has no `_start`.
   * @throws PoeUsageError `POE_ERR_SESSION_PARAMETER` for a parameter that is unknown or of the wrong kind,
   * `POE_ERR_SESSION_HANDLER` for a handler that is no function or a method that does not exist.
   * @example
   * Session.create({
   *   inlineStates: {
   *     _start({ kernel }) { kernel.yield('greet', 'world'); },
   *     greet(_, name) { console.log(`hello ${name}`); },
   *   },
   * });
   * @remarks Mirrors POE::Session, "create".
   */
  static create<
    H = Record<string, Loose>,
    E extends EventMap<E> = Loose,
    const O extends MethodPairs = MethodPairs,
    const P extends MethodPairs = MethodPairs,
  >(options: SessionOptions<H, E, O, P> & NeededArgs<Settled<E>>): Session<H, E> {
    refuseIfOnlyLoaded('create a session');
    checkParameters('a session', options, PARAMETERS);
    const kernel = options.kernel ?? defaultKernel;
    // `this`: a subclass makes its own kind.
    const session = new this<H, E>(kernel, options);
    const engine = kernel._engine;
    if (session._stateOf(START) === undefined) {
      engine.warn('POE_WARN_NO_START', `A session is discarded: it has no '${START}' handler`);
      return undefined as never;
    }
    const { args }: { args?: unknown } = options;
    const list = Array.isArray(args) ? (args as unknown[]) : args === undefined ? [] : [args];
    engine.sessions.start(session, kernel._bound ?? engine.active, list);
    return session;
  }

  /** The heap. @remarks Mirrors POE::Session, "get_heap". */
  getHeap(): H {
    return this.#heap;
  }

  /** `Session#` and the number: an address like the session itself. */
  override toString(): string {
    return `Session#${this.id}`;
  }

  // --- options

  /**
   * Reads or sets an option. `default`: warn about events without a handler. `trace`: tell of every event on
   * standard error. `debug`: warn about handlers that are replaced. Names are lower-cased; `on` and `yes` mean 1, `off` and
   * `no` 0, and undefined removes.
   *
   * @returns The value the option had before; undefined if it had none. With several pairs an object of such values.
   * @example
   * session.option('default', 1);
   * const { default: wasDefault } = session.option('default', 0, 'trace', 1);
   * @remarks Mirrors POE::Session, "option".
   */
  option(name: string, value?: unknown): unknown;
  option(name: string, value: unknown, nextName: string, ...more: unknown[]): Record<string, unknown>;
  option(...pairs: unknown[]): unknown {
    const old: Record<string, unknown> = Object.create(null);
    let key = '';
    for (let at = 0; at < pairs.length; at += 2) {
      key = String(pairs[at]).toLowerCase();
      old[key] = this._option(key);
      if (at + 1 < pairs.length) this.#setOption(key, pairs[at + 1]);
    }
    return pairs.length <= 2 ? old[key] : old;
  }

  /** The value of an option, by its name in lower case. @internal */
  _option(name: string): unknown {
    return this.#options?.get(name);
  }

  #setOption(name: string, value: unknown): void {
    this.#options ??= new Map();
    if (value === undefined || value === null) this.#options.delete(name);
    else this.#options.set(name, typeof value === 'string' ? optionWord(value) : value);
  }

  // --- postbacks

  /**
   * Makes a function that posts an event to this session: `[creation args]` and `[call args]`. It keeps the session alive until
   * it is given back with `destroy()` (or `using`) or `weaken()`.
   *
   * @returns A function that returns 0, or undefined once it has been given back.
   * @remarks Mirrors POE::Session, "postback". In Perl the last reference gives it back; here `destroy()` does.
   */
  postback<N extends string>(event: PostbackEvent<E, N>, ...args: MadeWith<E, N>): Postback<CalledWith<E, N>> {
    return makePostback(this as unknown as SessionLike, event, args);
  }

  /**
   * Like {@link postback}, but calls the event and returns what its handler returned.
   * @remarks Mirrors POE::Session, "callback".
   */
  callback<N extends string>(
    event: PostbackEvent<E, N>,
    ...args: MadeWith<E, N>
  ): Callback<CalledWith<E, N>, CallResult<E, N>> {
    return makeCallback(this as unknown as SessionLike, event, args);
  }

  // --- handlers

  /** Sets or removes a handler; see `kernel.state`. @internal */
  _registerState(name: string, handler: unknown, method: string | undefined): void {
    if (handler === undefined || handler === null) {
      this.#states = withoutState(this.#states, name);
      this.#lastName = null;
      return;
    }
    if (this._option('debug') && this._stateOf(name) !== undefined) {
      this._engine.warn('POE_WARN_REDEFINED', `Redefining the handler for '${name}' of session ${this.id}`);
    }
    const inline = typeof handler === 'function' && method === undefined && !isClass(handler);
    const state = inline ? inlineState(name, handler) : methodState('state', name, handler as object, method ?? name);
    this.#set(name, state);
  }

  /** A handler of the session, by its event. @internal */
  _stateOf(name: string): State | undefined {
    return stateIn(this.#states, name);
  }

  /** @internal */
  _stateNames(): string[] {
    return stateNames(this.#states);
  }

  #set(name: string, state: State): void {
    this.#states = withState(this.#states, name, state);
    this.#lastName = null;
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
    // PERF: ring, 1.3x: most sessions get the same event again and again.
    const state = name === this.#lastName ? this.#lastState : this.#find(name);
    if (state === undefined) return this.#invokeDefault(sender, name, from, argc, arg0, arg1, arg2);
    if (this.#options?.get('trace')) this._engine.warn('POE_WARN_TRACE', `${this.id} -> ${name}`);
    const context = new HandlerContext<H>(this, this.#heap, name, sender, from, objectOf(state));
    return runState(state, context, argc, arg0, arg1, arg2);
  }

  #find(name: string): State | undefined {
    const state = stateIn(this.#states, name);
    this.#lastName = name;
    this.#lastState = state;
    return state;
  }

  #invokeDefault(
    sender: SessionLike,
    name: string,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
  ): unknown {
    if (this._stateOf(DEFAULT) === undefined) {
      this._engine.errno = 'ENOSYS';
      if (this._option('default') ?? this._engine.warnsUnhandled) {
        const message = `A '${name}' event was sent to session ${this.id}, which has no handler for it`;
        this._engine.warn('POE_WARN_UNHANDLED', message);
      }
      return NO_HANDLER;
    }
    // A new array: changing it does not reach the sender's data.
    const args = argc >= ARGC_MANY ? [...(arg0 as unknown[])] : [arg0, arg1, arg2].slice(0, argc);
    return this._invoke(sender, DEFAULT, from, 2, name, args, undefined);
  }
}

/** Tables of handlers in `inlineStates` that are frozen, and so the same ones for each session that is made of them. */
const frozenStates = new WeakMap<object, StateTable>();

function statesOf(options: SessionOptions<Loose, Loose>): StateTable {
  const { inlineStates: inline, objectStates, packageStates } = options;
  const isFrozen =
    inline !== undefined && objectStates === undefined && packageStates === undefined && Object.isFrozen(inline);
  const known = isFrozen ? frozenStates.get(inline) : undefined;
  if (known !== undefined) return known;
  const table = stateTable([
    ...entriesOf('inlineStates', inline).map(([name, handler]): [string, State] => [name, inlineState(name, handler)]),
    ...methodStates('objectStates', objectStates),
    ...methodStates('packageStates', packageStates),
  ]);
  if (!isFrozen) return table;
  const shared = sharing(table);
  frozenStates.set(inline, shared);
  return shared;
}

function optionWord(value: string): unknown {
  const word = value.toLowerCase();
  if (word === 'on' || word === 'yes' || word === 'true') return 1;
  if (word === 'off' || word === 'no' || word === 'false') return 0;
  return value;
}
