import { Server, Socket } from 'node:net';
import { Duplex, Readable, Writable } from 'node:stream';
import { type SystemError, systemError } from '../errno.ts';
import { PoeUsageError } from '../errors.ts';
import { type Handle, type HandleHost, MODE_READ, MODE_WRITE, type Mode, type Port, port } from './handles.ts';

/** A port over a Node stream: readiness is what the stream has buffered, and whether it has room. */
class StreamPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  readonly #readable: Readable | null;
  readonly #writable: Writable | null;
  #watchesRead = false;
  #watchesWrite = false;
  #listensToReadable = false;
  #ended = false;

  constructor(stream: Readable | Writable) {
    this.#readable = stream instanceof Readable || stream instanceof Duplex ? stream : null;
    this.#writable = stream instanceof Writable || stream instanceof Duplex ? (stream as Writable) : null;
    // These stay for the handle's life: an error between two watchers must be kept, not thrown.
    stream.on('error', (error: unknown) => {
      this.error ??= systemError('', error);
      this.#notifyAll();
    });
    stream.on('end', () => {
      this.#ended = true;
      this.#notify(MODE_READ);
    });
    stream.on('close', () => {
      this.#ended = true;
      this.#notifyAll();
    });
  }

  ready(mode: Mode): boolean {
    if (mode === MODE_READ) {
      const readable = this.#readable;
      return readable !== null && (readable.readableLength > 0 || this.#ended || this.error !== null);
    }
    if (mode === MODE_WRITE) {
      const writable = this.#writable;
      return writable !== null && (writable.writableLength === 0 || this.error !== null);
    }
    return false;
  }

  watch(mode: Mode): void {
    if (mode === MODE_READ) {
      this.#watchesRead = true;
      this.#listenToReadable();
    } else if (mode === MODE_WRITE) {
      this.#watchesWrite = true;
    }
  }

  unwatch(mode: Mode): void {
    // The listener stays: Node holds data back by itself once its buffer is full.
    if (mode === MODE_READ) this.#watchesRead = false;
    else if (mode === MODE_WRITE) this.#watchesWrite = false;
  }

  read(maxOctets: number): Uint8Array | null | undefined {
    const readable = this.#readable;
    if (readable === null) return undefined;
    this.#listenToReadable();
    const chunk: unknown = readable.read(readable.readableLength > maxOctets ? maxOctets : undefined);
    if (chunk !== null) return typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    return this.#ended || this.error !== null ? undefined : null;
  }

  write(octets: Uint8Array): void {
    this.#writable?.write(octets, this.#written);
  }

  get unwritten(): number {
    return this.#writable?.writableLength ?? 0;
  }

  shutdown(mode: typeof MODE_READ | typeof MODE_WRITE): void {
    if (mode === MODE_WRITE) {
      this.#writable?.end();
      return;
    }
    // What still comes is thrown away, so that the end of the stream is seen and the handle can close.
    this.#watchesRead = false;
    this.#readable?.removeListener('readable', this.#onReadable);
    this.#readable?.resume();
  }

  close(): void {
    const stream = this.#writable ?? this.#readable;
    // What has been handed over for writing still leaves, as it does from the buffers of the system.
    if (this.unwritten > 0 && stream instanceof Socket) stream.destroySoon();
    else if (this.unwritten > 0) this.#writable?.end();
    else stream?.destroy();
  }

  #listenToReadable(): void {
    if (this.#listensToReadable || this.#readable === null) return;
    this.#listensToReadable = true;
    if (this.#readable.readableEnded) this.#ended = true;
    this.#readable.on('readable', this.#onReadable);
  }

  readonly #onReadable = (): void => {
    const readable = this.#readable as Readable;
    // At the end of the stream Node wants one more read before it says so.
    if (readable.readableLength === 0) readable.read(0);
    else this.#notify(MODE_READ);
  };

  readonly #written = (): void => {
    if (this.#watchesWrite && this.#writable?.writableLength === 0) this.#notify(MODE_WRITE);
  };

  #notify(mode: Mode): void {
    if (mode === MODE_READ ? this.#watchesRead : this.#watchesWrite) this.onReady?.(mode);
  }

  #notifyAll(): void {
    this.#notify(MODE_READ);
    this.#notify(MODE_WRITE);
  }
}

/**
 * A port over a listening server: readable while connections wait to be taken. Node accepts by itself; the
 * sockets are held here, unread and in order, until somebody takes them.
 */
export class ServerPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  readonly unwritten = 0;
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #watched = false;

  constructor(server: Server, portOf: (socket: Socket) => Port) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      portOf(socket);
      this.#waiting.push(socket);
      this.#notify();
    });
    server.on('error', (error) => {
      this.error ??= systemError('accept', error);
      this.#notify();
    });
  }

  take(): Socket | null {
    return this.#waiting.shift() ?? null;
  }

  ready(mode: Mode): boolean {
    return mode === MODE_READ && (this.#waiting.length > 0 || this.error !== null);
  }

  watch(mode: Mode): void {
    if (mode === MODE_READ) this.#watched = true;
  }

  unwatch(mode: Mode): void {
    if (mode === MODE_READ) this.#watched = false;
  }

  read(): undefined {
    return undefined;
  }

  write(): void {}

  shutdown(): void {
    this.close();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }

  #notify(): void {
    if (this.#watched) this.onReady?.(MODE_READ);
  }
}

/** Makes ports for Node's streams and servers. */
export class NodeHandleHost implements HandleHost {
  readonly #ports = new WeakMap<object, Port>();

  portOf(handle: Handle): Port {
    const own = (handle as { [port]?: Port } | null)?.[port];
    if (own !== undefined) return own;
    let made = this.#ports.get(handle);
    if (made === undefined) {
      made = this.#makePort(handle);
      this.#ports.set(handle, made);
    }
    return made;
  }

  #makePort(handle: Handle): Port {
    if (handle instanceof Server) return new ServerPort(handle, (socket) => this.portOf(socket));
    if (handle instanceof Readable || handle instanceof Writable || handle instanceof Duplex) {
      return new StreamPort(handle);
    }
    throw new PoeUsageError('POE_ERR_HANDLE', `Cannot watch a handle: ${String(handle)} is none`, {
      hint: 'Pass a Node stream, socket or server, or an object with a port of its own',
    });
  }
}
