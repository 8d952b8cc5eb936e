import {
  kernel as defaultKernel,
  type EventsMarker,
  type Handle,
  type Handler,
  type KernelView,
  PoeUsageError,
  type Session,
  warn,
} from '../core/index.ts';
import { type WheelHooks, wheelHooks } from './hooks.ts';

/**
 * What every wheel takes. `E` are the events of the session: they come from the `kernel` that is given, or from the type argument of
 * the wheel. The names of events in a wheel's options are checked against them; without them any name will do.
 *
 * @example
 * _start({ kernel, heap }) {
 *   heap.wheel = new ReadWrite({ kernel, handle, inputEvent: 'line' });
 * }
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface WheelOptions<E = any> {
  /** The kernel that a handler was given; the wheel acts for its session. Default: the exported `kernel`, for the active session. */
  kernel?: (KernelView & EventsMarker<E>) | undefined;
}

/**
 * Takes the next free wheel ID of this process.
 *
 * @param kernel - Default: the exported `kernel`. All kernels of a process count together.
 * @remarks Mirrors POE::Wheel, "allocate_wheel_id".
 */
export function allocateWheelId(kernel: KernelView = defaultKernel): number {
  return kernel.host.identity.next('wheel');
}

/**
 * Base of all wheels, also of your own: an ID, the session the wheel acts in, events that can be renamed, private handlers, watchers, and
 * an end that gives everything back.
 *
 * `Names` are the wheel's events, each with what it is called in the session.
 *
 * A wheel ends by {@link destroy} (or `using`) or with its session, never by garbage collection: dropping a reference
 * stops nothing.
 *
 * @example
 * class Ticker extends Wheel {
 *   constructor({ kernel, tickEvent }) {
 *     super(kernel, { tickEvent }, ['tickEvent']);
 *     const tick = this.addState('tick', () => {
 *       this.send(this.events.tickEvent);
 *       if (!this.destroyed) this.kernel.delay(tick, 1);
 *     });
 *     this.kernel.delay(tick, 1);
 *   }
 * }
 * @remarks Mirrors POE::Wheel.
 */
export abstract class Wheel<Names extends object = object> {
  /** The wheel's number, the last argument of all its events. @remarks Mirrors "ID". */
  readonly id: number;
  /** The kernel, bound to the session that made the wheel. */
  protected readonly kernel: KernelView;
  /** What the events are called in the session; undefined for those that nobody wants. */
  protected readonly events: Names;
  readonly #required: readonly string[];
  /** What to do at the end, the last one first. */
  #undo: Undo | null = null;
  readonly #hooks: WheelHooks;
  #destroyed = false;

