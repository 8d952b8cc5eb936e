import { isIP } from 'node:net';
import {
  type Completion,
  debugFor,
  kernel as defaultKernel,
  type EventFor,
  errnoFailure,
  type Handle,
  PoeUsageError,
  type SocketAddress,
  type SocketResult,
  type SystemError,
  warn,
} from '../core/index.ts';
import { own } from './owned-handles.ts';
import { parameterMissing, Wheel, type WheelOptions, warnUnknown } from './wheel.ts';

const debug = debugFor('wheel:socket-factory');

/** What the events of a SocketFactory bring: ARG0 and on. */
export interface SocketFactoryEvents {
  /**
   * A connection: the socket, who is at the other end, and the wheel. Address and port are undefined for an accepted
   * unix connection; a connector of a unix socket gets the path.
   */
  successEvent: [socket: Handle, address: string | undefined, port: number | undefined, wheelId: number];
  /** What failed: the operation (`bind`, `listen`, `connect`, `getaddrinfo` ...), errno and text. */
  failureEvent: [operation: string, errno: number, message: string, wheelId: number];
}

/** The events of a SocketFactory, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface SocketFactoryEventNames<E = any> {
  successEvent?: EventFor<E, SocketFactoryEvents['successEvent']> | undefined;
  failureEvent?: EventFor<E, SocketFactoryEvents['failureEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface SocketFactoryOptions<E = any> extends WheelOptions<E> {
  /** Called for each connection; see {@link SocketFactoryEvents}. */
  successEvent: EventFor<E, SocketFactoryEvents['successEvent']>;
  /** Called when something fails; always later, never inside the constructor. */
  failureEvent: EventFor<E, SocketFactoryEvents['failureEvent']>;
  /** `'inet'` (default), `'inet6'` or `'unix'`; POE's `AF_INET`, `AF_INET6`, `AF_UNIX`. */
  socketDomain?: string;
  /** `'tcp'`, the only one; also its number, 6. */
  socketProtocol?: string | number;
  /** `'stream'`, the only one; POE's `SOCK_STREAM`. */
  socketType?: string;
  /** Address to bind, or path of a unix socket. Default for listeners: every address. */
  bindAddress?: string;
  /** Port to bind: a number or the name of a service. 0, the default, takes any. */
  bindPort?: number | string;
  /** Address or name of the host to connect to, or path of a unix socket. Makes the wheel a connector. */
  remoteAddress?: string;
  /** Port to connect to. */
  remotePort?: number | string;
  /** Connections that may wait to be accepted. Default: Node's, 511. */
  listenQueue?: number;
  /** POE's `SO_REUSEADDR`. Node always sets it for listeners. */
  reuse?: boolean | string | number;
  /** File mode of a unix socket, for example 0o600. */
  socketMode?: number;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'successEvent',
  'failureEvent',
  'socketDomain',
  'socketProtocol',
  'socketType',
  'bindAddress',
  'bindPort',
  'remoteAddress',
  'remotePort',
  'listenQueue',
  'reuse',
  'socketMode',
]);

const TCP: ReadonlySet<string | number> = new Set(['tcp', 'TCP', '6', 6]);
const OTHER_PROTOCOLS: ReadonlySet<string> = new Set(['udp', 'UDP', 'icmp', 'sctp', 'raw']);
const STREAM: ReadonlySet<string> = new Set(['stream', 'SOCK_STREAM']);

