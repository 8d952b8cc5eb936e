import type { Socket } from 'node:net';
import type { SystemError } from '../errno.ts';
import { type Port, port } from './handles.ts';
import { NodeSharedListener } from './node-shared-listener.ts';
import type { HeldSocket, HeldSockets, ListenOptions, SocketAddress, SocketResult } from './sockets.ts';

/** Node's handle of a socket. What its methods return is 0 or the negated number of an error. */
export interface NativeSocket {
  readonly fd: number;
  close(): void;
  /** Fills in the address; those of unix sockets do not have it. */
  getsockname?(out: { address?: string; port?: number }): number;
  open(descriptor: number): number;
  listen(backlog: number): number;
  readStart(): number;
  readStop(): number;
}

/** What the host of sockets does for those that are held. */
export interface SocketKeeper {
  /** Makes a socket on which clients can connect, though nobody accepts; one with a path is at its path afterwards. */
  bind(address: SocketAddress, options: ListenOptions): { ok: NativeSocket } | { failed: SystemError };
  /** Takes a descriptor over. */
  adopt(descriptor: number): NativeSocket;
  /** A path is ours to remove, or is no longer. */
  ownPath(path: string, own: boolean): void;
  /** Makes a socket that was accepted known to the host. */
  accepted(socket: Socket): void;
}

/** A held socket: a handle on which nothing ever happens. */
export class NodeHeldSocket implements HeldSocket, Port {
  readonly [port]: Port = this;
  readonly address: SocketAddress;
  readonly native: NativeSocket;
  onReady: Port['onReady'] = null;
  onClosed: (() => void) | null = null;
  readonly error: SystemError | null = null;
  readonly writeError: SystemError | null = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly #forget: () => void;

  constructor(native: NativeSocket, address: SocketAddress, forget: () => void) {
    this.native = native;
    this.address = address;
    this.#forget = forget;
  }

  get descriptor(): number {
    return this.native.fd;
  }

  handedOver(): void {
    this.#forget();
  }

  ready(): boolean {
    return false;
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
    if (this.descriptor < 0) return;
    this.native.close();
    this.onClosed?.();
  }
}

/** Sockets of Node that several processes share. */
export class NodeHeldSockets implements HeldSockets {
  readonly #keeper: SocketKeeper;

  constructor(keeper: SocketKeeper) {
    this.#keeper = keeper;
  }

  hold(address: SocketAddress, options: ListenOptions): SocketResult<HeldSocket> {
    const bound = this.#keeper.bind(address, options);
    return 'failed' in bound ? bound : { ok: this.#held(bound.ok, address) };
  }

  adopt(descriptor: number, address: SocketAddress): HeldSocket {
    return this.#held(this.#keeper.adopt(descriptor), address);
  }

  share(address: SocketAddress, { backlog }: ListenOptions): NodeSharedListener {
    return new NodeSharedListener(address, backlog, (socket) => this.#keeper.accepted(socket));
  }

  #held(native: NativeSocket, address: SocketAddress): NodeHeldSocket {
    if (address.family === 'unix') {
      const { path } = address;
      this.#keeper.ownPath(path, true);
      return new NodeHeldSocket(native, address, () => this.#keeper.ownPath(path, false));
    }
    const real: { address?: string; port?: number } = {};
    native.getsockname?.(real);
    return new NodeHeldSocket(native, { ...address, port: real.port ?? 0 }, () => {});
  }
}
