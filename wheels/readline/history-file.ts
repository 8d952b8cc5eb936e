import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the history is kept if nobody says otherwise. */
function fileOrDefault(file: string | undefined): string {
  return file || join(homedir(), '.history');
}

/** The text of a file; undefined if it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The lines of a history file; undefined if it cannot be read. */
export function readLines(file: string | undefined): string[] | undefined {
  const lines = readText(fileOrDefault(file))?.split('\n');
  // What follows the last newline is a line only if there is something.
  if (lines?.at(-1) === '') lines.pop();
  return lines;
}

/** @returns Whether it could be written. */
export function writeLines(file: string | undefined, text: string): boolean {
  try {
    writeFileSync(fileOrDefault(file), text);
    return true;
  } catch {
    return false;
  }
}

/** The home directory of a user, from the system's list; undefined for nobody. */
export function homeOf(user: string): string | undefined {
  const entries =
    readText('/etc/passwd')
      ?.split('\n')
      .map((line) => line.split(':')) ?? [];
  return entries.find(([name]) => name === user)?.[5];
}
