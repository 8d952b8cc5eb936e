import type { SystemError } from '../errno.ts';
import { type Mode, type Port, port } from './handles.ts';

/**
 * Something that the host is still doing, as a handle: it becomes ready once the result is there, so that a session waits for
 * it as for any other handle.
 */
export class Completion<T> implements Port {
  readonly [port]: Port = this;
  onReady: ((mode: Mode) => void) | null = null;
  readonly error: SystemError | null = null;
  readonly unwritten = 0;
  /** The result; undefined until it is there. */
  result: T | undefined = undefined;
  readonly #cancel: () => void;

  /** @param start - Begins the work, is given how to hand the result over, and returns how to give up. */
  constructor(start: (complete: (result: T) => void) => () => void) {
    this.#cancel = start((result) => {
      this.result = result;
      this.onReady?.(0);
    });
  }

  ready(): boolean {
    return this.result !== undefined;
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
    if (this.result === undefined) this.#cancel();
  }
}
