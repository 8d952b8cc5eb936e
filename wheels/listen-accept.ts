import { kernel as defaultKernel, type EventFor, type Handle, type PeerAddress, warn } from '../core/index.ts';
import { own } from './owned-handles.ts';
import { parameterMissing, Wheel, type WheelOptions, warnUnknown } from './wheel.ts';

/** What the events of a ListenAccept bring: ARG0 and on. */
export interface ListenAcceptEvents {
  /** A connection: the socket, the address and port at the other end, and the wheel. */
  acceptEvent: [socket: Handle, peer: PeerAddress, wheelId: number];
  /** Why accepting failed: `'accept'`, errno, text. */
  errorEvent: [operation: string, errno: number, message: string, wheelId: number];
}

/** The events of a ListenAccept, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ListenAcceptEventNames<E = any> {
  acceptEvent?: EventFor<E, ListenAcceptEvents['acceptEvent']> | undefined;
  errorEvent?: EventFor<E, ListenAcceptEvents['errorEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ListenAcceptOptions<E = any> extends WheelOptions<E> {
  /** A listening socket that the program made: Node's `net.Server`. */
  handle: Handle;
  /** Called for each connection. */
  acceptEvent: EventFor<E, ListenAcceptEvents['acceptEvent']>;
  /** Called when accepting fails. */
  errorEvent?: EventFor<E, ListenAcceptEvents['errorEvent']> | undefined;
}

const PARAMETERS: ReadonlySet<string> = new Set(['kernel', 'handle', 'acceptEvent', 'errorEvent']);

/**
 * Accepts connections on a listening socket that the program made. The socket stays open when the wheel is destroyed.
 *
 * @example
 * const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
 * heap.acceptor = new ListenAccept({ handle: server, acceptEvent: 'accepted' });
 * @remarks Mirrors POE::Wheel::ListenAccept. The peer is `{ address, port }` here, not packed octets.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class ListenAccept<E = any> extends Wheel {
  readonly #handle: Handle;
  #acceptEvent: string;
  #errorEvent: string | undefined;

  /** @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without handle or acceptEvent, `POE_ERR_HANDLE` for what is no handle. */
  constructor(options: ListenAcceptOptions<E>) {
    super(checked(options).kernel ?? defaultKernel);
    this.#handle = options.handle;
    this.#acceptEvent = options.acceptEvent;
    this.#errorEvent = options.errorEvent;
    const state = this.addState('select accept', () => this.#accept());
    this.kernel.selectRead(this.#handle, state);
    this.onDestroy(() => this.kernel.selectRead(this.#handle));
  }

  #accept(): void {
    const { sockets, handles } = this.kernel.host;
    const accepted = sockets.accept(this.#handle);
    if (accepted !== null) {
      own(accepted.socket);
      this.send(this.#acceptEvent, accepted.socket, accepted.peer);
      return;
    }
    const { error } = handles.portOf(this.#handle);
    if (error === null) return;
    this.kernel.selectRead(this.#handle);
    this.send(this.#errorEvent, 'accept', error.errno, error.message);
  }

  /**
   * Renames events; an undefined errorEvent is turned off.
   * @remarks Mirrors POE::Wheel::ListenAccept, "event". An undefined acceptEvent or an unknown name is a warning.
   */
  event(names: ListenAcceptEventNames<E>): void {
    for (const [name, value] of Object.entries(names)) {
      if (name === 'errorEvent') this.#errorEvent = value;
      else if (name !== 'acceptEvent') warn('POE_WARN_PARAMETER', `Ignoring unknown ListenAccept parameter '${name}'`);
      else if (value === undefined)
        warn('POE_WARN_PARAMETER', 'acceptEvent requires an event name; it stays as it was');
      else this.#acceptEvent = value;
    }
  }
}

/** Options in which everything is that must be. */
function checked(options: ListenAcceptOptions): ListenAcceptOptions {
  if (options.handle === undefined) throw parameterMissing('ListenAccept', 'handle');
  if (options.acceptEvent === undefined) throw parameterMissing('ListenAccept', 'acceptEvent');
  warnUnknown('ListenAccept', options, PARAMETERS);
  return options;
}
