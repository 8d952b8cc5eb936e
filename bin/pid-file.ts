import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { PoeUsageError } from '../core/index.ts';
import { isRunning, startOf } from './running.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** All may know the number of a process. */
const MODE = 0o644;
/** Octets of a file that can be one of a process number, or of its start. */
const MOST_OCTETS = 200n;
/** Signals that end a process which does not listen to them. */
const ENDING = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Writes the number of this process to a file that goes with the process. A file that was left behind by one that is gone is replaced.
 *
 * A second file, `PATH.start`, has when the process began, so that a later process of the same number is not taken for it. The first has the
 * number alone, as everybody expects.
 *
 * @param path - Absolute. A symbolic link is not followed.
 * @throws PoeUsageError `POE_ERR_PID_FILE` if a living process has it, or if it is something else.
 */
export function writePidFile(path: string): void {
  try {
    const draft = writeDraft(path, process.pid);
    try {
      // Linking fails where anything is, also if another process was faster after a look.
      if (!link(draft, path)) {
        removeStale(path);
        if (!link(draft, path)) throw refuse(path, 'another process was faster');
      }
    } finally {
      unlinkSync(draft);
    }
    writeStart(path, process.pid);
  } catch (error) {
    if (error instanceof PoeUsageError) throw error;
    throw refuse(path, (error as Error).message, error);
  }
  keepPidFile(path);
}

/** Gives the file of this process to another one, which has taken its place; it is never gone meanwhile. */
export function handOverPidFile(path: string, pid: number): void {
  if (readPid(path) !== process.pid) return;
  renameSync(writeDraft(path, pid), path);
  writeStart(path, pid);
}

/** Removes the file with the process, if it is still the one of this process. */
export function keepPidFile(path: string): void {
  const remove = (): void => {
    if (readPid(path) !== process.pid) return;
    unlinkSync(path);
    removeStart(path);
  };
  process.once('exit', remove);
  for (const signal of ENDING) {
    const end = (): void => {
      // Whoever else watches the signal decides what it means.
      if (process.listenerCount(signal) > 1) return;
      remove();
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.on(signal, end);
  }
}

/** The process that a file tells of, if it runs. */
export function runningPid(path: string): number | undefined {
  const pid = readPid(path);
  return pid !== undefined && isRunning(pid, readStart(path, pid)) ? pid : undefined;
}

function writeDraft(path: string, pid: number): string {
  return writeNew(`${path}.${process.pid}`, `${pid}\n`);
}

function writeNew(path: string, text: string): string {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
  return path;
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
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw refuse(path, stats.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file');
  const pid = readPid(path);
  if (pid === undefined) throw refuse(path, 'it is there and holds no process number');
  const start = readStart(path, pid);
  const isStale =
    start === undefined ? !isRunning(pid) || startedAfter(pid, Number(stats.mtimeMs)) : !isRunning(pid, start);
  if (!isStale) throw refuse(path, `process ${pid} has it and is running`);
  unlinkSync(path);
}

/** Undefined for what is no file of a process number. */
function readPid(path: string): number | undefined {
  const text = readShort(path);
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

function readShort(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(fd, { bigint: true });
    return stats.isFile() && stats.size <= MOST_OCTETS ? readFileSync(fd, 'utf8').trim() : undefined;
  } finally {
    closeSync(fd);
  }
}

/** Beside the file: the number once more, since the two are written one after the other, and when that process began. */
function writeStart(path: string, pid: number): void {
  const start = startOf(pid);
  if (start === undefined) removeStart(path);
  else renameSync(writeNew(`${path}.start.${process.pid}`, `${pid} ${start}\n`), `${path}.start`);
}

/** Undefined where nobody has noted it: the file is another program's, or the machine went down between the two. */
function readStart(path: string, pid: number): string | undefined {
  const [noted, start] = readShort(`${path}.start`)?.split(' ') ?? [];
  return noted === String(pid) ? start : undefined;
}

function removeStart(path: string): void {
  try {
    unlinkSync(`${path}.start`);
  } catch {
    // There is none.
  }
}

/** Whether a process is younger than the file, by seconds: then the number has gone to another one. Only Linux can tell. */
function startedAfter(pid: number, timeMs: number): boolean {
  const ticks = Number(startOf(pid)?.split(':')[1]);
  const boot = Number(/^btime (\d+)$/m.exec(readFileIfThere('/proc/stat'))?.[1]);
  return boot + ticks / 100 > timeMs / 1000 + 2;
}

function readFileIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function refuse(path: string, found: string, cause?: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_PID_FILE', `Cannot write the process number to ${path}: ${found}`, { cause });
}
