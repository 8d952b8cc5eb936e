import { kernel as defaultKernel, type EventFor, type Handle, type PeerAddress } from '../core/index.ts';
import { own } from './owned-handles.ts';
import { parameterMissing, parametersOf, Wheel, type WheelOptions, warnUnknown } from './wheel.ts';

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
export class ListenAccept<E = any> extends Wheel<ListenAcceptEventNames<E>> {
  readonly #handle: Handle;

  /** @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without handle or acceptEvent, `POE_ERR_HANDLE` for what is no handle. */
  constructor(options: ListenAcceptOptions<E>) {
    const { kernel = defaultKernel, handle, acceptEvent, errorEvent } = checked(options);
    super(kernel, { acceptEvent, errorEvent }, ['acceptEvent']);
    this.#handle = handle;
    this.watchRead(handle, () => this.#accept());
  }

  #accept(): void {
    const { sockets, handles } = this.kernel.host;
    const accepted = sockets.accept(this.#handle);
    if (accepted !== null) {
      own(accepted.socket);
      this.send(this.events.acceptEvent, accepted.socket, accepted.peer);
      return;
    }
    const { error } = handles.portOf(this.#handle);
    if (error === null) return;
    this.kernel.selectRead(this.#handle);
    this.sendError(this.events.errorEvent, 'accept', error.errno, error.message);
  }
}

/** Options in which everything is that must be. */
function checked<O extends ListenAcceptOptions>(options: O): O {
  if (parametersOf('ListenAccept', options).handle === undefined) throw parameterMissing('ListenAccept', 'handle');
  warnUnknown('ListenAccept', options, PARAMETERS);
  return options;
}
