import { Server, Socket } from 'node:net';
import type { Handle } from '../host/handles.ts';
import { UdpHandle } from '../host/udp-handle.ts';

/** What a person calls a handle: its class, with its addresses or its descriptor as far as it has any. */
export function handleName(handle: Handle): string {
  if (typeof handle === 'number') return `descriptor ${handle}`;
  const type = handle.constructor?.name ?? 'object';
  if (handle instanceof Server) return withDetail(type, serverAddress(handle));
  if (handle instanceof Socket && handle.remoteAddress !== undefined && handle.localAddress !== undefined) {
    return `${type} ${address(handle.localAddress, handle.localPort)} to ${address(handle.remoteAddress, handle.remotePort)}`;
  }
  if (handle instanceof UdpHandle) {
    const [own, peer] = [handle.getsockname(), handle.getpeername()];
    const from = own === undefined ? '' : address(own.address, own.port);
    return withDetail(type, peer === undefined ? from : `${from} to ${address(peer.address, peer.port)}`);
  }
  const { fd } = handle as { fd?: unknown };
  return withDetail(type, typeof fd === 'number' ? `fd ${fd}` : '');
}

function serverAddress(server: Server): string {
  const bound = server.address();
  return bound === null || typeof bound === 'string' ? (bound ?? '') : address(bound.address, bound.port);
}

function address(host: string | undefined, port: number | undefined): string {
  return host?.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function withDetail(type: string, detail: string): string {
  return detail === '' ? type : `${type} ${detail}`;
}
