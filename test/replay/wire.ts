/** Our end of a connection over which a recording is played. */
import type { Socket } from 'node:net';
import type { Patience } from './patience.ts';
import { takeUnit, type Unit } from './units.ts';

/** Beyond this, what is written octet by octet goes in larger pieces: it is the middle of one large frame. */
const SINGLE_OCTETS = 32_768;

export class Wire {
  readonly socket: Socket;
  readonly #patience: Patience;
  #buffer: Buffer = Buffer.alloc(0);
  #taken = 0;
  /** The other side has ended the stream, or reset it. */
  closed = false;

  constructor(socket: Socket, patience: Patience) {
    this.socket = socket;
    this.#patience = patience;
    socket.setNoDelay?.(true);
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
      patience.changed();
    });
    const close = (): void => {
      this.closed = true;
      patience.changed();
    };
    socket.on('end', close);
    socket.on('error', close);
    socket.on('close', close);
  }

  /** The next line or frame, if it has come. */
  take(): Unit | undefined {
    const unit = takeUnit(this.#buffer, this.#taken);
    if (unit === undefined) return undefined;
    this.#buffer = this.#buffer.subarray(unit.end - unit.start);
    this.#taken = unit.end;
    return unit;
  }

  /** The next line or frame, or `closed` if none came before the end. */
  next(): Promise<Unit | 'closed'> {
    return this.#patience.until(() => this.take() ?? (this.closed ? 'closed' : undefined));
  }

  /** What has come and was not taken. */
  get left(): Buffer {
    return this.#buffer;
  }

  /** Writes in one piece, or octet by octet with a turn of the loop between them. */
  async send(octets: Buffer, singly: boolean): Promise<void> {
    if (!singly) {
      this.#write(octets);
      return;
    }
    for (let at = 0; at < octets.length; ) {
      const size = octets.length > 2 * SINGLE_OCTETS && at >= SINGLE_OCTETS ? SINGLE_OCTETS : 1;
      this.#write(octets.subarray(at, at + size));
      at += size;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #write(octets: Buffer): void {
    if (this.socket.writable) this.socket.write(octets);
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  async awaitClosed(): Promise<void> {
    await this.#patience.until(() => (this.closed ? true : undefined));
  }
}
