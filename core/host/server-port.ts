import type { Server, Socket } from 'node:net';
import { type SystemError, systemError } from '../errno.ts';
import { warn } from '../warn.ts';
import { descriptorCeiling } from './descriptors.ts';
import { MODE_READ, type Mode, type Port } from './handles.ts';
import type { Connected } from './sockets.ts';

/** Connections that may wait to be taken. */
const MAX_WAITING = 4096;
/** How often it is told that connections were dropped. */
const TELL_SECONDS = 10;

/**
 * A port over a listening server: readable while connections wait to be taken. Node accepts by itself; the
 * sockets are held here, unread and in order, until somebody takes them.
 *
 * Those for which there is no room are dropped: when too many wait, and before the process runs out of descriptors, which Node
 * would not tell of.
 */
export class ServerPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly #server: Server;
  readonly #waiting: Connected[] = [];
  /** Connections that were closed, since there was no room for them. */
  dropped = 0;
  /** Of these, how many have been told of, and when. */
  #told = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #watched = false;

  constructor(server: Server, adopt: (socket: Socket) => void) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      if (this.#drops(socket)) return;
      adopt(socket);
      if (this.#isOurs()) socket.unref();
      // The name of the peer is asked for now: once the peer has reset the connection, the system has forgotten it.
      this.#waiting.push({ socket, peer: { address: socket.remoteAddress, port: socket.remotePort } });
      this.#notify();
    });
    server.on('error', (error) => {
      this.error ??= systemError('accept', error);
      this.#notify();
    });
  }

  /** The connection that has waited longest. */
  take(): Connected | null {
    return this.#waiting.shift() ?? null;
  }

  /** Closes a connection if there is no room for it. */
  #drops(socket: Socket): boolean {
    const { fd = -1 } = (socket as unknown as { _handle: { fd?: number } | null })._handle ?? {};
    const isFull = this.#waiting.length >= MAX_WAITING;
    if (!isFull && fd < descriptorCeiling()) return false;
    socket.destroy();
    this.dropped++;
    this.#tell(isFull ? `${MAX_WAITING} wait to be accepted` : `it has ${fd} descriptors open, and needs the rest`);
    return true;
  }

  #tell(reason: string): void {
    const now = performance.now() / 1000;
    if (now - this.#toldAt < TELL_SECONDS) return;
    const count = this.dropped - this.#told;
    const what = count === 1 ? 'a connection' : `${count} connections`;
    warn('POE_WARN_CONNECTIONS_DROPPED', `The process closed ${what} for want of room: ${reason}`);
    this.#toldAt = now;
    this.#told = this.dropped;
  }

  ready(mode: Mode): boolean {
    return mode === MODE_READ && (this.#waiting.length > 0 || this.error !== null);
  }

  watch(mode: Mode): void {
    if (mode !== MODE_READ) return;
    this.#watched = true;
    if (this.#isOurs()) this.#server.unref();
  }

  unwatch(mode: Mode): void {
    if (mode === MODE_READ) this.#watched = false;
  }

  /** Whether nobody else takes connections of the server. It then does not keep the process alive, nor do they: that is for sessions to do. */
  #isOurs(): boolean {
    return this.#watched && this.#server.listenerCount('connection') === 1;
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
    for (const { socket } of this.#waiting.splice(0)) (socket as Socket).destroy();
  }

  #notify(): void {
    if (this.#watched) this.onReady?.(MODE_READ);
  }
}
