import type { KernelView, Session } from '../../core/index.ts';
import type { Link } from './link.ts';
import { ERROR_STATE, IKC_SESSION, PROXY_STATE, type WireMessage, type WireSpecifier } from './message.ts';

/** Calls that may wait for an answer; a handler that returns undef never gives one. */
const MAX_PERMISSIONS = 10_000;

/** A call whose answer is to come to an event. */
export interface Asked {
  /** What it was sent over. */
  readonly link: Link;
  readonly event: WireMessage['event'];
  readonly rsvp: WireMessage['rsvp'];
  readonly sender: Session | undefined;
}

/** What other kernels may reach here: published events, and events that are open once because a call waits for an answer. */
export class Publications {
  readonly #kernel: KernelView;
  /** Session names to published events. */
  readonly #published = new Map<string, Set<string>>([
    [IKC_SESSION, new Set([ERROR_STATE, 'do_you_have', 'ping', 'published'])],
  ]);
  /** Sessions and events to how often they may be reached. */
  readonly #permissions = new Map<string, number>();
  /** For permissions that came with a call, by the same key: the calls, the oldest first. */
  readonly #asked = new Map<string, Asked[]>();
  #open = 0;

  constructor(kernel: KernelView) {
    this.#kernel = kernel;
  }

  publish(name: string, states: readonly string[]): void {
    let published = this.#published.get(name);
    if (published === undefined) {
      published = new Set();
      this.#published.set(name, published);
    }
    for (const state of states) published.add(state);
  }

  /** Takes events back, all of a session's without a list. False if the session has published nothing. */
  retract(name: string, states: readonly string[] | undefined): boolean {
    const published = this.#published.get(name);
    if (published === undefined) return false;
    for (const state of states ?? published) published.delete(state);
    if (published.size === 0) this.#published.delete(name);
    return true;
  }

  /** The events a session has published; undefined if it has published nothing. */
  of(name: string): string[] | undefined {
    const published = this.#published.get(name);
    return published === undefined ? undefined : [...published];
  }

  /** Session names to their published events. */
  all(): Record<string, string[]> {
    const all: Record<string, string[]> = Object.create(null);
    for (const [name, states] of this.#published) all[name] = [...states];
    return all;
  }

  /** Whether a session has published anything. */
  knows(name: string): boolean {
    return this.#published.has(name);
  }

  has(name: string, state: string): boolean {
    return this.#published.get(name)?.has(state) ?? false;
  }

  /** How a session is named to other kernels as the sender of a message; undefined if it has published nothing. */
  senderOf(session: Session): WireSpecifier | undefined {
    const alias = this.#kernel.aliasList(session)?.find((name) => this.#published.has(name));
    return alias === undefined ? undefined : { kernel: this.#kernel.id, session: alias, state: PROXY_STATE };
  }

  // --- permissions

  /** Lets one message reach an event that need not be published. The oldest such permissions go when there are too many. */
  allowOnce(session: unknown, state: string, asked?: Asked): void {
    const key = permissionKey(session, state);
    if (asked !== undefined) {
      const calls = this.#asked.get(key);
      if (calls === undefined) this.#asked.set(key, [asked]);
      else calls.push(asked);
    }
    this.#permissions.set(key, (this.#permissions.get(key) ?? 0) + 1);
    if (++this.#open > MAX_PERMISSIONS) this.#take(this.#permissions.keys().next().value as string);
  }

  /** Uses one such permission up. False if there is none. */
  useUp(session: unknown, state: string): boolean {
    return this.#open > 0 && this.#take(permissionKey(session, state));
  }

  #take(key: string): boolean {
    const count = this.#permissions.get(key);
    if (count === undefined) return false;
    if (count === 1) this.#permissions.delete(key);
    else this.#permissions.set(key, count - 1);
    this.#open--;
    if (this.#asked.size > 0) this.#answered(key);
    return true;
  }

  /** Which one of the calls was answered is not known: the oldest. */
  #answered(key: string): void {
    const calls = this.#asked.get(key);
    if (calls === undefined) return;
    calls.shift();
    if (calls.length === 0) this.#asked.delete(key);
  }

  /** Takes the permissions back that came with calls over a link, and returns the calls. */
  takeAsked(link: Link): Asked[] {
    const taken: Asked[] = [];
    for (const [key, calls] of [...this.#asked]) {
      for (const call of calls.filter((call) => call.link === link)) {
        taken.push(call);
        calls.splice(calls.indexOf(call), 1);
        // The list is empty when the last of its permissions goes, and so is not looked at again.
        if (calls.length === 0) this.#asked.delete(key);
        const count = this.#permissions.get(key) ?? 0;
        if (count > 1) this.#permissions.set(key, count - 1);
        else this.#permissions.delete(key);
        if (count > 0) this.#open--;
      }
    }
    return taken;
  }
}

/** Alias and number of a session are different permissions; but a number is the same as text. */
function permissionKey(session: unknown, state: string): string {
  return `${String(session)}\0${state}`;
}
