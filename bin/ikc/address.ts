import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';

/** Where a server listens. */
export interface Place {
  ip?: string;
  port?: number;
  unix?: string;
}

/** Options that say where a server is. */
export interface PlaceOptions {
  host?: string;
  port?: number;
  unix?: string;
}

/**
 * `host:port` where a specifier has its kernel, with or without `poe://` in front; addresses of IPv6 in brackets. `poe:5` is an event
 * called 5.
 */
const ADDRESS = /^(?:(?:poe:)?\/\/|(?!poe:))([A-Za-z0-9][-.\w]*|\[[0-9A-Fa-f:.]+\]):(\d+)(?:\/(.*))?$/s;

/**
 * Takes the address out of a specifier. Where options say which server is meant, what looks like an address is the name of a
 * kernel, since kernels have such names.
 *
 * A port that is none ends the command.
 *
 * @returns The place, undefined if nothing names one, and what is left of the text.
 */
export function splitAddress(
  text: string | undefined,
  options: PlaceOptions,
): { place: Place | undefined; rest: string } {
  const { host, port, unix } = options;
  if (unix !== undefined) return { place: { unix }, rest: text ?? '' };
  if (host !== undefined || port !== undefined) {
    return { place: { ip: host ?? DEFAULT_HOST, port: port ?? DEFAULT_PORT }, rest: text ?? '' };
  }
  const found = ADDRESS.exec(text ?? '');
  if (found === null) return { place: undefined, rest: text ?? '' };
  const [, named = '', digits, rest = ''] = found;
  const number = Number(digits);
  if (number < 1 || number > HIGHEST_PORT)
    fail(`There is no port ${digits}: ports are numbers up to 65535`, EXIT.usage);
  return { place: { ip: named.replace(/^\[|\]$/g, ''), port: number }, rest };
}

/** Ends the command if a text is not an address and nothing else, or comes beside options that say which server is meant. */
export function checkAddress(text: string | undefined, options: PlaceOptions): void {
  const { place, rest } = splitAddress(text, options);
  if (rest === '') return;
  if (place === undefined) fail(`'${rest}' is no address: write host:port, as in localhost:31337`, EXIT.usage);
  fail(`'${rest}' is too much: ${placeName(place)} says already which server is meant`, EXIT.usage);
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 603;
const HIGHEST_PORT = 65_535;
/** Where the genuine server listens that was not told anything. */
export const DEFAULT_PLACE: Place = { ip: DEFAULT_HOST, port: DEFAULT_PORT };

/** A place as people read it. */
export function placeName({ unix, ip, port }: Place): string {
  return unix ?? `${ip?.includes(':') ? `[${ip}]` : ip}:${port}`;
}
