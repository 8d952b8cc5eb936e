import { openSync, writeSync } from 'node:fs';
import { format } from 'node:util';
import { PoeUsageError } from '../errors.ts';

/**
 * Writes a line to the file that `POE_TRACE_FILENAME` names; null if it names none. Lines are appended, each at once, so that
 * several processes can share the file and nothing is lost where one ends early.
 */
export const traceFile = openTraceFile(process.env.POE_TRACE_FILENAME);

function openTraceFile(path: string | undefined): ((...values: unknown[]) => void) | null {
  if (path === undefined || path === '') return null;
  const descriptor = open(path);
  return (...values) => void writeSync(descriptor, `${format(...values)}\n`);
}

function open(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (cause) {
    throw new PoeUsageError('POE_ERR_TRACE_FILE', `Cannot trace to '${path}': the file cannot be opened`, {
      hint: 'POE_TRACE_FILENAME names a file that can be written; its folder has to be there',
      cause,
    });
  }
}
