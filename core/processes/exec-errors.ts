import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ErrnoName } from '../errno.ts';

/**
 * Why the system refuses to start a program, which Node tells only later: the errno that `execvp` would leave. Undefined if nothing
 * speaks against it.
 */
export function whyNotStarted(file: string): ErrnoName | undefined {
  if (file === '') return 'ENOENT';
  if (file.includes('/')) return whyNot(file);
  let found: ErrnoName | undefined = 'ENOENT';
  for (const folder of (process.env.PATH ?? '/usr/bin:/bin').split(delimiter)) {
    const why = whyNot(join(folder === '' ? '.' : folder, file));
    if (why === undefined) return undefined;
    // What is there, but must not be started, tells more than what is not there.
    if (why === 'EACCES') found = 'EACCES';
  }
  return found;
}

function whyNot(path: string): ErrnoName | undefined {
  try {
    if (statSync(path, { bigint: true }).isDirectory()) return 'EACCES';
    accessSync(path, constants.X_OK);
    return interpreterIsThere(path) ? undefined : 'ENOENT';
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === 'EACCES' ? 'EACCES' : 'ENOENT';
  }
}

/** Whether a script names an interpreter that is there; true of what is no script, and of what cannot be looked at. */
function interpreterIsThere(path: string): boolean {
  const start = Buffer.alloc(256);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return true;
  }
  try {
    const octets = readSync(descriptor, start, 0, start.length, 0);
    const interpreter = /^#![ \t]*(\S+)/.exec(start.toString('latin1', 0, octets))?.[1];
    if (interpreter === undefined) return true;
    accessSync(interpreter, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
