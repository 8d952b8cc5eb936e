import { type EventFor, errnoFailure, type Handle, PoeUsageError, type SystemError } from '../../core/index.ts';
import { parameterMissing, parametersOf, type WheelOptions, warnOfParameter, warnUnknown } from '../wheel.ts';

/** What the events of a SocketFactory bring: ARG0 and on. */
export interface SocketFactoryEvents {
  /**
   * A socket, who is at the other end, and the wheel. Address and port are undefined for a UDP socket that is not connected and
   * for an accepted unix connection; a connector of a unix socket gets the path.
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
  /** Called for each socket; see {@link SocketFactoryEvents}. */
  successEvent: EventFor<E, SocketFactoryEvents['successEvent']>;
  /** Called when something fails; always later, never inside the constructor. */
  failureEvent: EventFor<E, SocketFactoryEvents['failureEvent']>;
  /** `'inet'` (default), `'inet6'` or `'unix'`; POE's `AF_INET`, `AF_INET6`, `AF_UNIX`. */
  socketDomain?: string;
  /** `'tcp'` (default) or `'udp'`; also their numbers, 6 and 17. */
  socketProtocol?: string | number;
  /** `'stream'` or `'dgram'`; POE's `SOCK_STREAM` and `SOCK_DGRAM`. Default: what the protocol has. */
  socketType?: string;
  /** Address or name of the host to bind, or path of a unix socket. Default for listeners: every address. */
  bindAddress?: string | undefined;
  /** Port to bind: a number or the name of a service. 0, the default, takes any. */
  bindPort?: number | string | undefined;
  /** Address or name of the host to connect to, or path of a unix socket. Makes the wheel a connector. */
  remoteAddress?: string | undefined;
  /** Port to connect to: a number or the name of a service. */
  remotePort?: number | string | undefined;
  /** Connections that may wait to be accepted. Default: Node's, 511. */
  listenQueue?: number;
  /** POE's `SO_REUSEADDR`: `'yes'`, `'on'`, or a number that is not 0. Node always sets it for listeners. */
  reuse?: boolean | string | number;
  /** File mode of a unix socket, for example 0o600. */
  socketMode?: number;
  /** Octets of datagrams that may wait to be received by a UDP socket. Default: 256 KiB; further ones are dropped. */
  receiveQueue?: number;
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
  'receiveQueue',
]);

type Domain = 'inet' | 'inet6' | 'unix';

/** What kind of socket is wanted. */
export interface SocketKind {
  readonly domain: Domain;
  readonly protocol: 'tcp' | 'udp';
}

const DOMAINS: ReadonlyMap<string, Domain> = new Map([
  ['inet', 'inet'],
  ['AF_INET', 'inet'],
  ['PF_INET', 'inet'],
  ['inet6', 'inet6'],
  ['AF_INET6', 'inet6'],
  ['PF_INET6', 'inet6'],
  ['unix', 'unix'],
  ['AF_UNIX', 'unix'],
  ['PF_UNIX', 'unix'],
]);

const PROTOCOLS: ReadonlyMap<string, 'tcp' | 'udp'> = new Map([
  ['tcp', 'tcp'],
  ['TCP', 'tcp'],
  ['6', 'tcp'],
  ['udp', 'udp'],
  ['UDP', 'udp'],
  ['17', 'udp'],
]);
/** Others that exist, by name; by number it is all that were ever given out. */
const OTHER_PROTOCOLS: ReadonlySet<string> = new Set(['ip', 'icmp', 'igmp', 'sctp', 'udplite', 'ipv6-icmp', 'raw']);
const LAST_PROTOCOL = 142;

const TYPES: ReadonlyMap<string, 'tcp' | 'udp'> = new Map([
  ['stream', 'tcp'],
  ['SOCK_STREAM', 'tcp'],
  ['dgram', 'udp'],
  ['SOCK_DGRAM', 'udp'],
]);

/**
 * Options in which everything is that must be.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` for what is missing. What is unknown is warned of.
 */
export function checked<O extends SocketFactoryOptions>(given: O): O {
  const options = parametersOf('SocketFactory', given);
  const need = (parameter: keyof SocketFactoryOptions): void => {
    if (options[parameter] === undefined) throw parameterMissing('SocketFactory', parameter);
  };
  need('successEvent');
  need('failureEvent');
  const isUnix = DOMAINS.get(options.socketDomain ?? 'inet') === 'unix';
  if (options.remoteAddress !== undefined && !isUnix) need('remotePort');
  if (options.remoteAddress === undefined && isUnix) need('bindAddress');
  warnUnknown('SocketFactory', options, PARAMETERS);
  return options;
}

/**
 * The kind of socket that the parameters `socket...` describe, or the failure that it is none.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` for a kind that exists, but not here.
 */
export function kindOf(options: SocketFactoryOptions): SocketKind | SystemError {
  const { socketDomain = 'inet', socketProtocol, socketType } = options;
  const domain = DOMAINS.get(socketDomain);
  if (domain === undefined) {
    const message = `SocketDomain ${socketDomain} is currently unsupported on this platform`;
    return { operation: 'domain', errno: 0, message };
  }
  const asked = socketType === undefined ? undefined : TYPES.get(socketType);
  if (socketType !== undefined && asked === undefined)
    throw unsupported('socketType', socketType, "'stream' or 'dgram'");
  if (domain === 'unix') {
    if (socketProtocol !== undefined) warnOfParameter(options.kernel, 'socketProtocol ignored for a unix socket');
    if (asked === 'udp')
      throw unsupported('socketType', 'dgram of a unix socket', "'stream', or UDP: Node has no other");
    return { domain, protocol: 'tcp' };
  }
  const protocol = protocolOf(socketProtocol ?? 'tcp');
  if (typeof protocol !== 'string') return protocol;
  return asked === undefined || asked === protocol ? { domain, protocol } : errnoFailure('socket', 'EPROTONOSUPPORT');
}

function protocolOf(asked: string | number): 'tcp' | 'udp' | SystemError {
  const protocol = PROTOCOLS.get(String(asked));
  if (protocol !== undefined) return protocol;
  const isNumber = /^\d+$/.test(String(asked));
  if (isNumber ? Number(asked) <= LAST_PROTOCOL : OTHER_PROTOCOLS.has(String(asked))) {
    throw unsupported('socketProtocol', asked, "'tcp' or 'udp'");
  }
  // POE: the system says no more than that it knows none.
  return { operation: isNumber ? 'getprotobynumber' : 'getprotobyname', errno: 0, message: '' };
}

/** Whether an address may be used again, in POE's words. */
export function isReused(reuse: boolean | string | number | undefined): boolean {
  if (typeof reuse !== 'string') return Boolean(reuse);
  return ['yes', 'on'].includes(reuse.toLowerCase()) || (/\d/.test(reuse) && reuse !== '0');
}

export function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a SocketFactory: there is no port ${port}`, {
    hint: 'Ports are whole numbers from 0 to 65535, or names of services',
  });
}

export function unsupported(parameter: string, found: unknown, supported: string): PoeUsageError {
  return new PoeUsageError(
    'POE_ERR_WHEEL_PARAMETER',
    `Cannot make a SocketFactory: ${parameter} '${found}' is not supported`,
    { hint: `Use ${supported}` },
  );
}
