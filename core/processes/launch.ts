import type { Handle } from '../host/handles.ts';
import type { ChildFunction } from './child-function.ts';

/** What a child process runs: a program, looked for along PATH, with its arguments and a name for messages; or a function. */
export type ProgramToRun =
  | { readonly file: string; readonly args: readonly string[]; readonly name: string }
  | { readonly called: ChildFunction; readonly args: readonly unknown[] };

/** Where a standard stream of a child leads that is not ours to read or write: a file by name, a descriptor, or a stream that has one. */
export interface Redirection {
  readonly to: string | number | object;
}

/**
 * What a standard stream of a child is: a pipe or a socket of which the other end is ours, the child's terminal, the parent's own
 * stream, or somewhere else.
 */
export type ChildStream = 'pipe' | 'socket' | 'terminal' | 'inherit' | Redirection;

export interface LaunchOptions {
  readonly stdin: ChildStream;
  readonly stdout: ChildStream;
  /** With the very {@link Redirection} of `stdout`, both have one file and write behind each other. */
  readonly stderr: ChildStream;
  /** Of its terminal. */
  readonly winsize: { readonly rows: number; readonly columns: number } | undefined;
  /** Whether it gets a session, and so a process group, of its own. */
  readonly ownGroup: boolean;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** What is added to the parent's niceness. It stays as it is where that is not allowed. */
  readonly priority: number;
}

/** A child process that has been started, and our ends of its streams, which do not flow. Those of a terminal are one handle. */
export interface LaunchedChild {
  readonly pid: number;
  readonly stdin: Handle | null;
  readonly stdout: Handle | null;
  readonly stderr: Handle | null;
}
