import type { LaunchedChild, LaunchOptions, ProgramToRun } from '../processes/launch.ts';
import type { FileHost } from './files.ts';
import type { HandleHost } from './handles.ts';
import type { SocketHost } from './sockets.ts';

/**
 * Everything the kernel takes from the outside. A test replaces any part of it: a clock turned by hand, sockets that live
 * in memory, processes that never were.
 */
export interface Host {
  readonly clock: Clock;
  readonly loop: HostLoop;
  readonly signals: SignalHost;
  readonly processes: ProcessHost;
  readonly files: FileHost;
  readonly handles: HandleHost;
  readonly sockets: SocketHost;
  readonly random: RandomSource;
  readonly identity: HostIdentity;
}

/** Two clocks, both in seconds. */
export interface Clock {
  /** Never goes back; its zero means nothing. */
  monotonic(): number;
  /** Since the epoch; may be set by the administrator at any time. */
  wall(): number;
}

/** The host's own loop, in which the kernel takes its turns. */
export interface HostLoop {
  /** What it is called, for those who look into the kernel. Default: the name of its class. */
  readonly name?: string;
  /** Calls back once, after the host has looked at its own input and output. */
  soon(callback: () => void): void;
  /**
   * Calls back once after `seconds`, perhaps early; keeps the process alive until then. Returns how to take it back. With
   * `Infinity` it is only there to keep the process alive: nobody waits for the call.
   */
  after(seconds: number, callback: () => void): () => void;
}

/** Signals of the operating system. Names come without `SIG`. */
export interface SignalHost {
  /** Whether the host can watch a signal of that name at all. */
  exists(name: string): boolean;
  /** Calls back each time the signal comes; returns how to stop that. */
  watch(name: string, callback: () => void): () => void;
}

/** Child processes of this process. */
export interface ProcessHost {
  /** Whether a child of that number runs, or has ended without having been reported. */
  isChild(pid: number): boolean;
  /** Calls back for each child that ends, with its number and wait status; returns how to stop that. */
  watch(callback: (pid: number, status: number) => void): () => void;
  /**
   * Starts a child. One that cannot be started is one that says so on its standard error and ends with the errno as its exit code.
   * @throws PoeError `POE_ERR_SPAWN` where no process can be started, `POE_ERR_REDIRECT`, `POE_ERR_TERMINAL`.
   */
  launch(program: ProgramToRun, options: LaunchOptions): LaunchedChild;
  /**
   * Sends a signal, by name with `SIG` or by number, to a child or to the process group that it leads. Returns whether it is there, and
   * may be sent one.
   */
  kill(pid: number, signal: string | number, group?: boolean): boolean;
}

/** Random numbers. What a program takes from here comes again when a simulation is replayed. */
export interface RandomSource {
  /** A number from 0 up to, but not including, 1. */
  number(): number;
  /** So many random octets; on the real host nobody can guess them. */
  octets(count: number): Uint8Array;
}

/** This process, as others tell it from their own. */
export interface HostIdentity {
  /** Name of the machine. */
  readonly hostname: string;
  /** Number of the process. */
  readonly pid: number;
  /**
   * Arguments for the executable of Node that start this program again, where they are not those of the process: a program that something else
   * has loaded. For what runs a program in several processes.
   */
  restart?: readonly string[] | undefined;
  /** What the program is called, where it has been given a name. */
  program?: string | undefined;
  /** 1, 2, 3 and so on in each series: numbers for what is made in this process, `'wheel'` for example. */
  next(series: string): number;
}
