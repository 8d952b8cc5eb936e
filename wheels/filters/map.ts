import { type List, toList } from '../../core/list.ts';
import { BaseFilter } from './base-filter.ts';
import { codePair, modifyPair } from './code-pair.ts';
import { RecordQueue } from './record-queue.ts';

/** Makes another record of one; several as `list(...)`, none as undefined or `list()`. */
export type MapCode<From, To> = (record: From) => To | List | undefined;

/** One function for both directions as `code`, or one for each. */
export type MapOptions<In, Out, Raw> =
  // biome-ignore lint/suspicious/noExplicitAny: the same function is given records of both sides
  { code: MapCode<any, any> } | { get: MapCode<Raw, In>; put: MapCode<Out, Raw> };

/**
 * Makes other records of records, with a function. It works on the records of another filter: put it in a
 * {@link Stackable}.
 *
 * A function returns one record, an array being one; `list(...)` of `poe-kernel` returns several, and undefined none. When
 * nothing is made of a record, `getOne` gives nothing that time, although more records may wait: `get` ends there, and
 * goes on the next time.
 *
 * The class has POE's name, which hides JavaScript's own `Map` where it is imported; `import { Map as MapFilter }` keeps
 * both.
 *
 * @example
 * const filter = new Map({ get: (line) => list(...line.split(' ')), put: (word) => word.toUpperCase() });
 * filter.get(['one two']); // ['one', 'two']
 * @remarks Mirrors POE::Filter::Map. An unknown option is a warning.
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: it is what a porter looks for
// biome-ignore lint/suspicious/noExplicitAny: records are what the filters around it make
export class Map<In = any, Out = any, Raw = any> extends BaseFilter<In, Out, Raw> {
  readonly #codes: { get: MapCode<Raw, In>; put: MapCode<Out, Raw> };
  readonly #records = new RecordQueue<Raw>();

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` without `code` or both others, and for what is no function. */
  constructor(options: MapOptions<In, Out, Raw>) {
    super();
    this.#codes = codePair('Map', options);
  }

  getOneStart(records: readonly Raw[]): void {
    this.#records.push(records);
  }

  /** Gives all that was made of one record. */
  getOne(): In[] {
    if (this.#records.length === 0) return [];
    const [record] = this.#records.take(1);
    return toList(this.#codes.get(record as Raw)) as In[];
  }

  put(records: readonly Out[]): Raw[] {
    return records.flatMap((record) => toList(this.#codes.put(record)) as Raw[]);
  }

  getPending(): Raw[] | null {
    return this.#records.peek();
  }

  /**
   * Exchanges one function or both while the filter is in use.
   *
   * @remarks Mirrors POE::Filter::Map, "modify". What is no function is a warning and stays as it was.
   */
  // biome-ignore lint/suspicious/noExplicitAny: see MapOptions
  modify(changes: { code?: MapCode<any, any>; get?: MapCode<Raw, In>; put?: MapCode<Out, Raw> }): void {
    modifyPair('Map', this.#codes, changes);
  }

  clone(): Map<In, Out, Raw> {
    return new Map<In, Out, Raw>(this.#codes);
  }
}
