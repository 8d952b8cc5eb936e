import type { Chunk, Filter } from './filter.ts';

/**
 * What filters have in common: {@link BaseFilter.get} in terms of the two halves that each filter writes itself.
 *
 * @example
 * class Upper extends BaseFilter<string> { ... getOneStart, getOne, put, getPending, clone ... }
 * @remarks Mirrors POE::Filter, "get".
 */
export abstract class BaseFilter<In = unknown, Out = In> implements Filter<In, Out> {
  abstract getOneStart(chunks: readonly Chunk[]): void;
  abstract getOne(): In[];
  abstract put(records: readonly Out[]): Chunk[];
  abstract getPending(): Chunk[] | null;
  abstract clone(): Filter<In, Out>;

  get(chunks: readonly Chunk[]): In[] {
    this.getOneStart(chunks);
    const records: In[] = [];
    for (;;) {
      const next = this.getOne();
      if (next.length === 0) return records;
      for (const record of next) records.push(record);
    }
  }
}
