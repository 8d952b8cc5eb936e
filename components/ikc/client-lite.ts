import { connect as connectSocket, type Socket } from 'node:net';
import { debugFor } from '../../core/debug.ts';
import { PoeError } from '../../core/errors.ts';
import { type Freezer, freezerFor, Reference } from '../../wheels/filters/index.ts';
import { ClientHandshake, type HandshakeDone, HandshakeStream, type Protocol } from './handshake/index.ts';
import {
  checkThaw,
  ERROR_STATE,
  IKC_SESSION,
  type IkcMessage,
  type MessageThawOptions,
  readMessage,
  type WireMessage,
} from './message.ts';
import { checkKnown } from './parameters.ts';
import { isTrue } from './perl.ts';
import { parseSpecifier, type SpecifierLike } from './specifier.ts';
import { Waiters } from './waiters.ts';

const debug = debugFor('ikc:client-lite');

export interface ClientLiteOptions {
  /** Host to connect to. Default localhost. */
  ip?: string | undefined;
  /** Port. Default 603. */
  port?: number | undefined;
  /** Path of a unix socket to connect to, in place of ip and port. */
  unix?: string | undefined;
  /** What this client is called. Default `Client` and the process number; further ones have a number of their own behind that. */
  name?: string | undefined;
  /** Seconds to wait for an answer. Default 30. */
  timeout?: number | undefined;
  /** Seconds for the connection with its handshake. Default: `timeout`. */
  connectTimeout?: number | undefined;
  /** Name of the serializer. Default Storable. */
  serialiser?: string | undefined;
  /** How to shake hands. Default IKC0; falls back to IKC where the server needs it. */
  protocol?: Protocol | undefined;
  /** Turns numbers that travelled as text, as `"1.5"` does, back into numbers. Default false. */
  numericStrings?: boolean | undefined;
  /** How received values look otherwise. */
  thaw?: MessageThawOptions | undefined;
  /** Told of errors of the server that nobody waits for, as those of posts are. Not of the original. */
  onError?: ((text: string) => void) | undefined;
}

/**
 * What a request came to nothing by: no connection could be made, the server said no, no answer came in time, the connection
 * went, or the value cannot be sent.
 */
export type ClientLiteFailure = 'connect' | 'refused' | 'timeout' | 'disconnect' | 'unsendable';

const PARAMETERS: readonly (keyof ClientLiteOptions)[] = [
  'ip',
  'port',
  'unix',
  'name',
  'timeout',
  'connectTimeout',
  'serialiser',
  'protocol',
  'numericStrings',
  'thaw',
  'onError',
];
/** The session that answers to this client are for. */
const LITE_SESSION = 'IKCLite';
const DEFAULT_SECONDS = 30;
const HIGHEST_PORT = 65_535;

let responses = 0;
let unnamed = 0;

/** One connection that is up. */
interface Connection {
  readonly socket: Socket;
  readonly filter: Reference;
  /** The server's names, the first of which specifiers without a kernel mean. */
  readonly serverNames: readonly string[];
  /** Something has come since somebody began to wait. */
  isHeard: boolean;
}

/**
 * Talks to an IKC server without a kernel: for scripts and web servers.
 *
 * Where Perl's blocks, this returns promises. They do not reject: as in Perl, a failure is undefined, and {@link error} says why.
 * A connection that was lost, or over which nothing came while a request ran out of time, is made anew by the next request.
 *
 * @example
 * const lite = await ClientLite.spawn({ port: 31_337, name: 'Script' });
 * if (lite === undefined) throw new Error(ClientLite.error());
 * console.log(await lite.call('clock/time'));
 * lite.disconnect();
 * @remarks Mirrors POE::Component::IKC::ClientLite. Messages that were not awaited are passed over where the original loses its
 * place, the end of the stream is noticed at once, and `ping` works after either handshake.
 */
export class ClientLite {
  static #lastError = '';
  readonly #options: ClientLiteOptions;
  readonly #freezer: Freezer;
  readonly #name: string;
  #connection: Connection | null = null;
  #connecting: Promise<Connection | undefined> | null = null;
  /** One over which nothing came while a request ran out of time: the next request makes another. */
  #silent: Connection | null = null;
  /** Gives up the connection that is being made. */
  #abandon: (() => void) | undefined;
  readonly #waiters: Waiters;
  #error = '';
  #failure: ClientLiteFailure | undefined;

