import { number, type Sample } from './exposition.ts';

/** Counts values by size, as a Prometheus histogram has them. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: what is beyond the last one. */
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds - Upper bounds of the buckets, rising. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const index = this.#bounds.findIndex((bound) => value <= bound);
    const at = index < 0 ? this.#bounds.length : index;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += value;
  }

  /** Its lines: buckets hold what is below them, too. */
  samples(labels: Readonly<Record<string, string>> = {}): Sample[] {
    let count = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, index): Sample => {
      count += this.#counts[index] as number;
      return { suffix: '_bucket', labels: { ...labels, le: number(bound) }, value: count };
    });
    return [...buckets, { suffix: '_sum', labels, value: this.#sum }, { suffix: '_count', labels, value: count }];
  }
}
