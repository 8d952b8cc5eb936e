import { warn } from '../../core/warn.ts';
import { optionError, warnUnknownOptions } from './options.ts';

/** A function for both directions, or one for each. */
export type CodePair<Get, Put> = { code: Get & Put } | { get: Get; put: Put };

interface Given {
  code?: unknown;
  get?: unknown;
  put?: unknown;
}

const NAMES = ['code', 'get', 'put'] as const satisfies readonly (keyof Given)[];

/**
 * Checks the functions that a filter is made with; `code` overrules the others.
 *
 * @throws PoeUsageError `POE_ERR_FILTER_OPTION` if one is missing or no function.
 */
export function codePair<Get, Put>(filter: string, options: CodePair<Get, Put>): { get: Get; put: Put } {
  const given: Given = { ...options };
  const { code, get = code, put = code } = given;
  if (!get || !put) throw optionError(filter, 'code, or get and put, are missing', 'Give code, or both get and put');
  for (const name of NAMES) {
    const value = given[name];
    if (value !== undefined && typeof value !== 'function') throw optionError(filter, `${name} is no function`);
  }
  warnUnknownOptions(filter, options, NAMES);
  return { get: (code ?? get) as Get, put: (code ?? put) as Put };
}

/** Exchanges functions while a filter is in use. What is no function, or has another name, is a warning. */
export function modifyPair<Get, Put>(
  filter: string,
  pair: { get: Get; put: Put },
  changes: Partial<Record<string, unknown>>,
): void {
  for (const [name, code] of Object.entries(changes)) {
    const known = NAMES.find((each) => each === name);
    if (known === undefined) warn('POE_WARN_PARAMETER', `Ignoring unknown ${filter} option '${name}'`);
    else if (typeof code !== 'function') warn('POE_WARN_PARAMETER', `Ignoring ${name}: it is no function`);
    else {
      if (known !== 'put') pair.get = code as Get;
      if (known !== 'get') pair.put = code as Put;
    }
  }
}
