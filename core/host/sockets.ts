import type { SystemError } from '../errno.ts';
import type { Completion } from './completion.ts';
import type { Handle } from './handles.ts';
import type { UdpHandle } from './udp-handle.ts';

/** An address of the internet protocols, as text. */
export interface InternetAddress {
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
  readonly path?: undefined;
}

/** The path of a unix socket. */
export interface UnixAddress {
  readonly family: 'unix';
  readonly path: string;
  readonly address?: undefined;
  readonly port?: undefined;
}

/** Where to listen or to connect to. One of each kind can be asked for what it has not: `address.port` of a unix socket is undefined. */
export type SocketAddress = InternetAddress | UnixAddress;

/** Who is at the other end. Unix sockets have neither address nor port. */
export interface PeerAddress {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** A connection and who is at its other end. */
export interface Connected {
  readonly socket: Handle;
  readonly peer: PeerAddress;
}

export interface ListenOptions {
  /** Connections that wait to be accepted. Default: the system's. */
  readonly backlog?: number;
  /** Several processes may bind the port while old connections linger. Node always does so. */
  readonly reuse?: boolean;
  /** Mode of a unix socket file, for example 0o600. */
  readonly mode?: number;
}

export interface DatagramOptions {
  /** Several sockets may bind the address: `SO_REUSEADDR`. */
  readonly reuse?: boolean;
  /** Octets of datagrams that may wait to be received. Default: 256 KiB. */
  readonly receiveQueue?: number;
}

/** A system call that failed, with the operation POE names: `bind`, `listen`, `connect` ... */
export type SocketResult<T> = { readonly ok: T } | { readonly failed: SystemError };

/**
 * A socket that is bound and held, but on which this process accepts nothing: other processes listen on it. As a handle it never becomes
 * ready.
 */
export interface HeldSocket {
  /** Where it is bound, with the real port. */
  readonly address: SocketAddress;
  /** Its number in this process, for others to inherit. */
  readonly descriptor: number;
  /** Node's own handle, which can be sent to another process. */
  readonly native: object;
  /** Called once it has been given back. */
  onClosed: (() => void) | null;
  /** Its path, if it has one, is another process's business from now on. */
  handedOver(): void;
  /** Gives it back to the system. */
  close(): void;
}

/**
 * A listening handle on a socket that another process holds: several processes listen on one socket, and each connection is accepted by
 * one of them. It accepts nothing before it is opened, and can be shut and opened again.
 */
export interface SharedListener {
  /** Whether connections are being accepted. */
  readonly isOpen: boolean;
  /** Whether its user would have connections: false while accepting is paused, and after the end. */
  readonly wanted: boolean;
  /** Whether it has been given back: nobody will have connections of it any more. */
  readonly closed: boolean;
  /** Called for each connection at once, with what calls back when it has closed. To shut here keeps the next one out. */
  onAccepted: ((whenClosed: (callback: () => void) => void) => void) | null;
  /** Called when its user pauses, resumes or ends. */
  onWanted: ((wanted: boolean) => void) | null;
  /** Called after a connection has been taken. */
  onTaken: (() => void) | null;
  /** Accepts from now on: on a descriptor, `{ fd }`, or on a handle of Node's that was received. Either is used up. */
  open(source: object): SystemError | undefined;
  /** Accepts no more; the socket itself stays as it is. What was accepted can still be taken. */
  shut(): void;
}

/** Sockets that several processes share. */
export interface HeldSockets {
  /** Binds a socket and has the system take connections, which wait there: this process accepts none. */
  hold(address: SocketAddress, options: ListenOptions): SocketResult<HeldSocket>;
  /** Holds a socket that was inherited by its number. */
  adopt(descriptor: number, address: SocketAddress): HeldSocket;
  /** Makes a handle for listening on a socket that another process holds. */
  share(address: SocketAddress, options: ListenOptions): SharedListener;
}

/** Sockets of the system. Handles it gives out do not flow: nothing is read before somebody asks. */
export interface SocketHost {
  /** Binds and listens at once, so that the address is known on return. */
  listen(address: SocketAddress, options: ListenOptions): SocketResult<Handle>;
  /**
   * Makes sure that a unix socket can be bound to a path: frees it of a socket of our own on which nobody answers. Anything else
   * that is there is a failure.
   */
  claimPath(path: string): Completion<SocketResult<true>>;
  /** Removes the path of a unix socket that was bound here, if it is still that socket. */
  releasePath(path: string): void;
  /** Takes the next waiting connection of a listening handle, if there is one. */
  accept(listener: Handle): Connected | null;
  /** Starts to connect, from the address `bind` if one is given. */
  connect(address: SocketAddress, bind: SocketAddress | undefined): Completion<SocketResult<Connected>>;
  /** Makes a UDP socket and binds it at once; without an address it is bound when it first sends. */
  datagrams(family: 4 | 6, bind: InternetAddress | undefined, options: DatagramOptions): SocketResult<UdpHandle>;
  /** Connects a UDP socket: it sends to one place and hears from nowhere else. */
  connectDatagrams(handle: UdpHandle, address: InternetAddress): Completion<SocketResult<Connected>>;
  /** The port of a service of that name. */
  service(name: string, protocol: 'tcp' | 'udp'): number | undefined;
  /** Starts to look a host name up for an address of that family. */
  resolve(host: string, family: 4 | 6): Completion<SocketResult<string>>;
  /** The handle's own address. */
  localAddress(handle: Handle): SocketAddress | undefined;
  /** Sockets that several processes share, where the host can do that. */
  readonly held?: HeldSockets;
}
