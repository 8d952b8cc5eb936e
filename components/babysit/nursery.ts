/** A child process, as a babysitter needs to know it. */
export interface NurseryChild {
  /** Its own for ever, where a process number may come again. */
  readonly id: number;
  readonly pid: number;
  /** Whether it boots, is up, or is ending anyway. */
  readonly phase: 'starting' | 'up' | 'ending';
  /** When it was last heard of, in epoch seconds; undefined if children do not say that they are there. */
  readonly heardAt: number | undefined;
}

/** Whose children a babysitter looks after. */
export interface Nursery {
  children(): readonly NurseryChild[];
  /** Has another child take the place of this one. @returns Whether there is such a child that is not ending already. */
  replace(pid: number, reason: string): boolean;
  /** Sends a signal, named without `SIG`. @returns Whether there is such a child. */
  signal(pid: number, name: string, reason: string): boolean;
}
