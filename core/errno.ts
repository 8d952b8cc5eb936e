import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { ERRNO_TEXTS } from './errno-texts.ts';

/** The symbolic name of an errno, for example `'ESRCH'`. */
export type ErrnoName = keyof typeof constants.errno;

/** A failed system operation, as POE's wheels report one: what was tried, the number and the text. */
export interface SystemError {
  readonly operation: string;
  /** Positive, as in C; compare with `os.constants.errno`. 0 for the end of a file. */
  readonly errno: number;
  /** What `strerror` says, for example `Connection refused`. */
  readonly message: string;
}

const NODE_TEXTS: ReadonlyMap<string, string> = new Map([...getSystemErrorMap().values()]);
const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(constants.errno));

/** The number of an errno name on this system; 0 if it has none. */
export function errnoNumber(name: string): number {
  return NUMBERS.get(name) ?? 0;
}

/** The C library's text for an errno name, for example `Connection refused`; Node's, or the name, for one it does not know. */
export function errnoText(name: string): string {
  const text = ERRNO_TEXTS[name] ?? NODE_TEXTS.get(name) ?? name;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The failure of an operation by the name of its errno. */
export function errnoFailure(operation: string, name: string): SystemError {
  return { operation, errno: errnoNumber(name), message: errnoText(name) };
}

/** Turns what Node throws or emits into POE's three values. */
export function systemError(operation: string, error: unknown): SystemError {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && NUMBERS.has(code)) return errnoFailure(operation, code);
  return { operation, errno: errnoNumber('EIO'), message: typeof message === 'string' ? message : String(error) };
}
