import type { Session } from '../../core/index.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Link } from './link.ts';
import type { WireMessage } from './message.ts';
import type { Parcel } from './outbox.ts';
import type { ProxyRecord } from './subscriptions.ts';

/** Stands for a link that is down and is to come back: keeps what is sent to it meanwhile, as much as may be. */
export class AwayLink implements Link {
  readonly isLocal = false;
  readonly sessionId: number;
  realName: string;
  aliases: readonly string[];
  /** Proxies that it had, to be made good when it is back. */
  readonly proxies: readonly ProxyRecord[];
  readonly #letters: DeadLetters;
  readonly #most: number;
  #kept: Parcel[] = [];

  /** @param most - How many messages are kept. */
  constructor(link: Link, proxies: readonly ProxyRecord[], letters: DeadLetters, most: number) {
    this.sessionId = link.sessionId;
    this.realName = link.realName;
    this.aliases = link.aliases;
    this.proxies = proxies;
    this.#letters = letters;
    this.#most = most;
  }

  get isOpen(): boolean {
    return false;
  }

  claims(): boolean {
    return false;
  }

  send(message: WireMessage, sender?: Session): boolean {
    if (this.#kept.length < this.#most) {
      this.#kept.push({ message, sender });
      return true;
    }
    const text =
      this.#most === 0
        ? `the link to ${this.realName} is down`
        : `${this.#most} messages are kept for ${this.realName}`;
    this.#letters.tell(message, { reason: this.#most === 0 ? 'disconnected' : 'full', text, sender });
    return false;
  }

  /** Gives up what is kept. */
  take(): Parcel[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  close(): void {
    for (const { message, sender } of this.take()) {
      this.#letters.tell(message, {
        reason: 'disconnected',
        text: `the link to ${this.realName} does not come back`,
        sender,
      });
    }
  }
}
