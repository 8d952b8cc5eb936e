import type net from 'node:net';
import type { BareMessage, BarePeer, PeerOver } from './bare-peer.ts';

/**
 * The limit that IKC is held against: JSON behind its length over a bare socket, with one write for all messages of a turn. Nothing is
 * checked, there are no sessions, names, permissions, limits or heartbeats.
 */
class JsonPeer implements BarePeer {
  readonly socket: net.Socket;
  readonly #receive: (message: BareMessage, peer: BarePeer) => void;
  #rest = '';
  #waiting = '';

  constructor(socket: net.Socket, receive: (message: BareMessage, peer: BarePeer) => void) {
    this.socket = socket;
    this.#receive = receive;
    socket.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
  }

  send(message: BareMessage): void {
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
      this.#receive(JSON.parse(text.slice(nul + 1, end)) as BareMessage, this);
    }
    this.#rest = text.slice(at);
  }
}

export const overJson: PeerOver = (socket, receive) => new JsonPeer(socket, receive);
