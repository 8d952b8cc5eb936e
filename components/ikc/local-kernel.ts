import { type KernelView, Session } from '../../core/index.ts';
import { type Link, namesOf } from './link.ts';
import type { WireMessage } from './message.ts';
import { withRsvpKernel } from './rsvp.ts';

/**
 * The way to the own kernel: messages to its own names are handled like those of others, without travelling.
 *
 * @remarks Mirrors POE::Component::IKC::LocalKernel.
 */
export class LocalKernel implements Link {
  readonly sessionId: number;
  readonly isLocal = true;
  realName = '';
  aliases: readonly string[] = [];
  readonly #kernel: KernelView;
  readonly #receive: (message: WireMessage, link: Link) => void;

  constructor(kernel: KernelView, receive: (message: WireMessage, link: Link) => void) {
    this.#kernel = kernel;
    this.#receive = receive;
    const session = Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => kernel.aliasSet(ALIAS),
        shutdown: ({ kernel }) => kernel.aliasRemove(ALIAS),
      },
    });
    this.sessionId = session.id;
  }

  get isOpen(): boolean {
    return true;
  }

  claims(name: string): boolean {
    return namesOf(this).includes(name);
  }

  send(message: WireMessage): boolean {
    this.#receive(withRsvpKernel(message, this.#kernel.id), this);
    return true;
  }

  close(): void {
    this.#kernel.post(this.sessionId, 'shutdown');
  }
}

const ALIAS = '-- Local Kernel IKC Channel --';
