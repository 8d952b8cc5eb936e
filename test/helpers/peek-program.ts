import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './repository.ts';

/** A folder of its own for a test, removed at its end. */
export function temporaryFolder(t: { after(end: () => void): void }, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `poe-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that runs in a process of its own, with what it has written to standard error. */
export interface PeekProgram {
  readonly process: ChildProcess;
  readonly pid: number;
  stderr(): string;
  stdout(): string;
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
}

/** Starts a program that imports the built library; resolves when it has printed `ready`. */
export async function startProgram(folder: string, body: string, file = 'program.mjs'): Promise<PeekProgram> {
  const path = join(folder, file);
  const door = (name: string): string => JSON.stringify(join(root, 'dist', name, 'index.js'));
  const head = `import { applyPlugins, Kernel, Session } from ${door('core')};\nimport { peek } from ${door('plugins')};\n`;
  writeFileSync(path, head + body);
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  );
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('ready\n')) resolve();
    });
    void ended.then(() => resolve());
  });
  return { process: child, pid: child.pid as number, stderr: () => err, stdout: () => out, ended };
}

/** Waits until something is so; fails after some seconds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 500; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Not so after 10 s: ${what}`);
}

/** Two sessions that keep on until the process is killed. */
export const CLOCK_AND_LOGGER = `
const kernel = new Kernel();
applyPlugins(kernel, [[peek, { folder: process.argv[1] + '.d', name: 'clock-app' }]]);
Session.create({
  kernel,
  inlineStates: {
    _start({ kernel, session }) {
      kernel.aliasSet('logger');
      kernel.delay('flush', 60);
      kernel.refcountIncrement(session.id, 'token=abc123');
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel }) { kernel.aliasSet('clock'); kernel.delay('tick', 0.05); kernel.yield('say'); },
          say() { console.log('ready'); },
          tick({ kernel }) { kernel.delay('tick', 0.05); kernel.call('logger', 'note'); },
        },
      });
    },
    note() {},
    flush() {},
  },
});
await kernel.run();
`;
