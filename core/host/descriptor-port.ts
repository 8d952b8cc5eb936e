import { readvSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import type { SystemError } from '../errno.ts';
import { MODE_READ, MODE_WRITE, type Mode, type Port } from './handles.ts';
import { StreamPort } from './stream-port.ts';

/** Octets that are taken from the system at a time, and so at most ahead of who reads. */
const CHUNK_OCTETS = 65_536;
const NOTHING = Buffer.alloc(0);

/**
 * A port over the number of a pipe, FIFO, socket or terminal, which Node waits for as it does for its own streams. It takes one
 * chunk from the system at a time, and none unless somebody watches; what is left of a chunk stays for the next reader of the
 * same descriptor.
 */
export class DescriptorPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  readonly connection: boolean;
  readonly #descriptor: number;
  readonly #isTerminal: boolean;
  readonly #isReadable: boolean;
  readonly #into = Buffer.allocUnsafeSlow(CHUNK_OCTETS);
  #socket!: Socket;
  #stream!: StreamPort;
  /** What has been taken from the system and not been read yet. */
  #chunk: Buffer = NOTHING;
  #ended = false;
  #closed = false;
  #watchesRead = false;

  /** @throws What Node throws for a descriptor that it cannot wait for. */
  constructor(descriptor: number, kind: 'fifo' | 'socket' | 'terminal') {
    this.#descriptor = descriptor;
    this.#isTerminal = kind === 'terminal';
    this.connection = kind !== 'fifo';
    this.#isReadable = accepts(() => readvSync(descriptor, [NOTHING]));
    this.#open();
  }

  /** The descriptor has been given back: the same number may stand for something else by now. */
  get closed(): boolean {
    return this.#closed;
  }

  ready(mode: Mode): boolean {
    if (mode === MODE_READ) return this.#chunk.length > 0 || this.#ended || this.error !== null;
    return this.#stream.ready(mode);
  }

  watch(mode: Mode): void {
    if (mode !== MODE_READ) {
      this.#stream.watch(mode);
      return;
    }
    this.#watchesRead = true;
    // A FIFO whose writers have gone may have new ones, and a terminal goes on after ^D.
    if (this.#ended && this.#chunk.length === 0 && !this.#closed) this.#open();
    this.#fetch();
  }

  unwatch(mode: Mode): void {
    if (mode !== MODE_READ) {
      this.#stream.unwatch(mode);
      return;
    }
    this.#watchesRead = false;
    // The system is left alone from now on, so that the program may close the descriptor.
    this.#socket.pause();
  }

  read(maxOctets: number): Uint8Array | null | undefined {
    if (this.#chunk.length === 0) return this.#ended || this.error !== null ? undefined : null;
    const octets = this.#chunk.subarray(0, maxOctets);
    this.#chunk = this.#chunk.subarray(octets.length);
    if (this.#watchesRead) this.#fetch();
    return octets;
  }

  get room(): number {
    return this.#stream.room;
  }

  write(octets: Uint8Array): void {
    this.#stream.write(octets);
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    this.#stream.writeAll(pieces);
  }

  get unwritten(): number {
    return this.#stream.unwritten;
  }

  get error(): SystemError | null {
    return this.#stream.error;
  }

  get writeError(): SystemError | null {
    return this.#stream.writeError;
  }

  shutdown(mode: typeof MODE_READ | typeof MODE_WRITE): void {
    if (mode === MODE_WRITE) this.#stream.shutdown(MODE_WRITE);
    else this.unwatch(MODE_READ);
  }

  close(): void {
    this.#closed = true;
    this.#stream.close();
  }

  /** Begins to wait for the descriptor; again, when it has ended and somebody wants to know whether it still does. */
  #open(): void {
    const onread: OnReadOpts = { buffer: this.#into, callback: (count) => this.#take(count) };
    // Writable in any case: Node would close a descriptor that ends and cannot be written to, and that is the program's to do.
    const sides = { readable: this.#isReadable, writable: true, allowHalfOpen: true };
    // Node takes the option here as it does in connect, though its types do not say so.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = { ...sides, onread };
    const descriptor = this.#descriptor;
    const socket = this.#isTerminal ? new ReadStream(descriptor, options) : new Socket({ ...options, fd: descriptor });
    socket.pause();
    socket.unref();
    this.#ended = !this.#isReadable;
    this.#socket = socket;
    this.#stream = new StreamPort(socket);
    this.#stream.onReady = (mode) => this.onReady?.(mode);
    socket.on('end', () => this.#end());
    socket.on('error', () => this.#notify());
    socket.on('close', () => {
      this.#closed = true;
      this.#end();
    });
  }

  /** Asks the system for a chunk, unless there is one. */
  #fetch(): void {
    if (this.#chunk.length === 0 && !this.#ended) this.#socket.resume();
  }

  /** Returns false: no more until this has been read. */
  #take(count: number): false {
    this.#chunk = Buffer.from(this.#into.subarray(0, count));
    this.#notify();
    return false;
  }

  #end(): void {
    this.#ended = true;
    this.#notify();
  }

  #notify(): void {
    if (this.#watchesRead) this.onReady?.(MODE_READ);
  }
}

/** Whether a descriptor is open for an operation, found out by moving no octets. */
function accepts(operation: () => void): boolean {
  try {
    operation();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EBADF';
  }
}
