import { kernel, Session, type SessionOptions } from 'poe-kernel';
import { type Filter, Line, ReadWrite, SocketFactory } from 'poe-kernel/wheels';

export const ADDRESS = '127.0.0.1';

// biome-ignore lint/suspicious/noExplicitAny: cases declare no events
type States = NonNullable<SessionOptions<any, any>['inlineStates']>;

/** What both sides do about trouble: a case that fails has no figure. */
const fail: States[string] = (_, operation, _errno, text) => {
  throw new Error(`${operation}: ${text}`);
};

/**
 * A server that runs on: each connection has a wheel in `heap.clients`, by its ID, until its client goes.
 *
 * @param input - Handles the records of all of them.
 */
export function serve(port: number, input: States[string], makeFilter: () => Filter = () => new Line()): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.clients = new Map();
        heap.listener = new SocketFactory({
          kernel,
          bindAddress: ADDRESS,
          bindPort: port,
          successEvent: 'accepted',
          failureEvent: 'failed',
        });
      },
      accepted({ kernel, heap }, socket) {
        const wheel = new ReadWrite({
          kernel,
          handle: socket,
          filter: makeFilter(),
          inputEvent: 'input',
          errorEvent: 'gone',
        });
        heap.clients.set(wheel.id, wheel);
      },
      input,
      gone({ heap }, _operation, _errno, _text, id) {
        heap.clients.get(id).destroy();
        heap.clients.delete(id);
      },
      failed: fail,
    },
  });
  kernel.run();
}

/**
 * Connects so often, and runs until the session has nothing left to do.
 *
 * @param states - `connected` gets each socket; trouble of wheels goes to `failed`.
 */
export async function connect(port: number, connections: number, states: States): Promise<void> {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.connectors = Array.from(
          { length: connections },
          () =>
            new SocketFactory({
              kernel,
              remoteAddress: ADDRESS,
              remotePort: port,
              successEvent: 'connected',
              failureEvent: 'failed',
            }),
        );
      },
      failed: fail,
      ...states,
    },
  });
  await kernel.run();
}
