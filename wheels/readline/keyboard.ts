import type { Readable } from 'node:stream';
import { MODE_READ, type Mode, type Port, port, type SystemError, systemError } from '../../core/index.ts';

/**
 * The stream that keys come from, as a handle. While nobody watches it the stream is paused: what is typed then stays with
 * the system, for whoever reads next, and the stream does not keep the process alive.
 */
export class Keyboard implements Port {
  readonly [port]: Port = this;
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly #stream: Readable;
  #arrived: Uint8Array[] = [];
  #ended = false;
  #watched = false;

  constructor(stream: Readable) {
    this.#stream = stream;
    if (stream.readableEnded || stream.destroyed) this.#ended = true;
    stream.on('end', this.#onEnd);
    stream.on('close', this.#onEnd);
    stream.on('error', this.#onError);
  }

  ready(mode: Mode): boolean {
    return mode === MODE_READ && (this.#arrived.length > 0 || this.#ended);
  }

  watch(mode: Mode): void {
    if (mode !== MODE_READ || this.#watched) return;
    this.#watched = true;
    this.#stream.on('data', this.#onData);
    this.#stream.resume();
  }

  unwatch(mode: Mode): void {
    if (mode !== MODE_READ || !this.#watched) return;
    this.#watched = false;
    this.#stream.off('data', this.#onData);
    this.#stream.pause();
  }

  read(): Uint8Array | null | undefined {
    const first = this.#arrived.shift();
    if (first !== undefined) return first;
    return this.#ended ? undefined : null;
  }

  write(): void {}

  shutdown(): void {
    this.close();
  }

  /** Leaves the stream to others; it is not closed. */
  close(): void {
    this.unwatch(MODE_READ);
    this.#stream.off('end', this.#onEnd);
    this.#stream.off('close', this.#onEnd);
    this.#stream.off('error', this.#onError);
  }

  readonly #onData = (chunk: Uint8Array | string): void => {
    this.#arrived.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    this.onReady?.(MODE_READ);
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    if (this.#watched) this.onReady?.(MODE_READ);
  };

  /** A terminal that is hung up reads as an end. */
  readonly #onError = (error: unknown): void => {
    this.error ??= systemError('read', error);
    this.#onEnd();
  };
}
