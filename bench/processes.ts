import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Time a process has to end after it was asked to, before it is made to. */
const PATIENCE_MS = 2000;
/** Time a process has for its first line: far more than any measurement takes. */
const LIMIT_MS = 120_000;
/** Of what a process writes to its standard error, the end, for when it fails. */
const ERROR_CHARACTERS = 2000;

/** A child process and its first line of output. */
export interface Started {
  child: ChildProcess;
  firstLine: Promise<string>;
}

const running = new Set<ChildProcess>();
// What was started here does not outlive this process, however that ends.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program, and reads what it prints. */
export function start([command = '', ...args]: readonly string[]): Started {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const firstLine = new Promise<string>((resolve, reject) => {
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-ERROR_CHARACTERS);
    });
    const fail = (why: string): void =>
      reject(new Error([`${[command, ...args].join(' ')}: ${why}`, errors].join('\n')));
    const limit = setTimeout(() => fail(`nothing was printed within ${LIMIT_MS / 1000} s`), LIMIT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('close', (status, signal) => {
      running.delete(child);
      clearTimeout(limit);
      fail(`ended with ${signal ?? `status ${status}`}`);
    });
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(limit);
      resolve(line);
    });
  });
  return { child, firstLine };
}

/** Ends a child process, this one and no other, and waits until it has ended. */
export async function end({ child, firstLine }: Started): Promise<void> {
  firstLine.catch(() => {});
  if (!running.has(child) || child.pid === undefined) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(last);
}
