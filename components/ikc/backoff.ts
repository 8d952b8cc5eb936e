import { PoeUsageError, type RandomSource } from '../../core/index.ts';

/** How a client comes back to a server that has gone. Times are in seconds. */
export interface ReconnectOptions {
  /** Wait before the first attempt. Default 0.1. */
  initialDelay?: number | undefined;
  /** Longest wait. Default 30. */
  maxDelay?: number | undefined;
  /** What each wait is multiplied by for the next one. Default 2. */
  factor?: number | undefined;
  /** The part of a wait that is left to chance, 0 to 1, so that clients do not come all at once: it is that much shorter at most. Default 0.2. */
  jitter?: number | undefined;
  /** Attempts in a row that may fail before the client gives up. Default: it never does. */
  maxAttempts?: number | undefined;
  /** Messages that are kept while the link is down, to be sent when it is back. Default 0: each becomes a dead letter at once. */
  queue?: number | undefined;
}

const DEFAULTS: Readonly<Required<{ [K in keyof ReconnectOptions]: number }>> = Object.freeze({
  initialDelay: 0.1,
  maxDelay: 30,
  factor: 2,
  jitter: 0.2,
  maxAttempts: Number.POSITIVE_INFINITY,
  queue: 0,
});

export type Reconnect = typeof DEFAULTS;

/**
 * The whole of the option `reconnect`; undefined if the client is not to come back.
 * @throws PoeUsageError `POE_ERR_IKC_PARAMETER`.
 */
export function readReconnect(option: boolean | ReconnectOptions | undefined): Reconnect | undefined {
  if (option === undefined || option === false) return undefined;
  if (option === true) return DEFAULTS;
  if (option === null || typeof option !== 'object') throw refused(`it is ${String(option)}`);
  for (const name of Object.keys(option)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw refused(`there is no '${name}'`);
  }
  const given = Object.entries(option).filter(([, value]) => value !== undefined);
  const reconnect: Reconnect = { ...DEFAULTS, ...Object.fromEntries(given) };
  const { initialDelay, maxDelay, factor, jitter, maxAttempts, queue } = reconnect;
  const wrong = Object.entries({
    initialDelay: initialDelay > 0 && initialDelay < Number.POSITIVE_INFINITY,
    maxDelay: maxDelay >= initialDelay && maxDelay < Number.POSITIVE_INFINITY,
    factor: factor >= 1,
    jitter: jitter >= 0 && jitter <= 1,
    maxAttempts: maxAttempts >= 1,
    queue: queue >= 0,
  }).find(([, holds]) => !holds);
  if (wrong !== undefined) throw refused(`${wrong[0]} is ${String(reconnect[wrong[0] as keyof Reconnect])}`);
  return reconnect;
}

function refused(found: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_IKC_PARAMETER', `Cannot read 'reconnect': ${found}`, {
    hint: 'Pass true, or an object of initialDelay, maxDelay, factor, jitter, maxAttempts and queue',
  });
}

/** Waits that grow, each shortened by chance. */
export class Backoff {
  readonly #options: Reconnect;
  readonly #random: RandomSource;
  /** The wait before the last attempt, and the one before the next, both as if chance had left them alone. */
  #last = 0;
  #delay: number;
  #attempts = 0;

  constructor(options: Reconnect, random: RandomSource) {
    this.#options = options;
    this.#random = random;
    this.#delay = options.initialDelay;
  }

  /** Seconds until the next attempt; undefined if there have been enough. */
  next(): number | undefined {
    const { maxDelay, factor, jitter, maxAttempts } = this.#options;
    if (++this.#attempts > maxAttempts) return undefined;
    const delay = this.#delay;
    this.#last = delay;
    this.#delay = Math.min(delay * factor, maxDelay);
    return delay * (1 - jitter * this.#random.number());
  }

  /** An attempt has come to something: failures are counted anew. */
  succeeded(): void {
    this.#attempts = 0;
  }

  /**
   * What was reached has lasted: waits begin anew if that was longer than the one before it. So a server that falls over again and
   * again is not run down.
   */
  lasted(seconds: number): void {
    if (seconds >= this.#last) this.#delay = this.#options.initialDelay;
  }
}
