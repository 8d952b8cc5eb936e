import { once } from 'node:events';
import net from 'node:net';

/** A request of the limit, or what answers it. */
export interface JsonMessage {
  id: number;
  event: string;
  params?: unknown;
}

/**
 * The limit that IKC is held against: JSON behind its length over a bare socket, with one write for all messages of a turn. Nothing is
 * checked, there are no sessions, names, permissions, limits or heartbeats.
 */
export class JsonPeer {
  readonly socket: net.Socket;
  readonly #receive: (message: JsonMessage, peer: JsonPeer) => void;
  #rest = '';
  #waiting = '';

  constructor(socket: net.Socket, receive: (message: JsonMessage, peer: JsonPeer) => void) {
    this.socket = socket;
    this.#receive = receive;
    socket.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
  }

  send(message: JsonMessage): void {
    if (this.#waiting === '') process.nextTick(() => this.#flush());
    const text = JSON.stringify(message);
    this.#waiting += `${text.length}\0${text}`;
  }

  #flush(): void {
    this.socket.write(this.#waiting);
    this.#waiting = '';
  }

  #read(chunk: string): void {
    const text = this.#rest + chunk;
    let at = 0;
    for (;;) {
      const nul = text.indexOf('\0', at);
      if (nul < 0) break;
      const end = nul + 1 + Number(text.slice(at, nul));
      if (end > text.length) break;
      at = end;
      this.#receive(JSON.parse(text.slice(nul + 1, end)) as JsonMessage, this);
    }
    this.#rest = text.slice(at);
  }
}

/** Serves `echo`, `sink` and `count`, as the sessions of the other contestants do. */
export async function serveJson(port: number): Promise<void> {
  let count = 0;
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    new JsonPeer(socket, ({ id, event, params }, peer) => {
      if (event === 'sink') count++;
      else peer.send({ id, event, params: event === 'count' ? count : params });
    });
  });
  await once(server.listen(port, '127.0.0.1', 1024), 'listening');
}

/** Calls from a bare socket. */
export class JsonClient {
  readonly peer: JsonPeer;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #last = 0;

  constructor(socket: net.Socket) {
    this.peer = new JsonPeer(socket, ({ id, params }) => {
      this.#waiting.get(id)?.(params);
      this.#waiting.delete(id);
    });
  }

  static async connect(port: number): Promise<JsonClient> {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new JsonClient(socket);
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
