import type { ListenOptions, Server } from 'node:net';
import { preforkRole } from '../components/index.ts';

/** The parent whose place this process takes. It has its ports until its end. */
const predecessor = preforkRole === 'successor' ? process.ppid : undefined;
const RETRY_MS = 250;

/**
 * Has the server of a plugin listen, which keeps no process alive. After a handover it listens as soon as the old parent has ended.
 *
 * @param failed - Told of trouble with the socket.
 * @returns What ends the wait for the old parent.
 */
export function listen(server: Server, place: ListenOptions, failed: (error: Error) => void): () => void {
  let retry: NodeJS.Timeout | undefined;
  let mayRetry = predecessor !== undefined;
  const attempt = (): void => {
    server.listen(place);
    server.unref();
  };
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || !mayRetry) return failed(error);
    // Once more when it has gone: it may have gone since this was tried.
    mayRetry = process.ppid === predecessor;
    retry = setTimeout(attempt, RETRY_MS).unref();
  });
  attempt();
  return () => clearTimeout(retry);
}
