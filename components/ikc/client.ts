import { debugFor, kernel as defaultKernel, type Handle, type KernelView, Session, warn } from '../../core/index.ts';
import { SocketFactory } from '../../wheels/index.ts';
import type { AwayLink } from './away-link.ts';
import { Backoff, type Reconnect, type ReconnectOptions, readReconnect } from './backoff.ts';
import { Channel, type ChannelEnd } from './channel.ts';
import { checkParameters, checkPeer, type PeerOptions } from './peer-options.ts';
import { Profile } from './profile.ts';
import { Responder } from './responder.ts';
import type { SpecifierLike } from './specifier.ts';
import { type ProxyRecord, readForeign } from './subscriptions.ts';

const debug = debugFor('ikc:client');

export interface ClientOptions extends PeerOptions {
  /** Default: the exported `kernel`. */
  kernel?: KernelView | undefined;
  /** Host to connect to. Default localhost. */
  ip?: string | undefined;
  /** Port, or name of a service. Default 903. */
  port?: number | string | undefined;
  /** Path of a unix socket to connect to, in place of ip and port. */
  unix?: string | undefined;
  /**
   * Called once when everything is ready, in the session of the channel: sessions made in it are its children. Gets the
   * kernel, bound to that session.
   */
  onConnect?: ((kernel: KernelView) => void) | undefined;
  /** Sessions to subscribe to before `onConnect`. If one is not granted, the connection is closed. */
  subscribe?: readonly SpecifierLike[] | undefined;
  /**
   * Connects again, with growing pauses, when the server cannot be reached or the connection is lost. What the link had is there
   * again before `onReconnect` is called: names, subscriptions and their proxies; monitors stay. True takes the defaults.
   */
  reconnect?: boolean | ReconnectOptions | undefined;
  /** Called, as `onConnect` is, each time the connection is back. */
  onReconnect?: ((kernel: KernelView) => void) | undefined;
}

const DEFAULT_PORT = 903;

const PARAMETERS = [
  'kernel',
  'ip',
  'port',
  'unix',
  'onConnect',
  'subscribe',
  'reconnect',
  'onReconnect',
] as const satisfies readonly (keyof ClientOptions)[];

/**
 * Connects to another kernel.
 *
 * Its session is called `IKC Client name` and knows the event `shutdown`, which closes the connection and ends attempts to reconnect.
 *
 * @example
 * Client.spawn({
 *   port: 31_337, name: 'Client',
 *   onConnect(kernel) { kernel.post('IKC', 'post', 'poe://Server/logger/note', 'connected'); },
 * });
 * @remarks Mirrors POE::Component::IKC::Client. `subscribe` works here, where the original dies. `reconnect`, `onReconnect` and
 * `heartbeat` are not of the original.
 */
export class Client {
  readonly #options: ClientOptions;
  readonly #responder: Responder;
  readonly #name: string;
  readonly #profile: Profile;
  #kernel!: KernelView;
  #wheel: SocketFactory | null = null;
  #channel: Channel | null = null;
  readonly #reconnect: Reconnect | undefined;
  readonly #backoff: Backoff | undefined;
  /** Proxies that the link had when it was lost, and that are not there again. */
  readonly #resting = new Set<ProxyRecord>();
  /** The server does not grant what it has to: this attempt has failed, whoever closes the connection. */
  #refused = false;
  /** What stands for the link while it is down. */
  #away: AwayLink | undefined;
  /** Since when the link has been ready, by the monotonic clock; undefined while it is not. */
  #readySince: number | undefined;
  /** Whether it has ever been ready. */
  #wasReady = false;
  #down = false;
  #gone = false;
  /** Whether a failure of this outage has been told of. */
  #warned = false;

