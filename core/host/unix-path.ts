import { type BigIntStats, lstatSync, statSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { errnoNumber, errnoText, type SystemError, systemError } from '../errno.ts';
import type { SocketResult } from './sockets.ts';

const WORLD_WRITABLE = 0o002n;
const STICKY = 0o1000n;
const ROOT = 0n;

function failure(code: string, why: string): { failed: SystemError } {
  return { failed: { operation: 'bind', errno: errnoNumber(code), message: `${errnoText(code)} (${why})` } };
}

/**
 * Makes sure that a server may bind a unix socket's path: nothing is there, or a socket of our own on which nobody answers, which
 * is removed. Anything else is left alone and is a failure: another kind of file, a symbolic link, somebody else's socket, a socket
 * on which somebody answers, a folder in which somebody else can replace it.
 */
export function claimPath(path: string, done: (result: SocketResult<true>) => void): void {
  let found: BigIntStats | undefined;
  try {
    const refused = refuseFolder(statSync(dirname(path), { bigint: true }));
    if (refused !== undefined) {
      done(failure('EACCES', refused));
      return;
    }
    found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    done({ failed: systemError('bind', error) });
    return;
  }
  if (found === undefined) done({ ok: true });
  else if (!found.isSocket()) done(failure('EADDRINUSE', 'there is something else than a socket'));
  else if (Number(found.uid) !== process.getuid?.()) done(failure('EACCES', 'there is a socket of somebody else'));
  else probe(path, found, done);
}

/** Why others could put something of their own in place of a socket in a folder; undefined if they could not. */
function refuseFolder({ mode, uid }: BigIntStats): string | undefined {
  if ((mode & STICKY) !== 0n) return undefined;
  if ((mode & WORLD_WRITABLE) !== 0n) return 'everybody can write to its folder';
  return Number(uid) === process.getuid?.() || uid === ROOT ? undefined : "its folder is somebody else's";
}

/** Asks whether anybody answers on a socket, and removes it if nobody does. */
function probe(path: string, found: BigIntStats, done: (result: SocketResult<true>) => void): void {
  const socket = new Socket();
  socket.once('connect', () => {
    socket.destroy();
    done(failure('EADDRINUSE', 'a process answers there'));
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') done({ ok: true });
    else if (error.code !== 'ECONNREFUSED') done({ failed: systemError('bind', error) });
    else {
      removePath(path, found.ino);
      done({ ok: true });
    }
  });
  socket.connect(path);
}

/** Removes a socket's path if it is still that socket. */
export function removePath(path: string, inode: bigint): void {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found?.isSocket() && found.ino === inode) unlinkSync(path);
}
