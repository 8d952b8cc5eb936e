import type { SystemError } from '../errno.ts';

/** Directions in which a handle is watched, with POE's numbers. */
export const MODE_READ = 0;
export const MODE_WRITE = 1;
export const MODE_EXPEDITE = 2;
export type Mode = 0 | 1 | 2;

/**
 * A handle as the kernel and the drivers see it: what POE asks `select` and `sysread` for.
 *
 * Readiness is a level, not an edge: a port stays readable until it has been read empty, and the end of the stream
 * counts as readable.
 */
export interface Port {
  /** Whether the handle is ready in a mode now. */
  ready(mode: Mode): boolean;
  /** Asks for calls of {@link Port.onReady} in this mode from now on. */
  watch(mode: Mode): void;
  /** No more calls in this mode. */
  unwatch(mode: Mode): void;
  /** Called when the handle may have become ready in a mode. One kernel at a time listens. */
  onReady: ((mode: Mode) => void) | null;
  /** What has arrived; `null` if nothing has, `undefined` at the end or after an error (see {@link Port.error}). */
  read(maxOctets: number): Uint8Array | null | undefined;
  /**
   * Says that from now on, or no longer, octets are taken by {@link Port.read} alone and never from the handle itself, so that the port may take them from
   * the host as they come. What it has then not given away goes back to the handle. Only where that is cheaper.
   */
  takeAhead?(yes: boolean): void;
  /** Whether nobody but who called {@link Port.read} has seen, or will see, what it gave. */
  readonly exclusive?: boolean;
  /** How many octets should be handed over now; above 0 exactly while the handle is ready to be written. */
  readonly room: number;
  /** Hands octets to the host. Whether that failed shows in {@link Port.writeError}, at once or later. */
  write(octets: Uint8Array): void;
  /** The same with several pieces, which leave together; only where that is cheaper than joining them. */
  writeAll?(pieces: readonly Uint8Array[]): void;
  /** Whether each chunk is to be handed over by itself, since it leaves as it is: a datagram. */
  readonly keepsChunks?: boolean;
  /** Octets handed over that the host has not yet passed on. */
  readonly unwritten: number;
  /** How many connections or datagrams were lost, since too many waited. */
  readonly dropped?: number;
  /** Why reading or accepting failed; `null` while all is well and at a regular end. */
  readonly error: SystemError | null;
  /** Why writing failed; `null` while all is well. The two sides fail apart: who cannot write may still have data to read. */
  readonly writeError: SystemError | null;
  /** There is a peer behind it, whose end is a loss: a socket or a terminal. False, or left out, for files and pipes. */
  readonly connection?: boolean;
  /** Half closes: no more reading, or an end of stream for the peer. */
  shutdown(mode: typeof MODE_READ | typeof MODE_WRITE): void;
  /** Gives the handle back to the system. */
  close(): void;
}

/** Where custom handles keep their port: an object with this property can be watched like a socket. */
export const port: unique symbol = Symbol.for('poe-kernel.port') as never;

/**
 * What `selectRead` and the wheels accept: a Node stream, socket or server, the number of an open descriptor, a FileHandle of
 * `node:fs/promises`, or anything that brings its own {@link port}.
 */
export type Handle = object | number;

export interface HandleHost {
  /** The port of a handle, the same for the same handle each time. Throws a PoeUsageError for what cannot be watched. */
  portOf(handle: Handle): Port;
  /**
   * The descriptor that a handle stands for, undefined if it is a handle of its own. Handles of one descriptor have one port, and are
   * watched as one. Without this method every handle is one of its own.
   */
  descriptorOf?(handle: Handle): number | undefined;
}