  private constructor(options: ClientOptions, kernel: KernelView, responder: Responder) {
    this.#options = options;
    this.#responder = responder;
    this.#name = options.name ?? `Client${kernel.host.identity.pid}`;
    this.#reconnect = readReconnect(options.reconnect);
    const onError = this.#reconnect === undefined ? options.onError : this.#handshakeFailed;
    this.#profile = new Profile({ ...options, name: this.#name, onError }, kernel.id);
    if (this.#reconnect !== undefined) this.#backoff = new Backoff(this.#reconnect, kernel.host.random);
  }

  /**
   * Starts to connect.
   *
   * @returns The number of the client's session.
   * @throws PoeUsageError `POE_ERR_IKC_PARAMETER` for unknown parameters, `POE_ERR_IKC_NAME`, `POE_ERR_IKC_FREEZER` and
   * `POE_ERR_IKC_SPECIFIER` for names, serializers and subscriptions that cannot be.
   * @remarks Mirrors POE::Component::IKC::Client, "spawn". Trouble goes to `onError`, or to the monitors of `*`.
   */
  static spawn(options: ClientOptions = {}): number {
    const kernel = options.kernel ?? defaultKernel;
    checkParameters('an IKC client', options, PARAMETERS);
    checkPeer('an IKC client', options, kernel.id);
    for (const specifier of options.subscribe ?? []) readForeign(specifier);
    const client = new Client(options, kernel, Responder.spawn({ kernel }));
    return Session.create({
      kernel,
      heap: client,
      inlineStates: {
        _start: ({ kernel }) => client.#start(kernel),
        connected: (_, handle: Handle) => client.#connected(handle),
        error: (_, operation: string, errno: number, message: string) => client.#failed(operation, errno, message),
        connect: () => client.#connect(),
        restore: (_, again: Backoff) => client.#restore(again),
        shutdown: () => client.#shutdown(),
        _stop: () => {
          client.#down = true;
          client.#gone = true;
        },
      },
    }).id;
  }

  #start(kernel: KernelView): void {
    this.#kernel = kernel;
    kernel.aliasSet(this.#alias);
    this.#responder.registerLocal([this.#name, ...(this.#options.aliases ?? [])]);
    // While it waits to connect again nobody else would tell it of the end.
    if (this.#reconnect !== undefined) this.#responder.monitor('*', { shutdown: 'shutdown' }, kernel.session);
    this.#connect();
  }

  #connect(): void {
    const { unix, ip = 'localhost', port = DEFAULT_PORT } = this.#options;
    const kernel = this.#kernel;
    this.#wheel = new SocketFactory({
      kernel,
      successEvent: 'connected',
      failureEvent: 'error',
      ...(unix === undefined
        ? { socketDomain: ip.includes(':') ? 'inet6' : 'inet', remoteAddress: ip, remotePort: port }
        : { socketDomain: 'unix', remoteAddress: unix }),
    });
  }

  get #alias(): string {
    return `IKC Client ${this.#name}`;
  }

  #connected(handle: Handle): void {
    const { unix, ip = 'localhost', port = DEFAULT_PORT } = this.#options;
    this.#wheel?.destroy();
    this.#wheel = null;
    this.#channel = new Channel({
      profile: this.#profile,
      kernel: this.#kernel,
      responder: this.#responder,
      handle,
      isClient: true,
      unix,
      peerAddress: unix === undefined ? `${ip.replaceAll(':', '-')}:${port}` : undefined,
      keep: this.#reconnect?.queue,
      away: this.#away,
      onReady: (channel, kernel) => this.#ready(channel, kernel),
      onClosed: (end) => this.#closed(end),
    });
  }

  /** Told as any other failure to connect; the next attempt follows when the channel has closed. */
  readonly #handshakeFailed = (operation: string, errno: number, message: string): void => {
    this.#tell(operation, errno, message);
  };

  #ready(channel: Channel, kernel: KernelView): void {
    const { subscribe = [], onConnect, onReconnect } = this.#options;
    this.#away = undefined;
    const connect = (): void => {
      const first = !this.#wasReady;
      this.#wasReady = true;
      this.#warned = false;
      this.#readySince = kernel.host.clock.monotonic();
      this.#backoff?.succeeded();
      if (first) onConnect?.(kernel);
      else onReconnect?.(kernel);
      // POE: from here on the channel stands on its own.
      kernel.detachMyself();
    };
    if (this.#wasReady) {
      this.#restore(this.#newBackoff(), () => kernel.post(channel.sessionId, 'run', connect));
      return;
    }
    if (subscribe.length === 0) {
      connect();
      return;
    }
    this.#responder.subscribe(subscribe, (granted) => {
      const missing = subscribe.filter((specifier) => !granted.includes(specifier));
      if (missing.length === 0) {
        kernel.post(channel.sessionId, 'run', connect);
        return;
      }
      const text = `Unable to subscribe to ${missing.map(String).join(', ')}`;
      if (!this.#warned) warn('POE_WARN_IKC_SUBSCRIPTION', text, kernel);
      this.#warned = this.#reconnect !== undefined;
      this.#options.onError?.('subscribe', 0, text);
      this.#refused = true;
      channel.close();
    });
  }

  #newBackoff(): Backoff {
    const options = { ...(this.#reconnect as Reconnect), maxAttempts: Number.POSITIVE_INFINITY };
    return new Backoff(options, this.#kernel.host.random);
  }

  /** The link is back: restores what it had, as far as the other side has it again. A server that has only just started may publish in a moment. */
  #restore(again: Backoff, done?: () => void): void {
    const channel = this.#channel;
    if (channel === null) return;
    const records = [...this.#resting];
    this.#responder.restore(records, channel, (refused) => {
      for (const record of records) if (!refused.includes(record)) this.#resting.delete(record);
      if (refused.length > 0 && this.#channel === channel) {
        this.#kernel.delaySet('restore', again.next() as number, again);
      }
      done?.();
    });
  }

  // --- ends

  #closed({ lost, away }: ChannelEnd): void {
    this.#channel = null;
    if (this.#gone) return;
    this.#kernel.delay('restore');
    this.#away = away ?? this.#away;
    for (const record of away?.proxies ?? []) this.#resting.add(record);
    if (this.#readySince !== undefined) {
      this.#backoff?.lasted(this.#kernel.host.clock.monotonic() - this.#readySince);
      this.#readySince = undefined;
    }
    const failed = lost || this.#refused;
    this.#refused = false;
    if (failed) this.#retry();
    else this.#giveUp();
  }

  /** Tries again after a pause, unless there have been enough attempts. */
  #retry(): void {
    if (this.#down) return;
    const seconds = this.#backoff?.next();
    if (seconds !== undefined) {
      debug('%s connects again in %d s', this.#alias, seconds);
      this.#kernel.delay('connect', seconds);
      return;
    }
    if (this.#reconnect !== undefined) {
      this.#warned = false;
      this.#tell('reconnect', 0, `gave up after ${this.#reconnect.maxAttempts} attempts`);
    }
    this.#giveUp();
  }

  #giveUp(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#down = true;
    this.#responder.forget([...this.#resting]);
    if (this.#away !== undefined) this.#responder.isGone(this.#away);
    this.#away = undefined;
    this.#kernel.alarmRemoveAll();
    if (this.#reconnect !== undefined) this.#responder.monitor('*', {}, this.#kernel.session);
    // Its name may have been taken back already.
    for (const name of this.#kernel.aliasList() ?? []) this.#kernel.aliasRemove(name);
  }

  #failed(operation: string, errno: number, message: string): void {
    this.#wheel?.destroy();
    this.#wheel = null;
    this.#tell(operation, errno, message);
    this.#retry();
  }

  #tell(operation: string, errno: number, message: string): void {
    const { onError } = this.#options;
    if (onError !== undefined) onError(operation, errno, message);
    else if (this.#responder.serverError(operation, errno, message) === 0 && !this.#warned) {
      // One warning for all attempts of an outage.
      this.#warned = this.#reconnect !== undefined;
      const more = this.#warned ? '; it tries again' : '';
      const text = `${this.#alias}: ${operation} error ${errno} ${message}${more}`;
      warn('POE_WARN_IKC_CLIENT', text, this.#kernel);
    }
  }

  #shutdown(): void {
    if (this.#down) return;
    this.#down = true;
    this.#wheel?.destroy();
    this.#wheel = null;
    this.#channel?.close();
    this.#channel = null;
    this.#giveUp();
  }
}

/**
 * Starts a client; the older word for {@link Client.spawn}.
 * @remarks Mirrors POE::Component::IKC::Client, "create_ikc_client".
 */
export function createIkcClient(options: ClientOptions = {}): number {
  return Client.spawn(options);
}
