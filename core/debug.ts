import createDebug, { type Debugger } from 'debug';
import { isSwitchedOn, TRACES } from './switches.ts';
import { traceFile } from './trace/trace-file.ts';

/** The names that `POE_TRACE_*` has turned on, as if they were in `DEBUG`. */
const traced: ReadonlySet<string> = new Set(
  TRACES.filter((name) => isSwitchedOn('TRACE', name)).map((name) => `kernel:${name}`),
);

/**
 * Makes the logger of one file. Names are `poe:<room>:<file>`; all of them are listed in `docs/debug.md`. Lines go to standard
 * error, or to the file that `POE_TRACE_FILENAME` names.
 *
 * @param name - The name without its `poe:` prefix, for example `wheel:socket-factory`.
 */
export function debugFor(name: string): Debugger {
  const made = createDebug(`poe:${name}`);
  if (traced.has(name)) made.enabled = true;
  // A file gets no colours.
  return traceFile === null ? made : Object.assign(made, { log: traceFile, useColors: false });
}
