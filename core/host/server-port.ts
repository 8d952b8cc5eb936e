import type { Server, Socket } from 'node:net';
import { type SystemError, systemError } from '../errno.ts';
import { MODE_READ, type Mode, type Port } from './handles.ts';
import type { Connected } from './sockets.ts';

/**
 * A port over a listening server: readable while connections wait to be taken. Node accepts by itself; the
 * sockets are held here, unread and in order, until somebody takes them.
 */
export class ServerPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly #server: Server;
  readonly #waiting: Connected[] = [];
  #watched = false;

  constructor(server: Server, adopt: (socket: Socket) => void) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      adopt(socket);
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
    for (const { socket } of this.#waiting.splice(0)) (socket as Socket).destroy();
  }

  #notify(): void {
    if (this.#watched) this.onReady?.(MODE_READ);
  }
}
