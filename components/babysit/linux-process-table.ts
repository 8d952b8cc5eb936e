import { readFileSync } from 'node:fs';
import type { ProcessReading, ProcessState, ProcessTable, Readings } from './process-table.ts';

/** Linux counts processor time for programs in hundredths of a second on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;
const OCTETS_PER_KB = 1024;

const STATES: Readonly<Record<string, ProcessState>> = {
  R: 'running',
  S: 'sleeping',
  // Waits for a device: it cannot be interrupted, but does nothing either.
  D: 'sleeping',
  I: 'sleeping',
  T: 'stopped',
  t: 'stopped',
  Z: 'zombie',
  X: 'zombie',
};

/** Reads Linux's own files of processes. */
export class LinuxProcessTable implements ProcessTable {
  readonly seesStates = true;
  readonly #folder: string;

  /** @param folder - Where the files of processes are. Default `/proc`. */
  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  read(pids: readonly number[]): Readings {
    const readings = new Map<number, ProcessReading>();
    for (const pid of pids) {
      const reading = this.#readOne(pid);
      if (reading !== undefined) readings.set(pid, reading);
    }
    return readings;
  }

  #readOne(pid: number): ProcessReading | undefined {
    try {
      const { state, cpuSeconds } = parseStat(readFileSync(`${this.#folder}/${pid}/stat`, 'latin1'));
      return { state, cpuSeconds, rssOctets: parseRss(readFileSync(`${this.#folder}/${pid}/status`, 'latin1')) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ESRCH') return undefined;
      throw error;
    }
  }
}

/** `PID (name) state ppid ...`: the name may hold blanks and parentheses, so that the last one counts. */
export function parseStat(text: string): Pick<ProcessReading, 'state' | 'cpuSeconds'> {
  // From the state on, which proc(5) numbers 3: utime is 14, stime 15.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  return {
    state: STATES[fields[0] ?? ''] ?? 'unknown',
    cpuSeconds: Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : undefined,
  };
}

/** A zombie has no memory any more, and no such line. */
export function parseRss(text: string): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * OCTETS_PER_KB;
}
