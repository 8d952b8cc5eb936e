import {
  type Completion,
  debugFor,
  kernel as defaultKernel,
  type Handle,
  type KernelView,
  PoeUsageError,
  Session,
  type SocketAddress,
  type SocketResult,
  type SystemError,
  warn,
} from '../../core/index.ts';
import { SocketFactory } from '../../wheels/index.ts';
import { babysitChildren } from '../babysit/index.ts';
import { prefork, preforkedOf } from '../prefork/index.ts';
import { Channel } from './channel.ts';
import { addressName } from './names.ts';
import { checkParameters, checkPeer, type PeerOptions } from './peer-options.ts';
import { Profile } from './profile.ts';
import { Responder } from './responder.ts';

const debug = debugFor('ikc:server');

export interface ServerOptions extends PeerOptions {
  /** Default: the exported `kernel`. */
  kernel?: KernelView | undefined;
  /** Address to listen on. Default 127.0.0.1. Another one than loopback needs `auth: 'none'`. */
  ip?: string | undefined;
  /** Port, or name of a service. 0 takes any, which `spawn` returns. Default 603. */
  port?: number | string | undefined;
  /** Path of a unix socket to listen on, in place of ip and port. */
  unix?: string | undefined;
  /** File mode of the unix socket. Default 0o600. */
  unixMode?: number | undefined;
  /** Says that whoever reaches the address may use what is published: IKC has no access control of its own. */
  auth?: 'none' | undefined;
  /** Connections served at once; 0, the default, is as many as {@link maxConnections}. Further ones wait to be accepted. */
  concurrency?: number | undefined;
  /** Most connections. Default 1,024; further ones wait to be accepted. */
  maxConnections?: number | undefined;
  /** Most connections from one address. Default 256; further ones are closed. */
  maxConnectionsPerAddress?: number | undefined;
  /**
   * Processes, the parent included: n - 1 children serve, the parent does not. Default 1: this process serves. Has no effect if the kernel
   * is preforked already, by a config file for example. See `prefork`, which has further options.
   */
  processes?: number | undefined;
  /** Connections that a child accepts before another one takes its place. Default 1, as in the original; needs `processes`. */
  connections?: number | undefined;
  /** Seconds from one look at the children to the next; needs `processes`. Default: nobody looks. See `babysitChildren`, which has further options. */
  babysit?: number | undefined;
  /** Tells on standard error of connections as they come and go. */
  verbose?: boolean | undefined;
}

const DEFAULT_PORT = 603;
const DEFAULT_MAX_CONNECTIONS = 1024;
const DEFAULT_MAX_PER_ADDRESS = 256;
/** Addresses that stand for all of a machine's. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const PARAMETERS = [
  'kernel',
  'ip',
  'port',
  'unix',
  'unixMode',
  'auth',
  'concurrency',
  'maxConnections',
  'maxConnectionsPerAddress',
  'processes',
  'connections',
  'babysit',
  'verbose',
] as const satisfies readonly (keyof ServerOptions)[];

/**
 * Listens for other kernels. Once connected both sides are equal.
 *
 * Its session is called `IKC Server ip:port` (or `IKC Server unix:path`) and knows the event `shutdown`, which stops listening; the
 * shutdown of the responder does so too.
 *
 * @example
 * Server.spawn({ port: 31_337, name: 'Server' });
 * kernel.call('IKC', 'publish', 'clock', ['time']);
 * @remarks Mirrors POE::Component::IKC::Server. Listens on loopback where the original listens on every address; an existing
 * unix socket is only removed if nobody answers on it.
 */
export class Server {
  readonly #options: ServerOptions;
  readonly #profile: Profile;
  readonly #responder: Responder;
  readonly #channels = new Set<Channel>();
  readonly #perAddress = new Map<string, number>();
  #kernel!: KernelView;
  #wheel: SocketFactory | null = null;
  #alias = '';
  /** The name that every connection has at this end; undefined if it listens on several addresses, null before the first one. */
  #ownAddress: string | undefined | null = null;
  #paused = false;
  #down = false;

  private constructor(options: ServerOptions, profile: Profile, responder: Responder) {
    this.#options = options;
    this.#profile = profile;
    this.#responder = responder;
  }

