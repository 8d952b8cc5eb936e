import { PoeUsageError } from '../../core/errors.ts';

/**
 * Refuses option names that a filter does not know. POE only warns of them; here a ported `Literal` instead of
 * `literal` would otherwise be ignored in silence.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_OPTION`.
 */
export function checkOptionNames(filter: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const wanted = known.find((other) => other.toLowerCase() === name.toLowerCase());
    throw new PoeUsageError('POE_ERR_FILTER_OPTION', `Cannot make a ${filter} filter: unknown option '${name}'`, {
      hint: wanted ? `Write '${wanted}'` : `Known options: ${known.join(', ')}`,
    });
  }
}

/**
 * Checks a limit given as option.
 *
 * @returns The limit, or `standard` where none is given.
 * @throws PoeUsageError `POE_ERR_FILTER_OPTION`.
 */
export function limitOption(filter: string, name: string, value: number | null | undefined, standard: number): number {
  if (value === undefined || value === null) return standard;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new PoeUsageError('POE_ERR_FILTER_OPTION', `Cannot make a ${filter} filter: ${name} is '${value}'`, {
    hint: `Give ${name} a whole number above 0, in octets`,
  });
}
