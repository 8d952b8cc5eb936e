import { PoeUsageError } from '../core/index.ts';

const READS = ['getOneStart', 'getOne', 'getPending'];
const WRITES = ['put'];
const BOTH = [...READS, ...WRITES];

/** Which methods of a filter a parameter is for. */
function neededBy(parameter: string): readonly string[] {
  if (parameter === 'filter') return BOTH;
  if (/^(input|stdout|stderr)Filter$/.test(parameter)) return READS;
  return /^(output|stdin)Filter$/.test(parameter) ? WRITES : BOTH;
}

/**
 * Checks that a filter can do what its wheel will ask of it, so that a class in place of an object is told of here and not with the first octets.
 *
 * @param parameter - What it was given as: `inputFilter`, `stdioFilter` and the like say what is asked.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER`.
 */
export function checkFilter(wheel: string, parameter: string, filter: unknown): void {
  const methods = filter as Record<string, unknown> | null;
  const missing = neededBy(parameter).filter((name) => typeof methods?.[name] !== 'function');
  if (missing.length === 0) return;
  const found =
    typeof filter === 'function'
      ? `is the class ${filter.name}, not a filter made of it`
      : `has no ${missing.join(', ')}`;
  throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot use ${parameter} of a ${wheel}: it ${found}`, {
    hint: `Pass a filter, new Line() for instance. One of your own extends BaseFilter, and writes ${missing.join(', ')} itself`,
  });
}

/** {@link checkFilter} for those of a wheel's parameters that are given. */
export function checkFilters<P extends string>(
  wheel: string,
  given: { readonly [name in P]?: unknown },
  parameters: readonly P[],
): void {
  for (const name of parameters) {
    const filter = given[name];
    if (filter !== undefined && filter !== null) checkFilter(wheel, name, filter);
  }
}
