import { type ChildProcess, type IOType, type SpawnOptions, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants, getPriority, setPriority } from 'node:os';
import { Stream } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { debugFor } from '../debug.ts';
import { type ErrnoName, errnoNumber, errnoText } from '../errno.ts';
import { PoeError, PoeUsageError } from '../errors.ts';
import type { ProcessHost } from '../host/host.ts';
import { whyNotStarted } from './exec-errors.ts';
import { Fifos } from './fifos.ts';
import type { ChildStream, LaunchedChild, LaunchOptions, ProgramToRun } from './launch.ts';
import { ORDERS_FD, type Orders } from './orders.ts';
import { openTerminal, type Terminal, terminalDescriptors } from './terminals.ts';

const debug = debugFor('host:processes');

/** The wait status as Perl has it in `$?`. */
function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) << 8 : constants.signals[signal];
}

/**
 * Knows every child that this process starts, whoever starts it: Node announces each new ChildProcess on a
 * diagnostics channel.
 */
export class NodeProcesses implements ProcessHost {
  readonly #children = new Map<number, ChildProcess>();
  /** Announced a moment ago: their numbers are not entered yet, but may be asked for. */
  readonly #starting = new Set<ChildProcess>();
  readonly #watchers = new Set<(pid: number, status: number) => void>();
  readonly #fifos = new Fifos();

