import type { Socket } from 'node:net';
import { constants } from 'node:os';
import {
  debugFor,
  errnoNumber,
  type Handle,
  type Handler,
  type KernelView,
  PoeError,
  Session,
  type SocketAddress,
  warn,
} from '../../core/index.ts';
import { type Freezer, type PeerLimits, ReadWrite, Reference, SysRW } from '../../wheels/index.ts';
import type { AwayLink } from './away-link.ts';
import {
  ClientHandshake,
  type Handshake,
  type HandshakeDone,
  HandshakeLines,
  type HandshakeStep,
  ServerHandshake,
} from './handshake/index.ts';
import { answersPings, Heartbeat, readHeartbeat } from './heartbeat.ts';
import type { ChannelLimits } from './limits.ts';
import type { Link } from './link.ts';
import { readMessage, type WireMessage } from './message.ts';
import { addressName, unixName } from './names.ts';
import type { Remains } from './outages.ts';
import { Outbox } from './outbox.ts';
import { PeerFilter } from './peer-filter.ts';
import type { OnError } from './peer-options.ts';
import type { Profile } from './profile.ts';
import type { Responder } from './responder.ts';
import { withRsvpKernel } from './rsvp.ts';

const debug = debugFor('ikc:channel');

const KEEP_ALIVE_MS = 30_000;
/** Octets that are not held back until the slice ends. */
const PORTION = 8192;
/** How long a peer whose name somebody else claims may take to show that it is there. */
const PROBE_SECONDS = 5;

/** For the wheel: the channel keeps its own, which name the peer. */
const NO_LIMITS: Readonly<Partial<PeerLimits>> = Object.freeze({
  maxQueued: Number.POSITIVE_INFINITY,
  stuckTimeout: Number.POSITIVE_INFINITY,
  frameTimeout: Number.POSITIVE_INFINITY,
});

/** How a channel has ended. */
export interface ChannelEnd {
  /** Whether nobody here wanted it to. */
  readonly lost: boolean;
  /** What stands for the link until it comes back. @internal */
  readonly away: AwayLink | undefined;
}

export interface ChannelOptions {
  /** What it has in common with other connections. */
  profile: Profile;
  kernel: KernelView;
  responder: Responder;
  /** The connected socket. */
  handle: Handle;
  /** Whether this side has connected. */
  isClient: boolean;
  /** The address of our end, if it is known. */
  ownAddress?: string | undefined;
  /** Path of the unix socket the connection goes over. */
  unix?: string | undefined;
  /** What the peer is called in any case: the dialled address on a client, the address of its end on a server. */
  peerAddress?: string | undefined;
  /** Called once, in the channel's session, when the connection is ready. */
  onReady?: ((channel: Channel, kernel: KernelView) => void) | undefined;
  /** If the link is to come back when it is lost: how many messages are kept for it meanwhile. @internal */
  keep?: number | undefined;
  /** The link that this one takes the place of. @internal */
  away?: AwayLink | undefined;
  /** Called once when the channel has closed. */
  onClosed?: ((end: ChannelEnd) => void) | undefined;
}

/**
 * One connection to another kernel: shakes hands, then passes messages to the responder and from it.
 *
 * A peer that breaks the protocol or a limit is closed; the process goes on, and one line of the log names the peer and
 * the reason.
 *
 * @remarks Mirrors POE::Component::IKC::Channel.
 */
export class Channel implements Link {
  readonly isLocal = false;
  realName = '';
  aliases: readonly string[] = [];
  readonly sessionId: number;

