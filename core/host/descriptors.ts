import { readFileSync } from 'node:fs';

/** Descriptors that connections leave to the rest of the program: files, logs, connections of its own. */
const RESERVED = 32;

let ceiling: number | undefined;

/**
 * The first descriptor that is not for an accepted connection. The system gives out the lowest number that is free, so a higher one
 * means that nearly all are taken.
 */
export function descriptorCeiling(): number {
  ceiling ??= ceilingOf(limitOf(readLimits()));
  return ceiling;
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

/** The most descriptors of a process, by what Linux says of its limits; any number where nothing says it. */
export function limitOf(limits: string): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

export function ceilingOf(limit: number): number {
  return limit - Math.min(RESERVED, Math.floor(limit / 4));
}
