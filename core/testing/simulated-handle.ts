import { type Mode, type Port, port } from '../host/handles.ts';

/**
 * A handle whose readiness the test sets. For one that carries octets take `oneWay()` or `twoWay()`, which are all memory
 * and run on simulated time as they are.
 *
 * @example
 * const handle = new SimulatedHandle();
 * kernel.selectRead(handle, 'readable');
 * handle.set(MODE_READ);        // 'readable' comes until handle.set(MODE_READ, false)
 */
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

  /** Modes that a kernel has asked for, in ascending order. */
  get watched(): Mode[] {
    return [...this.#watched].sort();
  }

  /** The handle becomes ready in a mode, or ceases to be. As with a real one, readiness lasts until it is taken back. */
  set(mode: Mode, ready = true): void {
    if (ready) this.#ready.add(mode);
    else this.#ready.delete(mode);
    if (ready && this.#watched.has(mode)) this[port].onReady?.(mode);
  }
}
