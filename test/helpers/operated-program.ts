import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FamilyRecord, ProgramRecord } from 'poe-kernel/plugins';
import { PeekClient } from 'poe-kernel/plugins';
import { type Ended, ProgramFolder } from './program-folder.ts';
import { poe } from './repository.ts';

const PATIENCE_MS = 60_000;

interface RunOptions {
  /** How many are to serve before it counts as started. */
  readonly children?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor that it gets as systemd hands sockets over. */
  readonly socket?: number;
}

/** A program under `poe run` in a folder of its own, whose sockets nobody else's are among; all of its processes end with the test. */
export class OperatedProgram implements AsyncDisposable {
  readonly folder: ProgramFolder;
  readonly #runs: ChildProcess[] = [];
  readonly #env: Record<string, string>;
  printed = '';

  constructor(files: Readonly<Record<string, unknown>>) {
    this.folder = new ProgramFolder(files);
    const runtime = join(this.folder.path, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    this.#env = { XDG_RUNTIME_DIR: runtime };
  }

  /** Folder of the sockets. */
  get sockets(): string {
    return join(this.#env.XDG_RUNTIME_DIR as string, 'poe-kernel');
  }

  /** Starts it; resolves once it answers, and as many children serve as are wanted. */
  async run(args: readonly string[], { children = 0, env = {}, socket }: RunOptions = {}): Promise<ChildProcess> {
    const command = [poe, 'run', ...args];
    const options: SpawnOptions = {
      cwd: this.folder.path,
      env: { ...process.env, ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', socket ?? 'ignore'],
    };
    // The number of the process that is started has to be in its environment.
    const asSystemd = ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', 'sh', process.execPath, ...command];
    const child = socket === undefined ? spawn(process.execPath, command, options) : spawn('sh', asSystemd, options);
    this.#runs.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
      });
    }
    const { pid } = child;
    await this.until('it runs', async () => {
      const family = await this.family(pid as number);
      const serving = family?.children.filter(({ state }) => state === 'serving') ?? [];
      return (family !== undefined && serving.length >= children) || child.exitCode !== null;
    });
    return child;
  }

  poe(...args: string[]): Promise<Ended> {
    return this.folder.poe(args, this.#env);
  }

  /** What `poe ls` tells. */
  async list(): Promise<ProgramRecord[]> {
    return PeekClient.list({ folder: this.sockets });
  }

  /** The children of a process; null if it has none, undefined if it does not answer. */
  async family(pid: number): Promise<FamilyRecord | null | undefined> {
    let client: PeekClient | undefined;
    try {
      client = await PeekClient.connect(pid, { folder: this.sockets });
      return await client.ask({ ask: 'family' });
    } catch {
      return undefined;
    } finally {
      client?.close();
    }
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const late = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > late) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}. Printed: ${this.printed}`);
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pids = (await this.list()).map(({ pid }) => pid);
    for (const child of this.#runs) child.kill('SIGKILL');
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    this.folder[Symbol.dispose]();
  }
}
