import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { root } from '../../helpers/repository.ts';
import type { Program } from './program.ts';

/** Why real POE cannot be asked here; undefined if it can. */
export function whyNoPerl(): string | undefined {
  const { error, status, stderr } = spawnSync('perl', ['-MPOE', '-MJSON::PP', '-e', '1'], { encoding: 'utf8' });
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : `no POE: ${stderr.split('\n', 1)[0]}`;
}

/** A Perl process that runs programs on real POE, one after the other. */
export class PerlPoe {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #waiting: { resolve: (trace: string[]) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    const script = join(root, 'test/fuzz/poe/interpret.pl');
    const env = { ...process.env, POE_EVENT_LOOP: 'POE::Loop::Select' };
    this.#child = spawn('perl', [script], { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#lines = createInterface(this.#child.stdout);
    this.#lines.on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line)));
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('exit', (code) => this.#fail(new Error(`perl ended with ${code}`)));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Runs a program and gives its trace. Several may be asked for at once; they run in that order. */
  run(program: Program): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(program)}\n`);
    });
  }

  /** Ends the process. */
  close(): void {
    this.#child.stdin.end();
  }
}
