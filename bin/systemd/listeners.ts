import { Server, type Socket } from 'node:net';
import { Completion, debugFor, errnoFailure, type Kernel, type SocketAddress } from '../../core/index.ts';
import { addressOfDescriptor } from './socket-table.ts';

const debug = debugFor('command:systemd');

/** The first descriptor that systemd hands over. */
const FIRST = 3;
/** The variable by which the next parent learns which paths are systemd's. */
const PATHS = 'POE_SYSTEMD_PATHS';
/** Addresses that mean every one; systemd takes the second where a unit has a port alone. */
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Takes the listening sockets that systemd has opened for this process: a listener of the program with the address of one of them
 * gets that one, and connections that came before the program was there are served.
 *
 * @param environment - Where systemd says so. Its variables are removed: they are not for child processes.
 */
export function takeListeners(kernel: Kernel, environment: NodeJS.ProcessEnv = process.env): void {
  const { LISTEN_PID, LISTEN_FDS } = environment;
  if (Number(LISTEN_PID) !== process.pid) return;
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete environment[name];
  const waiting = new Map<number, SocketAddress>();
  for (let fd = FIRST; fd < FIRST + Number(LISTEN_FDS); fd++) {
    const address = addressOfDescriptor(fd);
    if (debug.enabled) debug('take descriptor %d of systemd, %o', fd, address);
    if (address !== undefined) waiting.set(fd, address);
  }
  if (waiting.size === 0) return;
  const { sockets, handles } = kernel.host;
  const take = (wanted: SocketAddress): readonly [fd: number, address: SocketAddress] | undefined => {
    const found = [...waiting].find(([, address]) => isMeant(wanted, address));
    if (found !== undefined) waiting.delete(found[0]);
    return found;
  };
  const listen = sockets.listen.bind(sockets);
  const claimPath = sockets.claimPath.bind(sockets);
  sockets.listen = (wanted, options) => {
    const [fd] = take(wanted) ?? [];
    if (fd === undefined) return listen(wanted, options);
    const server = new Server({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true, keepAlive: true });
    handles.portOf(server);
    server.on('connection', (socket: Socket) => socket.unref());
    server.listen({ fd, backlog: options.backlog });
    if (!server.listening) return { failed: errnoFailure('listen', 'EINVAL') };
    server.unref();
    return { ok: server };
  };
  // The parent of a program that runs in several processes shares it with its children as one that it has bound itself.
  const { held } = sockets;
  if (held !== undefined) {
    const hold = held.hold.bind(held);
    held.hold = (wanted, options) => {
      const found = take(wanted);
      return found === undefined ? hold(wanted, options) : { ok: held.adopt(...found) };
    };
  }
  const paths = [...waiting.values()].flatMap((address) => (address.family === 'unix' ? [address.path] : []));
  if (paths.length > 0) environment[PATHS] = JSON.stringify(paths);
  leavePaths(kernel, environment);
  // Whoever looks whether a path is free finds a socket there that is meant for it.
  sockets.claimPath = (path) => {
    if (![...waiting.values()].some((address) => isMeant({ family: 'unix', path }, address))) return claimPath(path);
    return new Completion((complete) => {
      const soon = setImmediate(() => complete({ ok: true }));
      return () => clearImmediate(soon);
    });
  };
}

/**
 * Leaves the paths of systemd's sockets where they are, also in a parent that takes over from the process that was given them: somebody has
 * to be able to connect when the program is to be started again.
 */
export function leavePaths(kernel: Kernel, environment: NodeJS.ProcessEnv = process.env): void {
  const given = new Set<string>(JSON.parse(environment[PATHS] ?? '[]'));
  const { sockets } = kernel.host;
  const releasePath = sockets.releasePath.bind(sockets);
  sockets.releasePath = (path) => {
    if (!given.has(path)) releasePath(path);
  };
}

/** Whether a listener on `wanted` is served by a socket that is bound to `bound`. */
function isMeant(wanted: SocketAddress, bound: SocketAddress): boolean {
  if (wanted.family === 'unix' || bound.family === 'unix') {
    return wanted.family === 'unix' && bound.family === 'unix' && wanted.path === bound.path;
  }
  if (wanted.port !== bound.port) return false;
  return wanted.address === bound.address || (ANY.has(wanted.address) && bound.address === '::');
}
