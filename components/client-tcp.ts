import {
  kernel as defaultKernel,
  errnoFailure,
  type Handle,
  type HandlerContext,
  type KernelView,
  PoeUsageError,
  Session,
  warn,
} from '../core/index.ts';
import { closeUnheld, ReadWrite, SocketFactory } from '../wheels/index.ts';
import { type ClientHeap, type ClientTCPOptions, checkClient } from './tcp/client-options.ts';
import { filterMaker } from './tcp/filters.ts';
import { both, handOver } from './tcp/hand-over.ts';
import type { Marks } from './tcp/parameters.ts';

type Context = HandlerContext<ClientHeap>;
type Connection = [socket: Handle, address: string | undefined, port: number | undefined, wheelId: number];
type Failure<O = string> = [operation: O, errno: number, message: string, wheelId: number];

/** What only `create` has: `new` of a ported line would make something that does nothing. */
const CREATE: unique symbol = Symbol('create');

/**
 * A TCP client in a few lines: one session that connects and then has a `ReadWrite` in `heap.server`.
 *
 * It knows the events `connect`, which connects anew, elsewhere if it brings an address and a port; `reconnect`, to the same place;
 * and `shutdown`, which ends the connection once everything is written. The session ends when nothing is left to do: with
 * the connection, unless a handler asks for another one, as in `kernel.delay('reconnect', 60)`.
 *
 * @example
 * ClientTCP.create({
 *   remoteAddress: '127.0.0.1',
 *   remotePort: 12_345,
 *   connected({ heap }) { heap.server.put('hello'); },
 *   serverInput({ kernel }, line) {
 *     console.log(`the server says ${line}`);
 *     kernel.yield('shutdown');
 *   },
 * });
 * @remarks Mirrors POE::Component::Client::TCP. Differs from POE: an error is forgotten with a new connection, so that its
 * output is written before it ends; `connectTimeout` is not rounded to the clock's seconds.
 */
export class ClientTCP {
  readonly #options: ClientTCPOptions;
  readonly #makeFilter: ReturnType<typeof filterMaker>;
  readonly #marks: (Marks & { highEvent: string; lowEvent: string }) | undefined;
  /** The socket of the connection, or of the last one. */
  #socket: Handle | undefined;
  #address: string;
  #port: number | string | undefined;

  private constructor(options: ClientTCPOptions, marks: Marks | undefined, by: symbol) {
    if (by !== CREATE) {
      throw new PoeUsageError('POE_ERR_TCP_PARAMETER', 'Cannot make a ClientTCP with new: it would not connect', {
        hint: 'Use ClientTCP.create({ ... }), which gives the ID of its session',
      });
    }
    this.#options = options;
    this.#makeFilter = filterMaker('filter', options.filter);
    this.#marks = marks && { ...marks, highEvent: 'got_high', lowEvent: 'got_low' };
    this.#address = options.remoteAddress ?? '127.0.0.1';
    this.#port = options.remotePort;
  }

  /**
   * Starts a client.
   *
   * @param options - See {@link ClientTCPOptions}. `remoteAddress`, `remotePort` and `serverInput` must be there.
   * @returns The ID of its session. The connection comes later: wait for `connected` before anything is put.
   * @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for parameters that cannot be, or are missing. Unknown ones are a warning.
   * @remarks Mirrors POE::Component::Client::TCP, "new".
   */
  // biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
  static create<E = any, R = string, const A extends readonly unknown[] = any[]>(
    options: ClientTCPOptions<E, R, A>,
  ): number {
    const given = options as unknown as ClientTCPOptions;
    const client = new ClientTCP(given, checkClient(given), CREATE);
    const { kernel = defaultKernel, sessionType = Session, sessionParams, args = [] } = given;
    const { serverInput, serverHigh, serverLow, inlineStates, objectStates, packageStates } = given;
    return sessionType.create<ClientHeap>({
      ...sessionParams,
      kernel,
      args,
      inlineStates: {
        _start: (context, ...args) => client.#start(context, args),
        _stop() {},
        _child() {},
        reconnect: (context) => client.#reconnect(context),
        connect: (context, address, port) => client.#connect(context, address, port),
        got_connect_success: (context, ...args) => client.#connected(context, args as Connection),
        got_connect_error: (context, ...args) => client.#connectFailed(context, args as Failure),
        got_connect_timeout: (context) => client.#timedOut(context),
        got_server_error: (context, ...args) => client.#failed(context, args as Failure<'read' | 'write'>),
        got_server_input: (context, record, wheelId) =>
          context.heap.shutdown ? undefined : serverInput(context, record, wheelId),
        got_server_flush: (context, wheelId) => client.#flushed(context, wheelId),
        got_high: (context, wheelId) => serverHigh?.(context, wheelId),
        got_low: (context, wheelId) => serverLow?.(context, wheelId),
        shutdown: (context) => client.#shutdown(context),
        ...inlineStates,
      },
      ...(objectStates === undefined ? {} : { objectStates }),
      ...(packageStates === undefined ? {} : { packageStates }),
    }).id;
  }

