/** Up to here looking through a list is faster than a set. */
const FEW = 32;

/**
 * The things of one image, with their numbers, so that each is written once.
 *
 * Hardly any thing appears twice. So they are only kept apart at first, in a list and then in a set; what number each has is
 * made ready with the first that does appear again.
 */
export class MetThings {
  readonly #first: unknown[] = new Array(FEW).fill(undefined);
  /** The numbers of all things, in the order in which they were met. */
  readonly #numbers: number[] = new Array(FEW).fill(0);
  #count = 0;
  #set: Set<unknown> | undefined;
  #map: Map<unknown, number> | undefined;

  clear(): void {
    for (let place = Math.min(this.#count, FEW) - 1; place >= 0; place--) this.#first[place] = undefined;
    this.#count = 0;
    if (this.#set === undefined) return;
    this.#numbers.length = FEW;
    this.#set = undefined;
    this.#map = undefined;
  }

  /** The number of a thing that was met before; any other has the given number from now on. */
  meet(thing: object, number: number): number | undefined {
    const count = this.#count;
    if (count >= FEW) return this.#meetMany(thing, number);
    for (let place = 0; place < count; place++) if (this.#first[place] === thing) return this.#numbers[place];
    this.#first[count] = thing;
    this.#numbers[count] = number;
    this.#count = count + 1;
    return undefined;
  }

  #meetMany(thing: object, number: number): number | undefined {
    this.#set ??= new Set(this.#first);
    const set = this.#set;
    set.add(thing);
    if (set.size === this.#count) return this.numberOf(thing);
    this.#numbers.push(number);
    this.#count++;
    this.#map?.set(thing, number);
    return undefined;
  }

  /** The number of a thing, or undefined if it was not met yet. */
  numberOf(thing: object): number | undefined {
    if (this.#set === undefined) {
      const place = this.#first.indexOf(thing);
      return place < 0 ? undefined : this.#numbers[place];
    }
    this.#map ??= new Map(Array.from(this.#set, (met, place) => [met, this.#numbers[place] as number]));
    return this.#map.get(thing);
  }
}
