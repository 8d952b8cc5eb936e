/** A peer driven by hand: exact octets out, lines and frames in. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Freezer, freezerFor, Reference } from 'poe-kernel/wheels';

/** How long anything may take that is waited for. */
const PATIENCE_MS = 60_000;

/** Where to connect to. */
export type PeerAddress = { port: number; unix?: undefined } | { unix: string; port?: undefined };

export class IkcPeer {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #frames: Reference;
  readonly #freezer: Freezer;
  #name = 'Peer';
  #ended = false;
  #failure: NodeJS.ErrnoException | undefined;
  #wake: () => void = () => {};

  private constructor(socket: Socket, serializer: string) {
    this.socket = socket;
    this.#freezer = freezerFor(serializer)?.() as Freezer;
    this.#frames = new Reference({ freezer: this.#freezer });
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async connect(address: PeerAddress, serializer = 'Storable'): Promise<IkcPeer> {
    const socket = address.unix === undefined ? connect(address.port, '127.0.0.1') : connect(address.unix);
    await once(socket, 'connect');
    return new IkcPeer(socket, serializer);
  }

  /** This end of a connection that somebody else has made. */
  static accept(socket: Socket): IkcPeer {
    return new IkcPeer(socket, 'Storable');
  }

  /** Connects and shakes hands in one line. */
  static async greet(address: PeerAddress, names = 'Peer', serializer = 'Storable'): Promise<IkcPeer> {
    const peer = await IkcPeer.connect(address, serializer);
    peer.say(`SETUP KERNEL=${names};FREEZER=${serializer};PID=1`);
    const answer = await peer.line();
    if (!answer?.startsWith('SETUP ')) throw new Error(`The server answers the greeting with ${answer}`);
    peer.#name = names.replace(/,.*/, '');
    return peer;
  }

  write(octets: string | Uint8Array): void {
    this.socket.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets);
  }

  /** Writes lines, in one go. */
  say(...lines: string[]): void {
    this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The octets of a frame. */
  frame(message: unknown): Buffer {
    const payload = this.#freezer.freeze(message);
    return Buffer.concat([Buffer.from(`${payload.length}\0`), payload]);
  }

  /** Sends messages, in one go. */
  send(...messages: unknown[]): void {
    this.write(Buffer.concat(messages.map((message) => this.frame(message))));
  }

  /** The next line; undefined at the end of the connection. */
  async line(): Promise<string | undefined> {
    await this.#until(() => this.#received.includes('\r\n') || this.#ended);
    const end = this.#received.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end + 2);
    return line;
  }

  /** The next message; undefined at the end of the connection. */
  async message(): Promise<Record<string, unknown> | undefined> {
    let found: unknown[] = [];
    const look = (): boolean => {
      if (this.#received.length > 0) this.#frames.getOneStart([this.#received]);
      this.#received = Buffer.alloc(0);
      found = this.#frames.getOne();
      return found.length > 0;
    };
    await this.#until(() => look() || this.#ended);
    return found[0] as Record<string, unknown> | undefined;
  }

  /** An event of this peer. */
  event(state: string): { kernel: string; session: string; state: string } {
    return { kernel: this.#name, session: 'me', state };
  }

  /** Calls an event and waits for the next message. */
  async call(event: string, params?: unknown): Promise<unknown> {
    this.send({ event, params, rsvp: this.event('answer') });
    return (await this.message())?.params;
  }

  /** Waits until the other side has closed. Returns the error code of a reset, or undefined. */
  async closed(): Promise<string | undefined> {
    await this.#until(() => this.#ended || this.#failure !== undefined);
    return this.#failure?.code;
  }

  end(): void {
    this.socket.destroy();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  async #until(condition: () => boolean): Promise<void> {
    const late = setTimeout(() => {
      this.#failure ??= new Error('Nothing came');
      this.#wake();
    }, PATIENCE_MS);
    try {
      while (!condition()) {
        if (this.#failure?.message === 'Nothing came') throw this.#failure;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
  }
}
