import { PoeUsageError } from '../errors.ts';
import type { FileHost } from '../host/files.ts';
import type { HandleHost } from '../host/handles.ts';
import type { Clock, Host, HostIdentity, HostLoop, ProcessHost, SignalHost } from '../host/host.ts';
import { NodeHandleHost } from '../host/node-handles.ts';
import { Series } from '../host/series.ts';
import type { SocketHost } from '../host/sockets.ts';
import { noSockets } from './no-sockets.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimulatedChildren, type SimulatedProgram } from './simulated-children.ts';
import { SimulatedFiles } from './simulated-files.ts';

/** What a process of the simulation is called, and the network it sees. */
export interface SimulatedHostOptions {
  /** Default: `'simulated'`. */
  hostname?: string;
  /** Default: 1001 for the first host of a simulation, 1002 for the next, and so on. */
  pid?: number;
  /** Sockets of this host. Default: what the simulation's `sockets` gives it. */
  sockets?: SocketHost;
  /** Files that the wheels of this host see. Default: {@link SimulatedFiles} of its own, without any file. */
  files?: FileHost;
  /** Plays the programs that are started here, by the wheel Run for instance. Default: none, so that whoever starts one is told. */
  programs?: (program: SimulatedProgram) => void;
}

/** What a host is given by its simulation. */
export interface SimulatedParts {
  readonly clock: SimulatedClock;
  readonly loop: HostLoop;
  readonly random: SeededRandom;
  readonly sockets: ((host: SimulatedHost) => SocketHost) | undefined;
  readonly files: FileHost | undefined;
}

/** Names of signals that a program can watch: those which every Unix has, less those that no program gets to see. */
const SIGNALS: ReadonlySet<string> = new Set(
  (
    'ABRT ALRM BUS CONT FPE HUP ILL INT PIPE PROF QUIT SEGV SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH ' +
    'XCPU XFSZ'
  ).split(' '),
);
const LARGEST_STATUS = 0xffff;

/** The two clocks of a simulated host: time is the simulation's, what the wall clock makes of it is the host's. */
export class SimulatedClock implements Clock {
  readonly #read: () => number;
  #epoch: number;

  constructor(read: () => number, epoch: number) {
    this.#read = read;
    this.#epoch = epoch;
  }

  monotonic(): number {
    return this.#read();
  }

  wall(): number {
    return this.#epoch + this.#read();
  }

  /** Sets the wall clock forward, or back by a negative number of seconds. */
  step(seconds: number): void {
    this.#epoch += seconds;
  }
}

/**
 * One process of a simulation: pass it to a kernel as its `host`. Kernels on one host share it as kernels in one process do. Signals
 * and the ends of children come when the test says so; files are those that it makes.
 *
 * Made by `simulation.host()`.
 *
 * @example
 * const host = simulation.host();
 * const kernel = new Kernel({ host });
 * host.raise('TERM');
 */
export class SimulatedHost implements Host {
  readonly clock: SimulatedClock;
  readonly loop: HostLoop;
  readonly signals: SignalHost;
  readonly processes: ProcessHost;
  readonly files: FileHost;
  readonly handles: HandleHost;
  readonly sockets: SocketHost;
  /** Random numbers that follow from the seed. */
  readonly random: SeededRandom;
  readonly identity: HostIdentity;
  readonly #signalCallbacks = new Map<string, Set<() => void>>();
  readonly #children = new Set<number>();
  readonly #childCallbacks = new Set<(pid: number, status: number) => void>();

  /** @internal */
  constructor(
    { clock, loop, random, sockets, files = new SimulatedFiles() }: SimulatedParts,
    {
      programs,
      ...identity
    }: Required<Pick<SimulatedHostOptions, 'hostname' | 'pid'>> & Pick<SimulatedHostOptions, 'programs'>,
  ) {
    this.clock = clock;
    this.loop = loop;
    this.random = random;
    this.files = files;
    this.handles = new NodeHandleHost(files);
    this.identity = Object.assign(new Series(), identity);
    this.signals = {
      exists: (name) => SIGNALS.has(name),
      watch: (name, callback) => this.#watchSignal(name, callback),
    };
    const children = new SimulatedChildren(this, programs);
    this.processes = {
      isChild: (pid) => this.#children.has(pid),
      watch: (callback) => {
        this.#childCallbacks.add(callback);
        return () => this.#childCallbacks.delete(callback);
      },
      launch: (program, options) => children.launch(program, options),
      kill: (pid, signal) => children.kill(pid, signal),
    };
    // Last, so that a network finds the rest of the host there.
    this.sockets = sockets?.(this) ?? noSockets;
  }

  // --- signals

  #watchSignal(name: string, callback: () => void): () => void {
    const callbacks = this.#signalCallbacks.get(name) ?? new Set();
    this.#signalCallbacks.set(name, callbacks.add(callback));
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0) this.#signalCallbacks.delete(name);
    };
  }

  /** Names of the signals that kernels watch, in the order in which they began to. */
  get watchedSignals(): string[] {
    return [...this.#signalCallbacks.keys()];
  }

  /**
   * A signal of the system comes.
   *
   * @param name - Without `SIG`, as in `kernel.sig`.
   * @returns Whether some kernel of this host watches it. A real process that watches no TERM would have ended.
   * @throws PoeUsageError `POE_ERR_SIMULATION_SIGNAL` for a name that no system sends.
   * @example
   * host.raise('USR1');
   */
  raise(name: string): boolean {
    if (!SIGNALS.has(name)) {
      throw new PoeUsageError('POE_ERR_SIMULATION_SIGNAL', `Cannot raise a signal: there is no '${String(name)}'`, {
        hint: "Names come without SIG, as 'TERM'; children end by ended(); signals of your own are sent by kernel.signal",
      });
    }
    const callbacks = [...(this.#signalCallbacks.get(name) ?? [])];
    for (const callback of callbacks) callback();
    return callbacks.length !== 0;
  }

  // --- child processes

  /**
   * A child process has been started.
   *
   * @param pid - Its number, which no other child that runs has.
   * @throws PoeUsageError `POE_ERR_SIMULATION_CHILD`.
   * @example
   * host.born(17);
   * kernel.sigChild(17, 'reaped');
   */
  born(pid: number): void {
    if (!Number.isSafeInteger(pid) || pid < 1) throw childError(`start a child: '${String(pid)}' is no process number`);
    if (this.#children.has(pid)) throw childError(`start a child: ${pid} runs already`);
    this.#children.add(pid);
  }

  /**
   * A child process has ended.
   *
   * @param pid - Its number, as given to {@link born}.
   * @param status - As in Perl's `$?`: exit code times 256, or the signal's number. Default: 0.
   * @throws PoeUsageError `POE_ERR_SIMULATION_CHILD`.
   * @example
   * host.ended(17, 3 << 8);       // exit(3)
   */
  ended(pid: number, status = 0): void {
    if (!Number.isInteger(status) || status < 0 || status > LARGEST_STATUS) {
      throw childError(`end child ${pid}: '${String(status)}' is no wait status`);
    }
    if (!this.#children.delete(pid)) throw childError(`end a child: ${String(pid)} does not run`);
    for (const callback of [...this.#childCallbacks]) callback(pid, status);
  }
}

function childError(what: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_SIMULATION_CHILD', `Cannot ${what}`, {
    hint: 'host.born(pid) starts a child, host.ended(pid, status) ends it, once',
  });
}
