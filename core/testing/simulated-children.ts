import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { PoeUsageError } from '../errors.ts';
import { oneWay } from '../host/pipes.ts';
import type { ChildFunction } from '../processes/child-function.ts';
import type { ChildStream, LaunchedChild, LaunchOptions, ProgramToRun } from '../processes/launch.ts';
import type { SimulatedHost } from './simulated-host.ts';

const FIRST_CHILD = 20_000;
const SIGNALS: Readonly<Record<string, number>> = constants.signals;

/** Our ends of a child's streams, and the child's. */
interface Ends {
  readonly ours: Duplex | null;
  readonly theirs: Duplex | null;
}

/**
 * A child process as the test plays it: what was started, its ends of the streams, and how it ends. Its streams are Node
 * streams in memory; those that lead elsewhere are null. On a simulated terminal standard error is standard output.
 */
export class SimulatedProgram {
  readonly pid: number;
  /** The program, or undefined where a function is to run. */
  readonly file: string | undefined;
  /** The function, or undefined where a program is to run. */
  readonly called: ChildFunction | undefined;
  /** Arguments of either. */
  readonly args: readonly unknown[];
  readonly stdin: Duplex | null;
  readonly stdout: Duplex | null;
  readonly stderr: Duplex | null;
  /** Called for each signal but KILL, by its name without `SIG`. Without it every signal ends the program. */
  onSignal: ((signal: string) => void) | undefined;
  readonly #host: SimulatedHost;

  /** @internal */
  constructor(host: SimulatedHost, pid: number, program: ProgramToRun, streams: readonly (Duplex | null)[]) {
    this.#host = host;
    this.pid = pid;
    this.file = 'called' in program ? undefined : program.file;
    this.called = 'called' in program ? program.called : undefined;
    this.args = program.args;
    [this.stdin = null, this.stdout = null, this.stderr = null] = streams;
  }

  /** The program ends: its streams close, and whoever waits for it is told. @param code - Exit code. Default: 0. */
  exit(code = 0): void {
    this._end((code & 0xff) << 8);
  }

  /** @internal */
  _end(status: number): void {
    this.stdin?.destroy();
    this.stdout?.end();
    this.stderr?.end();
    this.#host.ended(this.pid, status);
  }
}

/** The children of a simulated host that were started by the program, not by the test. */
export class SimulatedChildren {
  readonly #host: SimulatedHost;
  readonly #play: ((program: SimulatedProgram) => void) | undefined;
  readonly #running = new Map<number, SimulatedProgram>();

  constructor(host: SimulatedHost, play: ((program: SimulatedProgram) => void) | undefined) {
    this.#host = host;
    this.#play = play;
  }

  launch(program: ProgramToRun, { stdin, stdout, stderr }: LaunchOptions): LaunchedChild {
    if (this.#play === undefined) {
      throw new PoeUsageError('POE_ERR_SIMULATION_CHILD', 'Cannot start a child: the simulated host has no programs', {
        hint: 'Say what they do: simulation.host({ programs: (program) => ... })',
      });
    }
    const pid = FIRST_CHILD + this.#host.identity.next('child');
    const [input, output] = [towards(stdin), from(stdout)];
    // Like one in the real world, a terminal has one line out.
    const errors = stderr === 'terminal' ? { ours: null, theirs: output.theirs } : from(stderr);
    const child = new SimulatedProgram(this.#host, pid, program, [input.theirs, output.theirs, errors.theirs]);
    this.#host.born(pid);
    this.#running.set(pid, child);
    this.#host.loop.soon(() => this.#play?.(child));
    return { pid, stdin: input.ours, stdout: output.ours, stderr: errors.ours };
  }

  kill(pid: number, signal: string | number): boolean {
    const child = this.#running.get(pid);
    if (child === undefined || !this.#host.processes.isChild(pid)) return false;
    const number = typeof signal === 'number' ? signal : SIGNALS[signal];
    if (number === undefined) return false;
    if (number === 0) return true;
    const name = Object.keys(SIGNALS).find((each) => SIGNALS[each] === number) ?? '';
    if (child.onSignal === undefined || name === 'SIGKILL') child._end(number);
    else child.onSignal(name.replace(/^SIG/, ''));
    return true;
  }
}

function isOurs(stream: ChildStream): boolean {
  return stream === 'pipe' || stream === 'socket' || stream === 'terminal';
}

function towards(stream: ChildStream): Ends {
  if (!isOurs(stream)) return { ours: null, theirs: null };
  const [theirs, ours] = oneWay();
  return { ours, theirs };
}

function from(stream: ChildStream): Ends {
  if (!isOurs(stream)) return { ours: null, theirs: null };
  const [ours, theirs] = oneWay();
  return { ours, theirs };
}
