import type { FromChild, ToChild } from './messages.ts';

/** What a supervisor is told of a process that it has started. */
export interface ProcessEvents {
  message(message: FromChild): void;
  /** Once: the exit code, or the signal that ended it. */
  exited(code: number | null, signal: string | null): void;
}

/** A process that was started. */
export interface StartedProcess {
  readonly pid: number;
  /** Sends a message; with `socket`, the socket of that index as well. */
  send(message: ToChild, socket?: number): void;
  /** Sends a signal, named without `SIG`; false if the process has gone. */
  kill(signal: string): boolean;
}

/** Starts processes. A test stands in for it. */
export interface Launcher {
  /** Children that are best booted at the same time: each further one has those before it wait longer. */
  readonly atOnce: number;
  /**
   * Starts a child.
   * @throws What the system says if there can be no further process now.
   */
  child(id: number, events: ProcessEvents): StartedProcess;
  /** Starts the program anew, as a parent that takes the sockets over. */
  successor(events: ProcessEvents): StartedProcess;
  /** The successor serves: what was shared with it is its own from now on. */
  handedOver(): void;
}