  /**
   * Starts a server.
   *
   * @returns The port, if `port` was 0; otherwise undefined.
   * @throws PoeUsageError `POE_ERR_IKC_OPEN_ADDRESS` for an address beyond loopback without `auth: 'none'`,
   * `POE_ERR_IKC_PARAMETER` for unknown parameters, `POE_ERR_PREFORK_OPTION` and its like for what cannot be
   * preforked, `POE_ERR_IKC_NAME` and
   * `POE_ERR_IKC_FREEZER` for names and serializers that cannot be.
   * @remarks Mirrors POE::Component::IKC::Server, "spawn". Trouble with the socket goes to `onError`, or to the monitors of `*`.
   */
  static spawn(options: ServerOptions = {}): number | undefined {
    const kernel = options.kernel ?? defaultKernel;
    checkOptions(options, kernel);
    checkPeer('an IKC server', options, kernel.id);
    const responder = Responder.spawn({ kernel });
    const server = new Server(options, new Profile(options, kernel.id), responder);
    Session.create({
      kernel,
      heap: server,
      inlineStates: {
        _start: ({ kernel }) => server.#start(kernel),
        // POE: what others make while this session is active is none of its children's.
        _child({ kernel }, reason, child) {
          if (reason === 'create' && !(child.getHeap() instanceof Channel)) kernel.detachChild(child);
        },
        pathClaimed: (_, claim) => server.#pathClaimed(claim),
        accept: (_, socket: Handle, address: string | undefined, port: number | undefined) =>
          server.#accept(socket, address, port),
        error: (_, operation: string, errno: number, message: string) => server.#failed({ operation, errno, message }),
        shutdown: () => server.#shutdown(),
        _stop: () => server.#stop(),
      },
    });
    return server.#port();
  }

