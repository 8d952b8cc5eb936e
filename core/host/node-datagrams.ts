import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { type SystemError, systemError } from '../errno.ts';
import { Completion } from './completion.ts';
import { socketFailure } from './socket-failure.ts';
import type { Connected, DatagramOptions, InternetAddress, SocketResult } from './sockets.ts';
import { UdpHandle } from './udp-handle.ts';

/** Octets that may wait to be received: about what Linux lets wait. */
const DEFAULT_RECEIVE_QUEUE = 262_144;

type Lookup = NonNullable<Parameters<typeof createSocket>[0] & object>['lookup'];

/** Addresses only, and at once: binding and sending then take no turn of the loop, as in Perl. */
const atOnce: Lookup = (address, _options, done) => {
  const family = isIP(address);
  const error = family === 0 ? Object.assign(new Error(`${address} is no address`), { code: 'EINVAL' }) : null;
  done(error, address, family);
};

/** Makes a UDP socket and binds it, unless that is left to the first datagram. */
export function openDatagrams(
  family: 4 | 6,
  bind: InternetAddress | undefined,
  { reuse = false, receiveQueue = DEFAULT_RECEIVE_QUEUE }: DatagramOptions,
): SocketResult<UdpHandle> {
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    reuseAddr: reuse,
    lookup: atOnce as Lookup & {},
  });
  socket.unref();
  const failed = bind === undefined ? undefined : bindNow(socket, bind);
  if (failed !== undefined) {
    socket.close();
    return { failed };
  }
  return { ok: new UdpHandle(socket, receiveQueue) };
}

function bindNow(socket: Socket, { address, port }: InternetAddress): SystemError | undefined {
  let failed: SystemError | undefined;
  const fail = (error: Error): void => {
    failed = socketFailure(systemError('bind', error));
  };
  socket.once('error', fail);
  socket.bind({ address, port, exclusive: true });
  socket.off('error', fail);
  return failed;
}

/** Connects a UDP socket: it sends to one place, and hears from nowhere else. */
export function connectDatagrams(handle: UdpHandle, to: InternetAddress): Completion<SocketResult<Connected>> {
  return new Completion((complete) => {
    const done = (error?: Error): void => {
      if (error instanceof Error) complete({ failed: socketFailure(systemError('connect', error)) });
      else complete({ ok: { socket: handle, peer: { address: to.address, port: to.port } } });
    };
    handle.socket.connect(to.port, to.address, done);
    return () => handle.close();
  });
}
