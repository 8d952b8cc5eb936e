import { PoeUsageError } from '../../core/errors.ts';
import { warn } from '../../core/warn.ts';

/**
 * Warns of option names that a filter does not know, as POE does; a ported `Literal` is `literal` here.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_OPTION` for options that are no object, a newline for instance.
 */
export function warnUnknownOptions(filter: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const found = `options are ${JSON.stringify(options)}, not an object`;
    throw optionError(filter, found, `Give them by name: ${known.join(', ')}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const wanted = known.find((other) => other.toLowerCase() === name.toLowerCase());
    const hint = wanted === undefined ? '' : `; write '${wanted}'`;
    warn('POE_WARN_PARAMETER', `Ignoring unknown ${filter} option '${name}'${hint}`);
  }
}

/** The error for options that are wrong or exclude each other. */
export function optionError(filter: string, found: string, hint?: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_FILTER_OPTION', `Cannot make a ${filter} filter: ${found}`, hint ? { hint } : {});
}

/**
 * Checks a limit or size given as option.
 *
 * @returns The limit, or `standard` where none is given.
 * @throws PoeUsageError `POE_ERR_FILTER_OPTION`.
 */
export function limitOption(
  filter: string,
  name: string,
  value: number | null | undefined,
  standard: number,
  unit = 'octets',
): number {
  if (value === undefined || value === null) return standard;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw optionError(filter, `${name} is '${value}'`, `Give ${name} a whole number above 0, in ${unit}`);
}
