import type { Handle, HandlerContext, KernelView } from '../../core/index.ts';
import type { PeerLimits, ReadWrite, ReadWriteEvents, SocketFactory, SocketFactoryEvents } from '../../wheels/index.ts';
import type { FilterSource } from './filters.ts';
import type { Answer } from './hand-over.ts';
import { Parameters, type SessionParameters } from './parameters.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/** What a server keeps in the heap of its listening session. The program may keep things of its own there. */
export interface ListenerHeap {
  alias?: string;
  /** The wheel that accepts. Gone after `shutdown`, and by default after an error. */
  listener: SocketFactory;
  /** How many connections there are. */
  connections: number;
  /** How many there may be; -1 is any number. */
  concurrency: number;
  [name: string]: Loose;
}

/** What a server keeps in the heap of each connection's session. The program may keep things of its own there. */
export interface ConnectionHeap {
  /** The wheel that speaks with the client: `heap.client.put('hello')`. Gone once the connection is. */
  client: ReadWrite;
  /** Address of the client as text; `LOCAL` over a unix socket. */
  remoteIp: string;
  /** Port of the client; undefined over a unix socket. */
  remotePort: number | undefined;
  /** 1 from the event `shutdown` on: what comes in is ignored. */
  shutdown: 0 | 1;
  /** Whether an error ends the connection: 1, or what `clientShutdownOnError` says. */
  shutdownOnError: unknown;
  /** 1 after an error. */
  gotAnError?: 1;
  [name: string]: Loose;
}

/** Calls a handler of the listening session. */
type ListenerHandler<A extends readonly unknown[]> = (context: HandlerContext<ListenerHeap>, ...args: A) => unknown;
/** Calls a handler of a connection's session. */
type ConnectionHandler<E, A extends readonly unknown[] = Loose[]> = (
  context: HandlerContext<ConnectionHeap, E>,
  ...args: A
) => unknown;

/**
 * Parameters of a {@link ServerTCP}. All callbacks are handlers: they get the context of the session they act in first, and
 * may be async. `E` are the events that connections declare, `R` is what the input filter makes, `A` what `clientArgs` holds.
 */
export interface ServerTCPOptions<E = Loose, R = Loose, A extends readonly unknown[] = Loose[]>
  extends SessionParameters<ConnectionHeap, E> {
  /** Default: the exported `kernel`, for the active session, which becomes the parent of the listening one. */
  kernel?: KernelView | undefined;

  // --- the listening session

  /** Port to listen on: a number, or the name of a service. 0, the default, takes any: `heap.listener.getsockname()?.port`. */
  port?: number | string | undefined;
  /** Address to listen on, or path of a unix socket. Default 127.0.0.1, or ::1; POE listens on every address, here `'0.0.0.0'`. */
  address?: string | undefined;
  /** Name of the host to listen on, in place of `address`. */
  hostname?: string | undefined;
  /** `'inet'` (default), `'inet6'` or `'unix'`; POE's words too. */
  domain?: string | undefined;
  /** Name of the listening session. */
  alias?: string | undefined;
  /** How many connections may be open at once; further ones wait. -1, the default, is no limit but `maxConnections`. */
  concurrency?: number | undefined;
  /** Most connections, whatever `concurrency` says. Default 1,024; further ones wait. Not with `acceptor`. */
  maxConnections?: number | undefined;
  /** Most connections from one address. Default 256; further ones are closed. Not with `acceptor`. */
  maxConnectionsPerAddress?: number | undefined;
  /** Called at the end of `_start`, with `listenerArgs`. */
  started?: ListenerHandler<Loose[]> | undefined;
  /** Called in `_stop`. */
  stopped?: ListenerHandler<[]> | undefined;
  listenerArgs?: readonly unknown[] | undefined;
  /** Called when listening or accepting fails. Default: tells of it and closes the listener; connections live on. */
  error?: ListenerHandler<SocketFactoryEvents['failureEvent']> | undefined;
  /** Takes connections itself, in the listening session, in place of `clientInput` and everything else for connections. */
  acceptor?: ListenerHandler<SocketFactoryEvents['successEvent']> | undefined;

  // --- the session of each connection

  /** Called for each record. */
  clientInput?: ConnectionHandler<E, ReadWriteEvents<R>['inputEvent']> | undefined;
  /** Called when the connection is there, with `clientArgs`. */
  clientConnected?: ConnectionHandler<E, A> | undefined;
  /** Called before that; returns the socket, one in its place, or nothing to refuse the client. */
  clientPreConnect?:
    | ((context: HandlerContext<ConnectionHeap, E>, socket: Handle, clientArgs: A) => Answer | Promise<Answer>)
    | undefined;
  /** Called once when the connection ends, while `heap.client` is still there. */
  clientDisconnected?: ConnectionHandler<E> | undefined;
  /** Called when reading or writing fails, also at the end of the client's data. Default: tells of it, unless the client just left. */
  clientError?: ConnectionHandler<E, ReadWriteEvents['errorEvent']> | undefined;
  /** Called when everything is written. */
  clientFlushed?: ConnectionHandler<E, ReadWriteEvents['flushedEvent']> | undefined;
  clientArgs?: A | undefined;
  /** POE's older word for `clientArgs`. */
  args?: A | undefined;
  /** Whether an error ends the connection. Default 1; anything false, undefined too, leaves that to the program. */
  clientShutdownOnError?: unknown;
  /** Default: `Line`. */
  clientFilter?: FilterSource<R> | undefined;
  /** In place of `clientFilter`, for each direction. */
  clientInputFilter?: FilterSource<R> | undefined;
  clientOutputFilter?: FilterSource | undefined;
  /** What the client may do before the connection is given up, with an error; see `ReadWrite`. */
  limits?: Partial<PeerLimits> | undefined;
  /** Octets waiting for the client at which `clientHigh` is called. All four go together. */
  highMark?: number | undefined;
  /** Octets at which `clientLow` is called after that. */
  lowMark?: number | undefined;
  clientHigh?: ConnectionHandler<E, ReadWriteEvents['highEvent']> | undefined;
  clientLow?: ConnectionHandler<E, ReadWriteEvents['lowEvent']> | undefined;
}

