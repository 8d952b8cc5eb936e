import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { PoeUsageError } from '../core/index.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** All may know the number of a process. */
const MODE = 0o644;
/** Octets of a file that can be one of a process number. */
const MOST_OCTETS = 32;
/** Signals that end a process which does not listen to them. */
const ENDING = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Writes the number of this process to a file that goes with the process. A file that was left behind by one that is gone is replaced.
 *
 * @param path - Absolute. A symbolic link is not followed.
 * @throws PoeUsageError `POE_ERR_PID_FILE` if a living process has it, or if it is something else.
 */
export function writePidFile(path: string): void {
  const draft = `${path}.${process.pid}`;
  let ino: number;
  try {
    ino = writeDraft(draft);
    try {
      // Linking fails where anything is, also if another process was faster after a look.
      if (!link(draft, path)) {
        removeStale(path);
        if (!link(draft, path)) throw refuse(path, 'another process was faster');
      }
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    if (error instanceof PoeUsageError) throw error;
    throw refuse(path, (error as Error).message, error);
  }
  removeAtEnd(path, ino);
}

function writeDraft(path: string): number {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE);
  try {
    writeSync(fd, `${process.pid}\n`);
    return fstatSync(fd).ino;
  } finally {
    closeSync(fd);
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a file whose process is gone. */
function removeStale(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw refuse(path, stats.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file');
  const pid = readPid(path);
  if (pid === undefined) throw refuse(path, 'it is there and holds no process number');
  if (isAlive(pid) && !startedAfter(pid, stats.mtimeMs)) throw refuse(path, `process ${pid} has it and is running`);
  unlinkSync(path);
}

function readPid(path: string): number | undefined {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW);
  try {
    if (fstatSync(fd).size > MOST_OCTETS) return undefined;
    const text = readFileSync(fd, 'utf8').trim();
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } finally {
    closeSync(fd);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process is younger than its file, by seconds: then the number has gone to another one. Only Linux can tell. */
function startedAfter(pid: number, timeMs: number): boolean {
  try {
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    // The name before the other fields may hold blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const started = boot + Number(fields[19]) / 100;
    return started > timeMs / 1000 + 2;
  } catch {
    return false;
  }
}

/** Removes the file with the process, if it is still the one that was written. */
function removeAtEnd(path: string, ino: number): void {
  const remove = (): void => {
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) unlinkSync(path);
  };
  process.once('exit', remove);
  for (const signal of ENDING) {
    const end = (): void => {
      // A kernel that watches the signal decides what it means.
      if (process.listenerCount(signal) > 1) return;
      remove();
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.on(signal, end);
  }
}

function refuse(path: string, found: string, cause?: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_PID_FILE', `Cannot write the process number to ${path}: ${found}`, { cause });
}
