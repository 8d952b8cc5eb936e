import type { Server, Socket } from 'node:net';
import { errnoFailure, type SystemError } from '../errno.ts';
import { MODE_READ, type Mode, type Port, port } from './handles.ts';
import { listeningServer } from './listening-server.ts';
import { ServerPort } from './server-port.ts';
import type { Connected, SharedListener, SocketAddress } from './sockets.ts';

/**
 * Listens on a socket that another process holds. Each time it opens, it makes a server of Node's, since one that has been shut cannot listen
 * again; what a shut one has accepted is still taken from it.
 */
export class NodeSharedListener implements SharedListener, Port {
  readonly [port]: Port = this;
  readonly address: SocketAddress;
  onReady: ((mode: Mode) => void) | null = null;
  onAccepted: ((whenClosed: (callback: () => void) => void) => void) | null = null;
  onWanted: ((wanted: boolean) => void) | null = null;
  onTaken: (() => void) | null = null;
  error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  wanted = false;
  closed = false;
  readonly #backlog: number | undefined;
  readonly #adopt: (socket: Socket) => void;
  #server: Server | null = null;
  /** The open server's port, and those of shut ones while somebody waits in them. */
  #ports: ServerPort[] = [];

  constructor(address: SocketAddress, backlog: number | undefined, adopt: (socket: Socket) => void) {
    this.address = address;
    this.#backlog = backlog;
    this.#adopt = adopt;
  }

  get isOpen(): boolean {
    return this.#server !== null;
  }

  open(source: object): SystemError | undefined {
    const server = listeningServer();
    const own = new ServerPort(server, this.#adopt);
    own.watch(MODE_READ);
    own.onReady = (mode) => this.onReady?.(mode);
    // After the port: it may have closed the connection for want of room.
    server.on('connection', (socket: Socket) => {
      if (!socket.destroyed) this.onAccepted?.((callback) => socket.once('close', callback));
    });
    server.listen(source, this.#backlog);
    if (!server.listening) {
      this.error = errnoFailure('listen', 'EINVAL');
      this.onReady?.(MODE_READ);
      return this.error;
    }
    server.unref();
    this.#server = server;
    this.#ports = [...this.#ports.filter((one) => one.ready(MODE_READ)), own];
    return undefined;
  }

  shut(): void {
    this.#server?.close();
    this.#server = null;
  }

  /** The connection that has waited longest. */
  take(): Connected | null {
    for (const one of this.#ports) {
      const connected = one.take();
      if (connected === null) continue;
      this.onTaken?.();
      return connected;
    }
    return null;
  }

  // --- as a port

  ready(mode: Mode): boolean {
    return mode === MODE_READ && (this.error !== null || this.#ports.some((one) => one.ready(MODE_READ)));
  }

  watch(mode: Mode): void {
    if (mode === MODE_READ) this.#want(true);
  }

  unwatch(mode: Mode): void {
    if (mode === MODE_READ) this.#want(false);
  }

  #want(wanted: boolean): void {
    if (this.wanted === wanted) return;
    this.wanted = wanted;
    this.onWanted?.(wanted);
  }

  read(): undefined {
    return undefined;
  }

  write(): void {}

  shutdown(): void {
    this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.wanted = false;
    this.shut();
    for (const one of this.#ports.splice(0)) one.close();
    this.onWanted?.(false);
  }
}
