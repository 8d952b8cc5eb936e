import { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake/index.ts';

/** What one peer may do before its connection is closed. Times are in seconds, sizes in octets. */
export interface ChannelLimits {
  /** Time for the whole handshake. Default 10. */
  handshakeTimeout: number;
  /** Longest line of the handshake. Default 4 KiB. */
  handshakeMaxLine: number;
  /** Lines of the handshake. Default 64. */
  handshakeMaxLines: number;
  /** Wrong lines of the handshake; the last of them ends it. Default 3. */
  handshakeMaxErrors: number;
  /** Names of the peer, of 255 octets each. Default 64. */
  maxNames: number;
  /** Largest frame that is read. Default 16 MiB. */
  maxFrame: number;
  /** Time an unfinished frame may stand without an octet coming in. Default 30. */
  frameTimeout: number;
  /** What may wait to be written. Default 64 MiB. */
  maxQueued: number;
  /**
   * Above this much waiting to be written, monitors and hooks are told, and a peer that takes nothing for {@link stuckTimeout} is closed.
   * Default 1 MiB.
   */
  highQueued: number;
  /** At this much it counts as taking again, which they are told, too. Default 256 KiB. */
  lowQueued: number;
  /** Time for which it may take nothing; also of what is left when the connection is being closed. Default 10. */
  stuckTimeout: number;
}

export const DEFAULT_CHANNEL_LIMITS: Readonly<ChannelLimits> = Object.freeze({
  handshakeTimeout: 10,
  handshakeMaxLine: 4096,
  handshakeMaxLines: DEFAULT_HANDSHAKE_LIMITS.maxLines,
  handshakeMaxErrors: DEFAULT_HANDSHAKE_LIMITS.maxErrors,
  maxNames: DEFAULT_HANDSHAKE_LIMITS.maxNames,
  maxFrame: 16 * 1024 * 1024,
  frameTimeout: 30,
  maxQueued: 64 * 1024 * 1024,
  highQueued: 1024 * 1024,
  lowQueued: 256 * 1024,
  stuckTimeout: 10,
});

/** Those that the handshake itself counts. */
export function handshakeLimits(limits: ChannelLimits): Partial<HandshakeLimits> {
  return { maxLines: limits.handshakeMaxLines, maxErrors: limits.handshakeMaxErrors, maxNames: limits.maxNames };
}
