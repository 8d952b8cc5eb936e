/** A TCP server of components that sends lines back, and what tells whether all of its connections have gone. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { Kernel, Peek } from 'poe-kernel';
import { ServerTCP } from 'poe-kernel/components';

/** How many clients are there at once. */
const AT_ONCE = 50;

/** What a connection takes while it lasts. */
export interface Held {
  readonly sessions: number;
  readonly descriptors: number;
  /** Handles that sessions watch. */
  readonly handles: number;
}

export class EchoServer {
  readonly #kernel = new Kernel();
  readonly #peek = new Peek(this.#kernel);
  readonly #running: Promise<void>;
  port = 0;

  constructor() {
    ServerTCP.create({
      kernel: this.#kernel,
      alias: 'echo',
      started: ({ heap }) => {
        this.port = (heap.listener.getsockname() as { port: number }).port;
      },
      clientInput: ({ heap }, line) => void heap.client.put(line),
      clientError() {},
    });
    this.#running = this.#kernel.run();
  }

  /** So many clients ask once and leave. */
  async serve(clients: number): Promise<void> {
    let begun = 0;
    const one = async (): Promise<void> => {
      while (begun < clients) {
        const line = `client ${begun++}\r\n`;
        const socket = connect(this.port, '127.0.0.1');
        socket.write(line);
        const [answer] = await once(socket.setEncoding('latin1'), 'data');
        assert.equal(answer, line);
        socket.end();
        await once(socket, 'close');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  held(): Held {
    return {
      sessions: this.#kernel.getSessionCount(),
      descriptors: readdirSync('/proc/self/fd').length,
      handles: this.#peek.handleCount(),
    };
  }

  /** What is held once nothing is more than at `start`; the last figures if that does not come about within 10 s. */
  async atRest(start: Held): Promise<Held> {
    for (let tries = 0; ; tries++) {
      const now = this.held();
      const isMore = (Object.keys(start) as (keyof Held)[]).some((what) => now[what] > start[what]);
      if (!isMore || tries === 1000) return now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    this.#kernel.post('echo', 'shutdown');
    await this.#running;
  }
}
