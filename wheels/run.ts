import {
  ChildFunction,
  type ChildStream,
  kernel as defaultKernel,
  errnoFailure,
  errnoNumber,
  type Handle,
  type LaunchedChild,
  MODE_WRITE,
  PoeUsageError,
  type Port,
  type ProgramToRun,
  type Redirection,
  type SystemError,
} from '../core/index.ts';
import { checkFilter } from './check-filter.ts';
import type { Driver } from './drivers/driver.ts';
import { SysRW } from './drivers/sys-rw.ts';
import { Line } from './filters/line.ts';
import { octetsOf } from './filters/text.ts';
import { DEFAULT_PEER_LIMITS } from './peer-limits.ts';
import { commandOf } from './run/command-line.ts';
import {
  type AnyFilter,
  type ChildStreamName,
  checkedOptions,
  type RunEventNames,
  type RunOptions,
} from './run/options.ts';
import { Wheel, warnOfParameter } from './wheel.ts';

/** One of the streams that the child writes and we read. */
interface Output {
  readonly name: 'STDOUT' | 'STDERR';
  readonly event: 'stdoutEvent' | 'stderrEvent';
  readonly handle: Handle;
  readonly port: Port;
  readonly driver: Driver;
  readonly state: string;
  /** Whether it is still open, or has ended or failed. */
  open: boolean;
}

const newlines = (): Line => new Line({ literal: '\n' });