  #start(context: Context, args: unknown[]): unknown {
    const { kernel, heap } = context;
    const { alias, started } = this.#options;
    heap.shutdownOnError = 1;
    if (alias !== undefined) kernel.aliasSet(alias);
    kernel.yield('reconnect');
    return started?.(context, ...args);
  }

  // --- connecting

  #connect({ kernel }: Context, address: string | undefined, port: number | string | undefined): void {
    this.#address = address ?? this.#address;
    this.#port = port ?? this.#port;
    kernel.yield('reconnect');
  }

  #reconnect(context: Context): void {
    const { kernel, heap } = context;
    const { alias, domain, bindAddress, bindPort, connectTimeout } = this.#options;
    heap.shutdown = 0;
    heap.connected = 0;
    delete heap.gotAnError;
    // POE: the shutdown before it has given the name back.
    if (alias !== undefined) kernel.aliasSet(alias);
    const former = { server: heap.server };
    heap.server = new SocketFactory({
      kernel,
      remoteAddress: this.#address,
      ...(this.#port === undefined ? {} : { remotePort: this.#port }),
      ...(domain === undefined ? {} : { socketDomain: domain }),
      ...(bindAddress === undefined ? {} : { bindAddress }),
      ...(bindPort === undefined ? {} : { bindPort }),
      successEvent: 'got_connect_success',
      failureEvent: 'got_connect_error',
    }) as unknown as ReadWrite;
    this.#drop({ kernel, heap: former });
    this.#forgetTimeout(context);
    if (connectTimeout !== undefined) heap.ctimeoutId = kernel.delaySet('got_connect_timeout', connectTimeout);
  }

  #forgetTimeout({ kernel, heap }: Context): void {
    if (heap.ctimeoutId !== undefined) kernel.alarmRemove(heap.ctimeoutId);
    delete heap.ctimeoutId;
  }

  #connected(context: Context, connection: Connection): unknown {
    const { kernel, heap } = context;
    const { preConnect, connected, limits } = this.#options;
    this.#forgetTimeout(context);
    const factory = heap.server;
    return handOver(kernel, connection[0], preConnect && (() => preConnect(context, ...connection)), (handle) => {
      if (handle === undefined) {
        heap.connected = 0;
        return undefined;
      }
      // It may have been told something else while the program made up its mind.
      if (heap.server !== factory) {
        closeUnheld(handle, kernel);
        return undefined;
      }
      factory?.destroy();
      this.#socket = handle;
      heap.server = new ReadWrite({
        kernel,
        handle,
        filter: this.#makeFilter(),
        inputEvent: 'got_server_input',
        errorEvent: 'got_server_error',
        flushedEvent: 'got_server_flush',
        badInput: 'error',
        ...this.#marks,
        ...(limits === undefined ? {} : { limits }),
      });
      heap.connected = 1;
      return connected?.(context, ...connection);
    });
  }

  #connectFailed(context: Context, [operation, errno, message, wheelId]: Failure): unknown {
    this.#forgetTimeout(context);
    return this.#giveUp(context, [operation, errno, message, wheelId]);
  }

  #timedOut(context: Context): unknown {
    this.#forgetTimeout(context);
    const { operation, errno, message } = errnoFailure('connect', 'ETIMEDOUT');
    return this.#giveUp(context, [operation, errno, message]);
  }

  #giveUp(context: Context, failure: [string, number, string, number?]): unknown {
    const { connectError = tellOfConnectError } = this.#options;
    context.heap.connected = 0;
    const result = connectError(context, ...failure);
    this.#drop(context);
    return result;
  }

  // --- connected

  #failed(context: Context, [operation, errno, message, wheelId]: Failure<'read' | 'write'>): unknown {
    const { serverError = tellOfServerError } = this.#options;
    const result = serverError(context, operation, errno, message, wheelId);
    if (context.heap.shutdownOnError) {
      context.kernel.yield('shutdown');
      context.heap.gotAnError = 1;
    }
    return result;
  }

  #flushed(context: Context, wheelId: number): unknown {
    const result = this.#options.serverFlushed?.(context, wheelId);
    const { heap } = context;
    return heap.shutdown && heap.server !== undefined ? both(result, this.#disconnect(context)) : result;
  }

  #shutdown(context: Context): unknown {
    const { kernel, heap } = context;
    const { alias } = this.#options;
    heap.shutdown = 1;
    this.#forgetTimeout(context);
    let result: unknown;
    if (!heap.connected) {
      this.#drop(context);
    } else {
      heap.connected = 0;
      // POE: what was put is still written, unless there has been an error.
      const { server } = heap;
      if (server !== undefined && (heap.gotAnError || server.getDriverOutOctets() === 0)) {
        result = this.#disconnect(context);
      }
    }
    if (alias !== undefined) kernel.aliasRemove(alias);
    return result;
  }

  #disconnect(context: Context): unknown {
    this.#drop(context);
    return this.#options.disconnected?.(context);
  }

  /** Ends the wheel and the connection, at once: who reads at the other end is told before a new connection is made. */
  #drop({ kernel, heap }: { kernel: KernelView; heap: { server?: ReadWrite } }): void {
    heap.server?.destroy();
    delete heap.server;
    if (this.#socket !== undefined) closeUnheld(this.#socket, kernel);
    this.#socket = undefined;
  }
}

function tellOfConnectError({ kernel, session }: Context, operation: string, errno: number, message: string): void {
  warn('POE_WARN_TCP_CLIENT', `Client ${session.id} got ${operation} error ${errno} (${message})`, kernel);
}

function tellOfServerError({ kernel, session }: Context, operation: string, errno: number, message: string): void {
  const text = errno === 0 ? 'Normal disconnection' : message;
  warn('POE_WARN_TCP_CLIENT', `Client ${session.id} got ${operation} error ${errno} (${text})`, kernel);
  kernel.yield('shutdown');
}
