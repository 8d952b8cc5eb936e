import type { Filter } from './filter.ts';

/** Whether a filter waits for the rest of a record. */
// biome-ignore lint/suspicious/noExplicitAny: any filter will do
export function isUnfinished(filter: Filter<any, any, any>): boolean {
  return filter.unfinished ?? (filter.getPending()?.length ?? 0) > 0;
}
