/** Runs the program of this folder and follows what it tells. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildInfo } from 'poe-kernel/components';
import { AS_PUBLISHED, root } from '../repository.ts';
import type { ProgramOptions } from './options.ts';

const FOLDER = join(root, 'dist/test/helpers/preforked');
const PATIENCE_MS = 60_000;

export interface ChildEvent extends ChildInfo {
  readonly event: 'childStarted' | 'childReady' | 'childServing' | 'childDraining' | 'childExited';
  /** When the parent was told, in ms. */
  readonly at: number;
}

interface Told {
  readonly event?: string;
  readonly stage?: string;
  readonly role?: string;
  readonly pid?: number;
  readonly reason?: string;
  readonly ended?: number;
  readonly failed?: string;
  readonly errno?: number;
  readonly address?: { readonly port: number };
}

/** An answer of the program: the line, which process gave it, and the version of the program. */
export interface Answer {
  readonly line: string;
  readonly pid: number;
  readonly version: string;
}

export class PreforkedProgram {
  readonly told: Told[] = [];
  readonly errors: string[] = [];
  readonly #process: ChildProcess;
  readonly #path: string | undefined;
  readonly #pids = new Set<number>();

  private constructor(options: ProgramOptions, program: string) {
    this.#path = options.path;
    this.#process = spawn(process.execPath, [AS_PUBLISHED, join(FOLDER, program)], {
      env: { ...process.env, PREFORK_TEST: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const [stream, add] of [
      [this.#process.stdout, (line: string) => this.#heard(JSON.parse(line) as Told)],
      [this.#process.stderr, (line: string) => this.errors.push(line)],
    ] as const) {
      if (stream !== null) createInterface({ input: stream }).on('line', add);
    }
    this.#pids.add(this.#process.pid as number);
  }

  /** Starts it, hands it over, and ends it whatever happens. */
  static async use(
    options: ProgramOptions,
    act: (program: PreforkedProgram) => Promise<void>,
    file = 'program.js',
  ): Promise<void> {
    const program = new PreforkedProgram(options, file);
    try {
      await program.until(() => program.serving().length >= (options.processes ?? 2) - 1, 'children serve');
      await act(program);
    } finally {
      program.kill();
    }
  }

  #heard(told: Told): void {
    this.told.push(told);
    if (told.pid !== undefined) this.#pids.add(told.pid);
    if (told.event === 'childExited') this.#pids.delete(told.pid as number);
    if (told.ended !== undefined) this.#pids.delete(told.ended);
  }

  /** The parent: the latest one, after a handover. */
  get pid(): number {
    const parents = this.told.filter(({ role }) => role === 'parent');
    return parents.at(-1)?.pid ?? (this.#process.pid as number);
  }

  /** Those that run, as far as is known. */
  get pids(): readonly number[] {
    return [...this.#pids];
  }

  get port(): number {
    return this.told.find(({ role }) => role === 'parent')?.address?.port as number;
  }

  /** What was told of children. */
  get events(): ChildEvent[] {
    return this.told.filter(({ event }) => event?.startsWith('child')) as unknown as ChildEvent[];
  }

  /** Of each child the last that was told. */
  children(): ChildEvent[] {
    return [...new Map(this.events.map((event) => [`${event.pid}`, event])).values()];
  }

  serving(): ChildEvent[] {
    return this.children().filter(({ state }) => state === 'serving');
  }

  spares(): ChildEvent[] {
    return this.children().filter(({ state }) => state === 'spare');
  }

  exits(): ChildEvent[] {
    return this.events.filter(({ event }) => event === 'childExited');
  }

  signal(name: NodeJS.Signals, pid: number = this.pid): void {
    process.kill(pid, name);
  }

  /** Waits until something holds. */
  async until(condition: () => boolean, what: string, patienceMs = PATIENCE_MS): Promise<void> {
    for (const late = Date.now() + patienceMs; !condition(); ) {
      if (Date.now() > late) {
        const last = this.told.slice(-8).map((told) => JSON.stringify(told));
        throw new Error(`It did not come to this: ${what}\n${[...last, ...this.errors.slice(-8)].join('\n')}`);
      }
      await sleep(5);
    }
  }

  /** Waits for the parent's end. */
  async ended(): Promise<{ code: number | null; signal: string | null }> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      await Promise.race([
        once(this.#process, 'exit'),
        sleep(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('The parent does not end'))),
      ]);
    }
    return { code: this.#process.exitCode, signal: this.#process.signalCode };
  }

  connect(): Client {
    return new Client(this.#path ?? this.port);
  }

  /** One connection, one line, one answer. */
  async ask(line: string): Promise<Answer> {
    const client = this.connect();
    try {
      return await client.ask(line);
    } finally {
      client.end();
    }
  }

  /** Ends every process there is: those that have not been told of as ended. */
  kill(): void {
    for (const pid of this.#pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has gone already.
      }
    }
  }
}

/** A connection to the program. Lines are answered in order. */
export class Client {
  readonly #socket: Socket;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  #error: Error | undefined;
  /** Rejects if there is no connection. */
  readonly connected: Promise<unknown>;

  constructor(where: number | string) {
    this.#socket = typeof where === 'number' ? connect(where, '127.0.0.1') : connect(where);
    this.connected = once(this.#socket, 'connect');
    // Nobody need ask.
    this.connected.catch(() => {});
    createInterface({ input: this.#socket })
      .on('line', (answer) => {
        const [line = '', pid, version = ''] = answer.split(' ');
        this.#waiting.shift()?.resolve({ line, pid: Number(pid), version });
      })
      .on('error', () => {});
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('closed before the answer')));
  }

  #fail(error: Error): void {
    this.#error ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
  }

  ask(line: string): Promise<Answer> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    this.#socket.write(`${line}\n`);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  end(): void {
    this.#socket.end();
  }
}
