import type { KernelView } from '../../core/index.ts';
import { IKC_SESSION } from './message.ts';
import type { Publications } from './publications.ts';

/** Events nobody waits for any more, of which is known that an answer may still come. */
const MOST_GIVEN_UP = 1000;

/** What comes where no answer came in time, or can come any more. */
type Received = (value: unknown) => void;

/**
 * Events of the session IKC that wait for one message each: the answer to an awaited call, or to a subscription. Their names are
 * what answers are sent to.
 */
export class Receipts {
  readonly #kernel: KernelView;
  readonly #publications: Publications;
  readonly #waiting = new Map<string, { timer: number; received: Received }>();
  /** What was waited for, and given up. */
  readonly #givenUp = new Set<string>();
  #made = 0;

  /** @param kernel - Bound to the session IKC, whose event `late` has to call {@link late}. */
  constructor(kernel: KernelView, publications: Publications) {
    this.#kernel = kernel;
    this.#publications = publications;
  }

  /**
   * Waits for one message.
   *
   * @param received - Gets what came, which is never undefined; undefined if nothing came in time.
   * @returns The name of the event.
   */
  expect(what: string, seconds: number, received: Received): string {
    const state = `IKC:${++this.#made} ${what}`;
    const timer = this.#kernel.delaySet('late', seconds, state) as number;
    this.#waiting.set(state, { timer, received });
    return state;
  }

  /** A message has come to an event of the session IKC. False if nobody waits there, or has lately. */
  take(state: string, value: unknown): boolean {
    const waiting = this.#waiting.get(state);
    if (waiting === undefined) return this.#givenUp.delete(state);
    this.#remove(state, waiting.timer);
    waiting.received(value ?? null);
    return true;
  }

  /** Nothing has come, and nothing is let in any more. */
  late(state: string): void {
    const waiting = this.#waiting.get(state);
    if (waiting === undefined) return;
    // Its timer has fired: there is none to remove.
    this.#waiting.delete(state);
    this.#giveUp(state);
    waiting.received(undefined);
  }

  /** Whether an answer that comes now is just late: it is dropped, and its sender is not to blame. */
  isGivenUp(state: string): boolean {
    return this.#givenUp.has(state);
  }

  #giveUp(state: string): void {
    this.#publications.useUp(IKC_SESSION, state);
    this.#givenUp.add(state);
    if (this.#givenUp.size > MOST_GIVEN_UP) this.#givenUp.delete(this.#givenUp.keys().next().value as string);
  }

  /** Whether somebody still waits there. */
  isOpen(state: string): boolean {
    return this.#waiting.has(state);
  }

  /** Stops waiting, without a word. */
  forget(state: string): void {
    const waiting = this.#waiting.get(state);
    if (waiting === undefined) return;
    this.#remove(state, waiting.timer);
    this.#giveUp(state);
  }

  #remove(state: string, timer: number): void {
    this.#waiting.delete(state);
    this.#kernel.alarmRemove(timer);
  }
}