  readonly #options: ChannelOptions;
  readonly #limits: Readonly<ChannelLimits>;
  readonly #responder: Responder;
  readonly #ownName: string;
  readonly #peer: string;
  /** Undefined once it is through: thousands of idle connections need it no more. */
  #handshake: Handshake | undefined;
  readonly #driver = new SysRW();
  /** All that the peer calls itself, also what another connection was called first. */
  #announced: readonly string[] = [];
  #kernel!: KernelView;
  #wheel!: ReadWrite;
  #filter!: PeerFilter;
  #onError: OnError | undefined;
  #registered = false;
  /** No more messages are sent or received; what was put is still written. */
  #shutdown = false;
  #closed = false;
  /** The end is what somebody here wants. */
  #wanted = false;
  /** The end is what the peer is to blame for, and a warning has said so. */
  #dropped = false;
  #alias = '';
  /** Octets were read since the last look at an unfinished frame. */
  #progress = false;
  #watchesFrame = false;
  #watchesWriting = false;
  /** The peer has taken octets since the last look at what waits to be written. */
  #written = false;
  readonly #outbox = new Outbox();
  /** Octets handed to the system, or to what stands before it. */
  #handed = 0;
  /** How much had been put when what waited was last written before the end of the slice. */
  #offered = 0;
  /** More waits to be written than should. */
  #isHigh = false;
  #heartbeat: Heartbeat | undefined;
  /** Something has come since the last look of the heartbeat. */
  #heard = false;
  #isProbed = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    const { profile } = options;
    this.#limits = profile.limits;
    this.#responder = options.responder;
    this.#onError = profile.options.onError;
    const names = profile.namesAt(options.ownAddress ?? this.#findAddress());
    this.#ownName = names[1] ?? options.kernel.id;
    this.#peer = options.peerAddress ?? options.unix ?? 'unknown peer';
    this.#handshake = this.#makeHandshake(names);
    this.sessionId = this.#spawn().id;
  }

