import {
  debugFor,
  type Handle,
  type KernelView,
  type ListenOptions,
  Session,
  type SharedListener,
  type SocketAddress,
  type SocketResult,
  warn,
} from '../../core/index.ts';
import { type AnnouncedSocket, SocketKeys } from './announcement.ts';
import { createWorkerHooks, type WorkerHooks } from './hooks.ts';
import type { ToChild } from './messages.ts';
import type { PreforkSettings } from './options.ts';
import type { ParentLine } from './parent-line.ts';

const debug = debugFor('prefork:worker');

/** The part of the time for a drain after which what is left is closed in an orderly manner. */
const CLOSE_AFTER = 0.9;
/** The further part that sessions have to close what they hold, before TERM ends them. */
const CLOSE_PART = 0.05;

/**
 * The child's side: listens on the sockets that the parent holds once it is told to, counts connections, and when it has had enough of
 * them, or is told so, finishes what it has and ends.
 *
 * Found with {@link workerOf}.
 */
export class Worker {
  readonly hooks: WorkerHooks;
  readonly #settings: PreforkSettings;
  readonly #line: ParentLine;
  readonly #announced: Map<string, AnnouncedSocket>;
  readonly #keys = new SocketKeys();
  readonly #listeners: { listener: SharedListener; index: number; descriptor: number | undefined }[] = [];
  #kernel!: KernelView;
  #phase: 'spare' | 'serving' | 'draining' | 'drained' = 'spare';
  #connections = 0;
  #open = 0;

