import { PoeUsageError } from '../../core/index.ts';
import { type Filter, Line } from '../../wheels/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: records are what the filter makes of them
type AnyFilter<R = any> = Filter<R, any>;

/** A class of filters. */
// biome-ignore lint/suspicious/noExplicitAny: each class has options of its own
export type FilterClass<R = any> = new (...options: any[]) => AnyFilter<R>;

/**
 * Where each connection has its filter from: a class, a class with the arguments of its constructor, or a filter to clone.
 *
 * @example
 * clientFilter: Stream
 * clientFilter: [Line, { literal: ';' }]
 * clientFilter: new Line({ literal: ';' })
 */
// biome-ignore lint/suspicious/noExplicitAny: records are what the filter makes of them
export type FilterSource<R = any> = FilterClass<R> | readonly [FilterClass<R>, ...unknown[]] | AnyFilter<R>;

/**
 * What makes a new filter for each connection; without a source a `Line`.
 *
 * @param parameter - What the source was given as, for the error.
 * @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for what is no source.
 */
export function filterMaker(parameter: string, source: FilterSource | undefined): () => AnyFilter {
  if (source === undefined) return () => new Line();
  const [made, ...options] = (Array.isArray(source) ? source : [source]) as [FilterClass | AnyFilter, ...unknown[]];
  if (typeof made === 'function') return () => new made(...options);
  if (typeof made?.clone === 'function') return () => made.clone();
  throw new PoeUsageError('POE_ERR_TCP_PARAMETER', `${parameter} is no filter: it is '${String(source)}'`, {
    hint: `Give a class or a filter, not a name: ${parameter}: Line, [Line, { literal: '\\n' }] or new Line()`,
  });
}
