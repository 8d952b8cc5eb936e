/** How many connections there are from each address, so that one address cannot have them all. */
export class AddressCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  /** Addresses of which it was told that they have reached the limit. */
  readonly #told = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one more, unless the address has as many as it may. */
  add(address: string): boolean {
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#limit) return false;
    this.#counts.set(address, count + 1);
    return true;
  }

  remove(address: string): void {
    const count = (this.#counts.get(address) ?? 1) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
    this.#told.delete(address);
  }

  /** Whether a refusal is worth a word: true once until a connection from the address ends. */
  tell(address: string): boolean {
    if (this.#told.has(address)) return false;
    this.#told.add(address);
    return true;
  }
}
