import { PoeUsageError } from '../../core/errors.ts';

/** Refuses parameters that nobody knows. @throws PoeUsageError `POE_ERR_IKC_PARAMETER`. */
export function checkKnown(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) refuse(what, `unknown parameter '${name}'`, `The parameters are ${known.join(', ')}`);
  }
}

/** @throws PoeUsageError `POE_ERR_IKC_PARAMETER`. */
export function refuse(what: string, found: string, hint: string): never {
  throw new PoeUsageError('POE_ERR_IKC_PARAMETER', `Cannot start ${what}: ${found}`, { hint });
}
