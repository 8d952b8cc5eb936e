import { PoeUsageError } from '../../core/errors.ts';
import { BaseFilter } from './base-filter.ts';
import type { Filter } from './filter.ts';
import { optionError, warnUnknownOptions } from './options.ts';
import { isUnfinished } from './unfinished.ts';

// biome-ignore lint/suspicious/noExplicitAny: each filter takes what its neighbour gives
type AnyFilter = Filter<any, any, any>;

export interface StackableOptions {
  /** The filters, from the wire to the program. The array is taken over. Default: none yet. */
  filters?: AnyFilter[] | null | undefined;
}

const METHODS = ['getOneStart', 'getOne', 'put', 'getPending', 'clone'] as const satisfies (keyof AnyFilter)[];

/**
 * Several filters as one: octets go through the first one, which is next to the wire, its records through the second,
 * and so on; what is put goes the other way.
 *
 * `getOne` gives all that one record became on its way, so more than one with a {@link Map} in the stack.
 *
 * `getPending` asks the last filter only. What the others hold does not come out of it, so a stack is no good filter to
 * change away from in the middle of a stream.
 *
 * @example
 * const filter = new Stackable({
 *   filters: [new Line({ literal: '\n' }), new Grep({ get: (line) => line[0] !== '#', put: () => true })],
 * });
 * filter.get([Buffer.from('one\n# comment\ntwo\n')]); // ['one', 'two']
 * @remarks Mirrors POE::Filter::Stackable. Differs from POE: what is no filter is refused by the constructor, too; and
 * `shift`, `pop` and `getPending` do not put the pending records of one filter into another.
 */
// biome-ignore lint/suspicious/noExplicitAny: filters may come and go
export class Stackable<In = any, Out = any, Raw = any> extends BaseFilter<In, Out, Raw> {
  readonly #filters: AnyFilter[];

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` if `filters` is no array, `POE_ERR_FILTER_STACK` if it holds what is no filter. */
  constructor(options: StackableOptions = {}) {
    super();
    warnUnknownOptions('Stackable', options, ['filters']);
    const filters = options.filters ?? [];
    if (!Array.isArray(filters)) throw optionError('Stackable', 'filters is no array');
    checkFilters(filters);
    this.#filters = filters;
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_STACK` if there is no filter to give them to. */
  getOneStart(chunks: readonly Raw[]): void {
    const [first] = this.#filters;
    if (first === undefined) {
      throw new PoeUsageError('POE_ERR_FILTER_STACK', 'Cannot read with a Stackable filter: it is empty', {
        hint: 'Push a filter first',
      });
    }
    first.getOneStart(chunks);
  }

  getOne(): In[] {
    for (;;) {
      let records: unknown[] = [];
      let handedOver = false;
      for (const filter of this.#filters) {
        if (records.length > 0) {
          filter.getOneStart(records);
          handedOver = true;
        }
        // Asked even when nothing was handed over: it may still hold what it made of an earlier record.
        records = filter.getOne();
      }
      if (records.length > 0 || !handedOver) return records as In[];
    }
  }

  put(records: readonly Out[]): Raw[] {
    let chunks: unknown[] = [...records];
    for (const filter of this.#filters.toReversed()) {
      chunks = filter.put(chunks);
      if (chunks.length === 0) break;
    }
    return chunks as Raw[];
  }

  /** What the last filter holds, an empty array if nothing, as POE has it. */
  getPending(): Raw[] {
    return (this.#filters.at(-1)?.getPending() ?? []) as Raw[];
  }

  /** What the filter next to the wire says. */
  get frameTimeout(): number | undefined {
    return this.#filters[0]?.frameTimeout;
  }

  /** Whether the filter next to the wire waits for the rest of a record; `getPending` does not tell. */
  get unfinished(): boolean {
    const [first] = this.#filters;
    return first !== undefined && isUnfinished(first);
  }

  clone(): Stackable<In, Out, Raw> {
    return new Stackable<In, Out, Raw>({ filters: this.#filters.map((filter) => filter.clone()) });
  }

  /**
   * Adds filters at the program's end.
   *
   * @returns How many there are then.
   * @throws PoeUsageError `POE_ERR_FILTER_STACK` for what is no filter; none of them is added.
   * @remarks Mirrors POE::Filter::Stackable, "push".
   */
  push(...filters: AnyFilter[]): number {
    checkFilters(filters);
    return this.#filters.push(...filters);
  }

  /**
   * Adds filters at the wire's end.
   *
   * @returns How many there are then.
   * @throws PoeUsageError `POE_ERR_FILTER_STACK` for what is no filter; none of them is added.
   * @remarks Mirrors POE::Filter::Stackable, "unshift".
   */
  unshift(...filters: AnyFilter[]): number {
    checkFilters(filters);
    return this.#filters.unshift(...filters);
  }

  /**
   * Removes the filter at the program's end, with what it holds.
   *
   * @returns That filter; undefined if there was none.
   * @remarks Mirrors POE::Filter::Stackable, "pop".
   */
  pop(): AnyFilter | undefined {
    return this.#filters.pop();
  }

  /**
   * Removes the filter at the wire's end, with what it holds.
   *
   * @returns That filter; undefined if there was none.
   * @remarks Mirrors POE::Filter::Stackable, "shift".
   */
  shift(): AnyFilter | undefined {
    return this.#filters.shift();
  }

  /** The filters, from the wire to the program. @remarks Mirrors POE::Filter::Stackable, "filters". */
  filters(): AnyFilter[] {
    return [...this.#filters];
  }

  /** The names of their classes: `'Line'`. @remarks Mirrors POE::Filter::Stackable, "filter_types". */
  filterTypes(): string[] {
    return this.#filters.map((filter) => filter.constructor.name);
  }
}

function checkFilters(filters: readonly unknown[]): void {
  for (const filter of filters) {
    if (isFilter(filter)) continue;
    throw new PoeUsageError('POE_ERR_FILTER_STACK', `Cannot stack filters: one is ${describe(filter)}`, {
      hint: 'Give filters, objects as new Line() makes them',
    });
  }
}

function isFilter(value: unknown): value is AnyFilter {
  if (typeof value !== 'object' || value === null) return false;
  return METHODS.every((method) => typeof (value as Partial<AnyFilter>)[method] === 'function');
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : `of type ${typeof value}`;
}
