import createDebug, { type Debugger } from 'debug';

/**
 * Makes the logger of one file. Names are `poe:<room>:<file>`; all of them are listed in `docs/debug.md`.
 *
 * @param name - The name without its `poe:` prefix, for example `wheel:socket-factory`.
 */
export function debugFor(name: string): Debugger {
  return createDebug(`poe:${name}`);
}