  #start(kernel: KernelView): void {
    const { unix, name, aliases = [], ip = '127.0.0.1', port = DEFAULT_PORT } = this.#options;
    this.#kernel = kernel;
    this.#responder.monitor('*', { shutdown: 'shutdown' }, kernel.session);
    this.#prefork();
    if (unix === undefined) {
      this.#wheel = new SocketFactory({
        kernel,
        reuse: 'yes',
        socketDomain: ip.includes(':') ? 'inet6' : 'inet',
        bindAddress: ip,
        bindPort: port,
        successEvent: 'accept',
        failureEvent: 'error',
      });
      this.#alias = `IKC Server ${ip}:${this.#port() ?? port}`;
      if (this.#wheel.getsockname() === undefined) this.#expectSocket();
    } else {
      this.#alias = `IKC Server unix:${unix}`;
      this.#claimPath(unix);
    }
    kernel.aliasSet(this.#alias);
    this.#responder.registerLocal([name ?? '', ...aliases]);
    if (debug.enabled) debug('%s starts', this.#alias);
  }

  /** POE: with `processes` the parent serves nobody. The connections that children are left with end with IKC. */
  #prefork(): void {
    const kernel = this.#kernel;
    const { processes = 1, connections = 1, concurrency, babysit = 0, verbose } = this.#options;
    if (processes > 1) prefork(kernel, { processes, connections, concurrency, verbose });
    if (babysit > 0) babysitChildren(kernel, { interval: babysit });
    const preforked = preforkedOf(kernel);
    const shutdown = (): void => void kernel.post(this.#responder.kernel.session, 'shutdown');
    if (preforked?.role === 'parent') preforked.supervisor.hooks.stopping.tap('ikc', shutdown);
    else preforked?.worker.hooks.closing.tap('ikc', shutdown);
  }

  /** Children are only started once there is a socket for them. */
  #expectSocket(): void {
    const preforked = preforkedOf(this.#kernel);
    if (preforked?.role === 'parent') preforked.supervisor.expectSocket();
  }

  #claimPath(unix: string): void {
    const kernel = this.#kernel;
    if (preforkedOf(kernel)?.inherits({ family: 'unix', path: unix })) this.#listenUnix(unix);
    else {
      this.#expectSocket();
      const claim = kernel.host.sockets.claimPath(unix);
      kernel.selectRead(claim, 'pathClaimed');
    }
  }

  /** The path is free, or was freed of a socket on which nobody answers. */
  #pathClaimed(claim: Handle): void {
    const kernel = this.#kernel;
    kernel.selectRead(claim);
    const result = (claim as Completion<SocketResult<true>>).take() as SocketResult<true>;
    if (this.#down) return;
    if ('failed' in result) {
      this.#failed(result.failed);
      return;
    }
    this.#listenUnix(this.#options.unix as string);
  }

  #listenUnix(unix: string): void {
    this.#wheel = new SocketFactory({
      kernel: this.#kernel,
      socketDomain: 'unix',
      bindAddress: unix,
      socketMode: this.#options.unixMode ?? 0o600,
      successEvent: 'accept',
      failureEvent: 'error',
    });
  }

  /**
   * Where the server listens: undefined before, as while it is found out whether a unix path is free, and afterwards.
   * @remarks Mirrors POE::Wheel::SocketFactory, "getsockname".
   */
  getsockname(): SocketAddress | undefined {
    return this.#wheel?.getsockname();
  }

  /** The port that was chosen, if any would do. */
  #port(): number | undefined {
    if (this.#options.unix !== undefined || Number(this.#options.port) !== 0) return undefined;
    const address = this.#wheel?.getsockname();
    return address !== undefined && address.family !== 'unix' ? address.port : undefined;
  }

  // --- connections

  #accept(handle: Handle, address: string | undefined, port: number | undefined): void {
    const { maxConnectionsPerAddress = DEFAULT_MAX_PER_ADDRESS, unix, verbose } = this.#options;
    const from = address ?? '';
    const count = (this.#perAddress.get(from) ?? 0) + 1;
    const kernel = this.#kernel;
    // Gone before it was accepted: a TCP connection without an address.
    if (unix === undefined && address === undefined) {
      kernel.host.handles.portOf(handle).close();
      return;
    }
    if (address !== undefined && count > maxConnectionsPerAddress) {
      warn(
        'POE_WARN_IKC_PEER_DROPPED',
        `Closed the connection to ${address}:${port}: ${count} from one address, ${maxConnectionsPerAddress} are the limit`,
        kernel,
      );
      kernel.host.handles.portOf(handle).close();
      return;
    }
    this.#perAddress.set(from, count);
    const peerAddress = address === undefined ? undefined : addressName(address, port as number);
    if (this.#ownAddress === null) this.#ownAddress = this.#commonAddress();
    if (verbose) warn('POE_WARN_IKC_VERBOSE', `Connection from ${peerAddress ?? 'the unix socket'}`, kernel);
    const channel: Channel = new Channel({
      profile: this.#profile,
      kernel,
      responder: this.#responder,
      handle,
      isClient: false,
      ownAddress: this.#ownAddress,
      unix,
      peerAddress,
      onClosed: () => this.#closed(channel, from),
    });
    this.#channels.add(channel);
    this.#throttle();
  }

  /** PERF: ikc-visits: the system need not be asked again for each visitor. */
  #commonAddress(): string | undefined {
    const own = this.#wheel?.getsockname();
    if (own === undefined || own.family === 'unix' || WILDCARDS.has(own.address)) return undefined;
    return addressName(own.address, own.port);
  }

  #closed(channel: Channel, from: string): void {
    this.#channels.delete(channel);
    const count = (this.#perAddress.get(from) ?? 1) - 1;
    if (count === 0) this.#perAddress.delete(from);
    else this.#perAddress.set(from, count);
    if (this.#options.verbose) {
      warn('POE_WARN_IKC_VERBOSE', `Connection closed, ${this.#channels.size} left`, this.#kernel);
    }
    this.#throttle();
  }

  /** Accepts no more while there are as many connections as may be. */
  #throttle(): void {
    const { concurrency = 0, maxConnections = DEFAULT_MAX_CONNECTIONS } = this.#options;
    const most = concurrency > 0 ? Math.min(concurrency, maxConnections) : maxConnections;
    const full = this.#channels.size >= most;
    if (full === this.#paused || this.#wheel === null) return;
    this.#paused = full;
    if (full) this.#wheel.pauseAccept();
    else this.#wheel.resumeAccept();
  }

  // --- ends

  #failed({ operation, errno, message }: SystemError): void {
    const { onError } = this.#options;
    if (onError !== undefined) onError(operation, errno, message);
    else if (this.#responder.serverError(operation, errno, message) === 0) {
      warn('POE_WARN_IKC_SERVER', `${this.#alias}: ${operation} error ${errno} ${message}`, this.#kernel);
    }
    const preforked = preforkedOf(this.#kernel);
    // POE: no children without a socket.
    if (preforked?.role === 'parent') preforked.supervisor.stop(`${operation} failed`);
    this.#shutdown();
  }

  #shutdown(): void {
    this.#stop();
    this.#kernel.aliasRemove(this.#alias);
  }

  #stop(): void {
    this.#down = true;
    if (this.#wheel === null) return;
    this.#wheel.destroy();
    this.#wheel = null;
    if (this.#options.unix !== undefined) this.#kernel.host.sockets.releasePath(this.#options.unix);
  }
}

/**
 * Starts a server; the older word for {@link Server.spawn}.
 * @remarks Mirrors POE::Component::IKC::Server, "create_ikc_server".
 */
export function createIkcServer(options: ServerOptions = {}): number | undefined {
  return Server.spawn(options);
}

function checkOptions(options: ServerOptions, kernel: KernelView): void {
  checkParameters('an IKC server', options, PARAMETERS);
  const { ip = '127.0.0.1', unix, auth } = options;
  if (unix !== undefined || isLoopback(ip)) return;
  if (auth === 'none') {
    warn('POE_WARN_IKC_OPEN', `Everybody who reaches ${ip} may use what this kernel publishes`, kernel);
    return;
  }
  throw new PoeUsageError(
    'POE_ERR_IKC_OPEN_ADDRESS',
    `Cannot start an IKC server: the address '${ip}' can be reached by others, and IKC has no access control`,
    { hint: "Listen on 127.0.0.1 or a unix socket, or write auth: 'none' to let everybody use what is published" },
  );
}

function isLoopback(ip: string): boolean {
  return ip === 'localhost' || ip === '::1' || /^127(\.\d{1,3}){3}$/.test(ip);
}
