import { BaseFilter } from './base-filter.ts';
import { type CodePair, codePair, modifyPair } from './code-pair.ts';
import { RecordQueue } from './record-queue.ts';

/** Whether a record passes: anything that JavaScript takes for true lets it through. */
export type GrepTest<T> = (record: T) => unknown;

/** One test for both directions as `code`, or one for each. */
export type GrepOptions<T> = CodePair<GrepTest<T>, GrepTest<T>>;

/**
 * Lets some records through, those for which a function returns true. It works on the records of another filter: put
 * it in a {@link Stackable}.
 *
 * @example
 * const filter = new Grep<string>({ get: (line) => !line.startsWith('#'), put: () => true });
 * filter.get(['one', '# comment', 'two']); // ['one', 'two']
 * @remarks Mirrors POE::Filter::Grep. What is true is JavaScript's word: `'0'` is, unlike in Perl. An unknown option is a
 * warning.
 */
// biome-ignore lint/suspicious/noExplicitAny: records are what the filter in front of it makes
export class Grep<T = any> extends BaseFilter<T, T, T> {
  readonly #tests: { get: GrepTest<T>; put: GrepTest<T> };
  readonly #records = new RecordQueue<T>();

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` without `code` or both others, and for what is no function. */
  constructor(options: GrepOptions<T>) {
    super();
    this.#tests = codePair('Grep', options);
  }

  getOneStart(records: readonly T[]): void {
    this.#records.push(records);
  }

  getOne(): T[] {
    while (this.#records.length > 0) {
      const next = this.#records.take(1);
      if (this.#tests.get(next[0] as T)) return next;
    }
    return [];
  }

  put(records: readonly T[]): T[] {
    return records.filter((record) => this.#tests.put(record));
  }

  getPending(): T[] | null {
    return this.#records.peek();
  }

  /**
   * Exchanges one test or both while the filter is in use.
   *
   * @remarks Mirrors POE::Filter::Grep, "modify". What is no function is a warning and stays as it was.
   */
  modify(changes: Partial<Record<'code' | 'get' | 'put', GrepTest<T>>>): void {
    modifyPair('Grep', this.#tests, changes);
  }

  clone(): Grep<T> {
    return new Grep<T>(this.#tests);
  }
}
