import { lookup } from 'node:dns';
import { chmodSync, linkSync, lstatSync, statSync, unlinkSync } from 'node:fs';
import net, { Server, Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { errnoFailure, type SystemError, systemError } from '../errno.ts';
import { Completion } from './completion.ts';
import type { Handle } from './handles.ts';
import { listenOnly } from './listen-only.ts';
import { KEEP_ALIVE_SECONDS, listeningServer } from './listening-server.ts';
import { connectDatagrams, openDatagrams } from './node-datagrams.ts';
import type { NodeHandleHost } from './node-handles.ts';
import { type NativeSocket, NodeHeldSocket, NodeHeldSockets } from './node-held-sockets.ts';
import { NodeSharedListener } from './node-shared-listener.ts';
import { ServerPort } from './server-port.ts';
import { servicePort } from './services.ts';
import { socketFailure } from './socket-failure.ts';
import type {
  Connected,
  DatagramOptions,
  HeldSockets,
  InternetAddress,
  ListenOptions,
  SocketAddress,
  SocketHost,
  SocketResult,
} from './sockets.ts';
import { UdpHandle } from './udp-handle.ts';
import { claimPath, removePath } from './unix-path.ts';

/** Node's own way to bind at once, so that the address is known on return; `listen` with a host name takes a turn. */
const bindHandle = (
  net as unknown as {
    _createServerHandle(address: string | null, port: number, family: 4 | 6 | -1, fd?: number): NativeSocket | number;
  }
)._createServerHandle;

/** Octets of the path in the system's address of a unix socket. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

let privateNames = 0;

/**
 * Sockets of Node. Those it gives out are half-open capable and do not flow. They send small records at once: what a
 * slice writes leaves in one go as it is. They do not keep the process alive, which is for sessions to do.
 */
export class NodeSocketHost implements SocketHost {
  readonly #handles: NodeHandleHost;
  /** Paths of unix listeners: the server itself only knows the private name it was bound to. */
  readonly #paths = new WeakMap<Server, string>();
  /** Paths of unix sockets that were made here. */
  readonly #inodes = new Map<string, bigint>();
  readonly held: HeldSockets = new NodeHeldSockets({
    bind: bindHeld,
    adopt: (descriptor) => bindHandle(null, 0, -1, descriptor) as NativeSocket,
    ownPath: (path, own) => {
      if (own) this.#inodes.set(path, lstatSync(path, { bigint: true }).ino);
      else this.#inodes.delete(path);
    },
    accepted: (socket) => this.#handles.portOf(socket),
  });

  constructor(handles: NodeHandleHost) {
    this.#handles = handles;
  }

  listen(address: SocketAddress, options: ListenOptions): SocketResult<Handle> {
    const bound = address.family === 'unix' ? bindUnix(address.path, options.mode) : bindTcp(address);
    if ('failed' in bound) return bound;
    const server = listeningServer();
    this.#handles.portOf(server);
    server.listen(bound.ok, options.backlog);
    // An address in use is only found out here, the host having put the error off.
    if (!server.listening) return { failed: errnoFailure('bind', 'EADDRINUSE') };
    server.unref();
    if (address.family === 'unix') {
      const published = publishUnix(bound.name as string, address.path);
      if (published !== null) {
        server.close();
        return { failed: published };
      }
      this.#paths.set(server, address.path);
      this.#inodes.set(address.path, lstatSync(address.path, { bigint: true }).ino);
    }
    return { ok: server };
  }

  claimPath(path: string): Completion<SocketResult<true>> {
    return new Completion((complete) => {
      claimPath(path, complete);
      return () => {};
    });
  }

  releasePath(path: string): void {
    const inode = this.#inodes.get(path);
    this.#inodes.delete(path);
    if (inode !== undefined) removePath(path, inode);
  }

  accept(listener: Handle): Connected | null {
    const listening = this.#handles.portOf(listener);
    const accepts = listening instanceof ServerPort || listening instanceof NodeSharedListener;
    return accepts ? listening.take() : null;
  }

  connect(address: SocketAddress, bind: SocketAddress | undefined): Completion<SocketResult<Connected>> {
    const socket = new Socket({ allowHalfOpen: true });
    this.#handles.portOf(socket);
    return new Completion((complete) => {
      const failed = (error: Error & { syscall?: string }): void =>
        complete({ failed: socketFailure(systemError(error.syscall === 'bind' ? 'bind' : 'connect', error)) });
      socket.once('error', failed);
      socket.connect(connectOptions(address, bind), () => {
        socket.off('error', failed);
        complete({ ok: { socket, peer: { address: socket.remoteAddress, port: socket.remotePort } } });
      });
      socket.unref();
      return () => socket.destroy();
    });
  }

  datagrams(family: 4 | 6, bind: InternetAddress | undefined, options: DatagramOptions): SocketResult<UdpHandle> {
    return openDatagrams(family, bind, options);
  }

  connectDatagrams(handle: UdpHandle, address: InternetAddress): Completion<SocketResult<Connected>> {
    return connectDatagrams(handle, address);
  }

  service(name: string, protocol: 'tcp' | 'udp'): number | undefined {
    return servicePort(name, protocol);
  }

  resolve(host: string, family: 4 | 6): Completion<SocketResult<string>> {
    return new Completion((complete) => {
      let waiting = true;
      lookup(host, { family }, (error, address) => {
        if (waiting) complete(error === null ? { ok: address } : { failed: systemError('getaddrinfo', error) });
      });
      return () => {
        waiting = false;
      };
    });
  }

  localAddress(handle: Handle): SocketAddress | undefined {
    if (handle instanceof NodeHeldSocket || handle instanceof NodeSharedListener) return handle.address;
    if (handle instanceof Server) {
      const path = this.#paths.get(handle);
      if (path !== undefined) return { family: 'unix', path };
    }
    if (handle instanceof UdpHandle) return handle.getsockname();
    if (!(handle instanceof Server) && !(handle instanceof Socket)) return undefined;
    const own = handle.address() as net.AddressInfo | string | null;
    if (typeof own === 'string') return { family: 'unix', path: own };
    if (own?.address === undefined) return undefined;
    return { family: own.family === 'IPv6' ? 6 : 4, address: own.address, port: own.port };
  }
}

function connectOptions(address: SocketAddress, bind: SocketAddress | undefined): net.SocketConnectOpts {
  if (address.family === 'unix') return { path: address.path };
  return {
    host: address.address,
    port: address.port,
    autoSelectFamily: false,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_SECONDS * 1000,
    ...(bind === undefined || bind.family === 'unix' ? {} : { localAddress: bind.address, localPort: bind.port }),
  };
}

type BoundHandle = { ok: NativeSocket; name?: string };

function bindTcp(address: InternetAddress): BoundHandle | { failed: SystemError } {
  const handle = bindHandle(address.address, address.port, address.family);
  if (typeof handle !== 'number') return { ok: handle };
  return { failed: socketFailure(errnoFailure('bind', getSystemErrorName(handle))) };
}

/**
 * Binds a unix socket under a private name beside the path. It gets its mode there, before anybody can reach it, and is
 * then linked to the path, which fails if anything is there already. The host removes the private name at the
 * end, never the path: POE leaves that to the program.
 */
function bindUnix(path: string, mode: number | undefined): BoundHandle | { failed: SystemError } {
  // The private name may be shorter: nobody could connect to the path.
  if (Buffer.byteLength(path) > LONGEST_PATH) return { failed: errnoFailure('bind', 'ENAMETOOLONG') };
  const name = join(dirname(path), `.${process.pid.toString(36)}.${(++privateNames).toString(36)}`);
  const handle = bindHandle(name, -1, -1);
  if (typeof handle === 'number') return { failed: unixBindFailure(path, getSystemErrorName(handle)) };
  try {
    if (mode !== undefined) chmodSync(name, mode);
  } catch (error) {
    handle.close();
    return { failed: systemError('chmod', error) };
  }
  return { ok: handle, name };
}

/** Makes a socket for other processes: from here on clients can connect, and wait until one of those accepts. */
function bindHeld(
  address: SocketAddress,
  { mode, backlog }: ListenOptions,
): { ok: NativeSocket } | { failed: SystemError } {
  const isUnix = address.family === 'unix';
  const bound = isUnix ? bindUnix(address.path, mode) : bindTcp(address);
  if ('failed' in bound) return bound;
  const failed = listenOnly(bound.ok, backlog) ?? (isUnix ? publishUnix(bound.name as string, address.path) : null);
  if (failed === null) return bound;
  bound.ok.close();
  return { failed };
}

/** Node says EACCES also where the folder is not there. */
function unixBindFailure(path: string, code: string): SystemError {
  if (code === 'EACCES') {
    try {
      statSync(dirname(path), { bigint: true });
    } catch (error) {
      return systemError('bind', error);
    }
  }
  return socketFailure(errnoFailure('bind', code));
}

function publishUnix(name: string, path: string): SystemError | null {
  try {
    linkSync(name, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'EEXIST' ? errnoFailure('bind', 'EADDRINUSE') : systemError('bind', error);
  }
  unlinkSync(name);
  return null;
}
