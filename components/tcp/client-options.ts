import type { HandlerContext, KernelView } from '../../core/index.ts';
import type { PeerLimits, ReadWrite, ReadWriteEvents, SocketFactoryEvents } from '../../wheels/index.ts';
import { isDomain } from './domain.ts';
import type { FilterSource } from './filters.ts';
import type { Answer } from './hand-over.ts';
import { type Marks, Parameters, type SessionParameters } from './parameters.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/** What a client keeps in the heap of its session. The program may keep things of its own there. */
export interface ClientHeap {
  /** The wheel that speaks with the server. While connecting it is a `SocketFactory`: see `connected`. Gone once the connection is. */
  server: ReadWrite;
  /** 1 while there is a connection. */
  connected: 0 | 1;
  /** 1 from the event `shutdown` on: what comes in is ignored. */
  shutdown: 0 | 1;
  /** Whether an error ends the connection: 1, unless the program has set it to 0. */
  shutdownOnError: 0 | 1;
  /** 1 after an error of the connection. */
  gotAnError?: 1;
  [name: string]: Loose;
}

type ClientHandler<E, A extends readonly unknown[] = Loose[]> = (
  context: HandlerContext<ClientHeap, E>,
  ...args: A
) => unknown;

/** What `connectError` gets: of a failed wheel also its ID, of a timeout none. */
type ConnectError = [operation: string, errno: number, message: string, wheelId?: number];

/**
 * Parameters of a {@link ClientTCP}. All callbacks are handlers: they get the context of the client's session first, and may be
 * async. `E` are the events that the client declares, `R` is what the filter makes, `A` what `args` holds.
 */
export interface ClientTCPOptions<E = Loose, R = Loose, A extends readonly unknown[] = Loose[]>
  extends SessionParameters<ClientHeap, E> {
  /** Default: the exported `kernel`, for the active session, which becomes the parent of the client's. */
  kernel?: KernelView | undefined;
  /** Address or name of the host to connect to, or path of a unix socket. It must be there; undefined means 127.0.0.1. */
  remoteAddress: string | undefined;
  /** Port to connect to: a number, or the name of a service. It must be there, except for unix sockets. */
  remotePort?: number | string | undefined;
  /** `'inet'` (default), `'inet6'` or `'unix'`; POE's words too. */
  domain?: string | undefined;
  /** Own address to connect from. */
  bindAddress?: string | undefined;
  /** Own port to connect from. */
  bindPort?: number | string | undefined;
  /** Seconds to wait for a connection, fractions allowed. Default: as long as the system does. */
  connectTimeout?: number | undefined;
  /** Name of the session, while it has not been told to shut down. */
  alias?: string | undefined;
  /** What `started` gets. */
  args?: A | undefined;
  /** Called in `_start`. */
  started?: ClientHandler<E, A> | undefined;
  /** Called before `connected`; returns the socket, one in its place, or nothing to give the connection up. */
  preConnect?:
    | ((
        context: HandlerContext<ClientHeap, E>,
        ...args: SocketFactoryEvents['successEvent']
      ) => Answer | Promise<Answer>)
    | undefined;
  /** Called when the connection is there. */
  connected?: ClientHandler<E, SocketFactoryEvents['successEvent']> | undefined;
  /** Called when connecting fails or takes too long. Default: tells of it. The client ends, unless it asks for `reconnect`. */
  connectError?: ClientHandler<E, ConnectError> | undefined;
  /** Called for each record. */
  serverInput: ClientHandler<E, ReadWriteEvents<R>['inputEvent']>;
  /** Called when reading or writing fails, also when the server closes. Default: tells of it. The connection ends then. */
  serverError?: ClientHandler<E, ReadWriteEvents['errorEvent']> | undefined;
  /** Called when everything is written. */
  serverFlushed?: ClientHandler<E, ReadWriteEvents['flushedEvent']> | undefined;
  /** Called when the connection has ended and `heap.server` is gone. */
  disconnected?: ClientHandler<E> | undefined;
  /** Default: `Line`. */
  filter?: FilterSource<R> | undefined;
  /** What the server may do before the connection is given up, with an error; see `ReadWrite`. */
  limits?: Partial<PeerLimits> | undefined;
  /** Octets waiting for the server at which `serverHigh` is called. All four go together. */
  highMark?: number | undefined;
  /** Octets at which `serverLow` is called after that. */
  lowMark?: number | undefined;
  serverHigh?: ClientHandler<E, ReadWriteEvents['highEvent']> | undefined;
  serverLow?: ClientHandler<E, ReadWriteEvents['lowEvent']> | undefined;
}

const CALLBACKS = [
  'started',
  'preConnect',
  'connected',
  'connectError',
  'serverInput',
  'serverError',
  'serverFlushed',
  'disconnected',
  'serverHigh',
  'serverLow',
];

const KNOWN = new Set([
  ...CALLBACKS,
  ...['kernel', 'remoteAddress', 'remotePort', 'domain', 'bindAddress', 'bindPort', 'connectTimeout', 'alias', 'args'],
  ...['filter', 'highMark', 'lowMark', 'sessionType', 'sessionParams', 'events', 'limits'],
  ...['inlineStates', 'objectStates', 'packageStates'],
]);

/** Events of the session that have to be its own. */
const BUILT_IN = new Set([
  ...['_start', 'connect', 'reconnect', 'shutdown', 'got_connect_success', 'got_connect_error', 'got_connect_timeout'],
  ...['got_server_input', 'got_server_error', 'got_server_flush', 'got_high', 'got_low'],
]);

/**
 * @returns The marks, if there are any.
 * @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for what cannot be. What is only unknown is warned of.
 */
export function checkClient(given: ClientTCPOptions): Marks | undefined {
  const parameters = new Parameters('ClientTCP', given);
  if (!('remoteAddress' in given)) parameters.refuse('remoteAddress missing', "remoteAddress: '127.0.0.1'");
  if (!parameters.has('remotePort') && !isDomain(given.domain, 'unix'))
    parameters.refuse('remotePort missing', 'remotePort: 80');
  parameters.lists(['args']);
  parameters.callbacks(CALLBACKS);
  const marks = parameters.marks('serverHigh', 'serverLow');
  parameters.session();
  if (!parameters.has('serverInput')) {
    parameters.refuse(
      'serverInput missing',
      'Give a handler for what the server sends: serverInput({ heap }, line) {}',
    );
  }
  parameters.warnReplaced(BUILT_IN);
  parameters.warnUnknown(KNOWN);
  return marks;
}
