import type { Child } from './child.ts';
import type { ChildInfo } from './child-info.ts';

/** Ends that are remembered. */
const KEPT_EXITS = 100;

/** The children there are, and those there were lately. */
export class Roster {
  readonly #children = new Map<number, Child>();
  readonly #exits: ChildInfo[] = [];

  /** Those that have not ended, in the order in which they were started. */
  all(): Child[] {
    return [...this.#children.values()];
  }

  /** The last 100 that have ended, the latest one last. */
  exits(): ChildInfo[] {
    return [...this.#exits];
  }

  get size(): number {
    return this.#children.size;
  }

  get(id: number): Child | undefined {
    return this.#children.get(id);
  }

  find(pid: number): Child | undefined {
    return this.all().find((child) => child.pid === pid);
  }

  /** Booted ones that wait to be needed. */
  spares(): Child[] {
    return this.all().filter(({ state, promised }) => state === 'spare' && !promised);
  }

  add(child: Child): void {
    this.#children.set(child.id, child);
  }

  /** A child has ended. @returns False if that was known. */
  ended(child: Child): boolean {
    return this.#children.delete(child.id);
  }

  /** Keeps what became of a child. */
  remember(end: ChildInfo): void {
    this.#exits.push(end);
    if (this.#exits.length > KEPT_EXITS) this.#exits.shift();
  }
}