  /**
   * @param events - The wheel's events with their names; undefined for one that nobody wants.
   * @param required - Those that must have a name.
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without one of these, `POE_ERR_NO_ACTIVE_SESSION` outside of sessions, `POE_ERR_WHEEL_BASE` for
   * this class itself.
   */
  protected constructor(
    kernel: KernelView,
    events: Names = {} as Names,
    required: readonly (string & keyof Names)[] = [],
  ) {
    if (new.target === Wheel) {
      throw new PoeUsageError('POE_ERR_WHEEL_BASE', 'Cannot make a Wheel: it is the base of the others', {
        hint: 'Extend the class, or use ReadWrite, SocketFactory or another wheel',
      });
    }
    for (const name of required) if (isMissing(events[name])) throw parameterMissing(new.target.name, name);
    this.id = allocateWheelId(kernel);
    this.kernel = kernel.forSession();
    this.events = events;
    this.#required = required;
    this.#hooks = wheelHooks(kernel);
    this.onDestroy(this.kernel.atSessionEnd(() => this.destroy()));
    if (this.#hooks.wheelCreated.isUsed()) this.#hooks.wheelCreated.call(this);
  }

  /**
   * Renames events of the wheel from the next one on; undefined turns one off.
   *
   * @remarks Mirrors "event" of POE's wheels. An event that the wheel does not have is a warning, and so is undefined for one that it needs: that one stays as
   * it was.
   */
  event(names: Partial<Names>): void {
    const wheel = this.constructor.name;
    for (const name of Object.keys(names)) {
      const value: unknown = names[name as keyof Names];
      if (!(name in this.events)) warnOfParameter(this.kernel, `Ignoring unknown ${wheel} parameter '${name}'`);
      else if (isMissing(value) && this.#required.includes(name)) {
        warnOfParameter(this.kernel, `${name} requires an event name; it stays as it was`);
      } else {
        this.events[name as keyof Names] = (value ?? undefined) as Names[keyof Names];
      }
    }
  }

  /** Whether {@link destroy} has been called. */
  get destroyed(): boolean {
    return this.#destroyed;
  }

  /** Gives back the wheel's watchers, private handlers and handles. May be called twice; events of a read under way still come. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    // Backwards, as they were made: each may rest on an earlier one.
    for (let undo = this.#undo; undo !== null; undo = undo.before) {
      if (typeof undo.what === 'string') this.#removeState(undo.what);
      else undo.what();
    }
    this.#undo = null;
    if (this.#hooks.wheelDestroyed.isUsed()) this.#hooks.wheelDestroyed.call(this);
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  /** Calls an event of the session now, with the wheel's ID as its last argument. Does nothing without an event. */
  protected send(event: string | undefined, ...args: unknown[]): void {
    if (event === undefined) return;
    // PERF: stream: without another list of the arguments, for a record.
    if (args.length === 1) this.kernel.callVoid(this.session, event, args[0], this.id);
    else this.kernel.callVoid(this.session, event, ...args, this.id);
  }

  /** The same through the queue. */
  protected sendLater(event: string, ...args: unknown[]): void {
    this.kernel.yield(event, ...args, this.id);
  }

  /** {@link send} for a failure: operation, errno and text as POE has them. Plugins hear of it even if the session does not want to. */
  protected sendError(event: string | undefined, operation: string, errno: number, message: string): void {
    this.tellFailed(operation, errno, message);
    this.send(event, operation, errno, message);
  }

  /** Tells plugins of a failure that the session hears of in another way than by {@link sendError}. */
  protected tellFailed(operation: string, errno: number, message: string): void {
    const { wheelFailed } = this.#hooks;
    if (wheelFailed.isUsed()) wheelFailed.call(this, operation, errno, message);
  }

  /** The session that made the wheel. */
  get session(): Session {
    return this.kernel.session as Session;
  }

  /** Adds a private handler to the session, which is taken back at the end with its timers. Returns its event's name. */
  protected addState(what: string, handler: Handler): string {
    const name = `${this.constructor.name}(${this.id}) -> ${what}`;
    this.kernel.state(name, handler);
    this.#undo = { what: name, before: this.#undo };
    return name;
  }

  #removeState(name: string): void {
    this.kernel.delay(name);
    this.kernel.state(name);
  }

  /** Has a private handler called while a handle can be read from, until the end. Returns the handler's event. */
  protected watchRead(handle: Handle, handler: Handler): string {
    const state = this.addState('select read', handler);
    this.kernel.selectRead(handle, state);
    this.onDestroy(() => this.kernel.selectRead(handle));
    return state;
  }

  /** The same while it can be written to. */
  protected watchWrite(handle: Handle, handler: Handler): string {
    const state = this.addState('select write', handler);
    this.kernel.selectWrite(handle, state);
    this.onDestroy(() => this.kernel.selectWrite(handle));
    return state;
  }

  /** Notes something to give back at the end. */
  protected onDestroy(undo: () => void): void {
    this.#undo = { what: undo, before: this.#undo };
  }
}

/** Something to give back: a private handler by its name, or whatever the function does. PERF: ikc-visits, ikc-idle: a chain grows without copies, and has no room to spare. */
interface Undo {
  readonly what: string | (() => void);
  readonly before: Undo | null;
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * What a wheel was given, if that are parameters by name.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` for nothing at all, and for anything else than an object.
 */
export function parametersOf<O extends object>(wheel: string, given: O): O {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  const found = given === undefined || given === null ? `it has no parameters` : `its parameters are no object`;
  throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ${wheel}: ${found}`, {
    hint: `Pass them by name: new ${wheel}({ ... })`,
  });
}

/** The error for a parameter that must be there. */
export function parameterMissing(wheel: string, parameter: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `${parameter} required: cannot make a ${wheel} without it`, {
    hint: `Pass ${parameter} to new ${wheel}()`,
  });
}

/** Warns about parameters that a wheel does not know, as POE does. */
export function warnUnknown(wheel: string, given: WheelOptions, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) warnOfParameter(given.kernel, `Ignoring unknown ${wheel} parameter '${name}'`);
  }
}

/** Warns of a parameter, unless a tap of the kernel's hook `warn` keeps it back. */
export function warnOfParameter(kernel: KernelView = defaultKernel, message: string): void {
  warn('POE_WARN_PARAMETER', message, kernel);
}
