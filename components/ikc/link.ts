import type { Session } from '../../core/index.ts';
import type { WireMessage } from './message.ts';

/** A way to another kernel, or to the own one: what the responder knows of a channel. */
export interface Link {
  /** The session that owns the connection; monitors are told its number. */
  readonly sessionId: number;
  /** The name under which the kernel is registered; empty before. */
  realName: string;
  /** Its other names that were free, in the order of registration. */
  aliases: readonly string[];
  /** Whether messages stay in this process. */
  readonly isLocal: boolean;
  /** Whether messages can be sent: not once it is to close. */
  readonly isOpen: boolean;
  /** Whether the other side calls itself so, even if another link was registered under that name first. */
  claims(name: string): boolean;
  /** Sends a message for a session. False if it cannot be sent any more; then it has become a dead letter. */
  send(message: WireMessage, sender?: Session): boolean;
  /** Finds out soon whether the other side is still there; the connection ends if it is not. */
  probe?(): void;
  /** Closes the connection once what was sent has left. */
  close(): void;
}

/** All the names of a link, the real one first. */
export function namesOf(link: Link): readonly string[] {
  return [link.realName, ...link.aliases];
}