const LISTENER = ['port', 'address', 'hostname', 'domain', 'alias', 'concurrency', 'listenerArgs'];
const LISTENER_CALLBACKS = ['started', 'stopped', 'error', 'acceptor'];
const LIMITS = ['maxConnections', 'maxConnectionsPerAddress'];
const CONNECTION = ['clientArgs', 'args', 'clientShutdownOnError', 'events', 'limits'];
const CONNECTION_CALLBACKS = [
  'clientInput',
  'clientConnected',
  'clientPreConnect',
  'clientDisconnected',
  'clientError',
  'clientFlushed',
];
const FILTERS = ['clientFilter', 'clientInputFilter', 'clientOutputFilter'];
const MARKS = ['highMark', 'lowMark', 'clientHigh', 'clientLow'];
const STATES = ['inlineStates', 'objectStates', 'packageStates'];

const OF_ALL = ['kernel', ...LISTENER, ...LISTENER_CALLBACKS, ...MARKS, 'sessionType', 'sessionParams'];
const OF_CONNECTIONS = [...CONNECTION, ...CONNECTION_CALLBACKS, ...FILTERS, ...LIMITS];
const KNOWN = new Set([...OF_ALL, ...OF_CONNECTIONS, ...STATES]);
/** POE: states of connections are nothing to an acceptor, which makes sessions of its own. */
const KNOWN_TO_ACCEPTORS = new Set([...OF_ALL, ...OF_CONNECTIONS]);

/** Events of a connection that have to be its own. */
const BUILT_IN = new Set([
  ...['_start', '_stop', 'shutdown', 'tcp_server_got_input', 'tcp_server_got_error', 'tcp_server_got_flush'],
  ...['tcp_server_got_high', 'tcp_server_got_low'],
]);

/** @throws PoeUsageError `POE_ERR_TCP_PARAMETER` for what cannot be. What is only unknown is warned of. */
export function checkServer(given: ServerTCPOptions): void {
  const parameters = new Parameters('ServerTCP', given);
  parameters.callbacks([...LISTENER_CALLBACKS, ...CONNECTION_CALLBACKS, 'clientHigh', 'clientLow']);
  parameters.marks('clientHigh', 'clientLow');
  if (parameters.has('acceptor') === parameters.has('clientInput')) {
    parameters.refuse(
      `${parameters.has('acceptor') ? 'both' : 'neither'} of clientInput and acceptor given`,
      'Give clientInput to be told what clients send, or acceptor to take their sockets',
    );
  }
  if (!parameters.has('clientInput')) {
    const stray = OF_CONNECTIONS.find((name) => parameters.has(name));
    if (stray !== undefined)
      parameters.refuse(`${stray} without clientInput`, 'An acceptor serves its connections itself');
  }
  if (parameters.has('clientInputFilter') !== parameters.has('clientOutputFilter')) {
    parameters.refuse('only one of clientInputFilter and clientOutputFilter given', 'Give both, or clientFilter');
  }
  parameters.lists(['listenerArgs', 'clientArgs', 'args']);
  parameters.limits(LIMITS);
  parameters.session();
  parameters.warnReplaced(BUILT_IN);
  parameters.warnUnknown(parameters.has('clientInput') ? KNOWN : KNOWN_TO_ACCEPTORS);
}
