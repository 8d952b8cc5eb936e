import { PerlRef } from '../perl-values.ts';

/** A place in the data: an element of an array, a value of a hash, or what a reference refers to. */
export interface Slot {
  readonly holder: unknown[] | Record<string, unknown> | PerlRef;
  readonly key: string | number;
}

/** One step on the way to a place: a key, an index, or through a reference. */
export type Step = string | number | typeof DEREFERENCE;

export const DEREFERENCE: unique symbol = Symbol('dereference');

/** The variable that a text assigns to, and the paths that lead into it. It behaves like a reference to its value. */
export class Variable extends PerlRef {
  /** References to elements. Perl sees one scalar there, so they follow their element until the text is at its end. */
  readonly #aliases = new Map<PerlRef, Slot>();
  readonly #aliasesByHolder = new Map<object, Map<string | number, PerlRef>>();

  /** The place at the end of a path; undefined if there is none. */
  resolve(path: readonly Step[]): Slot | undefined {
    let slot: Slot = { holder: this, key: 'value' };
    for (const step of path) {
      const next = slotIn(this.read(slot), step);
      if (next === undefined) return undefined;
      slot = next;
    }
    return slot;
  }

  read(slot: Slot): unknown {
    const { holder, key } = this.#original(slot);
    return (holder as Record<string | number, unknown>)[key];
  }

  write(slot: Slot, value: unknown): void {
    const { holder, key } = this.#original(slot);
    (holder as Record<string | number, unknown>)[key] = value;
  }

  /** A reference to a place, one and the same for each. */
  reference(slot: Slot): PerlRef {
    if (slot.holder instanceof PerlRef) return slot.holder;
    const aliases = this.#aliasesByHolder.get(slot.holder) ?? new Map<string | number, PerlRef>();
    this.#aliasesByHolder.set(slot.holder, aliases);
    const alias = aliases.get(slot.key) ?? new PerlRef<unknown>(null);
    aliases.set(slot.key, alias);
    this.#aliases.set(alias, slot);
    return alias;
  }

  /** Gives the references to elements their values, once all statements have been read. */
  settle(): void {
    for (const [alias, slot] of this.#aliases) alias.value = this.read(slot);
  }

  /** The element behind a reference to an element; other places stand for themselves. */
  #original(slot: Slot): Slot {
    return slot.holder instanceof PerlRef ? (this.#aliases.get(slot.holder) ?? slot) : slot;
  }
}

function slotIn(holder: unknown, step: Step): Slot | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  if (step === DEREFERENCE) return holder instanceof PerlRef ? { holder, key: 'value' } : undefined;
  if (typeof step === 'number')
    return Array.isArray(holder) && step < holder.length ? { holder, key: step } : undefined;
  const isHash = Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, step);
  return isHash ? { holder: holder as Record<string, unknown>, key: step } : undefined;
}
