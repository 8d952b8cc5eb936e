import type { Clock, Handle, Host, HostLoop, Mode, Port, ProcessHost, SignalHost } from 'poe-kernel';
import { port } from 'poe-kernel';

/** A day: timers as long as this only keep a process alive, nobody waits for them. */
const FOREVER_SECONDS = 86_400;

/**
 * A clock and a loop in which nothing takes time: when the kernels have nothing to do before their next timer, the clock jumps
 * there. An hour of timers takes milliseconds. Signals and child processes come when the test says so.
 */
export class SimulatedHost {
  /** Seconds since the simulation began. */
  now = 0;
  /** Turns that kernels have asked for. */
  turns = 0;
  readonly clock: Clock;
  readonly loop: HostLoop;
  readonly signals: SignalHost;
  readonly processes: ProcessHost;
  /** Names of the signals that are watched. */
  readonly watchedSignals = new Set<string>();
  readonly #signalCallbacks = new Map<string, Set<() => void>>();
  readonly #children = new Set<number>();
  readonly #childCallbacks = new Set<(pid: number, status: number) => void>();
  readonly #timers = new Set<{ due: number; callback: () => void }>();
  #jumpAsked = false;

  /** @param epoch - What the wall clock shows at the beginning, in epoch seconds. */
  constructor(epoch = 1_000_000_000) {
    this.clock = { monotonic: () => this.now, wall: () => epoch + this.now };
    this.loop = {
      soon: (callback) => {
        this.turns++;
        setImmediate(callback);
      },
      after: (seconds, callback) => {
        const timer = { due: this.now + seconds, callback };
        if (seconds < FOREVER_SECONDS) this.#timers.add(timer);
        this.#askJump();
        return () => this.#timers.delete(timer);
      },
    };
    this.signals = {
      exists: (name) => /^(USR1|USR2|INT|TERM|HUP)$/.test(name),
      watch: (name, callback) => {
        const callbacks = this.#signalCallbacks.get(name) ?? new Set();
        this.#signalCallbacks.set(name, callbacks);
        callbacks.add(callback);
        this.watchedSignals.add(name);
        return () => {
          callbacks.delete(callback);
          if (callbacks.size === 0) this.watchedSignals.delete(name);
        };
      },
    };
    this.processes = {
      isChild: (pid) => this.#children.has(pid),
      watch: (callback) => {
        this.#childCallbacks.add(callback);
        return () => this.#childCallbacks.delete(callback);
      },
    };
  }

  /** What `new Kernel({ host })` takes; handles bring their own ports. */
  get host(): Partial<Host> {
    const { clock, loop, signals, processes } = this;
    const portOf = (handle: Handle): Port => (handle as { [port]: Port })[port];
    return { clock, loop, signals, processes, handles: { portOf } };
  }

  /** A signal of the system comes. */
  raise(name: string): void {
    for (const callback of [...(this.#signalCallbacks.get(name) ?? [])]) callback();
  }

  /** A child process has been started. */
  born(pid: number): void {
    this.#children.add(pid);
  }

  /** A child process has ended. */
  ended(pid: number, status: number): void {
    this.#children.delete(pid);
    for (const callback of [...this.#childCallbacks]) callback(pid, status);
  }

  /** Time passes while a handler runs. */
  pass(seconds: number): void {
    this.now += seconds;
  }

  #askJump(): void {
    if (this.#jumpAsked) return;
    this.#jumpAsked = true;
    // After the turns and promises that are under way.
    setImmediate(() => {
      this.#jumpAsked = false;
      let next: { due: number; callback: () => void } | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.due < next.due) next = timer;
      if (next === undefined) return;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.due);
      next.callback();
      if (this.#timers.size !== 0) this.#askJump();
    });
  }
}

/** A handle whose readiness the test sets. */
export class SimulatedHandle {
  readonly [port]: Port;
  readonly #ready = new Set<Mode>();
  readonly #watched = new Set<Mode>();

  constructor() {
    this[port] = {
      onReady: null,
      error: null,
      writeError: null,
      room: 0,
      unwritten: 0,
      ready: (mode) => this.#ready.has(mode),
      watch: (mode) => void this.#watched.add(mode),
      unwatch: (mode) => void this.#watched.delete(mode),
      read: () => null,
      write: () => {},
      shutdown: () => {},
      close: () => {},
    };
  }

  /** Modes that the kernel has asked for. */
  get watched(): Mode[] {
    return [...this.#watched].sort();
  }

  /** The handle becomes ready, or ceases to be. */
  set(mode: Mode, ready = true): void {
    if (ready) this.#ready.add(mode);
    else this.#ready.delete(mode);
    if (ready && this.#watched.has(mode)) this[port].onReady?.(mode);
  }
}
