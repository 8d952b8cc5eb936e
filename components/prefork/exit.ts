import { constants } from 'node:os';

/** Signals by which a process ends through its own fault. */
const FAULTS: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS']);

/** The wait status as Perl has it in `$?`. */
export function waitStatus(code: number | null, signal: string | null): number {
  return signal === null ? (code ?? 0) << 8 : (constants.signals[signal as NodeJS.Signals] ?? 0);
}

/** What happened, in words. */
export function exitReason(code: number | null, signal: string | null): string {
  if (signal !== null) return FAULTS.has(signal) ? `crashed with ${signal}` : `killed by ${signal}`;
  return `exited with ${code ?? 0}`;
}

/** Whether the process ended by itself, and was not killed from outside. */
export function isOwnFault(signal: string | null): boolean {
  return signal === null || FAULTS.has(signal);
}
