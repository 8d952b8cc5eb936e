import {
  debugFor,
  kernel as defaultKernel,
  type Handle,
  type HandlerContext,
  type KernelView,
  PoeUsageError,
  Session,
  warn,
} from '../core/index.ts';
import { closeUnheld, SocketFactory } from '../wheels/index.ts';
import { AddressCounts } from './tcp/address-counts.ts';
import { Connections } from './tcp/connection.ts';
import { isDomain } from './tcp/domain.ts';
import { checkServer, type ListenerHeap, type ServerTCPOptions } from './tcp/server-options.ts';

const debug = debugFor('component:server-tcp');

type Context = HandlerContext<ListenerHeap>;

const DEFAULT_MAX_CONNECTIONS = 1024;
const DEFAULT_MAX_PER_ADDRESS = 256;

/** What only `create` has: `new` of a ported line would make something that does nothing. */
const CREATE: unique symbol = Symbol('create');

/**
 * A TCP server in a few lines: one session listens, and each connection has a session of its own with a `ReadWrite` in
 * `heap.client`.
 *
 * Events of the listening session: `shutdown` stops listening, connections live on; `set_concurrency` with a number changes
 * how many connections there may be; `disconnected` says that a connection has ended, for servers with an `acceptor`. A connection
 * knows `shutdown`, which ends it once everything is written.
 *
 * @example
 * const id = ServerTCP.create({
 *   alias: 'echo',
 *   port: 12_345,
 *   clientConnected({ heap }) { heap.client.put(`Welcome, ${heap.remoteIp}`); },
 *   clientInput({ kernel, heap }, line) {
 *     if (line === 'quit') kernel.yield('shutdown');
 *     else heap.client.put(`You said: ${line}`);
 *   },
 * });
 * kernel.post('echo', 'shutdown'); // or kernel.post(id, 'shutdown')
 * @remarks Mirrors POE::Component::Server::TCP. Listens on loopback where POE listens on every address, and has limits:
 * `maxConnections`, `maxConnectionsPerAddress`.
 */
export class ServerTCP {
  readonly #options: ServerTCPOptions;
  readonly #connections: Connections | undefined;
  readonly #perAddress: AddressCounts;
  readonly #maxConnections: number;
  /** The listening session, while there is one. */
  #session: Session | undefined;
  /** Whether `concurrency` is reached. */
  #held = false;

  private constructor(options: ServerTCPOptions, by: symbol) {
    if (by !== CREATE) {
      throw new PoeUsageError('POE_ERR_TCP_PARAMETER', 'Cannot make a ServerTCP with new: it would not listen', {
        hint: 'Use ServerTCP.create({ ... }), which gives the ID of its session',
      });
    }
    this.#options = options;
    this.#connections = options.acceptor === undefined ? new Connections(options) : undefined;
    this.#perAddress = new AddressCounts(options.maxConnectionsPerAddress ?? DEFAULT_MAX_PER_ADDRESS);
    this.#maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  }

  /**
   * Starts a server.
   *
   * @param options - See {@link ServerTCPOptions}. One of `clientInput` and `acceptor` must be there.
   * @returns The ID of the listening session. Trouble with the socket goes to `error`.
   * @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for parameters that cannot be, or not together. Unknown ones are a warning.
   * @remarks Mirrors POE::Component::Server::TCP, "new".
   */
  // biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
  static create<E = any, R = string, const A extends readonly unknown[] = any[]>(
    options: ServerTCPOptions<E, R, A>,
  ): number {
    const given = options as unknown as ServerTCPOptions;
    checkServer(given);
    const server = new ServerTCP(given, CREATE);
    const { kernel = defaultKernel, sessionType = Session, sessionParams, listenerArgs = [] } = given;
    return sessionType.create<ListenerHeap>({
      ...(sessionParams as object),
      kernel,
      args: listenerArgs,
      inlineStates: {
        _start: (context, ...args) => server.#start(context, args),
        _child() {},
        tcp_server_got_connection: (context, ...args) =>
          server.#accept(context, ...(args as [Handle, string | undefined, number | undefined, number])),
        tcp_server_got_error: (context, ...args) =>
          server.#failed(context, ...(args as [operation: string, number, string, number])),
        disconnected: (context) => server.#disconnected(context),
        set_concurrency: ({ heap }, concurrency) => server.#setConcurrency(heap, concurrency),
        shutdown: (context) => server.#shutdown(context),
        _stop: (context) => server.#stop(context),
      },
    }).id;
  }

  #start(context: Context, args: unknown[]): unknown {
    const { kernel, session, heap } = context;
    const { alias, port = 0, address, hostname, domain = 'inet', concurrency = -1, started } = this.#options;
    this.#session = session;
    if (alias !== undefined) {
      heap.alias = alias;
      kernel.aliasSet(alias);
    }
    heap.concurrency = concurrency;
    heap.connections = 0;
    heap.listener = new SocketFactory({
      kernel,
      socketDomain: domain,
      bindAddress: address ?? hostname ?? (isDomain(domain, 'inet6') ? '::1' : '127.0.0.1'),
      ...(isDomain(domain, 'unix') ? {} : { bindPort: port }),
      reuse: 'yes',
      successEvent: 'tcp_server_got_connection',
      failureEvent: 'tcp_server_got_error',
    });
    if (debug.enabled) debug('start session %d on %o', session.id, heap.listener.getsockname());
    return started?.(context, ...args);
  }

