import { getSystemErrorName } from 'node:util';
import { errnoFailure, type SystemError } from '../errno.ts';
import type { NativeSocket } from './node-held-sockets.ts';

/** Node's own default. */
const BACKLOG = 511;

/**
 * Has the system take connections on a bound socket and keep them for whoever shares it, while this process accepts none.
 *
 * Node listens and accepts in one. But its loop looks at a socket no more once reading from it stops, and a socket that was opened by its
 * number counts as one to read from. All of this is before the loop's next turn, so that it never sees a connection.
 *
 * @returns What went wrong. An address in use is only found out here: the host puts that error off.
 */
export function listenOnly(socket: NativeSocket, backlog = BACKLOG): SystemError | null {
  const code = socket.open(socket.fd) || socket.listen(backlog) || socket.readStart() || socket.readStop();
  if (code === 0) return null;
  const name = getSystemErrorName(code);
  return errnoFailure(name === 'EADDRINUSE' ? 'bind' : 'listen', name);
}
