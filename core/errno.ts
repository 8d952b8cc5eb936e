import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

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

/** Texts in which the C library and Node differ, beyond the capital letter. */
const TEXTS: Partial<Record<string, string>> = {
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EALREADY: 'Operation already in progress',
  ECANCELED: 'Operation canceled',
  ECONNABORTED: 'Software caused connection abort',
  EDESTADDRREQ: 'Destination address required',
  EHOSTUNREACH: 'No route to host',
  EINPROGRESS: 'Operation now in progress',
  EIO: 'Input/output error',
  EISCONN: 'Transport endpoint is already connected',
  ENODEV: 'No such device',
  ENOMEM: 'Cannot allocate memory',
  ENOTCONN: 'Transport endpoint is not connected',
  ENOTSOCK: 'Socket operation on non-socket',
  EPROTONOSUPPORT: 'Protocol not supported',
  ESHUTDOWN: 'Cannot send after transport endpoint shutdown',
  ETXTBSY: 'Text file busy',
};

const MESSAGES: ReadonlyMap<string, string> = new Map([...getSystemErrorMap().values()]);
const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(constants.errno));

/** The number of an errno name on this system; 0 if it has none. */
export function errnoNumber(name: string): number {
  return NUMBERS.get(name) ?? 0;
}

/** The C library's text for an errno name. */
export function errnoText(name: string): string {
  const text = TEXTS[name] ?? MESSAGES.get(name) ?? name;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Turns what Node throws or emits into POE's three values. */
export function systemError(operation: string, error: unknown): SystemError {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && NUMBERS.has(code)) {
    return { operation, errno: errnoNumber(code), message: errnoText(code) };
  }
  return { operation, errno: errnoNumber('EIO'), message: typeof message === 'string' ? message : String(error) };
}
