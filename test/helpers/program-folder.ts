import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { poe, root } from './repository.ts';

/** How a command ended. */
export interface Ended {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A throw-away folder with programs that can import this package, and the command to run there. */
export class ProgramFolder implements Disposable {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'poe-program-')));

  /** @param files - Texts by path; values that are no text are written as JSON. */
  constructor(files: Readonly<Record<string, unknown>> = {}) {
    this.link('node_modules/poe-kernel', root);
    this.write({ 'package.json': { type: 'module' }, ...files });
  }

  write(files: Readonly<Record<string, unknown>>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.path, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
  }

  link(path: string, target: string): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(target, file);
  }

  /** Runs `poe` with arguments. */
  poe(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const command = [poe, ...args];
    const options = { cwd: this.path, env: { ...process.env, NO_COLOR: '1', ...env } };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, command, options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, signal: child.signalCode, stdout, stderr }),
      );
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
