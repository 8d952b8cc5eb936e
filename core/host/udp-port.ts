import type { RemoteInfo, Socket } from 'node:dgram';
import { errnoFailure, type SystemError, systemError } from '../errno.ts';
import { MODE_READ, MODE_WRITE, type Mode, type Port } from './handles.ts';

/** One datagram and who has sent it. */
export interface Datagram {
  readonly data: Buffer;
  readonly address: string;
  readonly port: number;
}

/** The largest datagram that fits into a packet of IPv4, in octets. */
export const LARGEST_DATAGRAM = 65_507;
/** What a datagram counts in a queue however small it is, as it does in the system's own. */
const LEAST_COUNT = 512;
/** Octets that may wait to be sent. */
const MAX_UNSENT = 262_144;

/**
 * A port over a UDP socket. Node receives by itself, so datagrams wait here as they do in the buffer of the system: those
 * that come while it is full are dropped, and counted.
 */
export class UdpPort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  writeError: SystemError | null = null;
  /** A chunk is a datagram: it must not be joined with another one. */
  readonly keepsChunks = true;
  /** Datagrams that came while the queue was full. */
  dropped = 0;
  readonly #socket: Socket;
  readonly #maxQueued: number;
  readonly #waiting: Datagram[] = [];
  #queued = 0;
  /** An error that the system told of later: the next to send or to receive is told. */
  #pending: SystemError | null = null;
  #watchesRead = false;
  #watchesWrite = false;
  #closed = false;

  constructor(socket: Socket, maxQueued: number) {
    this.#socket = socket;
    this.#maxQueued = maxQueued;
    socket.on('message', (data: Buffer, { address, port }: RemoteInfo) => this.#arrived({ data, address, port }));
    socket.on('error', (error) => this.#failed(systemError('recv', error)));
    socket.on('close', () => {
      this.#closed = true;
      this.#notify(MODE_READ);
    });
  }

  // --- receiving

  #arrived(datagram: Datagram): void {
    const count = this.#countOf(datagram);
    // One that is alone may be larger than the queue.
    if (this.#queued > 0 && this.#queued + count > this.#maxQueued) {
      this.dropped++;
      return;
    }
    this.#queued += count;
    this.#waiting.push(datagram);
    this.#notify(MODE_READ);
  }

  #countOf({ data }: Datagram): number {
    return Math.max(data.length, LEAST_COUNT);
  }

  /** The datagram that has waited longest. */
  take(): Datagram | undefined {
    const datagram = this.#waiting.shift();
    if (datagram !== undefined) this.#queued -= this.#countOf(datagram);
    return datagram;
  }

  /** The error that came since the last call, if one did. */
  takeError(): SystemError | null {
    const error = this.#closed ? errnoFailure('recv', 'EBADF') : this.#pending;
    this.#pending = null;
    return error;
  }

  read(maxOctets: number): Uint8Array | null | undefined {
    this.error = this.takeError();
    if (this.error !== null) return undefined;
    return this.take()?.data.subarray(0, maxOctets) ?? null;
  }

  // --- sending

  get room(): number {
    return this.unwritten < MAX_UNSENT && !this.#closed ? LARGEST_DATAGRAM : 0;
  }

  get unwritten(): number {
    return this.#closed ? 0 : this.#socket.getSendQueueSize();
  }

  write(octets: Uint8Array): void {
    this.writeError = this.send(octets, undefined);
  }

  /** @returns Why it could not be sent; null if it was, as far as is known now. */
  send(octets: Uint8Array, to: { address: string; port: number } | undefined): SystemError | null {
    const refused = this.takeError() ?? this.#refusalOf(octets, to);
    if (refused !== null) return { ...refused, operation: 'send' };
    // Node keeps what it is given until it is sent; the caller may change it before.
    const copy = Buffer.from(octets);
    const sent = (error: Error | null): void => {
      if (error !== null) this.#failed(systemError('send', error));
      else if (this.#watchesWrite) this.#notify(MODE_WRITE);
    };
    if (to === undefined) this.#socket.send(copy, sent);
    else this.#socket.send(copy, to.port, to.address, sent);
    return null;
  }

  #refusalOf(octets: Uint8Array, to: { port: number } | undefined): SystemError | null {
    if (octets.length > LARGEST_DATAGRAM) return errnoFailure('send', 'EMSGSIZE');
    if (this.room === 0) return errnoFailure('send', 'EAGAIN');
    if (to === undefined) return this.isConnected ? null : errnoFailure('send', 'EDESTADDRREQ');
    if (this.isConnected) return errnoFailure('send', 'EISCONN');
    return Number.isInteger(to.port) && to.port > 0 && to.port < 65_536 ? null : errnoFailure('send', 'EINVAL');
  }

  get isConnected(): boolean {
    try {
      this.#socket.remoteAddress();
      return true;
    } catch {
      return false;
    }
  }

  // --- readiness

  #failed(error: SystemError): void {
    this.#pending = error;
    this.#notify(MODE_READ);
  }

  ready(mode: Mode): boolean {
    if (mode === MODE_READ) return this.#waiting.length > 0 || this.#pending !== null || this.#closed;
    return mode === MODE_WRITE && this.room > 0;
  }

  watch(mode: Mode): void {
    if (mode === MODE_READ) this.#watchesRead = true;
    else if (mode === MODE_WRITE) this.#watchesWrite = true;
  }

  unwatch(mode: Mode): void {
    if (mode === MODE_READ) this.#watchesRead = false;
    else if (mode === MODE_WRITE) this.#watchesWrite = false;
  }

  #notify(mode: Mode): void {
    if (mode === MODE_READ ? this.#watchesRead : this.#watchesWrite) this.onReady?.(mode);
  }

  // --- ends

  /** Datagrams have no end to tell the other side of. */
  shutdown(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.length = 0;
    this.#queued = 0;
    this.#socket.close();
  }
}