  #findAddress(): string {
    const { unix, isClient, kernel, handle } = this.#options;
    if (unix !== undefined) {
      const { identity } = kernel.host;
      return unixName(unix, isClient ? { pid: identity.pid, fileno: identity.next('unix client') } : undefined);
    }
    const address = kernel.host.sockets.localAddress(handle) as SocketAddress & { address: string; port: number };
    return address === undefined ? '' : addressName(address.address, address.port);
  }

  #makeHandshake(names: readonly string[]): Handshake {
    const { isClient, profile, unix, peerAddress, kernel } = this.#options;
    const options = {
      protocol: profile.options.protocol,
      names,
      freezers: profile.freezers,
      pid: kernel.host.identity.pid,
      // POE: a client over a unix socket knows its server as 'unix:n' as well.
      peerAddress: unix !== undefined ? (isClient ? 'unix:n' : undefined) : peerAddress,
      limits: profile.handshakeLimits,
    };
    return isClient ? new ClientHandshake(options) : new ServerHandshake(options);
  }

  #spawn(): Session {
    return Session.create<Channel>({ kernel: this.#options.kernel, heap: this, inlineStates: Channel.#states });
  }

  /** PERF: ikc-visits: the same functions for every channel, which is the heap of its session. */
  static readonly #states: Readonly<Record<string, Handler<Channel>>> = Object.freeze<Record<string, Handler<Channel>>>(
    {
      _start: ({ heap, kernel, session }) => heap.#start(kernel, session),
      line: ({ heap }, line: string) => heap.#line(line),
      receive: ({ heap }, value: unknown) => heap.#receive(value),
      error: ({ heap }, operation: string, errno: number, message: string) => heap.#failed(operation, errno, message),
      broken: ({ heap }, error: unknown) => heap.#broken(error),
      flushed: ({ heap }) => heap.#flushed(),
      high: ({ heap }) => heap.#high(),
      low: ({ heap }) => heap.#low(),
      ready: ({ heap, kernel }) => {
        if (!heap.#shutdown) heap.#options.onReady?.(heap, kernel);
      },
      run: (_, act: () => void) => act(),
      handshakeTimeout: ({ heap }) =>
        heap.#drop('handshake', `no handshake within ${heap.#limits.handshakeTimeout} s (${heap.#handshake?.status})`),
      frameTimeout: ({ heap }) => heap.#checkFrame(),
      writeTimeout: ({ heap }) => heap.#checkWriting(),
      heartbeat: ({ heap }) => heap.#beat(),
      probeTimeout: ({ heap }) => heap.#checkProbe(),
      shutdown: ({ heap }) => heap.close(),
      close: ({ heap }) => heap.close(),
      _stop: ({ heap }) => {
        heap.#wanted = true;
        heap.#end();
      },
    },
  );

  // --- handshake

  #start(kernel: KernelView, session: Session): void {
    this.#kernel = kernel;
    this.#alias = `Channel ${session.id}`;
    kernel.aliasSet(this.#alias);
    setUp(this.#options.handle);
    this.#wheel = new ReadWrite({
      kernel,
      handle: this.#options.handle,
      driver: this.#driver,
      filter: this.#filterOf(new HandshakeLines({ maxLine: this.#limits.handshakeMaxLine })),
      inputEvent: 'line',
      errorEvent: 'error',
      highMark: this.#limits.highQueued,
      highEvent: 'high',
      lowMark: this.#limits.lowQueued,
      lowEvent: 'low',
      limits: NO_LIMITS,
    });
    this.#responder.begin(this);
    kernel.delay('handshakeTimeout', this.#limits.handshakeTimeout);
    this.#step((this.#handshake as Handshake).start());
  }

  #line(line: string): void {
    if (!this.#closed && this.#handshake !== undefined) this.#step(this.#handshake.line(line));
  }

  #step({ send, done, failed }: HandshakeStep): void {
    if (send.length > 0) this.#wheel.put(...send);
    if (failed !== undefined) this.#drop('handshake', failed.message);
    else if (done !== undefined) this.#begin(done);
  }

  /** Both sides agree: registers the peer and turns from lines to frames. */
  #begin(done: HandshakeDone): void {
    const kernel = this.#kernel;
    this.#handshake = undefined;
    kernel.delay('handshakeTimeout');
    const [realName, ...aliases] = done.peerNames as [string, ...string[]];
    if (debug.enabled) debug('session %d is ready: %s, %s, %s', this.sessionId, realName, done.protocol, done.freezer);
    this.#announced = done.peerNames;
    this.#registered = this.#responder.register(this, realName, aliases, done.pid);
    if (!this.#registered) this.realName = realName;
    this.#onError = undefined;
    if (this.#options.onReady !== undefined) kernel.yield('ready');
    this.#driver.on('read', () => {
      this.#progress = true;
      this.#heard = true;
      if (!this.#watchesFrame) this.#watchFrame();
    });
    this.#handed = 0;
    this.#driver.on('written', (octets) => {
      this.#written = true;
      this.#handed += octets;
    });
    // The handshake only agrees upon serializers that were listed.
    const freezer = this.#options.profile.freezer(done.freezer) as Freezer;
    this.#wheel.event({ inputEvent: 'receive', flushedEvent: 'flushed' });
    const filter = this.#filterOf(new Reference({ freezer, maxFrame: this.#limits.maxFrame, afterLines: true }));
    this.#wheel.setOutputFilter(filter);
    // What was posted while the link was down goes out before anything that is posted now.
    if (this.#options.away !== undefined) this.#responder.isBack(this.#options.away, this);
    // POE: frames that came with the last line are handled before anybody is told that the channel is ready.
    if (!this.#closed) this.#wheel.setInputFilter(filter);
    if (this.#closed) return;
    this.#responder.tell(this, 'channel', 'ready', this.sessionId);
    this.#startHeartbeat();
  }

  #filterOf(filter: HandshakeLines | Reference): PeerFilter {
    this.#filter = new PeerFilter(filter, this.#kernel);
    return this.#filter;
  }

  // --- messages

  #receive(value: unknown): void {
    if (this.#shutdown) return;
    let message: ReturnType<typeof readMessage>;
    try {
      message = readMessage(value);
    } catch (error) {
      this.#broken(error);
      return;
    }
    this.#responder.receive(message, this);
  }

  get isOpen(): boolean {
    return !this.#shutdown && !this.#closed;
  }

  claims(name: string): boolean {
    return this.#announced.includes(name);
  }

  send(message: WireMessage, sender?: Session): boolean {
    if (!this.isOpen) {
      this.#responder.undeliverable(message, sender, `the link to ${this.realName} is closed`);
      return false;
    }
    this.#wheel.put(withRsvpKernel(message, this.#ownName));
    const waiting = this.#wheel.getDriverOutOctets();
    const end = this.#handed + this.#driver.getOutOctetsBuffered();
    this.#outbox.put(message, sender, end, end - waiting);
    if (waiting > this.#limits.maxQueued) {
      this.#drop('write', `slow_peer: ${waiting} octets wait to be written, ${this.#limits.maxQueued} are the limit`);
      return false;
    }
    if (waiting >= this.#limits.highQueued) this.#high();
    // PERF: ikc-in-flight, 1.5x: the peer works on what a slice has brought so far while the rest is made.
    if (end - this.#offered >= PORTION) {
      this.#offered = end;
      this.#wheel.flush();
    }
    return true;
  }

  #high(): void {
    this.#watchWriting();
    if (this.#isHigh || this.#closed) return;
    this.#isHigh = true;
    this.#responder.queueMark(this, 'high', this.#wheel.getDriverOutOctets());
  }

  #low(): void {
    this.#unwatchWriting();
    if (!this.#isHigh || this.#closed) return;
    this.#isHigh = false;
    this.#responder.queueMark(this, 'low', this.#wheel.getDriverOutOctets());
  }

  // --- signs of life

  #startHeartbeat(): void {
    const options = readHeartbeat(this.#options.profile.options.heartbeat);
    if (options === undefined || !answersPings(this.realName)) return;
    this.#heartbeat = new Heartbeat(options);
    this.#kernel.delay('heartbeat', this.#heartbeat.pace);
  }

  #beat(): void {
    const heartbeat = this.#heartbeat;
    if (heartbeat === undefined || this.#shutdown) return;
    const beat = heartbeat.look(this.#heard);
    this.#heard = false;
    if (beat === 'dead') {
      this.#drop('read', `dead_peer: nothing came for ${heartbeat.patience} s, no answer to pings either`);
      return;
    }
    if (beat === 'ping') this.#ping(heartbeat.patience);
    this.#kernel.delay('heartbeat', heartbeat.pace);
  }

  #ping(seconds: number): void {
    // The answer may come over another connection of the same kernel.
    this.#responder.ping(this, seconds, () => {
      this.#heard = true;
    });
  }

  probe(): void {
    if (this.#heartbeat === undefined || this.#shutdown || this.#isProbed) return;
    this.#isProbed = true;
    this.#heard = false;
    this.#ping(PROBE_SECONDS);
    this.#kernel.delay('probeTimeout', PROBE_SECONDS);
  }

  #checkProbe(): void {
    this.#isProbed = false;
    if (!this.#heard)
      this.#drop('read', `dead_peer: another connection has its name, and it does not answer for ${PROBE_SECONDS} s`);
  }

  // --- limits in time

  #watchFrame(): void {
    this.#watchesFrame = true;
    this.#progress = false;
    this.#kernel.delay('frameTimeout', this.#limits.frameTimeout);
  }

  #checkFrame(): void {
    this.#watchesFrame = false;
    if (this.#closed || this.#filter.getPending() === null) return;
    if (this.#progress) this.#watchFrame();
    else this.#drop('read', `no octet of an unfinished frame came for ${this.#limits.frameTimeout} s`);
  }

  #watchWriting(): void {
    if (this.#watchesWriting || this.#closed) return;
    this.#watchesWriting = true;
    this.#written = false;
    this.#kernel.delay('writeTimeout', this.#limits.stuckTimeout);
  }

  #checkWriting(): void {
    this.#watchesWriting = false;
    if (this.#written) this.#watchWriting();
    else this.#drop('write', `slow_peer: took nothing for ${this.#limits.stuckTimeout} s`);
  }

  #unwatchWriting(): void {
    if (!this.#watchesWriting) return;
    this.#watchesWriting = false;
    this.#kernel.delay('writeTimeout');
  }

  // --- ends

  /** The connection has failed, or the peer has closed it. */
  #failed(operation: string, errno: number, message: string): void {
    if (this.#closed) return;
    const regular = operation === 'read' && errno === 0;
    if (this.#onError !== undefined) this.#onError(operation, errno, message);
    else if (this.#tellError(operation, `[${errno}] ${message}`) === 0 && !regular) {
      const text = `Channel to ${this.#peer}: ${operation} error ${errno} ${message}`;
      warn('POE_WARN_IKC_CHANNEL', text, this.#kernel);
    }
    if (regular && !this.#registered && this.realName === '') {
      debug('%s closed before the handshake was through', this.#peer);
    }
    this.#end();
  }

  #tellError(operation: string, text: string): number {
    return this.#responder.channelError(this, operation, text);
  }

  #broken(error: unknown): void {
    this.#drop('read', error instanceof PoeError ? error.message : String(error));
  }

  /** Closes the connection because of what the peer did: names it and the reason, once. */
  #drop(operation: string, reason: string): void {
    if (this.#closed) return;
    this.#dropped = true;
    const [name] = this.#announced;
    const who = name === undefined ? this.#peer : `${name} (${this.#peer})`;
    warn('POE_WARN_IKC_PEER_DROPPED', `Closed the connection to ${who}: ${reason}`, this.#kernel);
    const errno = errnoNumber('EPROTO') || constants.errno.EIO;
    if (this.#onError !== undefined) this.#onError(operation, errno, reason);
    else this.#tellError(operation, `[${errno}] ${reason}`);
    this.#end();
  }

  close(): void {
    this.#shutdown = true;
    this.#wanted = true;
    this.#responder.unregister(this, this.#beforeUnregistered);
    if (this.#closed) return;
    // What is left goes out first, if the peer takes it.
    if (this.#wheel.getDriverOutOctets() === 0) this.#end();
    else this.#watchWriting();
  }

  #flushed(): void {
    this.#outbox.clear();
    this.#low();
    if (this.#shutdown) this.#end();
  }

  readonly #beforeUnregistered = (): void => void this.#responder.tell(this, 'channel', 'close', this.sessionId);

  /** What has not left for sure, and nobody but this channel knows of. */
  #remains(): Remains {
    const put = this.#handed + this.#driver.getOutOctetsBuffered();
    const { doubtful, unsent } = this.#outbox.rest(put - this.#wheel.getDriverOutOctets(), this.#handed);
    return {
      doubtful,
      unsent,
      keep: this.#wanted ? undefined : this.#options.keep,
      known: this.#dropped,
    };
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#shutdown = true;
    this.#filter.closed = true;
    const away = this.#responder.unregister(this, this.#beforeUnregistered, this.#remains());
    this.#driver.removeAllListeners();
    this.#wheel.destroy();
    this.#kernel.alarmRemoveAll();
    this.#kernel.aliasRemove(this.#alias);
    this.#options.onClosed?.({ lost: !this.#wanted, away });
  }
}

/** Small messages leave at once, and a peer whose machine has gone is found out. */
function setUp(handle: Handle): void {
  const socket = handle as Partial<Pick<Socket, 'setNoDelay' | 'setKeepAlive'>>;
  socket.setNoDelay?.(true);
  socket.setKeepAlive?.(true, KEEP_ALIVE_MS);
}