  /** @internal */
  constructor(kernel: KernelView, settings: PreforkSettings, line: ParentLine, sockets: readonly AnnouncedSocket[]) {
    this.hooks = kernel.guardHooks(createWorkerHooks());
    this.#settings = settings;
    this.#line = line;
    this.#announced = new Map(sockets.map((socket) => [socket.key, socket]));
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => this.#start(kernel),
        ready: () => this.#ready(),
        sig_TERM: ({ kernel }) => {
          kernel.sigHandled();
          this.#retire('TERM', this.#settings.drainTimeout);
        },
        // The terminal sends it to all processes; it is the parent that acts on it.
        sig_HUP: ({ kernel }) => void kernel.sigHandled(),
        close: (_, seconds: number) => this.#close(seconds),
        end: () => this.#end(),
        look: () => this.#drainedYet(),
      },
    });
    kernel.hooks.shutdown.tapPromise('prefork', () => this.#line.end());
  }

  /** Connections this child has accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Of these, those that are open. */
  get open(): number {
    return this.#open;
  }

  /** Whether the child accepts no more. */
  get draining(): boolean {
    return this.#phase === 'draining' || this.#phase === 'drained';
  }

  // --- beginnings

  #start(kernel: KernelView): void {
    this.#kernel = kernel;
    kernel.aliasSet(`prefork ${kernel.host.identity.pid}`);
    kernel.sig('TERM', 'sig_TERM');
    kernel.sig('HUP', 'sig_HUP');
    kernel.signal(kernel, '__child');
    this.#line.open({
      message: (message, handle) => this.#message(message, handle),
      gone: () => this.#orphaned(),
    });
    this.#line.beat(this.#settings.heartbeat, () => {
      this.#line.send({ type: 'stats', connections: this.#connections, open: this.#open });
    });
    // What listens in the same turn is there by then.
    kernel.yield('ready');
    // POE: the wheel of the original keeps a child alive; so does this.
    kernel.refcountIncrement(kernel.session.id, 'prefork');
  }

  #ready(): void {
    this.#line.send({ type: 'ready' });
  }

  // --- sockets

  /** Whether the parent holds the socket that the program asks for next under this address. */
  inherits(address: SocketAddress): boolean {
    return this.#announced.has(this.#keys.peek(address));
  }

  /** Listens on a socket of the parent's, if it is one. */
  listen(address: SocketAddress, options: ListenOptions): SocketResult<Handle> | undefined {
    const socket = this.#announced.get(this.#keys.next(address));
    const { held } = this.#kernel.host.sockets;
    if (socket === undefined || held === undefined) return undefined;
    const index = [...this.#announced.keys()].indexOf(socket.key);
    const listener = held.share(socket.address, options);
    this.#listeners.push({ listener, index, descriptor: socket.descriptor });
    listener.onAccepted = (closed) => this.#accepted(closed);
    listener.onWanted = (wanted) => {
      if (wanted) this.#arm();
      else listener.shut();
      if (listener.closed) this.#closed();
    };
    listener.onTaken = () => this.#look();
    return { ok: listener };
  }

  /** The program listens no more on one of its sockets: without any a child is of no use. */
  #closed(): void {
    const isLast = this.#listeners.every(({ listener }) => listener.closed);
    if (isLast && !this.draining) this.#drain('closed', this.#settings.drainTimeout);
  }

  get #isFull(): boolean {
    const { concurrency } = this.#settings;
    return concurrency > 0 && this.#open >= concurrency;
  }

  /** Listens where it should, and does not yet. */
  #arm(): void {
    if (this.#phase !== 'serving' || this.#isFull) return;
    for (const one of this.#listeners) {
      const { listener, descriptor, index } = one;
      if (listener.isOpen || !listener.wanted) continue;
      if (descriptor === undefined) {
        // The own descriptor was closed with the last listening: another one has to come.
        this.#line.send({ type: 'wants', index });
      } else {
        one.descriptor = undefined;
        this.#listenOn(listener, { fd: descriptor });
      }
    }
  }

  #listenOn(listener: SharedListener, source: object): void {
    const failed = listener.open(source);
    if (failed !== undefined) debug('cannot listen: %s', failed.message);
  }

  #accepted(socketClosed: (callback: () => void) => void): void {
    this.#connections++;
    this.#open++;
    socketClosed(() => {
      this.#open--;
      this.#arm();
      this.#look();
    });
    const { connections } = this.#settings;
    if (connections > 0 && this.#connections >= connections) this.#drain('connections', undefined);
    else if (this.#isFull) for (const { listener } of this.#listeners) listener.shut();
  }

  // --- the parent

  #message(message: ToChild, handle: object | undefined): void {
    switch (message.type) {
      case 'serve':
        if (this.#phase !== 'spare') break;
        this.#phase = 'serving';
        this.#arm();
        this.#line.send({ type: 'serving' });
        break;
      case 'socket':
        this.#rearm(message.index, handle);
        break;
      case 'retire':
        this.#retire('retire', message.seconds);
        break;
    }
  }

  #rearm(index: number, handle: object | undefined): void {
    const one = this.#listeners.find((candidate) => candidate.index === index);
    if (one === undefined || handle === undefined) return;
    const isWanted = this.#phase === 'serving' && !this.#isFull && one.listener.wanted && !one.listener.isOpen;
    if (isWanted) this.#listenOn(one.listener, handle);
    else (handle as { close(): void }).close();
  }

  #orphaned(): void {
    if (this.#phase === 'drained' || (this.#phase === 'serving' && this.#settings.orphans === 'continue')) return;
    warn('POE_WARN_PREFORK_ORPHAN', 'The parent process has gone: finishing what there is', this.#kernel);
    this.#retire('orphan', this.#settings.drainTimeout);
  }

  // --- ends

  #retire(reason: string, seconds: number): void {
    if (this.#phase === 'drained') return;
    this.#drain(reason, seconds);
  }

  /** Accepts no more. Without a time, what is open is served to its end. */
  #drain(reason: string, seconds: number | undefined): void {
    const isNew = this.#phase !== 'draining';
    this.#phase = 'draining';
    for (const { listener } of this.#listeners) listener.shut();
    if (isNew) {
      if (debug.enabled) debug('drain: %s, %d open', reason, this.#open);
      this.#line.send({ type: 'draining', reason });
      this.hooks.draining.call(reason);
    }
    if (seconds !== undefined) this.#kernel.delay('close', seconds * CLOSE_AFTER, seconds * CLOSE_PART);
    this.#look();
  }

  /** Looks again once the handlers that run are through. */
  #look(): void {
    if (this.#phase === 'draining') this.#kernel.yield('look');
  }

  #drainedYet(): void {
    if (this.#phase !== 'draining' || this.#open > 0) return;
    this.#finish();
  }

  /** The time is nearly up: sessions close what they have. */
  #close(seconds: number): void {
    if (this.#phase !== 'draining') return;
    this.hooks.closing.call();
    this.#kernel.delay('end', seconds);
  }

  #finish(): void {
    this.#phase = 'drained';
    this.#line.send({ type: 'drained', connections: this.#connections });
    this.#kernel.delay('close');
    this.#kernel.delay('end');
    this.#end();
  }

  /** TERM ends the sessions of the program, as it would have had there been no child. */
  #end(): void {
    this.#phase = 'drained';
    const kernel = this.#kernel;
    kernel.sig('TERM');
    kernel.alarmRemoveAll();
    kernel.refcountDecrement(kernel.session.id, 'prefork');
    kernel.aliasRemove(`prefork ${kernel.host.identity.pid}`);
    kernel.signal(kernel, 'TERM');
  }
}
