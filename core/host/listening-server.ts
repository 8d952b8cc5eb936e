import { Server, type Socket } from 'node:net';

/** Seconds of silence after which the system asks whether the peer is still there: else it could be gone for ever. */
export const KEEP_ALIVE_SECONDS = 30;

/** A server whose connections are half-open capable, do not flow, send small records at once and do not keep the process alive. */
export function listeningServer(): Server {
  const server = new Server({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_SECONDS * 1000,
  });
  server.on('connection', (socket: Socket) => socket.unref());
  return server;
}
