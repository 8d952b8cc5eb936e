import type { ProcessReading, ProcessTable, Readings } from './process-table.ts';

const MS_PER_SECOND = 1000;

/** Asks the system by way of pidusage: processor time and memory, but not what a process does. */
export class PortableProcessTable implements ProcessTable {
  readonly seesStates = false;

  async read(pids: readonly number[]): Promise<Readings> {
    const readings = await Promise.all(pids.map(async (pid) => [pid, await readOne(pid)] as const));
    return new Map(readings.filter((entry): entry is [number, ProcessReading] => entry[1] !== undefined));
  }
}

/** One at a time: asked for several at once, pidusage fails for all if one has gone. */
async function readOne(pid: number): Promise<ProcessReading | undefined> {
  if (!exists(pid)) return undefined;
  try {
    // Loaded where it is needed: on Linux it never is.
    const { default: pidusage } = await import('pidusage');
    const { ctime, memory } = await pidusage(pid);
    return { state: 'unknown', cpuSeconds: ctime / MS_PER_SECOND, rssOctets: memory };
  } catch {
    // Gone in between, or pidusage is at a loss: only the system can say which.
    return exists(pid) ? { state: 'unknown', cpuSeconds: undefined, rssOctets: undefined } : undefined;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