  private constructor(options: ClientLiteOptions, freezer: Freezer) {
    this.#options = options;
    this.#freezer = freezer;
    this.#name = options.name ?? nextName();
    const seconds = options.timeout ?? DEFAULT_SECONDS;
    this.#waiters = new Waiters(seconds, ({ resolve }) => {
      this.#came('timeout', `Timed out waiting for response: no answer within ${seconds} s`);
      this.#expired();
      resolve(undefined);
    });
  }

  /**
   * Connects to a server.
   *
   * @returns The client; undefined if that fails, and `ClientLite.error()` says why.
   * @throws PoeUsageError `POE_ERR_IKC_PARAMETER` for parameters that there are not.
   * @remarks Mirrors POE::Component::IKC::ClientLite, "spawn".
   */
  static async spawn(options: ClientLiteOptions = {}): Promise<ClientLite | undefined> {
    checkKnown('an IKC ClientLite', options, PARAMETERS);
    const serialiser = options.serialiser ?? 'Storable';
    const { numericStrings, thaw = {} } = options;
    checkThaw('an IKC ClientLite', thaw);
    const freezer = freezerFor(serialiser)?.(numericStrings === undefined ? thaw : { ...thaw, numericStrings });
    if (freezer === undefined) {
      ClientLite.#lastError = `There is no serializer '${serialiser}'`;
      return undefined;
    }
    const { port } = options;
    if (port !== undefined && !(Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) <= HIGHEST_PORT)) {
      ClientLite.#lastError = `There is no port ${port}`;
      return undefined;
    }
    const client = new ClientLite(options, freezer);
    if (await client.connect()) return client;
    return undefined;
  }

  /** Why a client failed last: in `spawn`, or in a request of any of them. @remarks Mirrors POE::Component::IKC::ClientLite, "error". */
  static error(): string {
    return ClientLite.#lastError;
  }

  /** Why the last request failed; empty if it did not. Perl goes on to give the error of an earlier one. */
  error(): string {
    return this.#error;
  }

  /** The kind of failure that {@link error} words; undefined if there is none. */
  failure(): ClientLiteFailure | undefined {
    return this.#failure;
  }

  /** The names of the server, its ID first if it told that; empty without a connection. */
  get serverNames(): readonly string[] {
    return this.#connection?.serverNames ?? [];
  }

  /** The name of this client. */
  get name(): string {
    return this.#name;
  }

  // --- the connection

  /** Makes sure that there is a connection. @returns Whether there is one. @remarks Mirrors "connect". */
  async connect(): Promise<boolean> {
    return (await this.#ready()) !== undefined;
  }

  /** Closes the connection, also one that is being made; requests that wait fail. @remarks Mirrors "disconnect". */
  disconnect(): void {
    this.#abandon?.();
    this.#connecting = null;
    this.#lost('disconnected');
  }

  #ready(): Promise<Connection | undefined> {
    if (this.#connection !== null) return Promise.resolve(this.#connection);
    if (this.#silent !== null) closeFirst(this.#silent.socket);
    this.#silent = null;
    if (this.#connecting === null) {
      const connecting = this.#open().finally(() => {
        if (this.#connecting === connecting) this.#connecting = null;
      });
      this.#connecting = connecting;
    }
    return this.#connecting;
  }

  #open(): Promise<Connection | undefined> {
    const { ip = 'localhost', port = 603, unix, protocol } = this.#options;
    const seconds = this.#options.connectTimeout ?? this.#options.timeout ?? DEFAULT_SECONDS;
    const handshake = new HandshakeStream(
      new ClientHandshake({
        protocol,
        names: [this.#name],
        freezers: [this.#freezer.name],
        pid: process.pid,
        strict: true,
        peerAddress: unix === undefined ? `${ip.replaceAll(':', '-')}:${port}` : undefined,
      }),
    );
    return new Promise((resolve) => {
      const socket = unix === undefined ? connectSocket({ host: ip, port, noDelay: true }) : connectSocket(unix);
      const finish = (connection: Connection | undefined, why = ''): void => {
        clearTimeout(timer);
        this.#abandon = undefined;
        socket.removeAllListeners();
        socket.on('error', () => {});
        if (connection === undefined) {
          this.#came('connect', `Unable to connect to ${unix ?? `${ip}:${port}`}: ${why}`);
          socket.destroy();
        } else {
          this.#came(undefined);
        }
        resolve(connection);
      };
      const timer = setTimeout(() => finish(undefined, `Timeout after ${seconds} s while connecting`), seconds * 1000);
      const act = ({ write, done, rest, failed }: ReturnType<HandshakeStream['start']>): void => {
        if (write !== undefined) socket.write(write);
        if (failed !== undefined) finish(undefined, failed.message);
        else if (done !== undefined) finish(this.#begin(socket, done, rest));
      };
      this.#abandon = () => finish(undefined, 'disconnected');
      socket.on('error', (error) => finish(undefined, whatFailed(error)));
      socket.on('end', () => finish(undefined, 'The server closed the connection during the handshake'));
      socket.on('connect', () => act(handshake.start()));
      socket.on('data', (chunk) => act(handshake.receive(chunk)));
    });
  }

  #begin(socket: Socket, done: HandshakeDone, rest: Buffer | undefined): Connection {
    const filter = new Reference({ freezer: this.#freezer, afterLines: true });
    const connection: Connection = { socket, filter, serverNames: done.peerNames, isHeard: false };
    this.#connection = connection;
    debug('%s is connected to %o', this.#name, done.peerNames);
    // One that has been replaced may still end.
    const lost = (why: string): void => {
      if (connection === this.#connection || connection === this.#silent) this.#lost(why);
    };
    // The listeners of the handshake are taken away behind this.
    queueMicrotask(() => {
      socket.on('data', (chunk) => this.#receive(connection, chunk));
      socket.on('end', () => lost('The server closed the connection'));
      socket.on('error', (error) => lost(whatFailed(error)));
      if (rest !== undefined && rest.length > 0) this.#receive(connection, rest);
    });
    return connection;
  }

  /** A request has run out of time. POE: the machine of the server may have gone, so the next one tries a new connection. */
  #expired(): void {
    if (this.#connection === null || this.#connection.isHeard || !this.#waiters.isEmpty) return;
    this.#silent = this.#connection;
    this.#connection = null;
  }

  #wakes(connection: Connection): void {
    this.#silent = null;
    this.#connection = connection;
  }

  #lost(why: string): void {
    for (const connection of [this.#connection, this.#silent]) connection?.socket.destroySoon();
    this.#connection = null;
    this.#silent = null;
    for (const { resolve } of this.#waiters.takeAll()) {
      this.#came('disconnect', why);
      resolve(undefined);
    }
  }

  /** What the last request came to. */
  #came(failure: ClientLiteFailure | undefined, why = ''): void {
    this.#failure = failure;
    this.#error = why;
    if (failure !== undefined) ClientLite.#lastError = why;
  }

  #receive(connection: Connection, chunk: Uint8Array): void {
    connection.isHeard = true;
    if (this.#silent === connection) this.#wakes(connection);
    try {
      connection.filter.getOneStart([chunk]);
      for (;;) {
        const [value] = connection.filter.getOne();
        if (value === undefined) return;
        this.#dispatch(readMessage(value));
      }
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      this.#lost(error.message);
    }
  }

  #dispatch({ event, params }: IkcMessage): void {
    if (event?.session === IKC_SESSION && event.state === ERROR_STATE) {
      this.#dispatchError(errorText(params));
      return;
    }
    const waiter = event && this.#waiters.take(event.session, event.state);
    if (waiter !== undefined) {
      this.#came(undefined);
      waiter.resolve(params);
      return;
    }
    debug('%s passes over a message that nobody awaits: %o', this.#name, event);
  }

  #dispatchError(text: string): void {
    const waiter = this.#waiters.takeForError(text);
    if (waiter !== undefined) {
      this.#came('refused', text);
      waiter.resolve(undefined);
    } else if (this.#options.onError !== undefined) {
      this.#options.onError(text);
    } else {
      debug('%s passes over an error: %s', this.#name, text);
    }
  }

  // --- requests

  /**
   * Posts a value to an event.
   * @param to - `session/event` means the server; or a full specifier.
   * @returns 1; undefined if there is no connection.
   * @remarks Mirrors "post".
   */
  async post(to: SpecifierLike, data: unknown = null): Promise<1 | undefined> {
    const connection = this.#connection ?? (await this.#ready());
    if (connection === undefined) return undefined;
    return this.#send(connection, { event: withServer(to, connection), params: data, from: this.#from() })
      ? 1
      : undefined;
  }

  /**
   * Calls an event and waits for its value.
   * @returns The value; undefined if it fails, as when the handler returned undef and the time ran out.
   * @remarks Mirrors "call" in scalar context.
   */
  call(to: SpecifierLike, data: unknown = null): Promise<unknown> {
    return this.#callFor(to, data, '');
  }

  /**
   * Calls an event in list context.
   * @returns All its values; undefined if it fails.
   * @remarks Mirrors "call" in list context.
   */
  async callList(to: SpecifierLike, data: unknown = null): Promise<unknown[] | undefined> {
    const values = await this.#callFor(to, data, '1');
    return values === undefined || Array.isArray(values) ? (values as unknown[] | undefined) : [values];
  }

  #callFor(to: SpecifierLike, data: unknown, wantarray: '1' | ''): Promise<unknown> {
    const state = nextResponse();
    const rsvp = { kernel: this.#name, session: LITE_SESSION, state };
    return this.#request(state, (connection) => ({
      event: withServer(to, connection),
      params: data,
      from: this.#from(),
      rsvp,
      wantarray,
    }));
  }

  /**
   * Posts `[data, rsvp]` and waits until the other side posts to that rsvp.
   * @returns What it posted; undefined if it fails.
   * @remarks Mirrors "post_respond".
   */
  async postRespond(to: SpecifierLike, data: unknown = null): Promise<unknown> {
    const state = nextResponse();
    const rsvp = { kernel: this.#name, session: LITE_SESSION, state };
    return this.#request(state, (connection) => ({
      event: withServer(to, connection),
      params: [data, rsvp],
      from: this.#from(),
    }));
  }

  /**
   * Waits for a post to an event of this client, as a handler posts it to its sender.
   * @returns What was posted; undefined if it fails.
   * @remarks Mirrors "responded".
   */
  async responded(state: string): Promise<unknown> {
    return this.#request(state, () => undefined);
  }

  /** Whether the server answers. Connects to nobody: without a connection the answer is no. @remarks Mirrors "ping". */
  async ping(): Promise<boolean> {
    // It is the connection that is asked about, however long it has been silent.
    if (this.#silent !== null) this.#wakes(this.#silent);
    if (this.#connection === null && this.#connecting === null) {
      this.#came('disconnect', 'There is no connection');
      return false;
    }
    const answer = await this.#request(
      'pong',
      ({ serverNames }) => ({
        event: `poe://${serverNames[0]}/${IKC_SESSION}/ping`,
        params: 'PING',
        rsvp: { kernel: this.#name, session: IKC_SESSION, state: 'pong' },
      }),
      IKC_SESSION,
    );
    return answer === 'PONG';
  }

  #from() {
    return { kernel: this.#name, session: LITE_SESSION };
  }

  #send(connection: Connection, message: WireMessage): boolean {
    try {
      for (const chunk of connection.filter.put([message])) connection.socket.write(chunk);
      this.#came(undefined);
      return true;
    } catch (error) {
      this.#came('unsendable', (error as Error).message);
      return false;
    }
  }

  /** Sends a message and waits for one to `session` and `state`, or for an error. */
  #request(
    state: string,
    message: (connection: Connection) => WireMessage | undefined,
    session: string = LITE_SESSION,
  ): Promise<unknown> {
    const ask = (connection: Connection): Promise<unknown> =>
      new Promise((resolve) => {
        const request = message(connection);
        if (this.#waiters.isEmpty) connection.isHeard = false;
        const waiter = this.#waiters.add(session, state, request?.event as SpecifierLike | undefined, resolve);
        if (request === undefined || this.#send(connection, request)) return;
        this.#waiters.remove(waiter);
        resolve(undefined);
      });
    const connection = this.#connection;
    return connection === null ? this.#ready().then((made) => made && ask(made)) : ask(connection);
  }
}

/** A genuine server can only answer the first client of a name. */
function nextName(): string {
  return ++unnamed === 1 ? `Client${process.pid}` : `Client${process.pid}-${unnamed}`;
}

function nextResponse(): string {
  return `response${responses++}`;
}

/** Puts the server in front of a specifier that names no kernel. */
function withServer(to: SpecifierLike, { serverNames }: Connection): SpecifierLike {
  if (typeof to === 'string') return to.startsWith('poe:') ? to : `poe://${serverNames[0]}/${to}`;
  const specifier = parseSpecifier(to);
  return specifier === undefined || isTrue(specifier.kernel) ? to : { ...to, kernel: serverNames[0] };
}

/** The text of an error message: `[text, kernel, stage]`, or just the text. */
function errorText(params: unknown): string {
  return String((Array.isArray(params) ? (params as unknown[])[0] : params) ?? '');
}

/** A name with several addresses, none of which answers, gives an error without a text. */
function whatFailed(error: NodeJS.ErrnoException): string {
  return error.message || (error.code ?? 'The connection failed');
}

/**
 * Closes a connection before another one is made under the same name: a genuine server that hears of the end only after the
 * newcomer has said its name takes the name for taken, and then knows neither of them. What still waits to be written goes first.
 */
function closeFirst(socket: Socket): void {
  if (socket.writableLength === 0) socket.destroy();
  else socket.destroySoon();
}
