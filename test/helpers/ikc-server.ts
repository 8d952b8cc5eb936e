/** A server of ours in this process, with what tells whether it is unharmed. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Kernel, list, Session } from 'poe-kernel';
import { Responder, Server, type ServerOptions } from 'poe-kernel/ikc';
import { IkcPeer } from './ikc-peer.ts';

/** What tells of leaks. */
export interface Figures {
  sessions: number;
  descriptors: number;
}

/** How long anything may take that is waited for. */
const PATIENCE_MS = 60_000;

export class TestServer {
  readonly kernel: Kernel;
  readonly port: number;
  readonly ikc: Responder;
  /** Codes and texts of what the person who runs the program was told. */
  readonly warnings: { code: string; message: string }[] = [];
  readonly #running: Promise<void>;
  readonly #listener = (warning: Error & { code?: string }): void => {
    this.warnings.push({ code: warning.code ?? '', message: warning.message });
  };

  private constructor(options: ServerOptions) {
    this.kernel = new Kernel();
    const { kernel } = this;
    process.on('warning', this.#listener);
    this.ikc = Responder.spawn({ kernel });
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => {
          kernel.aliasSet('app');
          this.ikc.publish('app', [
            'echo',
            'list',
            'blob',
            'fail',
            'fail_later',
            'later',
            'unfreezable',
            'deep',
            'reply',
            'relay',
          ]);
        },
        echo: (_, x) => x,
        list: (_, n: number) => list(...Array.from({ length: n }, (_, i) => i)),
        blob: (_, n) => 'x'.repeat(Number(n)),
        fail: (_, text) => {
          throw new Error(String(text));
        },
        fail_later: async (_, text) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          throw new Error(String(text));
        },
        later: async (_, x) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return x;
        },
        unfreezable: () => () => 'a function',
        deep: () => nested(600),
        reply({ kernel, sender }, x) {
          kernel.post(sender, 'answer', x);
        },
        relay: ({ kernel }, [to, x]) => kernel.call('IKC', 'post', to, x) ?? 'not sent',
      },
    });
    const port = Server.spawn({ kernel, ...(options.unix === undefined ? { port: 0 } : {}), name: 'Test', ...options });
    this.port = port ?? Number(options.port ?? 0);
    this.#running = kernel.run();
  }

  static start(options: ServerOptions = {}): TestServer {
    return new TestServer(options);
  }

  /** Starts one, hands it over, and ends it whatever happens. */
  static async use(options: ServerOptions, act: (server: TestServer) => Promise<void>): Promise<void> {
    const server = TestServer.start(options);
    try {
      await act(server);
    } finally {
      await server.stop();
    }
  }

  /** The figures once everything that went on has come to its end. */
  async atRest(): Promise<Figures> {
    for (let before = this.#figures(), calm = 0; ; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const now = this.#figures();
      calm = now.sessions === before.sessions && now.descriptors === before.descriptors ? calm + 1 : 0;
      if (calm === 4) return now;
      before = now;
    }
  }

  #figures(): Figures {
    return {
      sessions: this.kernel.getSessionCount(),
      descriptors: readdirSync('/proc/self/fd').length,
    };
  }

  /** Waits until there is no more of anything than before. */
  async backTo(before: Figures): Promise<void> {
    await until(
      () => {
        const now = this.#figures();
        return now.sessions <= before.sessions && now.descriptors <= before.descriptors;
      },
      () => `${JSON.stringify(this.#figures())} in place of ${JSON.stringify(before)}`,
    );
    assert.deepEqual(await this.atRest(), before);
  }

  /** The texts of the warnings since the last time, by their code; all of them must have it. */
  async takeWarnings(code: string, count: number): Promise<string[]> {
    await until(
      () => this.warnings.length >= count,
      () => `${this.warnings.length} warnings in place of ${count}`,
    );
    // One more turn, for one too many.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const taken = this.warnings.splice(0);
    assert.deepEqual(
      taken.map((warning) => warning.code),
      Array.from({ length: count }, () => code),
      taken.map(({ message }) => message).join('\n'),
    );
    return taken.map(({ message }) => message);
  }

  /** Another client is served all the while. */
  async serves(name = 'Other'): Promise<void> {
    const peer = await IkcPeer.greet(this, name);
    assert.equal(await peer.call('poe://Test/app/echo', 'served'), 'served');
    peer.end();
  }

  /** Ends; the kernel must come to an end by itself. */
  async stop(): Promise<void> {
    this.ikc.shutdown();
    this.kernel.signal(this.kernel, 'TERM');
    await this.#running;
    process.off('warning', this.#listener);
  }
}

/** Arrays inside each other. */
export function nested(depth: number): unknown[] {
  let value: unknown[] = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

/** Waits until something holds. */
export async function until(condition: () => boolean, found: () => string, patienceMs = PATIENCE_MS): Promise<void> {
  const late = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > late) throw new Error(`It did not come to that: ${found()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
