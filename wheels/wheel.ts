import {
  kernel as defaultKernel,
  type EventsMarker,
  type Handler,
  type KernelView,
  PoeUsageError,
  type Session,
  warn,
} from '../core/index.ts';

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
 * Base of all wheels, also of your own: an ID, the session the wheel acts in, private handlers, and an end that gives
 * everything back.
 *
 * A wheel ends by {@link destroy} (or `using`) or with its session, never by garbage collection: dropping a reference
 * stops nothing.
 *
 * @example
 * class Ticker extends Wheel {
 *   constructor({ kernel, tickEvent }) {
 *     super(kernel);
 *     const tick = this.addState('tick', () => {
 *       this.send(tickEvent);
 *       if (!this.destroyed) this.kernel.delay(tick, 1);
 *     });
 *     this.kernel.delay(tick, 1);
 *     this.onDestroy(() => this.kernel.delay(tick));
 *   }
 * }
 * @remarks Mirrors POE::Wheel.
 */
export abstract class Wheel {
  /** The wheel's number, the last argument of all its events. @remarks Mirrors "ID". */
  readonly id: number;
  /** The kernel, bound to the session that made the wheel. */
  protected readonly kernel: KernelView;
  readonly #undo: (() => void)[] = [];
  #destroyed = false;

  /** @throws PoeUsageError `POE_ERR_NO_ACTIVE_SESSION` outside of sessions, `POE_ERR_WHEEL_BASE` for this class itself. */
  protected constructor(kernel: KernelView) {
    if (new.target === Wheel) {
      throw new PoeUsageError('POE_ERR_WHEEL_BASE', 'Cannot make a Wheel: it is the base of the others', {
        hint: 'Extend the class, or use ReadWrite, SocketFactory or another wheel',
      });
    }
    this.id = allocateWheelId(kernel);
    this.kernel = kernel.forSession();
    this.onDestroy(this.kernel.atSessionEnd(() => this.destroy()));
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
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  /** Calls an event of the session now, with the wheel's ID as its last argument. Does nothing without an event. */
  protected send(event: string | undefined, ...args: unknown[]): void {
    if (event !== undefined) this.kernel.callVoid(this.session, event, ...args, this.id);
  }

  /** The same through the queue. */
  protected sendLater(event: string, ...args: unknown[]): void {
    this.kernel.yield(event, ...args, this.id);
  }

  /** The session that made the wheel. */
  protected get session(): Session {
    return this.kernel.session as Session;
  }

  /** Adds a private handler to the session, taken back at the end. Returns its event's name. */
  protected addState(what: string, handler: Handler): string {
    const name = `${this.constructor.name}(${this.id}) -> ${what}`;
    this.kernel.state(name, handler);
    this.#undo.push(() => this.kernel.state(name));
    return name;
  }

  /** Notes something to give back at the end. */
  protected onDestroy(undo: () => void): void {
    this.#undo.push(undo);
  }
}

/** The error for a parameter that must be there. */
export function parameterMissing(wheel: string, parameter: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `${parameter} required: cannot make a ${wheel} without it`, {
    hint: `Pass ${parameter} to new ${wheel}()`,
  });
}

/** Warns about parameters that a wheel does not know, as POE does. */
export function warnUnknown(wheel: string, given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) warn('POE_WARN_PARAMETER', `Ignoring unknown ${wheel} parameter '${name}'`);
  }
}
