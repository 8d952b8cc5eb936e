import { once } from 'node:events';
import net from 'node:net';

/** A request over a bare socket, or what answers it. */
export interface BareMessage {
  id: number;
  event: string;
  params?: unknown;
}

/** One end of a connection over which such messages go. */
export interface BarePeer {
  readonly socket: net.Socket;
  /** Sends a message with all others of the turn, in one write. */
  send(message: BareMessage): void;
}

/** Makes the one end of a connection: `receive` is told of each message. */
export type PeerOver = (socket: net.Socket, receive: (message: BareMessage, peer: BarePeer) => void) => BarePeer;

/** Serves `echo`, `sink` and `count`, as the sessions of the other contestants do. */
export function serveBare(over: PeerOver): (port: number) => Promise<void> {
  return async (port) => {
    let count = 0;
    const server = net.createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {});
      over(socket, ({ id, event, params }, peer) => {
        if (event === 'sink') count++;
        else peer.send({ id, event, params: event === 'count' ? count : params });
      });
    });
    await once(server.listen(port, '127.0.0.1', 1024), 'listening');
  };
}

/** Calls from a bare socket. */
export class BareClient {
  readonly peer: BarePeer;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #last = 0;

  constructor(over: PeerOver, socket: net.Socket) {
    this.peer = over(socket, ({ id, params }) => {
      this.#waiting.get(id)?.(params);
      this.#waiting.delete(id);
    });
  }

  static async connect(over: PeerOver, port: number): Promise<BareClient> {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new BareClient(over, socket);
  }

  call(event: string, params: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const id = ++this.#last;
      this.#waiting.set(id, resolve);
      this.peer.send({ id, event, params });
    });
  }

  post(event: string, params: unknown): void {
    this.peer.send({ id: 0, event, params });
  }

  close(): void {
    this.peer.socket.destroy();
  }
}
