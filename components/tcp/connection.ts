import {
  kernel as defaultKernel,
  errnoNumber,
  type Handle,
  type HandlerContext,
  type KernelView,
  Session,
  warn,
} from '../../core/index.ts';
import { closeUnheld, type Filter, ReadWrite } from '../../wheels/index.ts';
import { filterMaker } from './filters.ts';
import { both, handOver } from './hand-over.ts';
import type { Marks } from './parameters.ts';
import type { ConnectionHeap, ServerTCPOptions } from './server-options.ts';

type Context = HandlerContext<ConnectionHeap>;

/** Who is at the other end. */
export interface Client {
  readonly socket: Handle;
  /** As text; `LOCAL` over a unix socket. */
  readonly ip: string;
  readonly port: number | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: records are what the filter makes of them
type AnyFilter = Filter<any, any>;
/** Makes the filters of a connection. */
type Filters = () => { filter: AnyFilter } | { inputFilter: AnyFilter; outputFilter: AnyFilter };

/** How a server's connections are served: each by a session of its own, all alike. */
export class Connections {
  readonly #options: ServerTCPOptions;
  readonly #clientArgs: readonly unknown[];
  readonly #shutdownOnError: unknown;
  readonly #filters: Filters;
  readonly #marks: (Marks & { highEvent: string; lowEvent: string }) | undefined;

  /** @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for filters that are none. */
  constructor(options: ServerTCPOptions) {
    this.#options = options;
    this.#clientArgs = clientArgsOf(options);
    this.#shutdownOnError = 'clientShutdownOnError' in options ? options.clientShutdownOnError : 1;
    this.#filters = filtersOf(options);
    const { highMark, lowMark } = options;
    if (highMark !== undefined && lowMark !== undefined) {
      this.#marks = { highMark, lowMark, highEvent: 'tcp_server_got_high', lowEvent: 'tcp_server_got_low' };
    }
  }

  /** Makes the session of a connection, a child of the session of `kernel`. `ended` is called in its `_stop`. */
  serve(kernel: KernelView, client: Client, ended: (kernel: KernelView) => void): void {
    const { sessionType = Session, sessionParams, inlineStates, objectStates, packageStates } = this.#options;
    const { clientInput, clientHigh, clientLow } = this.#options;
    sessionType.create<ConnectionHeap>({
      ...sessionParams,
      kernel,
      inlineStates: {
        _start: (context) => this.#start(context, client),
        _child() {},
        tcp_server_got_input: (context, record, wheelId) =>
          context.heap.shutdown ? undefined : clientInput?.(context, record, wheelId),
        tcp_server_got_error: (context, ...args) =>
          this.#failed(context, ...(args as [operation: 'read' | 'write', number, string, number])),
        tcp_server_got_flush: (context, wheelId) => this.#flushed(context, wheelId),
        tcp_server_got_high: (context, wheelId) => clientHigh?.(context, wheelId),
        tcp_server_got_low: (context, wheelId) => clientLow?.(context, wheelId),
        shutdown: (context) => this.#shutdown(context),
        _stop: (context) => ended(context.kernel),
        ...inlineStates,
      },
      ...(objectStates === undefined ? {} : { objectStates }),
      ...(packageStates === undefined ? {} : { packageStates }),
    });
  }

  #start(context: Context, { socket, ip, port }: Client): unknown {
    const { heap, kernel } = context;
    const { clientPreConnect, clientConnected, limits } = this.#options;
    heap.shutdown = 0;
    heap.shutdownOnError = this.#shutdownOnError;
    heap.remoteIp = ip;
    heap.remotePort = port;
    const ask = clientPreConnect && (() => clientPreConnect(context, socket, this.#clientArgs as unknown[]));
    return handOver(kernel, socket, ask, (handle) => {
      if (handle === undefined) return undefined;
      // It may have been told to shut down while the program made up its mind.
      if (heap.shutdown) {
        closeUnheld(handle, kernel);
        return undefined;
      }
      heap.client = new ReadWrite({
        kernel,
        handle,
        ...this.#filters(),
        inputEvent: 'tcp_server_got_input',
        errorEvent: 'tcp_server_got_error',
        flushedEvent: 'tcp_server_got_flush',
        badInput: 'error',
        ...this.#marks,
        ...(limits === undefined ? {} : { limits }),
      });
      return clientConnected?.(context, ...(this.#clientArgs as unknown[]));
    });
  }

  #failed(context: Context, operation: 'read' | 'write', errno: number, message: string, wheelId: number): unknown {
    const { clientError = tellOfError } = this.#options;
    const result = clientError(context, operation, errno, message, wheelId);
    if (context.heap.shutdownOnError) {
      context.heap.gotAnError = 1;
      context.kernel.yield('shutdown');
    }
    return result;
  }

  #flushed(context: Context, wheelId: number): unknown {
    const result = this.#options.clientFlushed?.(context, wheelId);
    return context.heap.shutdown ? both(result, this.#close(context)) : result;
  }

  #shutdown(context: Context): unknown {
    const { heap } = context;
    heap.shutdown = 1;
    // POE: what was put is still written, unless there has been an error.
    return heap.gotAnError || heap.client?.getDriverOutOctets() === 0 ? this.#close(context) : undefined;
  }

  #close(context: Context): unknown {
    const { heap } = context;
    const { client } = heap;
    if (client === undefined) return undefined;
    const result = this.#options.clientDisconnected?.(context);
    client.destroy();
    delete (heap as Partial<ConnectionHeap>).client;
    return result;
  }
}

/** POE: that a client has left is nothing to tell of. */
function tellOfError({ kernel, session }: Context, operation: string, errno: number, message: string): void {
  if (operation === 'read' && (errno === 0 || errno === errnoNumber('ECONNRESET'))) return;
  const text = errno === 0 ? '(no error)' : message;
  warn('POE_WARN_TCP_CONNECTION', `Client session ${session.id} got ${operation} error ${errno} (${text})`, kernel);
}

function clientArgsOf({ kernel = defaultKernel, clientArgs, args }: ServerTCPOptions): readonly unknown[] {
  if (args !== undefined) {
    const instead =
      clientArgs === undefined ? 'it is taken for clientArgs' : 'it is ignored, since clientArgs is given';
    warn('POE_WARN_PARAMETER', `args of a ServerTCP is deprecated: ${instead}`, kernel);
  }
  return clientArgs ?? args ?? [];
}

function filtersOf(options: ServerTCPOptions): Filters {
  const { kernel = defaultKernel, clientFilter, clientInputFilter, clientOutputFilter } = options;
  if (clientInputFilter === undefined || clientOutputFilter === undefined) {
    const make = filterMaker('clientFilter', clientFilter);
    return () => ({ filter: make() });
  }
  if (clientFilter !== undefined) {
    warn('POE_WARN_PARAMETER', 'clientFilter ignored with clientInputFilter and clientOutputFilter', kernel);
  }
  const input = filterMaker('clientInputFilter', clientInputFilter);
  const output = filterMaker('clientOutputFilter', clientOutputFilter);
  return () => ({ inputFilter: input(), outputFilter: output() });
}
