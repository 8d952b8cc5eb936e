/** Two kernels of ours in this process, one connected to the other. */
import { Kernel, Session, type SessionOptions } from 'poe-kernel';
import { Client, type ClientOptions, Responder, type ServerOptions } from 'poe-kernel/ikc';
import { TestServer } from './ikc-server.ts';

type States = NonNullable<SessionOptions<any, Record<string, any[]>>['inlineStates']>;

/** What a session of the client's kernel has been given, by event. */
export interface Pair {
  server: TestServer;
  kernel: Kernel;
  ikc: Responder;
  /** The session `me` of the client, which has the given handlers. */
  me: Session;
  /** Everything that came to an event `got...` of `me`: event and arguments. */
  got: unknown[][];
}

/** Hands over a connected pair, and ends it whatever happens. */
export async function withPair(
  act: (pair: Pair) => Promise<void>,
  {
    states = {},
    server: serverOptions = {},
    ...options
  }: ClientOptions & { states?: States; server?: ServerOptions } = {},
): Promise<void> {
  await TestServer.use(serverOptions, async (server) => {
    const kernel = new Kernel();
    const ikc = Responder.spawn({ kernel });
    const got: unknown[][] = [];
    const me = Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel, session }) => {
          kernel.aliasSet('me');
          // The kernel goes on without a connection, too.
          kernel.refcountIncrement(session, 'test');
        },
        _default(_, event: string, args: unknown[]) {
          if (event.startsWith('got')) got.push([event, ...args]);
        },
        ...states,
      },
    });
    const running = kernel.run();
    const connected = new Promise<void>((resolve, reject) => {
      Client.spawn({
        kernel,
        ip: '127.0.0.1',
        port: server.port,
        name: 'Mine',
        ...options,
        onConnect: (view) => {
          options.onConnect?.(view);
          resolve();
        },
        onError: (operation, _errno, text) => reject(new Error(`${operation}: ${text}`)),
      });
    });
    try {
      await connected;
      await act({ server, kernel, ikc, me, got });
    } finally {
      ikc.shutdown();
      kernel.signal(kernel, 'TERM');
      await running;
    }
  });
}
