import { type KernelView, type Session, warn } from '../../core/index.ts';
import type { IkcHooks } from './hooks.ts';
import { isAwaited, type WireMessage } from './message.ts';
import type { Monitors } from './monitors.ts';
import { parseSpecifier, type Specifier, specifierName } from './specifier.ts';

/** Why a message could not be delivered. */
export type DeadLetterReason =
  /** No kernel of that name is connected. */
  | 'unknown'
  /** The link is down, or was being closed. */
  | 'disconnected'
  /** The link is down, and as much is kept for it as may be. */
  | 'full'
  /** The link went while this waited to be written. */
  | 'lost'
  /** The link went before the answer came that should go to an event. */
  | 'unanswered'
  /** The other side has not published it, or has no such session. */
  | 'refused'
  /** The serializer cannot carry it. */
  | 'unsendable';

/** A message that could not be delivered. */
export interface DeadLetter {
  /** Where it was to go, as text. */
  readonly to: string;
  /** The kernel it was to go to, by the name it was sent to. */
  readonly kernel: string;
  /** What it carried; undefined for one that was `refused` or `unanswered`, which is not kept. */
  readonly params: unknown;
  /** The number of the session here that sent it, if one did. */
  readonly sender: number | undefined;
  readonly reason: DeadLetterReason;
  /** In words. */
  readonly text: string;
  /** Whether it may have arrived all the same. */
  readonly doubtful: boolean;
}

/** What is known of a letter beside the message. */
export interface Circumstances {
  readonly reason: DeadLetterReason;
  readonly text: string;
  readonly sender?: Session | undefined;
  readonly doubtful?: boolean;
  /** Somebody has been told of it in another way: no warning is needed. */
  readonly known?: boolean;
}

/** Seconds for which one warning stands for all of its kind. */
const QUIET_SECONDS = 10;

/** Tells of messages that could not be delivered: the hook, the monitors, and if nobody listens to either the person who runs the program. */
export class DeadLetters {
  readonly #kernel: KernelView;
  readonly #monitors: Monitors;
  readonly #hooks: IkcHooks;
  readonly #warned = new Map<DeadLetterReason, number>();

  constructor(kernel: KernelView, monitors: Monitors, hooks: IkcHooks) {
    this.#kernel = kernel;
    this.#monitors = monitors;
    this.#hooks = hooks;
  }

  /** One message. What somebody here awaits, and reports of errors, are no letters. */
  tell(message: WireMessage, circumstances: Circumstances): void {
    if (message.is_error === undefined && !isAwaited(message))
      this.#tell(parseSpecifier(message.event), message.params, circumstances);
  }

  /** One of which only the address is left. */
  tellOf(to: Specifier | undefined, circumstances: Circumstances): void {
    this.#tell(to, undefined, circumstances);
  }

  #tell(
    to: Specifier | undefined,
    params: unknown,
    { reason, text, sender, doubtful = false, known }: Circumstances,
  ): void {
    const kernel = to?.kernel ?? '';
    const letter: DeadLetter = Object.freeze({
      to: specifierName(to ?? ''),
      kernel,
      params,
      sender: sender?.id,
      reason,
      text,
      doubtful,
    });
    const { deadLetter } = this.#hooks;
    const tapped = deadLetter.isUsed();
    if (tapped) deadLetter.call(letter);
    const told = this.#monitors.tell([kernel === '' ? '*' : kernel], 'deadLetter', letter);
    if (!tapped && told === 0 && known !== true) this.#warn(letter);
  }

  /** One warning for many of a kind: a link that is down would fill the log. */
  #warn({ to, reason, text }: DeadLetter): void {
    const now = this.#kernel.host.clock.monotonic();
    const last = this.#warned.get(reason);
    if (last !== undefined && now < last + QUIET_SECONDS) return;
    this.#warned.set(reason, now);
    const quiet = `more that are ${reason} are not told of for ${QUIET_SECONDS} s`;
    warn('POE_WARN_IKC_DEAD_LETTER', `Not delivered: ${to}: ${text} (${quiet})`, this.#kernel);
  }
}
