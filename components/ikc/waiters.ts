import { parseSpecifier, type SpecifierLike, specifierName } from './specifier.ts';

/** What errors name in place of a specifier that could not be read. */
const UNREADABLE = { kernel: '', session: '', state: '' };

/** Somebody who waits for a message. */
export interface Waiter {
  /** The event that the message comes to. */
  readonly session: string;
  readonly state: string;
  /** What was asked for it; undefined if it was not asked for here. */
  readonly asked: SpecifierLike | undefined;
  /** Until when, in milliseconds of `performance.now()`. */
  readonly until: number;
  readonly resolve: (value: unknown) => void;
}

/**
 * Those who wait for messages, in the order in which they came, each for the same time. PERF: ikc-lite-calls, 4 %: there is one timer for all of them,
 * which stays when who it was set for has been answered: one for each request costs more than to write the request.
 */
export class Waiters {
  readonly #ms: number;
  readonly #expired: (waiter: Waiter) => void;
  readonly #waiting = new Set<Waiter>();
  #timer: NodeJS.Timeout | null = null;

  /** @param expired - Told of whose time is over; nobody waits there any more. */
  constructor(seconds: number, expired: (waiter: Waiter) => void) {
    this.#ms = seconds * 1000;
    this.#expired = expired;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(session: string, state: string, asked: SpecifierLike | undefined, resolve: Waiter['resolve']): Waiter {
    const waiter = { session, state, asked, until: performance.now() + this.#ms, resolve };
    this.#waiting.add(waiter);
    if (this.#timer === null) this.#setTimer(this.#ms);
    return waiter;
  }

  /** @returns Whether it still waited. */
  remove(waiter: Waiter): boolean {
    return this.#waiting.delete(waiter);
  }

  /** Takes who waits for a message to that event first. */
  take(session: string, state: string): Waiter | undefined {
    for (const waiter of this.#waiting) {
      if (session !== waiter.session || state !== waiter.state) continue;
      this.#waiting.delete(waiter);
      return waiter;
    }
    return undefined;
  }

  /**
   * Takes who an error is for: it belongs to the request that it names; if nobody waits for that, to who waits for what others post.
   */
  takeForError(text: string): Waiter | undefined {
    const waiters = [...this.#waiting];
    const request = /\. {2}Request (poe:.*?)(?: sent by poe:.*)?$/s.exec(text)?.[1];
    const waiter =
      request === undefined
        ? waiters[0]
        : (waiters.find((each) => nameOf(each) === request) ?? waiters.find((each) => each.asked === undefined));
    if (waiter !== undefined) this.#waiting.delete(waiter);
    return waiter;
  }

  /** Takes all of them. */
  takeAll(): Waiter[] {
    const waiters = [...this.#waiting];
    this.#waiting.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    return waiters;
  }

  /** It does not keep the process: as long as somebody waits, the connection does. */
  #setTimer(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), ms).unref();
  }

  #look(): void {
    this.#timer = null;
    const now = performance.now();
    for (const waiter of this.#waiting) {
      if (waiter.until > now) {
        this.#setTimer(Math.ceil(waiter.until - now));
        return;
      }
      this.#waiting.delete(waiter);
      this.#expired(waiter);
    }
  }
}

/** What was asked for, as errors name it. */
function nameOf({ asked }: Waiter): string | undefined {
  return asked && specifierName(parseSpecifier(asked) ?? UNREADABLE);
}