/**
 * Runs a program, or a function, in a child process; writes to its standard input, reads its standard output and standard error, and
 * sends it signals.
 *
 * A stream without an event is the parent's: without `stdoutEvent` the child writes where this process does. Standard input
 * is a pipe unless there is a `noStdin`. What the child wrote is all delivered, also after it has ended. How it ended is told by
 * `kernel.sigChild(wheel.pid, event)`, before or after the `closeEvent`: wait for both. Destroying the wheel closes its ends of the
 * streams; it neither kills the child nor waits for it.
 *
 * A program that cannot be started is a child like any other: it says why on its standard error, and its exit code is the errno.
 *
 * @example
 * _start({ kernel, heap }) {
 *   heap.wheel = new Run({ program: ['sort', '-n'], stdoutEvent: 'line', closeEvent: 'closed' });
 *   kernel.sigChild(heap.wheel.pid, 'ended');
 *   heap.wheel.put('30', '4');
 * },
 * @remarks Mirrors POE::Wheel::Run. Differs from POE: in place of a code reference there is {@link childFunction}.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class Run<E = any, R = string, S = string> extends Wheel<RunEventNames<E, R, S>> {
  /** The number of the child process. @remarks Mirrors POE::Wheel::Run, "PID". */
  readonly pid: number;
  readonly #hasTerminal: boolean;
  readonly #maxQueued: number;
  /** Null where the child has another standard input, and once it is shut down. */
  #stdin: Handle | null;
  readonly #stdinPort: Port | null;
  readonly #stdinDriver: Driver;
  #stdinFilter: AnyFilter;
  readonly #filters: { stdoutEvent: AnyFilter; stderrEvent: AnyFilter };
  readonly #stdout: Output | undefined;
  readonly #stderr: Output | undefined;
  readonly #writeState: string;
  /** A put has exceeded the limit: the child is given up, and nothing more is taken for it. */
  #givenUp = false;

  /**
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` for options that are missing, wrong or exclude each other, `POE_ERR_TERMINAL` for a
   * terminal without node-pty, `POE_ERR_CHILD_ARGUMENTS` for arguments that cannot be passed to a function; PoeError `POE_ERR_REDIRECT` for a
   * file that cannot be opened, `POE_ERR_SPAWN` where no process can be started.
   */
  constructor(given: RunOptions<E, R, S>) {
    const options = checkedOptions(given);
    const { stdinEvent, stdoutEvent, stderrEvent, errorEvent, closeEvent, conduit = 'pipe' } = options;
    super(given.kernel ?? defaultKernel, { stdinEvent, stdoutEvent, stderrEvent, errorEvent, closeEvent });
    this.#hasTerminal = conduit === 'pty' || conduit === 'pty-pipe';
    this.#maxQueued = options.limits?.maxQueued ?? DEFAULT_PEER_LIMITS.maxQueued;

    const stdioDriver = options.stdioDriver ?? new SysRW();
    this.#stdinDriver = options.stdinDriver ?? stdioDriver;
    const stdioFilter = options.stdioFilter ?? options.filter ?? newlines();
    this.#stdinFilter = options.stdinFilter ?? stdioFilter;
    this.#filters = {
      stdoutEvent: options.stdoutFilter ?? stdioFilter,
      stderrEvent: options.stderrFilter ?? newlines(),
    };

    const child = this.#launch(options);
    this.pid = child.pid;
    const { handles } = this.kernel.host;
    this.#stdin = child.stdin;
    this.#stdinPort = child.stdin === null ? null : handles.portOf(child.stdin);
    const isOneHandle = child.stdout === child.stdin;
    // Backwards, at the end: unwatched first, then closed.
    for (const handle of new Set([child.stdin, child.stdout, child.stderr])) {
      if (handle !== null) this.onDestroy(() => handles.portOf(handle).close());
    }
    this.#writeState = this.addState('select stdin', () => this.#write());
    this.#watchStdin();
    this.#stdout = this.#output(
      'STDOUT',
      child.stdout,
      options.stdoutDriver ?? (isOneHandle ? new SysRW() : stdioDriver),
    );
    this.#stderr = this.#output('STDERR', child.stderr, options.stderrDriver ?? new SysRW());
  }

  #launch(options: RunOptions): LaunchedChild {
    const { user: uid, group: gid, priority = 0, noSetPgrp = false, winsize } = options;
    return this.kernel.host.processes.launch(programToRun(options), {
      ...streamsOf(options),
      winsize: winsize && { rows: winsize[0], columns: winsize[1] },
      ownGroup: !noSetPgrp,
      uid,
      gid,
      priority,
    });
  }

  // --- reading

  #output(name: Output['name'], handle: Handle | null, driver: Driver): Output | undefined {
    if (handle === null) return undefined;
    const event = name === 'STDOUT' ? 'stdoutEvent' : 'stderrEvent';
    const state = this.addState(`select ${name.toLowerCase()}`, () => this.#read(output));
    const output: Output = {
      name,
      event,
      handle,
      port: this.kernel.host.handles.portOf(handle),
      driver,
      state,
      open: true,
    };
    if (this.events[event] !== undefined) this.kernel.selectRead(handle, state);
    this.onDestroy(() => this.kernel.selectRead(handle));
    return output;
  }

  #read(output: Output): void {
    const chunks = output.driver.get(output.port);
    if (chunks === undefined) {
      const error = output.driver.error ?? this.#endOf(output);
      output.open = false;
      this.#tell('read', error?.errno ?? 0, error?.message ?? '', output.name);
      // POE: the event goes by which streams bring events now.
      if (!this.#isRead(this.#stdout) && !this.#isRead(this.#stderr)) this.send(this.events.closeEvent);
      if (!this.destroyed) this.kernel.selectRead(output.handle);
      return;
    }
    if (chunks.length === 0) return;
    this.#filters[output.event].getOneStart(chunks);
    this.#deliver(output.event);
  }

  /** POE: Linux has an error for who reads a terminal that no program has open any more. Node tells of it, or of an end, as it happens. */
  #endOf({ name }: Output): SystemError | null {
    const isTerminal = this.#hasTerminal && name === 'STDOUT';
    return isTerminal && process.platform === 'linux' ? errnoFailure('read', 'EIO') : null;
  }

  #isRead(output: Output | undefined): boolean {
    return output?.open === true && this.events[output.event] !== undefined;
  }

  /** Delivers the records the filter has. The filter, the event and the wheel itself may change with each of them. */
  #deliver(event: Output['event']): void {
    for (;;) {
      const records = this.#filters[event].getOne();
      if (records.length === 0) return;
      for (const record of records) this.send(this.events[event], record);
    }
  }

  // --- writing

  #watchStdin(): void {
    const handle = this.#stdin;
    if (handle === null) return;
    this.kernel.selectWrite(handle, this.#writeState);
    this.kernel.selectPauseWrite(handle);
    this.onDestroy(() => {
      if (this.#stdin !== null) this.kernel.selectWrite(this.#stdin);
      this.#stdin = null;
    });
  }

  /**
   * Buffers records for the child's standard input. Those that would exceed `limits.maxQueued` are refused: an error event `write`, ENOBUFS follows,
   * and nothing more is taken.
   * @returns 0; there is no high mark.
   * @throws PoeUsageError `POE_ERR_RUN_STDIN` where standard input is not ours, or has been shut down; and what the filter throws for a record it
   * cannot write.
   * @remarks Mirrors POE::Wheel::Run, "put".
   */
  put(...records: unknown[]): 0 {
    const [handle, port] = [this.#stdin, this.#stdinPort];
    if (handle === null || port === null) {
      throw new PoeUsageError('POE_ERR_RUN_STDIN', 'Called put() on a wheel without an open STDIN handle', {
        hint: 'Put before shutdownStdin() and destroy(), to a child without noStdin and redirectStdin',
      });
    }
    if (this.#givenUp) return 0;
    const chunks = this.#stdinFilter.put(records);
    const waiting = this.getDriverOutOctets();
    const octets = octetsOf(chunks);
    if (waiting > 0 && waiting + octets > this.#maxQueued) {
      this.#giveUp(waiting);
      return 0;
    }
    if (this.#stdinDriver.put(chunks) > 0) this.kernel.selectResumeWrite(handle);
    return 0;
  }

  #write(): void {
    const [handle, port] = [this.#stdin, this.#stdinPort];
    if (handle === null || port === null) return;
    const left = this.#stdinDriver.flush(port);
    const { error } = this.#stdinDriver;
    if (error !== null) {
      // A child that goes without having read all: of a socket, that is another errno than of a pipe.
      const { errno, message } = error.errno === errnoNumber('ECONNRESET') ? errnoFailure('write', 'EPIPE') : error;
      this.#writeFailed(errno, message);
    } else if (left === 0) {
      this.kernel.selectPauseWrite(handle);
      this.send(this.events.stdinEvent);
    }
  }

  #writeFailed(errno: number, message: string): void {
    this.#tell('write', errno, message, 'STDIN');
    if (this.#stdin !== null) this.kernel.selectWrite(this.#stdin);
  }

  /** The child does not read. Its event comes later, as it must not come inside a `put`. */
  #giveUp(waiting: number): void {
    this.#givenUp = true;
    const { errno, message } = errnoFailure('write', 'ENOBUFS');
    const reason = `slow_peer: ${waiting} octets wait, ${this.#maxQueued} are the limit`;
    this.kernel.yield(this.addState('give up', () => this.#writeFailed(errno, `${message}: ${reason}`)));
  }

  /**
   * Closes the child's standard input, so that it reads its end. What was put and not yet written is lost: wait for the `stdinEvent`. A terminal has
   * no such end; there nothing more can be put, that is all.
   * @remarks Mirrors POE::Wheel::Run, "shutdown_stdin".
   */
  shutdownStdin(): void {
    if (this.#stdin === null) return;
    this.kernel.selectWrite(this.#stdin);
    this.#stdin = null;
    if (!this.#hasTerminal) this.#stdinPort?.shutdown(MODE_WRITE);
  }

  /** Octets that are not yet written. @remarks Mirrors POE::Wheel::Run, "get_driver_out_octets". */
  getDriverOutOctets(): number {
    return this.#stdinDriver.getOutOctetsBuffered() + (this.#stdinPort?.unwritten ?? 0);
  }

  /** Chunks that are not yet written. @remarks Mirrors POE::Wheel::Run, "get_driver_out_messages". */
  getDriverOutMessages(): number {
    return this.#stdinDriver.getOutMessagesBuffered();
  }

  // --- holding back

  /** Reads no standard output; the child waits once its pipe is full. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::Run, "pause_stdout". */
  pauseStdout(): 0 | 1 {
    return this.#stdout === undefined ? 0 : this.kernel.selectPauseRead(this.#stdout.handle);
  }

  /** Reads it again. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::Run, "resume_stdout". */
  resumeStdout(): 0 | 1 {
    return this.#stdout === undefined ? 0 : this.kernel.selectResumeRead(this.#stdout.handle);
  }

  /** Reads no standard error. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::Run, "pause_stderr". */
  pauseStderr(): 0 | 1 {
    return this.#stderr === undefined ? 0 : this.kernel.selectPauseRead(this.#stderr.handle);
  }

  /** Reads it again. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::Run, "resume_stderr". */
  resumeStderr(): 0 | 1 {
    return this.#stderr === undefined ? 0 : this.kernel.selectResumeRead(this.#stderr.handle);
  }

  // --- filters

  /** Changes the filter of standard input and standard output; see {@link setStdoutFilter}. @remarks Mirrors POE::Wheel::Run, "set_stdio_filter". */
  setStdioFilter(filter: AnyFilter): void {
    checkFilter('Run', 'stdioFilter', filter);
    this.setStdoutFilter(filter);
    this.setStdinFilter(filter);
  }

  /** Changes the filter for later puts; what was put is made already. @remarks Mirrors POE::Wheel::Run, "set_stdin_filter". */
  setStdinFilter(filter: AnyFilter): void {
    checkFilter('Run', 'stdinFilter', filter);
    this.#stdinFilter = filter;
  }

  /**
   * Changes the filter of standard output. What the old one has buffered goes to the new one, and the records it makes of that are
   * delivered before this returns.
   * @remarks Mirrors POE::Wheel::Run, "set_stdout_filter". Differs from POE: what is read later goes to the new filter too.
   */
  setStdoutFilter(filter: AnyFilter): void {
    this.#setFilter('stdoutEvent', filter);
  }

  /** Changes the filter of standard error; see {@link setStdoutFilter}. @remarks Mirrors POE::Wheel::Run, "set_stderr_filter". */
  setStderrFilter(filter: AnyFilter): void {
    this.#setFilter('stderrEvent', filter);
  }

  #setFilter(event: Output['event'], filter: AnyFilter): void {
    checkFilter('Run', event === 'stdoutEvent' ? 'stdoutFilter' : 'stderrFilter', filter);
    const pending = this.#filters[event].getPending();
    this.#filters[event] = filter;
    if (pending === null) return;
    filter.getOneStart(pending);
    this.#deliver(event);
  }

  getStdinFilter(): AnyFilter {
    return this.#stdinFilter;
  }

  getStdoutFilter(): AnyFilter {
    return this.#filters.stdoutEvent;
  }

  getStderrFilter(): AnyFilter {
    return this.#filters.stderrEvent;
  }

  // --- the process

  /**
   * Sends a signal to the child.
   *
   * @param signal - Its name without `SIG`, or its number; with a `-` in front it goes to the child's whole process group. Default: `'TERM'`.
   * @returns How many processes were signalled: 1; 0 if the child has ended or there is no such signal.
   * @example
   * heap.wheel.kill('INT');
   * @remarks Mirrors POE::Wheel::Run, "kill".
   */
  kill(signal: string | number = 'TERM'): 0 | 1 {
    const [, minus, name = ''] = /^(-?)(?:SIG)?(\w+)$/.exec(String(signal)) ?? [];
    const number = /^\d+$/.test(name) ? Number(name) : `SIG${name}`;
    return this.kernel.host.processes.kill(this.pid, number, minus === '-') ? 1 : 0;
  }

  // --- events

  /**
   * Renames events; undefined turns one off. A stream whose event is turned off is read on, and its records are dropped.
   * @remarks Mirrors POE::Wheel::Run, "event". An unknown name is a warning, and so is a stderrEvent where a terminal has standard error.
   */
  override event(names: RunEventNames<E, R, S>): void {
    const { stderrEvent, ...others } = names;
    const hasNoStderr = this.#hasTerminal && this.#stderr === undefined;
    if (stderrEvent !== undefined && hasNoStderr) {
      const reason = 'standard error comes with standard output';
      warnOfParameter(this.kernel, `ignoring stderrEvent on a pty conduit: ${reason}`);
    }
    super.event(hasNoStderr ? others : names);
    for (const output of [this.#stdout, this.#stderr]) {
      const isGiven = output !== undefined && Object.hasOwn(names, output.event);
      if (isGiven && this.#isRead(output) && !this.destroyed) this.kernel.selectRead(output.handle, output.state);
    }
  }

  #tell(operation: 'read' | 'write', errno: number, message: string, stream: ChildStreamName): void {
    this.tellFailed(operation, errno, message);
    const { errorEvent } = this.events;
    if (errorEvent === undefined) return;
    this.kernel.callVoid(this.session, errorEvent, operation, errno, message, this.id, stream);
  }
}

function programToRun({ program, programArgs = [] }: RunOptions): ProgramToRun {
  return program instanceof ChildFunction ? { called: program, args: programArgs } : commandOf(program, programArgs);
}

/** What each of the child's streams is to be. */
function streamsOf(options: RunOptions): Record<'stdin' | 'stdout' | 'stderr', ChildStream> {
  const { conduit = 'pipe', noStdin = false, stdinEvent, stdoutEvent, stderrEvent } = options;
  const { redirectStdin, redirectStdout, redirectStderr } = options;
  const hasEvent = [stdinEvent, stdoutEvent, stderrEvent].some((event) => event !== undefined);
  const kind = conduit === 'pipe' || conduit === 'pty-pipe' ? 'pipe' : 'socket';
  // POE: who wants neither events nor standard input gets a child without any conduit.
  if ((conduit === 'pty' || conduit === 'pty-pipe') && (hasEvent || !noStdin)) {
    return { stdin: 'terminal', stdout: 'terminal', stderr: conduit === 'pty' ? 'terminal' : kind };
  }
  const stdout = redirection(redirectStdout) ?? (stdoutEvent === undefined ? 'inherit' : kind);
  const both = redirectStderr === redirectStdout && typeof stdout === 'object' ? stdout : undefined;
  return {
    stdin: redirection(redirectStdin) ?? (noStdin ? 'inherit' : kind),
    stdout,
    stderr: both ?? redirection(redirectStderr) ?? (stderrEvent === undefined ? 'inherit' : kind),
  };
}

function redirection(to: string | number | object | undefined): Redirection | undefined {
  return to === undefined ? undefined : { to };
}