  constructor() {
    subscribe('child_process', (message) => this.#adopt((message as { process: ChildProcess }).process));
  }

  isChild(pid: number): boolean {
    if (this.#children.has(pid)) return true;
    for (const child of this.#starting) if (child.pid === pid) return true;
    return false;
  }

  watch(callback: (pid: number, status: number) => void): () => void {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  launch(program: ProgramToRun, options: LaunchOptions): LaunchedChild {
    const streams = new Streams(this.#fifos, options);
    try {
      const child = start(program, options, streams);
      // A child that nobody waits for any more does not keep this process from ending.
      child.unref();
      const pid = child.pid as number;
      if (debug.enabled) debug('start process %d: %s', pid, nameOf(program));
      return streams.ours(child);
    } catch (error) {
      streams.closeOurs();
      throw error;
    } finally {
      streams.closeTheirs();
    }
  }

  kill(pid: number, signal: string | number, group = false): boolean {
    // Once it has been reported, its number may be another's.
    if (!this.isChild(pid)) return false;
    try {
      return process.kill(group ? -pid : pid, signal);
    } catch {
      return false;
    }
  }

  #adopt(child: ChildProcess): void {
    // The announcement comes before the start, so the number is known only a moment later, but before anything
    // of the child can be reported.
    child.once('exit', (code, signal) => {
      const pid = child.pid;
      if (pid === undefined) return;
      this.#children.delete(pid);
      for (const watcher of this.#watchers) watcher(pid, waitStatus(code, signal));
    });
    this.#starting.add(child);
    queueMicrotask(() => {
      this.#starting.delete(child);
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        this.#children.set(child.pid, child);
      }
    });
  }
}

/** The standard streams of a child that is about to start: what it gets, and what we keep. */
class Streams {
  /** What Node is told, for each stream. */
  readonly theirs: (IOType | number | Stream)[] = [];
  readonly terminal: Terminal | undefined;
  readonly #kept: (Socket | null)[] = [];
  /** Descriptors that are the child's only. */
  readonly #closing = new Set<number>();
  readonly #files = new Map<ChildStream, number>();

  constructor(fifos: Fifos, options: LaunchOptions) {
    const { stdin, stdout, stderr, winsize } = options;
    try {
      if (stdin === 'terminal') {
        this.terminal = openTerminal(winsize ?? ownWinsize());
        this.#closing.add(this.terminal.descriptor);
      }
      for (const [number, stream] of [stdin, stdout, stderr].entries()) this.#prepare(stream, number, fifos);
    } catch (error) {
      this.closeOurs();
      this.closeTheirs();
      throw error;
    }
  }

  #prepare(stream: ChildStream, number: number, fifos: Fifos): void {
    this.#kept[number] = null;
    if (stream === 'inherit') {
      this.theirs[number] = number;
    } else if (stream === 'terminal') {
      this.theirs[number] = (this.terminal as Terminal).descriptor;
      this.#kept[number] = (this.terminal as Terminal).stream;
    } else if (typeof stream === 'object') {
      this.theirs[number] = this.#redirect(stream.to, stream, number);
    } else {
      // A named pipe is as good as one without a name only for who writes to it: who opens it again as /dev/stdin once we
      // have closed our end would wait for ever.
      const pipe = stream === 'pipe' && number !== 0 ? fifos.open() : undefined;
      this.theirs[number] = pipe?.writing ?? 'pipe';
      if (pipe === undefined) return;
      this.#closing.add(pipe.writing);
      this.#kept[number] = new Socket({ fd: pipe.reading, readable: true, writable: false });
    }
  }

  #redirect(to: string | number | object, redirection: ChildStream, number: number): number | Stream {
    if (typeof to === 'string') {
      const known = this.#files.get(redirection);
      const descriptor = known ?? openFile(to, number === 0 ? 'r' : 'w');
      this.#files.set(redirection, descriptor);
      this.#closing.add(descriptor);
      return descriptor;
    }
    const { fd } = to as { fd?: unknown };
    const descriptor = typeof to === 'number' ? to : fd;
    if (typeof descriptor === 'number' && descriptor >= 0) return descriptor;
    if (to instanceof Stream && '_handle' in to && to._handle !== null) return to;
    throw new PoeUsageError(
      'POE_ERR_REDIRECT',
      'Cannot redirect a stream of a child: what it is to lead to has no descriptor',
      {
        hint: 'Give the name of a file, a descriptor, or a stream or file handle of the system that is open',
      },
    );
  }

  /** Takes the streams off the child: of its own Node closes the input as soon as it has ended, and throws away what nobody reads just then. */
  ours(child: ChildProcess): LaunchedChild {
    const { pid, stdin, stdout, stderr } = child;
    const [input = null, output = null, errors = null] = this.#kept;
    child.stdin = null;
    child.stdio.fill(null, 0, ORDERS_FD);
    return { pid: pid as number, stdin: input ?? stdin, stdout: output ?? stdout, stderr: errors ?? stderr };
  }

  closeOurs(): void {
    for (const kept of this.#kept) kept?.destroy();
    this.terminal?.stream.destroy();
  }

  closeTheirs(): void {
    for (const descriptor of this.#closing) closeSync(descriptor);
  }
}

function openFile(path: string, flags: 'r' | 'w'): number {
  try {
    return openSync(path, flags);
  } catch (cause) {
    const text = errnoText(String((cause as { code?: unknown }).code));
    throw new PoeError('POE_ERR_REDIRECT', `Cannot redirect a stream of a child: '${path}' cannot be opened: ${text}`, {
      hint: flags === 'r' ? 'Redirect to a file that can be read' : 'Redirect to a file that can be written',
      cause,
    });
  }
}

/** Rows and columns of our own terminal, if there is one. */
function ownWinsize(): { rows: number; columns: number } {
  const { rows, columns } = process.stdout.isTTY ? process.stdout : { rows: 0, columns: 0 };
  return { rows, columns };
}

/** Starts a program; in place of one that cannot be started another one, which says so and ends as POE's child does. */
function start(program: ProgramToRun, options: LaunchOptions, streams: Streams): ChildProcess {
  const command = commandOf(program);
  // In a terminal, or held, a shell starts it, so it has to be there.
  const hasShell = streams.terminal !== undefined || isHeld(command, options);
  const missing = hasShell ? whyNotStarted(command.file) : undefined;
  const started = missing ?? tryToStart(command, options, streams);
  if (typeof started !== 'string') return started;
  const standIn = tryToStart(
    {
      file: SHELL,
      args: [
        '-c',
        SAY_WHY,
        'sh',
        nameOf(program).slice(0, LONGEST_NAME),
        errnoText(started),
        String(errnoNumber(started)),
      ],
      inTerminal: false,
    },
    { ...options, uid: undefined, gid: undefined, priority: 0 },
    streams,
  );
  if (typeof standIn !== 'string') return standIn;
  throw new PoeError('POE_ERR_SPAWN', `Cannot start a child process: ${errnoText(standIn)}`, {
    hint: 'The system has no room for another process, or this one for more descriptors',
  });
}

/** A name that was too long for one program must not be too long for the one that says so. */
const LONGEST_NAME = 1000;
const SHELL = '/bin/sh';
const SAY_WHY = `printf "can't exec (%s) in child pid $$: %s\\n" "$1" "$2" >&2; exit "$3"`;
/** Waits until whoever started it has seen to its priority: what it starts shall not run before. */
const HOLD = `read -r go <&${ORDERS_FD}; exec ${ORDERS_FD}<&-; exec "$@"`;
/** The first open of a terminal makes it the controlling one of a session that has none; a shell is there to do that. */
const OPEN_TERMINAL = 'tty=$1; shift; exec <"$tty" >"$tty"; exec "$@"';

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** What is written to the child's descriptor of orders. */
  readonly orders?: Uint8Array;
  /** False for one that need not have its terminal as the controlling one. */
  readonly inTerminal?: false;
}

function nameOf(program: ProgramToRun): string {
  return 'called' in program ? program.called.toString() : program.name;
}

function commandOf(program: ProgramToRun): Command {
  if (!('called' in program)) return program;
  const { module, target, fingerprint } = program.called;
  const orders: Orders = { called: { module, target, fingerprint }, args: program.args };
  // What the module finds on its way must be as here: the same options of Node, the same arguments.
  const args = [...nodeOptions(process.execArgv), childMain, ...process.argv.slice(2)];
  return { file: process.execPath, args, orders: serialized(orders) };
}

const childMain = fileURLToPath(import.meta.url.replace(/[^/]*(\.[jt]s)$/, 'child-main$1'));

function serialized(orders: Orders): Uint8Array {
  try {
    return serialize(orders);
  } catch (cause) {
    throw new PoeUsageError(
      'POE_ERR_CHILD_ARGUMENTS',
      `Cannot pass programArgs to a child: ${(cause as Error).message}`,
      {
        hint: 'What can be copied is passed: text, numbers, arrays, objects, maps, octets; no functions, streams or wheels',
        cause,
      },
    );
  }
}

/** The options of Node that are not of this one process: neither its program given as text, nor its debugger. */
function nodeOptions(options: readonly string[]): string[] {
  const text = options.findIndex((option) => /^(-[ep]|--eval|--print|-pe)$/.test(option));
  const others = text === -1 ? options : options.toSpliced(text, 2);
  return others.filter((option) => !/^(-i$|--interactive|--inspect|--test|--watch|--eval=|--print=)/.test(option));
}

/** Starts a program, or gives the name of the errno for which that cannot be. */
function tryToStart(command: Command, options: LaunchOptions, streams: Streams): ChildProcess | ErrnoName {
  const { uid, gid, ownGroup } = options;
  const { terminal } = streams;
  let { file, args } = command;
  const held = isHeld(command, options);
  if (held) {
    args = ['-c', HOLD, 'sh', file, ...args];
    file = SHELL;
  }
  if (terminal !== undefined && command.inTerminal !== false) {
    // Standard error is the terminal too, or has its pipe.
    const script = options.stderr === 'terminal' ? OPEN_TERMINAL.replace('>"$tty"', '>"$tty" 2>&1') : OPEN_TERMINAL;
    args = ['-c', script, 'sh', terminal.path, file, ...args];
    file = SHELL;
  }
  const stdio: SpawnOptions['stdio'] = [...streams.theirs];
  if (command.orders !== undefined || held) stdio[ORDERS_FD] = 'pipe';
  const nothing = terminalDescriptors().length === 0 ? undefined : openSync('/dev/null', 'r');
  if (nothing !== undefined) {
    for (const descriptor of terminalDescriptors()) stdio[descriptor] = nothing;
    for (let number = 0; number < stdio.length; number++) stdio[number] ??= 'ignore';
  }
  try {
    const child = spawn(file, args, {
      stdio,
      detached: ownGroup || terminal !== undefined,
      // So that it calls itself as everywhere else.
      ...(file === SHELL ? { argv0: 'sh' } : {}),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    // What this would tell is known at once, by the number that is missing.
    child.on('error', () => {});
    if (child.pid === undefined) {
      for (const stream of child.stdio) stream?.destroy();
      // Where nothing speaks against it, there is no room for it.
      return whyNotStarted(file) ?? 'EAGAIN';
    }
    adjustPriority(child.pid, options.priority);
    if (command.orders !== undefined) give(child.stdio[ORDERS_FD] as Socket, command.orders);
    else if (held) give(child.stdio[ORDERS_FD] as Socket, Buffer.from('go\n'));
    return child;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_INVALID_ARG_VALUE' && file === '') return 'ENOENT';
    if (typeof code === 'string' && code in constants.errno) return code as ErrnoName;
    throw error;
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

/** Whether a program is to wait for its priority. A function does so by itself, as it waits for its orders. */
function isHeld(command: Command, { priority }: LaunchOptions): boolean {
  return priority !== 0 && command.orders === undefined;
}

/** Hands octets over and goes on, whether they are wanted or not. */
function give(stream: Socket, octets: Uint8Array): void {
  stream.on('error', () => {});
  stream.end(octets);
  stream.unref();
}

function adjustPriority(pid: number, by: number): void {
  if (by === 0) return;
  try {
    setPriority(pid, Math.max(-20, Math.min(19, getPriority() + by)));
  } catch {
    // POE: who may not be nicer, or less nice, stays as he is.
  }
}
