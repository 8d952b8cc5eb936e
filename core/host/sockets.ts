import type { SystemError } from '../errno.ts';
import type { Handle } from './handles.ts';

/** Where to listen or to connect to. */
export type SocketAddress =
  | { readonly family: 4 | 6; readonly address: string; readonly port: number }
  | { readonly family: 'unix'; readonly path: string };

/** Who is at the other end. Unix sockets have neither address nor port. */
export interface PeerAddress {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

export interface ListenOptions {
  /** Connections that wait to be accepted. Default: the system's. */
  readonly backlog?: number;
  /** Several processes may bind the port while old connections linger. Node always does so. */
  readonly reuse?: boolean;
  /** Mode of a unix socket file, for example 0o600. */
  readonly mode?: number;
}

/** A system call that failed, with the operation POE names: `bind`, `listen`, `connect` ... */
export type SocketResult<T> = { readonly ok: T } | { readonly failed: SystemError };

/** Sockets of the system. Handles it gives out do not flow: nothing is read before somebody asks. */
export interface SocketHost {
  /** Binds and listens at once, so that the address is known on return. */
  listen(address: SocketAddress, options: ListenOptions): SocketResult<Handle>;
  /** Takes the next waiting connection of a listening handle, if there is one. */
  accept(listener: Handle): { socket: Handle; peer: PeerAddress } | null;
  /** Starts to connect; calls back once with the connected socket or the failure. Returns how to give up. */
  connect(
    address: SocketAddress,
    bind: SocketAddress | undefined,
    done: (result: SocketResult<{ socket: Handle; peer: PeerAddress }>) => void,
  ): () => void;
  /** Looks a host name up; calls back with addresses of that family. Returns how to give up. */
  resolve(host: string, family: 4 | 6, done: (result: SocketResult<string>) => void): () => void;
  /** The handle's own address. */
  localAddress(handle: Handle): SocketAddress | undefined;
}
