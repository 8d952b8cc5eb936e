import { type KernelView, PoeError, PoeUsageError, type Session, warn } from '../../core/index.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Kernels } from './kernels.ts';
import type { Link } from './link.ts';
import { IKC_SESSION, type WireMessage, type WireSpecifier } from './message.ts';
import type { Monitors } from './monitors.ts';
import { isTrue } from './perl.ts';
import type { Publications } from './publications.ts';
import { parseSpecifier, shownSpecifier, specifierName } from './specifier.ts';

/** What sending needs from the responder. */
export interface SendingContext {
  readonly kernel: KernelView;
  readonly kernels: Kernels;
  readonly monitors: Monitors;
  readonly letters: DeadLetters;
  readonly publications: Publications;
}

/** Finds the links a message is to go over, lets its answer in, and tells of what cannot be sent. */
export class Sending {
  readonly #context: SendingContext;

  constructor(context: SendingContext) {
    this.#context = context;
  }

  /**
   * Sends a message to the kernels that its specifier names. `from` is added for a sender that has published something.
   *
   * @returns What it went over; undefined, with a warning, if session, state or kernel is missing.
   * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER`; what the serializer throws for a value that it cannot carry.
   */
  send(message: WireMessage, sender?: Session): Link[] | undefined {
    const to = parseSpecifier(message.event);
    if (to === undefined) {
      const found = `'${shownSpecifier(message.event)}' is no specifier`;
      throw new PoeUsageError('POE_ERR_IKC_SPECIFIER', `Cannot send: ${found}`, {
        hint: "Write 'poe://kernel/session/event', or a hash of kernel, session and state",
      });
    }
    const { kernels } = this.#context;
    const method = message.rsvp === undefined ? 'post' : 'call';
    if (!isTrue(to.session)) return this.refuse(`Need a session name for IKC/${method}: ${specifierName(to)}`);
    if (!isTrue(to.state)) return this.refuse(`Need a state name for IKC/${method}: ${specifierName(to)}`);
    if (!isTrue(to.kernel) && !kernels.hasDefault) {
      return this.refuse(`Unable to decide which kernel to send state '${to.state}' to`);
    }
    const links = kernels.select(isTrue(to.kernel) ? to.kernel : '');
    if (links.length === 0) {
      this.#sendToNobody(message, sender, to.kernel);
      return [];
    }
    const complete = this.#withFrom(message, sender);
    if (links.length === 1) return links.filter((link) => this.sendOver(link, complete, sender));
    // What one connection cannot carry, others may.
    return links.filter((link) => this.attempt(() => this.sendOver(link, complete, sender)));
  }

  /** Sends a message over a link, and lets the answer in. */
  sendOver(link: Link, message: WireMessage, sender: Session | undefined): boolean {
    const rsvp = message.rsvp as WireSpecifier | undefined;
    if (rsvp === undefined) return this.#handOver(link, message, sender);
    const { publications } = this.#context;
    const state = String(rsvp.state);
    const asked = rsvp.session === IKC_SESSION ? undefined : { link, event: message.event, rsvp, sender };
    publications.allowOnce(rsvp.session, state, asked);
    let sent = false;
    try {
      sent = this.#handOver(link, message, sender);
    } finally {
      if (!sent) publications.useUp(rsvp.session, state);
    }
    return sent;
  }

  /**
   * Sends an answer, which nobody else has: over the link that the request came by, if that is the kernel it names, whoever else bears the name. If
   * that link has closed meanwhile, whoever has the name now gets it, as in Perl: mostly the same kernel that has come back. One that names
   * no kernel is not sent: the default kernel has asked for nothing.
   */
  sendBack(message: WireMessage, sender: Session | undefined, link: Link): void {
    const to = parseSpecifier(message.event);
    const { kernel, monitors, letters, publications } = this.#context;
    if (to !== undefined && !isTrue(to.kernel)) {
      const text = `${kernel.host.identity.pid}: Unknown kernel ''.`;
      monitors.tell(['*'], 'error', 'resolve', text);
      // POE: nobody is warned: it is the other side that asked.
      letters.tell(message, { reason: 'unknown', text, sender, known: true });
    } else if (to !== undefined && isTrue(to.session) && isTrue(to.state) && link.isOpen && link.claims(to.kernel)) {
      const from = sender && publications.senderOf(sender);
      if (from !== undefined) message.from = from;
      this.#handOver(link, message, sender);
    } else {
      this.send(message, sender);
    }
  }

  /**
   * Does what must not end the program: what cannot be sent may be what another peer has sent. The monitors of errors are
   * told.
   */
  attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      const { kernel, monitors } = this.#context;
      const told = monitors.tell(['*'], 'error', 'send', error.message);
      if (told === 0) warn('POE_WARN_IKC_UNSENT', error.message, kernel);
      return undefined;
    }
  }

  /** A request that the program has made wrongly is a warning, and comes to nothing. */
  refuse(why: string): undefined {
    warn('POE_WARN_IKC_REQUEST', why, this.#context.kernel);
    return undefined;
  }

  #sendToNobody(message: WireMessage, sender: Session | undefined, name: string): void {
    const { kernel, monitors, letters } = this.#context;
    const { pid } = kernel.host.identity;
    const text = name === '*' ? `${pid}: Not connected to any foreign kernels.` : `${pid}: Unknown kernel '${name}'.`;
    const known = monitors.tell(['*'], 'error', 'resolve', text) > 0;
    letters.tell(message, { reason: 'unknown', text, sender, known });
  }

  #withFrom(message: WireMessage, sender: Session | undefined): WireMessage {
    if (message.from !== undefined || sender === undefined) return message;
    const from = this.#context.publications.senderOf(sender);
    // PERF: ikc-calls: a spread that a new key follows costs Node 20 several times as much as this.
    return from === undefined ? message : Object.assign({}, message, { from });
  }

  #handOver(link: Link, message: WireMessage, sender: Session | undefined): boolean {
    try {
      return link.send(message, sender);
    } catch (error) {
      // Whoever sent it gets the error, or the monitors of errors do.
      const text = (error as Error).message;
      this.#context.letters.tell(message, { reason: 'unsendable', text, sender, known: true });
      throw error;
    }
  }
}