/** Services that have a name without asking the system. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ['echo', 7],
  ['discard', 9],
  ['daytime', 13],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['time', 37],
  ['domain', 53],
  ['gopher', 70],
  ['finger', 79],
  ['http', 80],
  ['pop3', 110],
  ['ident', 113],
  ['nntp', 119],
  ['imap2', 143],
  ['irc', 194],
  ['https', 443],
  ['imaps', 993],
  ['pop3s', 995],
]);

type Domain = 'inet' | 'inet6' | 'unix';

/**
 * Makes sockets without blocking: listening ones (without `remoteAddress`) and connecting ones.
 *
 * A connector lets its socket go with the success event; the wheel is of no more use then. A socket that came from
 * a wheel is closed with the last wheel that holds it; one that the program keeps for itself, the program closes.
 *
 * @example
 * heap.listener = new SocketFactory({
 *   bindAddress: '127.0.0.1', bindPort: 0, successEvent: 'accepted', failureEvent: 'failed',
 * });
 * console.log(heap.listener.getsockname());
 * @remarks Mirrors POE::Wheel::SocketFactory. Addresses are texts here, not packed octets.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class SocketFactory<E = any> extends Wheel {
  readonly #domain: Domain | undefined;
  #successEvent: string;
  #failureEvent: string;
  /** The listening socket, or what waits for a connection or a name. */
  #handle: Handle | null = null;
  #listening = false;

  /**
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without successEvent, failureEvent, or the remotePort of a remoteAddress,
   * and for a port, protocol or type that cannot be.
   */
  constructor(options: SocketFactoryOptions<E>) {
    super(checked(options).kernel ?? defaultKernel);
    const { successEvent, failureEvent } = options;
    this.#successEvent = successEvent;
    this.#failureEvent = failureEvent;
    this.onDestroy(() => this.#release());

    this.#domain = domainOf(options.socketDomain);
    if (this.#domain === undefined) {
      this.#failLater({
        operation: 'domain',
        errno: 0,
        message: `SocketDomain ${options.socketDomain} is currently unsupported on this platform`,
      });
      return;
    }
    if (!this.#protocolKnown(options)) return;
    if (options.remoteAddress === undefined) this.#startListening(options);
    else this.#startConnecting(options, options.remoteAddress);
  }

  /** Whether there is such a protocol; if there is but not here, that is a mistake in the program. */
  #protocolKnown({ socketProtocol, socketType }: SocketFactoryOptions): boolean {
    if (this.#domain === 'unix') {
      if (socketProtocol !== undefined) warn('POE_WARN_PARAMETER', 'socketProtocol ignored for a unix socket');
    } else if (socketProtocol !== undefined && !TCP.has(socketProtocol)) {
      if (typeof socketProtocol === 'number' || OTHER_PROTOCOLS.has(socketProtocol)) {
        throw unsupported('socketProtocol', socketProtocol, 'tcp');
      }
      // POE: the system says no more than that it knows none.
      this.#failLater({ operation: 'getprotobyname', errno: 0, message: '' });
      return false;
    }
    if (socketType !== undefined && !STREAM.has(socketType)) throw unsupported('socketType', socketType, 'stream');
    return true;
  }

  // --- listening

  #startListening(options: SocketFactoryOptions): void {
    if (options.remotePort !== undefined) {
      warn('POE_WARN_PARAMETER', 'remotePort ignored without remoteAddress');
    }
    if (this.#domain === 'unix') {
      if (options.bindPort !== undefined) warn('POE_WARN_PARAMETER', 'bindPort ignored for a unix socket');
      this.#listen({ family: 'unix', path: options.bindAddress as string }, options);
      return;
    }
    const port = this.#portOf(options.bindPort ?? 0);
    if (port === undefined) return;
    this.#withAddress(options.bindAddress ?? this.#anyAddress, (address) =>
      this.#listen({ family: this.#family, address, port }, options),
    );
  }

  #listen(address: SocketAddress, options: SocketFactoryOptions): void {
    const result = this.kernel.host.sockets.listen(address, {
      ...(options.listenQueue === undefined ? {} : { backlog: options.listenQueue }),
      ...(options.socketMode === undefined ? {} : { mode: options.socketMode }),
    });
    if ('failed' in result) {
      this.#failLater(result.failed);
      return;
    }
    if (debug.enabled) debug('listen on %o, wheel %d', address, this.id);
    this.#handle = result.ok;
    this.#listening = true;
    this.kernel.selectRead(
      result.ok,
      this.addState('select accept', () => this.#accept()),
    );
  }

  #accept(): void {
    const listener = this.#handle;
    if (listener === null) return;
    const { sockets, handles } = this.kernel.host;
    // POE: one connection a readiness, so that pausing takes effect between two of them.
    const accepted = sockets.accept(listener);
    if (accepted !== null) {
      own(accepted.socket);
      this.#succeed(accepted.socket, accepted.peer.address, accepted.peer.port);
      return;
    }
    const { error } = handles.portOf(listener);
    if (error === null) return;
    this.kernel.selectRead(listener);
    this.#fail(error);
  }

  // --- connecting

  #startConnecting(options: SocketFactoryOptions, remote: string): void {
    if (this.#domain === 'unix') {
      this.#connect({ family: 'unix', path: remote }, undefined);
      return;
    }
    if (options.listenQueue !== undefined) warn('POE_WARN_PARAMETER', 'listenQueue ignored for a connector');
    const port = this.#portOf(options.remotePort as number | string);
    const bindPort = this.#portOf(options.bindPort ?? 0);
    if (port === undefined || bindPort === undefined) return;
    this.#withAddress(remote, (address) => {
      const to: SocketAddress = { family: this.#family, address, port };
      if (options.bindAddress === undefined && bindPort === 0) this.#connect(to, undefined);
      else {
        this.#withAddress(options.bindAddress ?? this.#anyAddress, (from) =>
          this.#connect(to, { family: this.#family, address: from, port: bindPort }),
        );
      }
    });
  }

  #connect(to: SocketAddress, from: SocketAddress | undefined): void {
    this.#await(this.kernel.host.sockets.connect(to, from), 'select connect', (result) => {
      if ('failed' in result) {
        this.#fail(result.failed);
        return;
      }
      const { socket, peer } = result.ok;
      own(socket);
      if (to.family === 'unix') this.#succeed(socket, to.path, undefined);
      else this.#succeed(socket, peer.address, peer.port);
    });
  }

  // --- names

  get #family(): 4 | 6 {
    return this.#domain === 'inet6' ? 6 : 4;
  }

  get #anyAddress(): string {
    return this.#family === 6 ? '::' : '0.0.0.0';
  }

  /** Goes on with the address that a host name means: at once if it is one already, so that `getsockname` knows. */
  #withAddress(host: string, go: (address: string) => void): void {
    const family = this.#family;
    if (isIP(host) === family) {
      go(host);
    } else if (host === 'localhost') {
      go(family === 6 ? '::1' : '127.0.0.1');
    } else {
      this.#await(this.kernel.host.sockets.resolve(host, family), 'resolve', (result) => {
        if ('ok' in result) go(result.ok);
        // POE: a name that does not resolve is an address that is not there.
        else this.#fail(errnoFailure(family === 6 ? 'getaddrinfo' : 'inet_aton', 'EADDRNOTAVAIL'));
      });
    }
  }

  #portOf(port: number | string): number | undefined {
    if (typeof port === 'number' || /^\d+$/.test(port)) return checkPort(Number(port));
    const known = SERVICES.get(port);
    if (known === undefined) this.#failLater(errnoFailure('getservbyname', 'EADDRNOTAVAIL'));
    return known;
  }

  /** Waits for the host; the session lives while it does. */
  #await<T>(completion: Completion<SocketResult<T>>, what: string, done: (result: SocketResult<T>) => void): void {
    this.#handle = completion;
    const state = this.addState(what, () => {
      const result = completion.take() as SocketResult<T>;
      this.#release();
      done(result);
    });
    this.kernel.selectWrite(completion, state);
  }

  // --- events

  #succeed(socket: Handle, address: string | undefined, port: number | undefined): void {
    this.send(this.#successEvent, socket, address, port);
  }

  #fail({ operation, errno, message }: SystemError): void {
    this.send(this.#failureEvent, operation, errno, message);
  }

  #failLater({ operation, errno, message }: SystemError): void {
    this.sendLater(this.#failureEvent, operation, errno, message);
  }

  // --- the handle

  #release(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    this.kernel.select(handle);
    // At once: who connects after this is refused.
    this.kernel.host.handles.portOf(handle).close();
  }

  // --- public

  /**
   * Renames events.
   * @remarks Mirrors POE::Wheel::SocketFactory, "event". A missing or unknown name is a warning.
   */
  override event(names: SocketFactoryEventNames<E>): void {
    for (const [name, value] of Object.entries(names)) {
      if (name !== 'successEvent' && name !== 'failureEvent') {
        warn('POE_WARN_PARAMETER', `Ignoring unknown SocketFactory parameter '${name}'`);
      } else if (value === undefined || value === null) {
        warn('POE_WARN_PARAMETER', `${name} requires an event name; it stays as it was`);
      } else if (name === 'successEvent') {
        this.#successEvent = value;
      } else {
        this.#failureEvent = value;
      }
    }
  }

  /**
   * The socket's own address, with the real port of a listener on port 0. Undefined without a socket, and until a bind
   * address given as a host name is resolved.
   * @remarks Mirrors POE::Wheel::SocketFactory, "getsockname", which packs it.
   */
  getsockname(): SocketAddress | undefined {
    return this.#handle === null ? undefined : this.kernel.host.sockets.localAddress(this.#handle);
  }

  /** Stops accepting: clients wait and are accepted in order later. @remarks Mirrors POE::Wheel::SocketFactory, "pause_accept". */
  pauseAccept(): void {
    if (this.#handle !== null && this.#listening) this.kernel.selectPauseRead(this.#handle);
  }

  /** Accepts again. @remarks Mirrors POE::Wheel::SocketFactory, "resume_accept". */
  resumeAccept(): void {
    if (this.#handle !== null && this.#listening) this.kernel.selectResumeRead(this.#handle);
  }
}

const DOMAINS: ReadonlyMap<string, Domain> = new Map([
  ['inet', 'inet'],
  ['AF_INET', 'inet'],
  ['inet6', 'inet6'],
  ['AF_INET6', 'inet6'],
  ['unix', 'unix'],
  ['AF_UNIX', 'unix'],
]);

/** Options in which everything is that must be. */
function checked(options: SocketFactoryOptions): SocketFactoryOptions {
  const need = (parameter: keyof SocketFactoryOptions): void => {
    if (options[parameter] === undefined) throw parameterMissing('SocketFactory', parameter);
  };
  need('successEvent');
  need('failureEvent');
  const isUnix = domainOf(options.socketDomain) === 'unix';
  if (options.remoteAddress !== undefined && !isUnix) need('remotePort');
  if (options.remoteAddress === undefined && isUnix) need('bindAddress');
  warnUnknown('SocketFactory', options, PARAMETERS);
  return options;
}

function unsupported(parameter: string, found: unknown, supported: string): PoeUsageError {
  return new PoeUsageError(
    'POE_ERR_WHEEL_PARAMETER',
    `Cannot make a SocketFactory: ${parameter} '${found}' is not supported`,
    { hint: `Use '${supported}'` },
  );
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a SocketFactory: there is no port ${port}`, {
    hint: 'Ports are whole numbers from 0 to 65535, or names of services',
  });
}

function domainOf(name: string | undefined): Domain | undefined {
  return name === undefined ? 'inet' : DOMAINS.get(name);
}
