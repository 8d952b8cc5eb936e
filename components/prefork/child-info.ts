/**
 * What a child does: it boots (`starting`), waits to be needed (`spare`), accepts connections (`serving`), finishes those it has
 * (`draining`), or has ended (`exited`).
 */
export type ChildState = 'starting' | 'spare' | 'serving' | 'draining' | 'exited';

/** What a supervisor knows of one child. A snapshot: it does not change any more. Times are epoch seconds. */
export interface ChildInfo {
  /** 1, 2, 3 and so on in the order in which children were started; a process number may come again, this does not. */
  readonly id: number;
  readonly pid: number;
  readonly state: ChildState;
  /** Which reload it belongs to, counted from 0. */
  readonly generation: number;
  readonly started: number;
  /** When it began to accept connections. */
  readonly serving: number | undefined;
  readonly ended: number | undefined;
  /** When it was last heard of. A child that runs says something every `heartbeat` seconds. */
  readonly heardAt: number;
  /** Connections it has accepted so far, as it last said. */
  readonly connections: number;
  /** Of these, those that are open. */
  readonly open: number;
  /** Why it is draining or has ended: `connections`, `reload`, `scale`, `stop`, `spare`, what `replace` was given, or what happened to it, as in `killed by SIGKILL`. */
  readonly reason: string | undefined;
  /** Whether it had to be killed, since it had not ended by its deadline. */
  readonly killed: boolean;
  /** Its wait status once it has ended, as Perl has it in `$?`: the exit code times 256, or the number of the signal. */
  readonly status: number | undefined;
}
