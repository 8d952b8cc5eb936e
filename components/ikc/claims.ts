import type { Kernels } from './kernels.ts';
import type { Link } from './link.ts';

interface Claim {
  readonly realName: string;
  readonly aliases: readonly string[];
  readonly pid: number | undefined;
}

/**
 * Connections whose name is somebody else's. That one may be an earlier connection of the same kernel, whose end nobody has noticed; so it
 * is asked whether it is still there, and once it has gone the newcomer has the name.
 */
export class Claims {
  readonly #kernels: Kernels;
  readonly #claims = new Map<Link, Claim>();

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  add(link: Link, realName: string, aliases: readonly string[], pid: number | undefined): void {
    this.#claims.set(link, { realName, aliases, pid });
    this.#kernels.find(realName)?.probe?.();
  }

  remove(link: Link): void {
    this.#claims.delete(link);
  }

  /** Registers those whose name is free now. `registered` is told of each. */
  settle(registered: (link: Link, pid: number | undefined) => void): void {
    for (const [link, { realName, aliases, pid }] of this.#claims) {
      if (this.#kernels.find(realName) !== undefined) continue;
      this.#claims.delete(link);
      this.#kernels.register(link, realName, aliases);
      registered(link, pid);
    }
  }
}
