import type net from 'node:net';
import { Reference } from 'poe-kernel/wheels';
import type { BareMessage, BarePeer, PeerOver } from './bare-peer.ts';

/** The other end, as messages of IKC name it. */
const SESSION = { kernel: 'Bench', session: 'bench' } as const;

/** What goes over the wire: as much as in a message of IKC, and in the same places. */
interface Frame {
  event: { kernel: string; session: string; state: string };
  params: unknown;
  rsvp: { kernel: string; session: string; state: string };
}

/**
 * What IKC's format costs by itself: frames of Storable as large as IKC's, frozen and thawed by our own filter over a bare socket. Beside that there is
 * nothing of what {@link overJson} lacks.
 */
class FramePeer implements BarePeer {
  readonly socket: net.Socket;
  readonly #receive: (message: BareMessage, peer: BarePeer) => void;
  readonly #filter = new Reference();
  #waiting: Frame[] = [];

  constructor(socket: net.Socket, receive: (message: BareMessage, peer: BarePeer) => void) {
    this.socket = socket;
    this.#receive = receive;
    socket.on('data', (chunk) => this.#read(chunk));
  }

  send({ id, event, params }: BareMessage): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    const { kernel, session } = SESSION;
    this.#waiting.push({
      event: { kernel, session, state: event },
      params,
      rsvp: { kernel, session, state: String(id) },
    });
  }

  #flush(): void {
    const frames = this.#filter.put(this.#waiting);
    this.#waiting = [];
    this.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }

  #read(chunk: Buffer): void {
    this.#filter.getOneStart([chunk]);
    for (;;) {
      const [frame] = this.#filter.getOne() as [] | [Frame];
      if (frame === undefined) return;
      const { event, params, rsvp } = frame;
      this.#receive({ id: Number(rsvp.state), event: event.state, params }, this);
    }
  }
}

export const overFrames: PeerOver = (socket, receive) => new FramePeer(socket, receive);
