/** A server of ours in this process, for commands to talk to. */
import { after, before } from 'node:test';
import { Kernel, list, Session } from 'poe-kernel';
import { Responder, Server } from 'poe-kernel/ikc';
import { type Ran, runPoe } from './poe-command.ts';

export const kernel = new Kernel();
/** What has been posted to its event `note`. */
export const received: unknown[] = [];
let port = 0;
let running: Promise<void>;

before(() => {
  port = Server.spawn({ kernel, port: 0, name: 'Test', aliases: ['Desk'] }) as number;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['add', 'note', 'echo', 'all', 'nothing', 'tick', 'say', 'two']);
        // Nobody is to be warned of what is refused on purpose.
        kernel.call('IKC', 'monitor', '*', { error: 'trouble' });
      },
      add: (_, [a, b]) => ({ sum: a + b }),
      echo: (_, value) => value,
      all: () => list(1, null, 'three'),
      nothing: () => null,
      note(_, value) {
        received.push(value);
      },
      tick({ kernel, sender }, times: number) {
        for (let n = 1; n <= times; n++) kernel.post(sender, 'tock', n, 'of', times);
      },
      say: ({ kernel, sender }, event: string) => kernel.post(sender, event),
      two({ kernel, sender }) {
        kernel.post(sender, 'first');
        kernel.post(sender, 'second');
      },
      trouble() {},
      close: ({ kernel }) => kernel.aliasRemove('desk'),
    },
  });
  running = kernel.run();
});

after(async () => {
  kernel.post('desk', 'close');
  Responder.spawn({ kernel }).shutdown();
  await running;
});

/** Runs a command. */
export const run = (...words: string[]): Promise<Ran> => runPoe(words);
/** Options that name the server. */
export const here = (): string[] => ['--port', String(port)];
/** The address of the server. */
export const address = (host = 'localhost'): string => `${host}:${port}`;
