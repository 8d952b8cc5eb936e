import { isIP } from 'node:net';
import {
  type Completion,
  type Connected,
  debugFor,
  kernel as defaultKernel,
  errnoFailure,
  type Handle,
  type InternetAddress,
  type SocketAddress,
  type SocketResult,
  type SystemError,
  type UdpHandle,
} from '../core/index.ts';
import { closeUnheld, own } from './owned-handles.ts';
import {
  checked,
  checkPort,
  isReused,
  kindOf,
  type SocketFactoryEventNames,
  type SocketFactoryOptions,
  type SocketKind,
  unsupported,
} from './socket-factory/options.ts';
import { Wheel, warnOfParameter } from './wheel.ts';

const debug = debugFor('wheel:socket-factory');

/**
 * Makes sockets without blocking: listening ones (without `remoteAddress`), connecting ones, and those of UDP.
 *
 * A connector lets its socket go with the success event, and so does the maker of a UDP socket, which is a `UdpHandle`; the wheel
 * is of no more use then. A socket that came from a wheel is closed with the last wheel that holds it; one that the program
 * keeps for itself, as it does a UDP socket, the program closes.
 *
 * @example
 * heap.listener = new SocketFactory({
 *   bindAddress: '127.0.0.1', bindPort: 0, successEvent: 'accepted', failureEvent: 'failed',
 * });
 * console.log(heap.listener.getsockname()?.port);
 * @example
 * new SocketFactory({ socketProtocol: 'udp', bindPort: 5514, successEvent: 'ready', failureEvent: 'failed' });
 * // ready({ kernel }, socket) { kernel.selectRead(socket, 'message'); }
 * // message(_, socket) { console.log(String(socket.recv(1024)?.data)); }
 * @remarks Mirrors POE::Wheel::SocketFactory. Addresses are texts here, not packed octets.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class SocketFactory<E = any> extends Wheel<SocketFactoryEventNames<E>> {
  readonly #kind: SocketKind | undefined;
  /** The listening socket, or what waits for a connection or a name. */
  #handle: Handle | null = null;
  #listening = false;
  /** The UDP socket that was made, or the socket that was connected. It is not the wheel's to close. */
  #given: Handle | null = null;

  /**
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without successEvent, failureEvent, or the remotePort of a remoteAddress,
   * and for a port, protocol or type that cannot be.
   */
  constructor(options: SocketFactoryOptions<E>) {
    const { kernel = defaultKernel, successEvent, failureEvent } = checked(options);
    super(kernel, { successEvent, failureEvent }, ['successEvent', 'failureEvent']);
    this.onDestroy(() => this.#release());

    const kind = kindOf(options);
    if ('operation' in kind) {
      this.#failLater(kind);
      return;
    }
    this.#kind = kind;
    if (kind.domain === 'unix') this.#startUnix(options);
    else if (kind.protocol === 'udp') this.#startDatagrams(options);
    else if (options.remoteAddress === undefined) this.#startListening(options);
    else this.#startConnecting(options, options.remoteAddress);
  }

  // --- unix sockets

  #startUnix(options: SocketFactoryOptions): void {
    const { bindAddress, bindPort, remoteAddress, remotePort } = options;
    if (bindPort !== undefined) warnOfParameter(this.kernel, 'bindPort ignored for a unix socket');
    // POE: that the path is in use, it says.
    if (bindAddress !== undefined && remotePort !== undefined) this.#failLater(errnoFailure('bind', 'EADDRINUSE'));
    else if (remoteAddress === undefined) this.#listen({ family: 'unix', path: bindAddress as string }, options);
    else if (bindAddress !== undefined) {
      throw unsupported('bindAddress', `${bindAddress} of a unix socket that connects`, 'none: Node cannot bind it');
    } else this.#connect({ family: 'unix', path: remoteAddress }, undefined);
  }

  // --- listening

  #startListening(options: SocketFactoryOptions): void {
    if (options.remotePort !== undefined) {
      warnOfParameter(this.kernel, 'remotePort ignored without remoteAddress');
    }
    const port = this.#portOf(options.bindPort ?? 0);
    if (port === undefined) return;
    this.#withAddress(options.bindAddress ?? this.#anyAddress, (address) =>
      this.#listen({ family: this.#family, address, port }, options),
    );
  }

  #listen(address: SocketAddress, options: SocketFactoryOptions): void {
    const { hooks, host } = this.kernel;
    const how = {
      ...(options.listenQueue === undefined ? {} : { backlog: options.listenQueue }),
      ...(options.socketMode === undefined ? {} : { mode: options.socketMode }),
    };
    const answer = hooks.listen.isUsed() ? hooks.listen.call(address, how) : undefined;
    const result = answer ?? host.sockets.listen(address, how);
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
    if (options.listenQueue !== undefined) warnOfParameter(this.kernel, 'listenQueue ignored for a connector');
    const port = this.#portOf(options.remotePort as number | string);
    const bindPort = this.#portOf(options.bindPort ?? 0);
    if (port === undefined || bindPort === undefined) return;
    this.#withAddress(remote, (address) => {
      const to: InternetAddress = { family: this.#family, address, port };
      if (options.bindAddress === undefined && bindPort === 0) this.#connect(to, undefined);
      else {
        this.#withAddress(options.bindAddress ?? this.#anyAddress, (from) =>
          this.#connect(to, { family: this.#family, address: from, port: bindPort }),
        );
      }
    });
  }

  #connect(to: SocketAddress, from: SocketAddress | undefined): void {
    this.#await(this.kernel.host.sockets.connect(to, from), 'select connect', (result) => this.#connected(result, to));
  }

  #connected(result: SocketResult<Connected>, to: SocketAddress): void {
    if ('failed' in result) {
      this.#fail(result.failed);
      return;
    }
    const { socket, peer } = result.ok;
    own(socket);
    this.#given = socket;
    if (to.family === 'unix') this.#succeed(socket, to.path, undefined);
    else this.#succeed(socket, peer.address, peer.port);
  }

  // --- datagrams

  #startDatagrams(options: SocketFactoryOptions): void {
    const { bindAddress, bindPort, remoteAddress, remotePort, listenQueue } = options;
    if (listenQueue !== undefined) warnOfParameter(this.kernel, 'listenQueue ignored for a UDP socket');
    if (remoteAddress === undefined && remotePort !== undefined) {
      warnOfParameter(this.kernel, 'remotePort ignored without remoteAddress');
    }
    if (bindAddress === undefined && bindPort === undefined) {
      this.#openDatagrams(undefined, options);
      return;
    }
    const port = this.#portOf(bindPort ?? 0);
    if (port === undefined) return;
    this.#withAddress(bindAddress ?? this.#anyAddress, (address) =>
      this.#openDatagrams({ family: this.#family, address, port }, options),
    );
  }

  #openDatagrams(bind: InternetAddress | undefined, options: SocketFactoryOptions): void {
    const { remoteAddress, remotePort, reuse, receiveQueue } = options;
    const result = this.kernel.host.sockets.datagrams(this.#family, bind, {
      reuse: isReused(reuse),
      ...(receiveQueue === undefined ? {} : { receiveQueue }),
    });
    if ('failed' in result) {
      this.#failLater(result.failed);
      return;
    }
    const socket = result.ok;
    own(socket);
    this.#given = socket;
    if (remoteAddress === undefined) this.sendLater(this.events.successEvent as string, socket, undefined, undefined);
    else this.#connectDatagrams(socket, remoteAddress, remotePort as number | string);
  }

  #connectDatagrams(socket: UdpHandle, remote: string, remotePort: number | string): void {
    // Until it is connected it is the wheel's: what fails, or is destroyed before, leaves nothing open.
    let connected = false;
    this.onDestroy(() => {
      if (!connected) closeUnheld(socket, this.kernel);
    });
    const port = this.#portOf(remotePort);
    if (port === undefined) return;
    this.#withAddress(remote, (address) => {
      const to: InternetAddress = { family: this.#family, address, port };
      const { sockets } = this.kernel.host;
      this.#await(sockets.connectDatagrams(socket, to), 'select connect', (result) => {
        connected = 'ok' in result;
        this.#connected(result, to);
      });
    });
  }

  // --- names

  get #family(): 4 | 6 {
    return this.#kind?.domain === 'inet6' ? 6 : 4;
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
    const known = this.kernel.host.sockets.service(port, this.#kind?.protocol ?? 'tcp');
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
    this.send(this.events.successEvent, socket, address, port);
  }

  #fail({ operation, errno, message }: SystemError): void {
    this.sendError(this.events.failureEvent, operation, errno, message);
  }

  #failLater({ operation, errno, message }: SystemError): void {
    this.tellFailed(operation, errno, message);
    this.sendLater(this.events.failureEvent as string, operation, errno, message);
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
   * The socket's own address, with the real port of a listener on port 0; of a connector, once it is connected. Undefined
   * without a socket, and until a bind address given as a host name is resolved.
   * @remarks Mirrors POE::Wheel::SocketFactory, "getsockname", which packs it.
   */
  getsockname(): SocketAddress | undefined {
    if (this.destroyed) return undefined;
    const handle = this.#given ?? this.#handle;
    return handle === null ? undefined : this.kernel.host.sockets.localAddress(handle);
  }

  /**
   * How many connections were closed at once, since no descriptor was left for them or too many waited to be accepted; of a UDP
   * socket, how many datagrams. POE's `accept` fails then, over and over.
   */
  get dropped(): number {
    const handle = this.#given ?? this.#handle;
    return handle === null ? 0 : (this.kernel.host.handles.portOf(handle).dropped ?? 0);
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
