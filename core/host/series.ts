/** Numbers for things as they are made, counted from 1 in each series. */
export class Series {
  readonly #last = new Map<string, number>();

  /** The next number of a series. */
  next(series: string): number {
    const number = (this.#last.get(series) ?? 0) + 1;
    this.#last.set(series, number);
    return number;
  }
}
