/**
 * What differs from run to run: which name, number or address of the recording is which of ours. What is sent from a
 * recording is put in our terms by it, and so is what is expected.
 */
import { PerlString } from '../../wheels/filters/freezers/perl-values.ts';
import { freezerFor } from '../../wheels/index.ts';
import type { NeutralNode } from '../helpers/neutral.ts';

export class Bindings {
  /** Names and addresses, which stand anywhere in a text. */
  readonly #names = new Map<string, string>();
  /** Numbers of sessions and events of the responder, which stand in the event of a message, alone. */
  readonly #sessions = new Map<string, number>();
  readonly #states = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** A name or address of the recording is called so here. */
  name(recorded: string | undefined, ours: string): void {
    if (recorded === undefined || recorded === ours) return;
    this.#names.set(recorded, ours);
    const names = [...this.#names.keys()]
      .sort((a, b) => b.length - a.length)
      .map((name) => name.replace(/\W/g, '\\$&'));
    this.#pattern = new RegExp(`(?<![\\w.:-])(?:${names.join('|')})(?![\\w:-])`, 'g');
  }

  session(recorded: string, ours: number): void {
    this.#sessions.set(recorded, ours);
  }

  state(recorded: string, ours: string): void {
    this.#states.set(recorded, ours);
  }

  /** A recorded text in our terms. */
  text(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, (name) => this.#names.get(name) as string);
  }

  /** A recorded value in our terms. */
  node<N extends NeutralNode | undefined>(node: N): N {
    const copy = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(copy);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, each]) => [key, copy(each)]);
      const { t, v } = value as { t?: unknown; v?: unknown };
      const result = Object.fromEntries(entries) as { v?: unknown };
      if ((t === 'bytes' || t === 'text') && typeof v === 'string') result.v = this.text(v);
      return result;
    };
    return copy(node) as N;
  }

  /** A recorded payload in our terms: the very octets, unless something in it has another name here. */
  payload(octets: Buffer, freezerName: string): Buffer {
    const freezer = freezerFor(freezerName)?.({ strings: 'exact' });
    if (freezer === undefined || !this.#concerns(octets)) return octets;
    let message: unknown;
    try {
      message = freezer.thaw(octets);
    } catch {
      // It was sent because it cannot be read.
      return octets;
    }
    const renamed = this.#rename(message, new Set());
    const readdressed = this.#readdress(message);
    return renamed || readdressed ? Buffer.from(freezer.freeze(message)) : octets;
  }

  #concerns(octets: Buffer): boolean {
    if (this.#sessions.size > 0) return true;
    return [...this.#names.keys(), ...this.#states.keys()].some((name) => octets.includes(name, 0, 'latin1'));
  }

  /** Puts names in our terms. Returns whether there were any. */
  #rename(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value !== 'object' || value === null || seen.has(value)) return false;
    seen.add(value);
    let renamed = false;
    const holder = value as Record<string, unknown>;
    for (const [key, each] of Object.entries(holder)) {
      if (!(each instanceof PerlString)) {
        renamed = this.#rename(each, seen) || renamed;
        continue;
      }
      const text = this.text(each.value);
      if (text === each.value) continue;
      holder[key] = new PerlString(text, each.flagged);
      renamed = true;
    }
    return renamed;
  }

  /** Puts the session and event that a message is for in our terms. Returns whether it has to be. */
  #readdress(message: unknown): boolean {
    const event = (message as { event?: Record<string, unknown> } | null)?.event;
    if (typeof event !== 'object' || event === null || event instanceof PerlString) return false;
    const session = this.#sessions.get(String(event.session));
    const state = this.#states.get(String(event.state));
    if (session !== undefined) event.session = session;
    if (state !== undefined) event.state = new PerlString(state, false);
    return session !== undefined || state !== undefined;
  }
}
