import { existsSync, lstatSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PoeError } from '../../core/index.ts';

/** A socket is called `4711-name.sock`; of further kernels of one process `4711.2-name.sock`. */
const FILE = /^(\d{1,10})(?:\.\d{1,4})?-([-.\w]{1,64})\.sock$/;

/** What bind(2) takes of a path, less its end; macOS takes 4 less than Linux. */
const LONGEST_PATH = 103;

/** A socket that is there, though perhaps nobody listens on it any more. */
export interface SocketFile {
  readonly path: string;
  readonly pid: number;
  readonly name: string;
}

/** Where sockets of this user are, unless the options say otherwise. */
export function defaultFolder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'poe-kernel') : join(tmpdir(), `poe-kernel-${userInfo().uid}`);
}

/**
 * Makes sure of a folder that nobody but this user can enter.
 *
 * @throws PoeError `POE_ERR_PEEK_FOLDER` if there is anything else at its path: a symbolic link, a file, or a folder that others own or
 * may enter. Nothing is changed then.
 */
export function makePrivate(folder: string): void {
  try {
    // The mode counts for what is made only; whatever was there is judged below, as somebody else may have been first.
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw refuse(folder, (error as Error).message, error);
  }
  checkPrivate(folder);
}

/** @throws PoeError `POE_ERR_PEEK_FOLDER` unless a folder that exists is this user's alone. */
export function checkPrivate(folder: string): void {
  const found = lstatSync(folder, { bigint: true });
  if (found.isSymbolicLink()) throw refuse(folder, 'it is a symbolic link');
  if (!found.isDirectory()) throw refuse(folder, 'it is no folder');
  if (Number(found.uid) !== process.getuid?.()) throw refuse(folder, `it belongs to user ${found.uid}`);
  if ((found.mode & 0o077n) !== 0n)
    throw refuse(folder, `others may enter it: its mode is ${(found.mode & 0o777n).toString(8)}`);
}

function refuse(folder: string, found: string, cause?: unknown): PoeError {
  return new PoeError('POE_ERR_PEEK_FOLDER', `Cannot use the folder ${folder} for a private socket: ${found}`, {
    hint: 'Give the plugin a folder of its own, as in { folder }, or remove what is there; it is made with mode 0700',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The sockets in a folder. None if it cannot be read. */
export function socketsIn(folder: string): SocketFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const [, pid = '', name = ''] = FILE.exec(file) ?? [];
    const path = join(folder, file);
    return pid !== '' && isSocket(path) ? [{ path, pid: Number(pid), name }] : [];
  });
}

/** A path for a new socket in a folder that is private. Those of processes that are gone are removed on the way. */
export function newSocketPath(folder: string, name: string): string {
  for (const { path, pid } of socketsIn(folder)) if (!runs(pid)) removeSocket(path);
  for (let count = 1; ; count++) {
    const path = join(folder, `${process.pid}${count === 1 ? '' : `.${count}`}-${name}.sock`);
    if (Buffer.byteLength(path) > LONGEST_PATH) {
      throw refuse(folder, `the path of the socket would be longer than ${LONGEST_PATH} octets`);
    }
    // lstat, so that a symbolic link to nowhere counts as there.
    if (lstatSync(path, { bigint: true, throwIfNoEntry: false }) === undefined) return path;
  }
}

/** Removes a socket; anything else at that path stays. */
export function removeSocket(path: string): void {
  if (!isSocket(path)) return;
  try {
    unlinkSync(path);
  } catch {
    // Somebody else was faster, or it is not ours to remove.
  }
}

function isSocket(path: string): boolean {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.isSocket() === true;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
