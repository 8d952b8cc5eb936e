/** The command `poe` as a process. */
import { execFile } from 'node:child_process';
import { poe } from './repository.ts';

export interface Ran {
  /** The exit status; -1 if it had to be ended. */
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs it to its end, with `input` on its standard input. */
export function runPoe(words: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: '1' };
    const child = execFile(
      process.execPath,
      [poe, ...words],
      { env: environment, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
