import { lookup } from 'node:dns';
import { chmodSync, linkSync, lstatSync, unlinkSync } from 'node:fs';
import net, { Server, Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { errnoNumber, errnoText, type SystemError, systemError } from '../errno.ts';
import { Completion } from './completion.ts';
import type { Handle } from './handles.ts';
import { type NodeHandleHost, ServerPort } from './node-handles.ts';
import type { Connected, ListenOptions, SocketAddress, SocketHost, SocketResult } from './sockets.ts';
import { claimPath, removePath } from './unix-path.ts';

/** Node's own way to bind at once, so that the address is known on return; `listen` with a host name takes a turn. */
const bindHandle = (
  net as unknown as {
    _createServerHandle(address: string, port: number, family: 4 | 6 | -1): { close(): void } | number;
  }
)._createServerHandle;

function failure(operation: string, code: string): { failed: SystemError } {
  return { failed: { operation, errno: errnoNumber(code), message: errnoText(code) } };
}

let privateNames = 0;

/** Sockets of Node. Those it gives out are half-open capable and do not flow. */
export class NodeSocketHost implements SocketHost {
  readonly #handles: NodeHandleHost;
  /** Paths of unix listeners: the server itself only knows the private name it was bound to. */
  readonly #paths = new WeakMap<Server, string>();
  /** Paths of unix sockets that were made here. */
  readonly #inodes = new Map<string, number>();

  constructor(handles: NodeHandleHost) {
    this.#handles = handles;
  }

  listen(address: SocketAddress, options: ListenOptions): SocketResult<Handle> {
    const bound = address.family === 'unix' ? bindUnix(address.path, options.mode) : bindTcp(address);
    if ('failed' in bound) return bound;
    const server = new Server({ allowHalfOpen: true, pauseOnConnect: true });
    this.#handles.portOf(server);
    server.listen(bound.ok, options.backlog);
    // An address in use is only found out here, the host having put the error off.
    if (!server.listening) return failure('bind', 'EADDRINUSE');
    if (address.family === 'unix') {
      const published = publishUnix(bound.name as string, address.path);
      if (published !== null) {
        server.close();
        return { failed: published };
      }
      this.#paths.set(server, address.path);
      this.#inodes.set(address.path, lstatSync(address.path).ino);
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
    const socket = listening instanceof ServerPort ? listening.take() : null;
    return socket === null ? null : connected(socket);
  }

  connect(address: SocketAddress, bind: SocketAddress | undefined): Completion<SocketResult<Connected>> {
    const socket = new Socket({ allowHalfOpen: true });
    this.#handles.portOf(socket);
    return new Completion((complete) => {
      const failed = (error: Error & { syscall?: string }): void =>
        complete({ failed: systemError(error.syscall === 'bind' ? 'bind' : 'connect', error) });
      socket.once('error', failed);
      socket.connect(connectOptions(address, bind), () => {
        socket.off('error', failed);
        complete({ ok: connected(socket) });
      });
      return () => socket.destroy();
    });
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
    if (handle instanceof Server) {
      const path = this.#paths.get(handle);
      if (path !== undefined) return { family: 'unix', path };
    }
    if (!(handle instanceof Server) && !(handle instanceof Socket)) return undefined;
    const own = handle.address() as net.AddressInfo | string | null;
    if (typeof own === 'string') return { family: 'unix', path: own };
    if (own?.address === undefined) return undefined;
    return { family: own.family === 'IPv6' ? 6 : 4, address: own.address, port: own.port };
  }
}

function connected(socket: Socket): Connected {
  return { socket, peer: { address: socket.remoteAddress, port: socket.remotePort } };
}

function connectOptions(address: SocketAddress, bind: SocketAddress | undefined): net.SocketConnectOpts {
  if (address.family === 'unix') return { path: address.path };
  const from = bind === undefined || bind.family === 'unix' ? {} : { localAddress: bind.address, localPort: bind.port };
  return { host: address.address, port: address.port, autoSelectFamily: false, ...from };
}

type BoundHandle = { ok: { close(): void }; name?: string };

function bindTcp(address: { family: 4 | 6; address: string; port: number }): BoundHandle | { failed: SystemError } {
  const handle = bindHandle(address.address, address.port, address.family);
  return typeof handle === 'number' ? failure('bind', getSystemErrorName(handle)) : { ok: handle };
}

/**
 * Binds a unix socket under a private name beside the path. It gets its mode there, before anybody can reach it, and is
 * then linked to the path, which fails if anything is there already. The host removes the private name at the
 * end, never the path: POE leaves that to the program.
 */
function bindUnix(path: string, mode: number | undefined): BoundHandle | { failed: SystemError } {
  const name = join(dirname(path), `.${process.pid.toString(36)}.${(++privateNames).toString(36)}`);
  const handle = bindHandle(name, -1, -1);
  if (typeof handle === 'number') return failure('bind', getSystemErrorName(handle));
  try {
    if (mode !== undefined) chmodSync(name, mode);
  } catch (error) {
    handle.close();
    return { failed: systemError('chmod', error) };
  }
  return { ok: handle, name };
}

function publishUnix(name: string, path: string): SystemError | null {
  try {
    linkSync(name, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'EEXIST' ? failure('bind', 'EADDRINUSE').failed : systemError('bind', error);
  }
  unlinkSync(name);
  return null;
}
