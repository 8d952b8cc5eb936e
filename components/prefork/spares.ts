/** How many spares are to be kept: more while children go faster than they boot, fewer when that is over. */
export class Spares {
  readonly #fewest: number;
  readonly #most: number;
  #wanted: number;

  constructor({ minSpares, maxSpares }: { readonly minSpares: number; readonly maxSpares: number }) {
    this.#fewest = minSpares;
    this.#most = maxSpares;
    this.#wanted = minSpares;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Whether there are to be more than the fewest. */
  get areMany(): boolean {
    return this.#wanted > this.#fewest;
  }

  /** None was left when one was needed. Who wants none at all waits for each boot. */
  more(): void {
    if (this.#wanted > 0) this.#wanted = Math.min(this.#most, this.#wanted + 1);
  }

  fewer(): void {
    if (this.areMany) this.#wanted--;
  }
}
