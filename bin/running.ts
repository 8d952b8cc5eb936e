import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells a process from a later one of the same number: when it began. Undefined if there is no such process, or none that can be seen. */
export function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxProcess(pid)?.start : portableStart(pid);
}

/**
 * Whether a process runs; one that has ended and is only kept for its parent does not.
 *
 * @param start - Its {@link startOf}, as it was: a later process of the same number is another one.
 */
export function isRunning(pid: number, start?: string): boolean {
  if (!hasNumber(pid)) return false;
  const found = process.platform === 'linux' ? linuxProcess(pid) : { start: portableStart(pid), hasEnded: false };
  // It is there, and nothing can be seen of it.
  if (found?.start === undefined) return hasNumber(pid);
  return !found.hasEnded && (start === undefined || found.start === start);
}

/** Whether a process listens to a signal; undefined where that cannot be seen. */
export function listensTo(pid: number, signal: number): boolean | undefined {
  try {
    const [, mask = ''] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
  } catch {
    return undefined;
  }
}

function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function linuxProcess(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name before the other fields may hold blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // In ticks since the machine was started: a clock that is set changes nothing about it.
    return { start: `${boot}:${fields[19]}`, hasEnded: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}

function portableStart(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' } as const;
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options)
        .trim()
        .replace(/\s+/g, '-') || undefined
    );
  } catch {
    return undefined;
  }
}
