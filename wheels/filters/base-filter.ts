import { PoeUsageError } from '../../core/errors.ts';
import type { Chunk, Filter } from './filter.ts';

/**
 * What filters have in common: {@link BaseFilter.get} in terms of the two halves that each filter writes itself.
 *
 * @example
 * class Upper extends BaseFilter<string> { ... getOneStart, getOne, put, getPending, clone ... }
 * @remarks Mirrors POE::Filter, "get".
 */
export abstract class BaseFilter<In = unknown, Out = In, Raw = Chunk> implements Filter<In, Out, Raw> {
  /** @throws PoeUsageError `POE_ERR_FILTER_BASE` for this class itself. */
  constructor() {
    if (new.target === BaseFilter) {
      throw new PoeUsageError('POE_ERR_FILTER_BASE', 'Cannot make a BaseFilter: it is the base of the others', {
        hint: 'Extend the class, or use Line or another filter',
      });
    }
  }

  abstract getOneStart(chunks: readonly Raw[]): void;
  abstract getOne(): In[];
  abstract put(records: readonly Out[]): Raw[];
  abstract getPending(): Raw[] | null;
  abstract clone(): Filter<In, Out, Raw>;

  get(chunks: readonly Raw[]): In[] {
    this.getOneStart(chunks);
    const records: In[] = [];
    for (;;) {
      const next = this.getOne();
      if (next.length === 0) return records;
      for (const record of next) records.push(record);
    }
  }
}
