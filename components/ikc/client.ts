import { kernel as defaultKernel, type Handle, type KernelView, Session, warn } from '../../core/index.ts';
import { SocketFactory } from '../../wheels/index.ts';
import { Channel } from './channel.ts';
import { checkParameters, checkPeer, type PeerOptions } from './peer-options.ts';
import { Responder } from './responder.ts';
import type { SpecifierLike } from './specifier.ts';
import { readForeign } from './subscriptions.ts';

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
}

const DEFAULT_PORT = 903;

const PARAMETERS = [
  'kernel',
  'ip',
  'port',
  'unix',
  'onConnect',
  'subscribe',
] as const satisfies readonly (keyof ClientOptions)[];

/**
 * Connects to another kernel.
 *
 * Its session is called `IKC Client name` and knows the event `shutdown`, which closes the connection.
 *
 * @example
 * Client.spawn({
 *   port: 31_337, name: 'Client',
 *   onConnect(kernel) { kernel.post('IKC', 'post', 'poe://Server/logger/note', 'connected'); },
 * });
 * @remarks Mirrors POE::Component::IKC::Client. `subscribe` works here, where the original dies.
 */
export class Client {
  readonly #options: ClientOptions;
  readonly #responder: Responder;
  readonly #name: string;
  #kernel!: KernelView;
  #wheel: SocketFactory | null = null;
  #channel: Channel | null = null;

  private constructor(options: ClientOptions, kernel: KernelView, responder: Responder) {
    this.#options = options;
    this.#responder = responder;
    this.#name = options.name ?? `Client${kernel.host.identity.pid}`;
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
        shutdown: () => client.#shutdown(),
      },
    }).id;
  }

  #start(kernel: KernelView): void {
    const { unix, ip = 'localhost', port = DEFAULT_PORT, aliases = [] } = this.#options;
    this.#kernel = kernel;
    kernel.aliasSet(this.#alias);
    this.#responder.registerLocal([this.#name, ...aliases]);
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
      ...this.#options,
      name: this.#name,
      kernel: this.#kernel,
      responder: this.#responder,
      handle,
      isClient: true,
      unix,
      peerAddress: unix === undefined ? `${ip.replaceAll(':', '-')}:${port}` : undefined,
      onReady: (channel, kernel) => this.#ready(channel, kernel),
      onClosed: () => {
        this.#channel = null;
        this.#kernel.aliasRemove(this.#alias);
      },
    });
  }

  #ready(channel: Channel, kernel: KernelView): void {
    const { subscribe = [], onConnect } = this.#options;
    const connect = (): void => {
      onConnect?.(kernel);
      // POE: from here on the channel stands on its own.
      kernel.detachMyself();
    };
    if (subscribe.length === 0) {
      connect();
      return;
    }
    this.#responder.subscribe(subscribe, (granted) => {
      const missing = subscribe.filter((specifier) => !granted.includes(specifier));
      if (missing.length === 0) kernel.post(channel.sessionId, 'run', connect);
      else {
        warn('POE_WARN_IKC_SUBSCRIPTION', `Unable to subscribe to ${missing.map(String).join(', ')}`);
        this.#options.onError?.('subscribe', 0, `Unable to subscribe to ${missing.map(String).join(', ')}`);
        channel.close();
      }
    });
  }

  #failed(operation: string, errno: number, message: string): void {
    this.#wheel?.destroy();
    this.#wheel = null;
    const { onError } = this.#options;
    if (onError !== undefined) onError(operation, errno, message);
    else if (this.#responder.serverError(operation, errno, message) === 0) {
      warn('POE_WARN_IKC_CLIENT', `${this.#alias}: ${operation} error ${errno} ${message}`);
    }
    this.#kernel.aliasRemove(this.#alias);
  }

  #shutdown(): void {
    this.#wheel?.destroy();
    this.#wheel = null;
    this.#channel?.close();
    this.#channel = null;
    // Its name may have been taken back already.
    for (const name of this.#kernel.aliasList() ?? []) this.#kernel.aliasRemove(name);
  }
}

/**
 * Starts a client; the older word for {@link Client.spawn}.
 * @remarks Mirrors POE::Component::IKC::Client, "create_ikc_client".
 */
export function createIkcClient(options: ClientOptions = {}): number {
  return Client.spawn(options);
}
