import type { SystemError } from '../errno.ts';
import { MODE_WRITE, type Mode, type Port, port } from './handles.ts';

/**
 * Something that the host is still doing, as a handle: it becomes ready once the result is there, so that a session waits for
 * it as for any other handle.
 */
export class Completion<T> implements Port {
  readonly [port]: Port = this;
  onReady: ((mode: Mode) => void) | null = null;
  readonly error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  #result: T | undefined = undefined;
  #taken = false;
  readonly #cancel: () => void;

  /**
   * @param start - Begins the work, is given how to hand the result over, and returns how to give up, which is also called for
   * a result that nobody has taken.
   */
  constructor(start: (complete: (result: T) => void) => () => void) {
    this.#cancel = start((result) => {
      this.#result = result;
      this.onReady?.(MODE_WRITE);
    });
  }

  /** The result, which is the caller's from now on; undefined until it is there. */
  take(): T | undefined {
    this.#taken = this.#result !== undefined;
    return this.#result;
  }

  ready(): boolean {
    return this.#result !== undefined;
  }

  watch(): void {}

  unwatch(): void {}

  read(): undefined {
    return undefined;
  }

  write(): void {}

  shutdown(): void {
    this.close();
  }

  close(): void {
    if (!this.#taken) this.#cancel();
  }
}
