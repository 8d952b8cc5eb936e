/** A server of ours, a session `desk` in it, and a peer that is driven by hand: after the handshake both sides are equal. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type HandlerContext, Session } from 'poe-kernel';
import type { ServerOptions } from 'poe-kernel/ikc';
import { IkcPeer, type PeerAddress } from '../../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../../helpers/ikc-server.ts';

type Handler = (context: any, ...args: any[]) => unknown;

export interface Scene {
  readonly server: TestServer;
  readonly peer: IkcPeer;
  /** Events of `desk` without a handler, with their arguments. */
  readonly got: unknown[][];
  /** Does something in the session `desk`. */
  in<T>(act: (context: HandlerContext) => T): T;
  /** Calls an event of the session IKC from `desk`. */
  ikc(event: string, ...args: unknown[]): unknown;
  /** The next message to the peer, without what is not looked at. */
  message(): Promise<Record<string, unknown>>;
}

export interface SceneOptions extends ServerOptions {
  /** Handlers of `desk`. */
  states?: Record<string, Handler>;
  /** What `desk` publishes. */
  publish?: readonly string[];
  /** Names that the peer announces. */
  names?: string;
}

export function withScene(act: (scene: Scene) => Promise<void>, options: SceneOptions = {}): Promise<void> {
  const { states = {}, publish = [], names = 'Peer', ...rest } = options;
  return TestServer.use(rest, async (server) => {
    const got: unknown[][] = [];
    const desk = Session.create({
      kernel: server.kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('desk');
          if (publish.length > 0) server.ikc.publish('desk', publish);
        },
        act: (context, what: Handler) => what(context),
        _default(_, event: string, args: unknown[]) {
          if (!event.startsWith('_')) got.push([event, ...args]);
        },
        ...states,
      },
    });
    const peer = await greet(rest.unix === undefined ? server : { unix: rest.unix }, names);
    const inDesk = <T>(what: (context: HandlerContext) => T): T => server.kernel.call(desk, 'act', what) as T;
    try {
      await act({
        server,
        peer,
        got,
        in: inDesk,
        ikc: (event, ...args) => inDesk(({ kernel }) => kernel.call('IKC', event, ...args)),
        async message() {
          const message = await peer.message();
          if (message === undefined) throw new Error('The server has closed');
          return { ...message };
        },
      });
    } finally {
      peer.end();
    }
  });
}

/** A port at which a test is the server, by hand: `next()` is the other end of the next connection. */
export async function withListener(act: (port: number, next: () => Promise<IkcPeer>) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted: IkcPeer[] = [];
  server.on('connection', (socket) => accepted.push(IkcPeer.accept(socket)));
  let taken = 0;
  try {
    await act((server.address() as AddressInfo).port, async () => {
      await until(
        () => accepted.length > taken,
        () => 'nobody connects',
      );
      return accepted[taken++] as IkcPeer;
    });
  } finally {
    for (const peer of accepted) peer.socket.destroy();
    server.close();
  }
}

/** A path is bound only once it is known that nobody answers there. */
async function greet(address: PeerAddress, names: string): Promise<IkcPeer> {
  for (let left = 200; ; left--) {
    try {
      return await IkcPeer.greet(address, names);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
