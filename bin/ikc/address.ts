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

/** `host:port` where a specifier has its kernel, with or without `poe://` in front. `poe:5` is an event called 5. */
const ADDRESS = /^(?:(?:poe:)?\/\/|(?!poe:))([A-Za-z0-9][-.\w]*):(\d{1,5})(?:\/(.*))?$/s;

/**
 * Takes the address out of a specifier. Where options say which server is meant, what looks like an address is the name of a
 * kernel, since kernels have such names.
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
  return { place: { ip: found[1] as string, port: Number(found[2]) }, rest: found[3] ?? '' };
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 603;
/** Where the genuine server listens that was not told anything. */
export const DEFAULT_PLACE: Place = { ip: DEFAULT_HOST, port: DEFAULT_PORT };

/** A place as people read it. */
export function placeName({ unix, ip, port }: Place): string {
  return unix ?? `${ip}:${port}`;
}
