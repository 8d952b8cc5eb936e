import { Socket } from 'node:net';
import { Duplex, Readable, Writable } from 'node:stream';
import { errnoFailure, type SystemError, systemError } from '../errno.ts';
import { MODE_READ, MODE_WRITE, type Mode, type Port } from './handles.ts';

/** Octets a stream should be given at a time: enough for one system call a slice, few enough to see progress. */
const LARGEST_WRITE = 262_144;
/** Octets that may wait here for who reads, before the stream is asked to hold the rest back. */
const MOST_AHEAD = 65_536;
/** How long octets that nobody takes may hold up the closing of a socket. */
const LINGER_MS = 10_000;

/** A port over a Node stream: readiness is what the stream has buffered, and whether it has passed on what it was given. */
export class StreamPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  writeError: SystemError | null = null;
  readonly connection: boolean;
  readonly #isPlainSocket: boolean;
  readonly #readable: Readable | null;
  readonly #writable: Writable | null;
  #watchesRead = false;
  #watchesWrite = false;
  #listens = false;
  /** Whether octets are taken from the stream as they come: see {@link Port.takeAhead}. */
  #takesAhead = false;
  #ahead: Uint8Array[] = [];
  #octetsAhead = 0;
  #holdsBack = false;
  /** Whether the stream was stopped here, and is to flow for whoever listens next. */
  #stopped = false;
  #heedsOthers = false;
  /** Whether somebody else ever had something of the data. */
  #shared = false;
  #connecting = false;
  #ended = false;
  #shut = false;

  constructor(stream: Readable | Writable) {
    this.#readable = stream instanceof Readable || stream instanceof Duplex ? stream : null;
    this.#writable = stream instanceof Writable || stream instanceof Duplex ? (stream as Writable) : null;
    // POE: the end of the peer's data leaves our own side open.
    if (stream instanceof Duplex) stream.allowHalfOpen = true;
    // These stay for the handle's life: an error between two watchers must be kept, not thrown.
    stream.on('error', (error: unknown) => {
      this.#failed(error);
      this.#notifyAll();
    });
    stream.on('end', () => {
      this.#ended = true;
      this.#notify(MODE_READ);
    });
    stream.on('close', () => {
      this.#ended = true;
      this.writeError ??= errnoFailure('write', 'EPIPE');
      this.#notifyAll();
    });
    this.connection = stream instanceof Socket;
    this.#isPlainSocket = Object.getPrototypeOf(stream) === Socket.prototype;
    if (stream instanceof Socket && stream.connecting) this.#awaitConnection(stream);
  }

  ready(mode: Mode): boolean {
    if (mode === MODE_READ) {
      const readable = this.#readable;
      if (readable === null) return false;
      return this.#octetsAhead > 0 || readable.readableLength > 0 || this.#ended || this.error !== null;
    }
    return mode === MODE_WRITE && this.room > 0;
  }

  watch(mode: Mode): void {
    if (mode === MODE_READ) {
      this.#watchesRead = true;
      this.#heedOthers();
      this.#listen();
    } else if (mode === MODE_WRITE) {
      this.#watchesWrite = true;
    }
  }

  unwatch(mode: Mode): void {
    if (mode === MODE_WRITE) this.#watchesWrite = false;
    if (mode !== MODE_READ || !this.#watchesRead) return;
    this.#watchesRead = false;
    this.#unlisten();
  }

  takeAhead(yes: boolean): void {
    const listens = this.#listens;
    if (listens) this.#unlisten();
    this.#takesAhead = yes;
    if (yes && (this.#readable?.readableLength ?? 0) > 0) this.#shared = true;
    if (listens) this.#listen();
    if (yes || this.#octetsAhead === 0 || this.#ended) return;
    this.#readable?.unshift(Buffer.concat(this.#ahead));
    this.#ahead = [];
    this.#octetsAhead = 0;
    this.#holdsBack = false;
  }

  /** Of a socket as Node makes it each chunk is memory of its own; whoever puts something before them with `unshift` gives that away. */
  get exclusive(): boolean {
    return this.#takesAhead && this.#isPlainSocket && !this.#shared;
  }

  read(maxOctets: number): Uint8Array | null | undefined {
    const readable = this.#readable;
    if (readable === null) return undefined;
    if (this.#octetsAhead > 0) return this.#takeAhead(readable, maxOctets);
    // Without a size Node gives all there is, and notices the end of the stream by it.
    const chunk: unknown = readable.read(readable.readableLength > maxOctets ? maxOctets : undefined);
    // Where it listens to 'data' it has heard of this chunk, too.
    if (this.#octetsAhead > 0) return this.#takeAhead(readable, maxOctets);
    // A stream that buffers nothing, as that of a terminal, waits to be asked again.
    if (this.#watchesRead && readable.readableHighWaterMark === 0 && readable.readableLength === 0) readable.read(0);
    if (chunk !== null) return octetsOf(readable, chunk);
    return this.#ended || this.error !== null ? undefined : null;
  }

  get room(): number {
    const writable = this.#writable;
    if (writable === null) return 0;
    return this.writeError !== null || (writable.writableLength === 0 && !this.#connecting) ? LARGEST_WRITE : 0;
  }

  write(octets: Uint8Array): void {
    this.writeAll([octets]);
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    const writable = this.#writable;
    if (this.writeError !== null || writable === null) return;
    if (writable.writableEnded || writable.destroyed) {
      this.writeError = errnoFailure('write', 'EPIPE');
      return;
    }
    if (pieces.length > 1) writable.cork();
    for (const piece of pieces) writable.write(piece, this.#written);
    if (pieces.length > 1) writable.uncork();
    // A write that fails at once is told by an event only later, when what was written would count as flushed.
    if (writable.errored !== null) this.#failed(writable.errored);
  }

  get unwritten(): number {
    return this.#writable?.writableLength ?? 0;
  }

  shutdown(mode: typeof MODE_READ | typeof MODE_WRITE): void {
    if (mode === MODE_WRITE) {
      this.#writable?.end();
      return;
    }
    if (this.#shut) return;
    this.#shut = true;
    // What still comes is thrown away, so that the end of the stream is seen and the handle can close.
    this.unwatch(MODE_READ);
    this.#ahead = [];
    this.#octetsAhead = 0;
    this.#readable?.resume();
  }

  close(): void {
    const stream = this.#writable ?? this.#readable;
    if (this.unwritten === 0 || this.writeError !== null) {
      stream?.destroy();
    } else if (stream instanceof Socket) {
      // What has been handed over for writing still leaves, as it does from the buffers of the system.
      stream.setTimeout(LINGER_MS, () => stream.destroy());
      stream.destroySoon();
    } else {
      this.#writable?.end();
    }
  }

  #awaitConnection(socket: Socket): void {
    this.#connecting = true;
    socket.once('connect', () => {
      this.#connecting = false;
      this.#notify(MODE_WRITE);
    });
  }

  #listen(): void {
    const readable = this.#readable;
    if (this.#listens || this.#shut || readable === null) return;
    this.#listens = true;
    if (readable.readableEnded || readable.destroyed) this.#ended = true;
    if (!this.#takesAhead) {
      readable.on('readable', this.#onReadable);
      return;
    }
    this.#stopped = false;
    readable.on('data', this.#onData);
    if (!this.#holdsBack) readable.resume();
  }

  /** Nothing is lost: Node fills its buffer and waits for whoever reads next. Beside a listener to 'readable' one to 'data' would starve. */
  #unlisten(): void {
    if (!this.#listens) return;
    this.#listens = false;
    const readable = this.#readable as Readable;
    if (!this.#takesAhead) {
      readable.removeListener('readable', this.#onReadable);
      return;
    }
    this.#stopped = true;
    readable.removeListener('data', this.#onData).pause();
  }

  /** The next octets of those that were taken ahead. */
  #takeAhead(readable: Readable, maxOctets: number): Uint8Array {
    let chunk = this.#ahead[0] as Uint8Array;
    if (chunk.length <= maxOctets) {
      this.#ahead.shift();
    } else {
      this.#ahead[0] = chunk.subarray(maxOctets);
      chunk = chunk.subarray(0, maxOctets);
    }
    this.#octetsAhead -= chunk.length;
    if (this.#holdsBack && this.#octetsAhead === 0) {
      this.#holdsBack = false;
      if (this.#listens) readable.resume();
    }
    return chunk;
  }

  /**
   * A stream that sessions watch does not keep the process alive: that is for the sessions to do. Once somebody else listens to
   * its data it does so again, and flows, as any stream of Node.
   */
  #heedOthers(): void {
    const stream = this.#readable as Partial<Pick<Socket, 'unref'>> & Readable;
    if (stream === null || this.#listens) return;
    const others = stream.listenerCount('data');
    if (others === 0) stream.unref?.();
    if (this.#heedsOthers) return;
    this.#heedsOthers = true;
    // Who has read of it before may have kept what was read, and given it back.
    this.#shared ||= stream.readableDidRead || others + stream.listenerCount('readable') > 0;
    stream.on('newListener', this.#onNewListener);
  }

  readonly #onNewListener = (event: string | symbol, listener: unknown): void => {
    if (listener === this.#onReadable || listener === this.#onData) return;
    if (event !== 'data' && event !== 'readable') return;
    this.#shared = true;
    const stream = this.#readable as Partial<Pick<Socket, 'ref'>> & Readable;
    stream.ref?.();
    if (!this.#stopped || event !== 'data') return;
    this.#stopped = false;
    stream.resume();
  };

  readonly #onReadable = (): void => {
    const readable = this.#readable as Readable;
    // At the end of the stream Node wants one more read before it says so.
    if (readable.readableLength === 0) readable.read(0);
    else this.#notify(MODE_READ);
  };

  readonly #onData = (chunk: unknown): void => {
    const readable = this.#readable as Readable;
    const octets = octetsOf(readable, chunk);
    this.#ahead.push(octets);
    this.#octetsAhead += octets.length;
    if (this.#octetsAhead >= MOST_AHEAD && !this.#holdsBack) {
      this.#holdsBack = true;
      readable.pause();
    }
    this.#notify(MODE_READ);
  };

  readonly #written = (): void => {
    if (this.#watchesWrite && this.#writable?.writableLength === 0) this.#notify(MODE_WRITE);
  };

  /** Notes why a side failed. An error that names no system call concerns both. */
  #failed(error: unknown): void {
    const { syscall } = error as { syscall?: unknown };
    const writing = syscall === 'write' || syscall === 'shutdown';
    if (!writing) this.error ??= systemError('read', error);
    if (writing || syscall !== 'read') this.writeError ??= systemError('write', error);
  }

  #notify(mode: Mode): void {
    if (mode === MODE_READ ? this.#watchesRead : this.#watchesWrite) this.onReady?.(mode);
  }

  #notifyAll(): void {
    this.#notify(MODE_READ);
    this.#notify(MODE_WRITE);
  }
}

/** A chunk of a stream; that of one with an encoding is text, which was once octets. */
function octetsOf(readable: Readable, chunk: unknown): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, readable.readableEncoding ?? 'utf8') : (chunk as Uint8Array);
}
