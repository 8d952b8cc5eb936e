/** The programs of the interop contract, ours and genuine ones, as processes. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AS_PUBLISHED, root } from './repository.ts';

/** Where the genuine POE::Component::IKC is, for those who want to test against it. */
const LIB = process.env.IKC_LIB;

/** Why there is no genuine IKC to talk to; undefined if there is. The value suits the option `skip` of a test. */
export function whyNoIkc(): string | undefined {
  if (LIB === undefined) return 'IKC_LIB does not name the folder of a genuine POE::Component::IKC';
  const { status, error, stderr } = spawnSync('perl', ['-MPOE::Component::IKC::Server', '-e', '1'], {
    env: perlEnvironment(),
    encoding: 'utf8',
  });
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : `this perl cannot load POE::Component::IKC: ${stderr.split('\n')[0]}`;
}

function perlEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PERL5LIB: LIB };
}

/** Where a server listens. */
export type Address = { port: number; unix?: undefined } | { unix: string; port?: undefined };

/** As words of a command line. */
export function addressWords(address: Address): string[] {
  return address.unix === undefined ? ['--port', String(address.port)] : ['--unix', address.unix];
}

/** How two programs meet. */
export interface Meeting {
  transport: 'TCP' | 'unix';
  protocol: 'IKC' | 'IKC0';
}

export const MEETINGS: readonly Meeting[] = (['TCP', 'unix'] as const).flatMap((transport) =>
  (['IKC0', 'IKC'] as const).map((protocol) => ({ transport, protocol })),
);

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A program that runs, and what it has printed. */
export class Program {
  readonly lines: string[] = [];
  stderr = '';
  readonly #child: Child;
  readonly #ended: Promise<number | null>;

  constructor(command: string, words: readonly string[], environment?: NodeJS.ProcessEnv) {
    this.#child = spawn(command, words, { stdio: 'pipe', ...(environment === undefined ? {} : { env: environment }) });
    createInterface(this.#child.stdout).on('line', (line) => this.lines.push(line));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#ended = once(this.#child, 'close').then(([status]) => status as number | null);
  }

  /** Waits for the first line. */
  async firstLine(): Promise<string> {
    const late = Date.now() + 20_000;
    while (this.lines.length === 0) {
      if (this.#child.exitCode !== null || Date.now() > late) {
        throw new Error(`No line came; status ${this.#child.exitCode}, standard error: ${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.lines[0] as string;
  }

  write(text: string): void {
    this.#child.stdin.end(text);
  }

  /** Waits for the end. Returns the exit status; null after a signal. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Asks it to end, and waits. */
  async terminate(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }
}

/** A server program that listens. */
export interface ServerProgram {
  readonly program: Program;
  readonly address: Address;
  /** The first line that it printed. */
  readonly greeting: string;
  /** Ends it and takes its folder away. */
  stop(): Promise<number | null>;
}

async function startServer(
  start: (words: string[]) => Program,
  { transport, protocol }: Meeting,
  port?: number,
): Promise<ServerProgram> {
  const folder = transport === 'unix' ? mkdtempSync(join(tmpdir(), 'poe-kernel-interop-')) : undefined;
  const words = ['--protocol', protocol];
  if (port !== undefined) words.push('--port', String(port));
  if (folder !== undefined) words.push('--unix', join(folder, 'ikc.sock'));
  const program = start(words);
  const clear = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const greeting = await program.firstLine();
    const place = greeting.replace('# listening ', '');
    const address: Address = folder === undefined ? { port: Number(place.split(':')[1]) } : { unix: place };
    const stop = async (): Promise<number | null> => {
      const status = await program.terminate();
      clear();
      return status;
    };
    return { program, address, greeting, stop };
  } catch (error) {
    program.kill();
    clear();
    throw error;
  }
}

/** Starts our server program. */
export function startOurServer(meeting: Meeting): Promise<ServerProgram> {
  return startServer((words) => startOurs('server', words), meeting);
}

/** Starts the genuine server that fulfils the contract, on a port of its own or on the one given. */
export function startPerlServer(meeting: Meeting, port?: number): Promise<ServerProgram> {
  return startServer((words) => startPerl('server', words), meeting, port);
}

/** Starts one of our programs. */
export function startOurs(name: 'server' | 'client', words: readonly string[]): Program {
  return new Program(process.execPath, [AS_PUBLISHED, join(root, `dist/test/interop/${name}.js`), ...words]);
}

/** Starts one of the genuine programs. */
export function startPerl(name: string, words: readonly string[]): Program {
  return new Program('perl', [join(root, `test/interop/perl/${name}.pl`), ...words], perlEnvironment());
}

/** What a Perl program is to do: a label, the kind of the result, and the code. */
export type Step = readonly [label: string, kind: string, code: string];

/**
 * Lets a genuine client work through steps.
 *
 * @returns What they came to, by label.
 */
export async function runSteps(
  name: 'lite' | 'client',
  words: readonly string[],
  steps: readonly Step[],
): Promise<Record<string, unknown>> {
  const program = startPerl(name, words);
  program.write(steps.map((step) => `${step.join('\t')}\n`).join(''));
  const status = await program.ended();
  if (status !== 0) throw new Error(`${name}.pl ended with status ${status}: ${program.stderr}`);
  return results(program);
}

/** The results that a Perl program has printed, by label. */
export function results(program: Program): Record<string, unknown> {
  const lines = program.lines.filter((line) => line.startsWith('['));
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, unknown]));
}
