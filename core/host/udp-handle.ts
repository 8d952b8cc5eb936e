import type { Socket } from 'node:dgram';
import type { SystemError } from '../errno.ts';
import { type Port, port } from './handles.ts';
import type { SocketAddress } from './sockets.ts';
import { type Datagram, UdpPort } from './udp-port.ts';

/**
 * A UDP socket, as the success event of a `SocketFactory` with `socketProtocol: 'udp'` brings it. `selectRead` watches it.
 *
 * Datagrams wait until they are received, as in the buffer of the system: 256 KiB of them, where each counts at least
 * 512 octets; those that come while it is full are {@link dropped}. It does not keep the process alive by itself.
 *
 * @example
 * ready({ kernel }, socket) { kernel.selectRead(socket, 'request'); }
 * request(_, socket) {
 *   const from = socket.recv(1024);
 *   if (from) socket.send(`you said ${from.data}`, from);
 * }
 * @remarks Stands for the handle that POE::Wheel::SocketFactory gives, and Perl's `recv`, `send`, `getsockname`, `getpeername` and `close`.
 */
export class UdpHandle {
  /** @internal */
  readonly [port]: Port;
  /** Why the last {@link recv} or {@link send} failed, `$!` in Perl; null if it did not, or if nothing had come. */
  error: SystemError | null = null;
  /** Node's socket, for its options: `socket.socket.setBroadcast(true)`. */
  readonly socket: Socket;
  readonly #port: UdpPort;

  /** @param maxQueued - Octets that may wait to be received. */
  constructor(socket: Socket, maxQueued: number) {
    this.socket = socket;
    this.#port = new UdpPort(socket, maxQueued);
    this[port] = this.#port;
  }

  /** Datagrams that were lost, since they came while too many waited. */
  get dropped(): number {
    return this.#port.dropped;
  }

  /**
   * Takes the datagram that has waited longest.
   *
   * @param maxOctets - What is beyond is thrown away, as by the system. Default: all of it.
   * @returns Its octets as `data`, and `address` and `port` of the sender, which can be given to {@link send}; undefined if
   * none has come, or if something failed: then {@link error} says what. A connected socket learns so that nobody listens at
   * the other end (ECONNREFUSED).
   */
  recv(maxOctets: number = Number.POSITIVE_INFINITY): Datagram | undefined {
    this.error = this.#port.takeError();
    if (this.error !== null) return undefined;
    const datagram = this.#port.take();
    if (datagram === undefined || datagram.data.length <= maxOctets) return datagram;
    return { ...datagram, data: datagram.data.subarray(0, maxOctets) };
  }

  /**
   * Sends one datagram.
   *
   * @param data - Octets, or text, which is sent as UTF-8.
   * @param to - Where to: an address as text (no host name) and a port, as {@link recv} gives them. Left out by a connected socket.
   * @returns The octets sent; undefined if it could not be sent, and {@link error} says why: EMSGSIZE, EDESTADDRREQ, EISCONN, EAGAIN
   * with 256 KiB unsent, or what became of an earlier one. That it was sent does not say that it arrives.
   */
  send(data: string | Uint8Array, to?: { readonly address: string; readonly port: number }): number | undefined {
    const octets = typeof data === 'string' ? Buffer.from(data) : data;
    this.error = this.#port.send(octets, to);
    return this.error === null ? octets.length : undefined;
  }

  /** Its own address and port; undefined before there is one, and after the end. */
  getsockname(): SocketAddress | undefined {
    return addressFrom(() => this.socket.address());
  }

  /** Where it is connected to; undefined if it is not. */
  getpeername(): SocketAddress | undefined {
    return addressFrom(() => this.socket.remoteAddress());
  }

  /** Gives it back to the system. May be called twice. */
  close(): void {
    this.#port.close();
  }
}

function addressFrom(ask: () => { family: string; address: string; port: number }): SocketAddress | undefined {
  try {
    const { family, address, port } = ask();
    return { family: family === 'IPv6' ? 6 : 4, address, port };
  } catch {
    // Node throws where there is none.
    return undefined;
  }
}
