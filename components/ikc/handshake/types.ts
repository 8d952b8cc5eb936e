import type { PoeDataError } from '../../../core/errors.ts';

/** `IKC`: step by step. `IKC0`: one line each. */
export type Protocol = 'IKC' | 'IKC0';

/** What a peer may do before it is given up. */
export interface HandshakeLimits {
  /** Lines, apart from the answers to our own names. Default 64. */
  maxLines: number;
  /** Wrong lines; the last of them ends it. Default 3. */
  maxErrors: number;
  /** Names of the peer. Default 64. */
  maxNames: number;
  /** Octets of one of them. Default 255. */
  maxNameLength: number;
}

export const DEFAULT_HANDSHAKE_LIMITS: Readonly<HandshakeLimits> = Object.freeze({
  maxLines: 64,
  maxErrors: 3,
  maxNames: 64,
  maxNameLength: 255,
});

export interface HandshakeOptions {
  /** How to begin, or what to be ready for; each side falls back to `IKC` if the other one has to. Default `IKC0`. */
  protocol?: Protocol | undefined;
  /** Our names in natural order: kernel ID, name, aliases, address. See `announcedNames`. */
  names: readonly string[];
  /** Names of the serializers that may be used, the best one first. */
  freezers: readonly string[];
  /**
   * What is used when no serializer was agreed upon; genuine peers then use `Storable`, whatever else was said. `null`
   * refuses that. Default `Storable` if it is one of `freezers`, otherwise `null`.
   */
  defaultFreezer?: string | null | undefined;
  /** Our process number. */
  pid: number;
  /**
   * What the peer is called in any case, after its own names: the dialled address on a client, the address of its end on
   * a server. Left out if it cannot be the name of a kernel.
   */
  peerAddress?: string | undefined;
  limits?: Partial<HandshakeLimits> | undefined;
}

/** What both sides have agreed upon. */
export interface HandshakeDone {
  /** Names of the peer, in the order of registration: its real name, then its aliases. At least one. */
  peerNames: readonly string[];
  /** The name of the serializer, for both directions. */
  freezer: string;
  /** The process number of the peer; 0 if it did not tell, `undefined` if it could not (protocol `IKC`). */
  pid: number | undefined;
  /** The protocol that was used in the end. */
  protocol: Protocol;
}

/** What to do next: send lines, and then, if there is one of them, take what was agreed upon or close the connection. */
export interface HandshakeStep {
  /** Lines to send, in this order, each ended by CR LF. */
  readonly send: readonly string[];
  /** Frames from here on, in both directions. */
  readonly done?: HandshakeDone;
  /** It cannot come to anything any more. */
  readonly failed?: PoeDataError;
}
