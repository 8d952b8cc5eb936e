import type { Session } from '../../core/index.ts';
import type { AwaitedCalls } from './awaited-calls.ts';
import { AwayLink } from './away-link.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Kernels } from './kernels.ts';
import type { Link } from './link.ts';
import { isAwaited, type WireMessage, type WireSpecifier } from './message.ts';
import type { Parcel } from './outbox.ts';
import type { Publications } from './publications.ts';
import type { Receipts } from './receipts.ts';
import { parseSpecifier } from './specifier.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What a connection leaves behind. */
export interface Remains {
  /** Messages of which something may have left. */
  readonly doubtful: readonly Parcel[];
  /** Messages of which nothing has. */
  readonly unsent: readonly Parcel[];
  /** If the link is to come back: how many messages are kept for it until then. */
  readonly keep: number | undefined;
  /** Whether nobody needs a warning: there has been one, or the program has closed the connection itself. */
  readonly known: boolean;
}

/** What outages need from the responder. */
export interface OutageContext {
  readonly kernels: Kernels;
  readonly publications: Publications;
  readonly receipts: Receipts;
  readonly calls: AwaitedCalls;
  readonly subscriptions: Subscriptions;
  readonly letters: DeadLetters;
  /** Sends a message over a link, and lets the answer in. What goes wrong is told. */
  sendOver(link: Link, message: WireMessage, sender: Session | undefined): void;
}

/** Links that are lost, and come back: what becomes of the messages, calls and proxies that depended on them. */
export class Outages {
  readonly #context: OutageContext;

  constructor(context: OutageContext) {
    this.#context = context;
  }

  /**
   * A connection has gone, with its names.
   * @returns What stands for it until it comes back, if it is to.
   */
  lost(link: Link, remains: Remains): AwayLink | undefined {
    const { kernels, subscriptions, calls, letters } = this.#context;
    const isDefault = kernels.isDefault(link);
    const keep = kernels.isRegistered(link) ? remains.keep : undefined;
    const proxies = subscriptions.lost(kernels.unregister(link), keep !== undefined);
    const away = keep === undefined ? undefined : new AwayLink(link, proxies, letters, keep);
    if (away !== undefined) kernels.setAway(away, isDefault);
    this.#tell(link, remains, away);
    calls.lost(link);
    return away;
  }

  /** Tells of all that a connection has taken with it. What has certainly not left is kept if it comes back. */
  #tell(link: Link, { doubtful, unsent, known }: Remains, away: AwayLink | undefined): void {
    const { publications, letters, sendOver } = this.#context;
    const calls = publications.takeAsked(link);
    if (doubtful.length + unsent.length + calls.length === 0) return;
    const written = new Set([...doubtful, ...unsent].map(({ message }) => message.rsvp));
    const text = `the link to ${link.realName} is lost`;
    for (const { message, sender } of doubtful) {
      letters.tell(message, { reason: 'lost', text, sender, doubtful: true, known });
    }
    for (const { message, sender } of unsent) {
      if (away === undefined) letters.tell(message, { reason: 'lost', text, sender, known });
      else if (!isAwaited(message)) sendOver(away, message, sender);
    }
    for (const { event, rsvp, sender } of calls) {
      if (written.has(rsvp) || !this.#comesHere(rsvp)) continue;
      letters.tellOf(parseSpecifier(event), { reason: 'unanswered', text, sender, doubtful: true, known });
    }
  }

  /** Whether an answer was to come to this kernel; another one would not tell of it here. */
  #comesHere(rsvp: WireMessage['rsvp']): boolean {
    const kernel = parseSpecifier(rsvp)?.kernel ?? '';
    return kernel === '' || this.#context.kernels.find(kernel)?.isLocal === true;
  }

  /** A connection has come back as `link`: what was kept for it is sent. */
  isBack(away: AwayLink, link: Link): void {
    const { kernels, publications, calls, sendOver } = this.#context;
    kernels.endAway(away, link);
    // They are opened again as each call is sent.
    publications.takeAsked(away);
    calls.moved(away, link);
    for (const { message, sender } of away.take()) {
      if (isAwaited(message)) this.#sendLate(link, message);
      else sendOver(link, message, sender);
    }
  }

  /** Sends what somebody here awaits, if he still does. */
  #sendLate(link: Link, message: WireMessage): void {
    const { receipts, calls } = this.#context;
    const state = String((message.rsvp as WireSpecifier).state);
    if (!receipts.isOpen(state)) return;
    try {
      link.send(message);
    } catch (error) {
      calls.failed(state, error as Error);
    }
  }

  /** A connection does not come back. */
  isGone(away: AwayLink): void {
    const { kernels, publications, calls } = this.#context;
    kernels.endAway(away, null);
    publications.takeAsked(away);
    away.close();
    calls.lost(away);
  }

  /** None does. */
  shutdown(): void {
    for (const away of this.#context.kernels.allAway()) if (away instanceof AwayLink) this.isGone(away);
  }
}
