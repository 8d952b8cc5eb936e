/** What a process does, as the system has it. */
export type ProcessState = 'running' | 'sleeping' | 'stopped' | 'zombie' | 'unknown';

/** A process as it was found. What the system does not tell is undefined. */
export interface ProcessReading {
  readonly state: ProcessState;
  /** Processor time it has used so far, its own and the system's for it, in seconds. */
  readonly cpuSeconds: number | undefined;
  /** Memory that it holds, in octets. */
  readonly rssOctets: number | undefined;
}

/** Where readings come from. A test stands in for it. */
export interface ProcessTable {
  /** Whether states of processes are known; without them nobody is found stopped, and whoever burns time counts as running. */
  readonly seesStates: boolean;
  /** Reads so many processes. Those that do not exist are missing from what it returns. */
  read(pids: readonly number[]): Readings | Promise<Readings>;
}

export type Readings = ReadonlyMap<number, ProcessReading>;
