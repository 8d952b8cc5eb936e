import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AS_PUBLISHED, root } from './repository.ts';

/** Where the cases lie: the Perl program, what it prints, and the port. Ports run as they are compiled. */
const SOURCES = join(root, 'test/conformance');
const COMPILED = join(root, 'dist/test/conformance');

/** How long a case may run. */
export const LIMIT_SECONDS = 60;

export interface ConformanceCase {
  /** Number and topic, the name of its folder. */
  readonly name: string;
  readonly program: string;
  readonly expected: string;
}

export interface CaseResult {
  readonly passed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it failed, if not by its output. */
  readonly trouble: string | undefined;
}

/** The ported cases whose names begin with one of the patterns, or all. */
export function listCases(patterns: readonly string[] = []): ConformanceCase[] {
  return readdirSync(SOURCES)
    .filter((name) => existsSync(join(SOURCES, name, 'program.ts')))
    .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.startsWith(pattern)))
    .sort()
    .map((name) => ({
      name,
      program: join(COMPILED, name, 'program.js'),
      expected: readFileSync(join(SOURCES, name, 'expected.txt'), 'utf8'),
    }));
}

/** Runs a case in a process of its own and compares what it prints, byte for byte. Its exit status does not matter. */
export function runCase({ program, expected }: ConformanceCase, limitSeconds = LIMIT_SECONDS): Promise<CaseResult> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that whatever the case started ends with it.
    const child = spawn(process.execPath, [AS_PUBLISHED, program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const endAll = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody of the group is left.
      }
    };
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let trouble: string | undefined;
    const limit = setTimeout(() => {
      trouble = `still running after ${limitSeconds} s`;
      endAll();
    }, limitSeconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('exit', endAll);
    child.on('close', () => {
      clearTimeout(limit);
      const stdout = Buffer.concat(output);
      const passed = trouble === undefined && stdout.equals(Buffer.from(expected));
      resolve({ passed, stdout: stdout.toString(), stderr: Buffer.concat(errors).toString(), trouble });
    });
  });
}