  // --- connections

  #accept(
    context: Context,
    socket: Handle,
    address: string | undefined,
    port: number | undefined,
    wheelId: number,
  ): unknown {
    const { kernel, heap } = context;
    if (this.#connections === undefined) {
      this.#count(heap);
      return this.#options.acceptor?.(context, socket, address, port, wheelId);
    }
    const isUnix = isDomain(this.#options.domain, 'unix');
    // A TCP connection without an address has gone before it was accepted.
    if (!isUnix && (address === undefined || !this.#admits(kernel, address, port))) {
      closeUnheld(socket, kernel);
      return undefined;
    }
    this.#count(heap);
    this.#connections.serve(kernel, { socket, ip: address ?? 'LOCAL', port }, (own) => {
      if (address !== undefined) this.#perAddress.remove(address);
      if (this.#session !== undefined) own.call(this.#session, 'disconnected');
    });
    return undefined;
  }

  /** Whether there may be one more connection from an address. */
  #admits(kernel: KernelView, address: string, port: number | undefined): boolean {
    if (this.#perAddress.add(address)) return true;
    if (this.#perAddress.tell(address)) {
      warn(
        'POE_WARN_TCP_REFUSED',
        `Server ${this.#session?.id} closes connections from ${address}, the first from port ${port}: it has as many as it may`,
        kernel,
      );
    }
    return false;
  }

  #count(heap: ListenerHeap): void {
    heap.connections++;
    if (heap.listener === undefined) return;
    if (heap.concurrency !== -1 && heap.connections >= heap.concurrency) this.#hold(heap);
    else if (this.#isFull(heap)) heap.listener.pauseAccept();
  }

  #disconnected({ kernel, heap, callerFile, callerLine }: Context): void {
    heap.connections--;
    if (heap.connections < 0) {
      const where = callerFile === undefined ? '' : ` from ${callerFile} at line ${callerLine}`;
      warn('POE_WARN_TCP_DISCONNECTED', `Excessive 'disconnected' event${where}`, kernel);
      heap.connections = 0;
    }
    if (heap.listener === undefined) return;
    // POE: a limit of -1 set while accepting is paused does not resume it.
    if (heap.concurrency !== -1 && heap.connections === heap.concurrency - 1) this.#release(heap);
    else if (!this.#held && this.#connections !== undefined && heap.connections === this.#maxConnections - 1) {
      heap.listener.resumeAccept();
    }
  }

  #setConcurrency(heap: ListenerHeap, concurrency: number): void {
    heap.concurrency = concurrency;
    if (concurrency === -1 || heap.listener === undefined) return;
    if (heap.connections >= concurrency) this.#hold(heap);
    else this.#release(heap);
  }

  #hold(heap: ListenerHeap): void {
    this.#held = true;
    heap.listener.pauseAccept();
  }

  #release(heap: ListenerHeap): void {
    this.#held = false;
    if (!this.#isFull(heap)) heap.listener.resumeAccept();
  }

  /** An acceptor need not say when its connections end: they are not counted against the limit. */
  #isFull(heap: ListenerHeap): boolean {
    return this.#connections !== undefined && heap.connections >= this.#maxConnections;
  }

  // --- ends

  #failed(context: Context, operation: string, errno: number, message: string, wheelId: number): unknown {
    const { error } = this.#options;
    if (error !== undefined) return error(context, operation, errno, message, wheelId);
    warn(
      'POE_WARN_TCP_SERVER',
      `Server ${context.session.id} got ${operation} error ${errno} (${message})`,
      context.kernel,
    );
    this.#close(context.heap);
    return undefined;
  }

  #shutdown({ kernel, heap }: Context): void {
    this.#close(heap);
    if (heap.alias !== undefined) kernel.aliasRemove(heap.alias);
  }

  #close(heap: Partial<ListenerHeap>): void {
    heap.listener?.destroy();
    delete heap.listener;
  }

  #stop(context: Context): unknown {
    this.#session = undefined;
    const result = this.#options.stopped?.(context);
    // POE: what the callback returns does not reach the parent's _child.
    return result instanceof Promise ? result : 0;
  }
}
