/** A server that is ended and started again, and a client that has to find all of it back each time. */
import assert from 'node:assert/strict';
import { Session } from 'poe-kernel';
import type { IkcWorld, Member } from './ikc-world.ts';

const FIRST = ['register', 'channel ready', 'subscribe'];
const LAST = ['channel close', 'unregister'];

export class Restarts {
  readonly client: Member;
  readonly #world: IkcWorld;
  #server: Member;
  readonly #told: string[] = [];
  #rounds = 0;

  private constructor(world: IkcWorld) {
    this.#world = world;
    this.#server = world.server();
    this.client = world.client({
      reconnect: { initialDelay: 1, maxDelay: 4, jitter: 0 },
      subscribe: ['poe://Server/app'],
    });
    const told = this.#told;
    const names = ['register', 'unregister', 'channel', 'subscribe', 'unsubscribe', 'deadLetter'];
    const states = names.map((name) => [name, (_: unknown, ...args: unknown[]) => void told.push(shown(name, args))]);
    Session.create({
      kernel: this.client.kernel,
      inlineStates: {
        ...Object.fromEntries(states),
        _start: ({ session }) => {
          this.client.kernel.refcountIncrement(session, 'watcher');
          this.client.ikc.monitor('Server', Object.fromEntries(names.map((name) => [name, name])), session);
        },
      },
    });
  }

  static async begin(world: IkcWorld): Promise<Restarts> {
    const restarts = new Restarts(world);
    await world.advance(1);
    assert.deepEqual(restarts.#take(), FIRST);
    return restarts;
  }

  /** Once more. Throws if anything is not as it was. */
  async again(): Promise<void> {
    const [world, { kernel, ikc, letters }] = [this.#world, this.client];
    const round = ++this.#rounds;
    await this.#server.end();
    await world.advance(0.5);
    assert.deepEqual(this.#take(), LAST, `restart ${round}`);
    this.#server = world.server();
    await world.advance(2);
    assert.deepEqual(this.#take(), FIRST, `restart ${round}`);
    kernel.post('poe://Server/app', 'note', round);
    const [echo] = await Promise.all([ikc.call('poe://Server/app/echo', round), world.advance(0.5)]);
    assert.equal(echo, round);
    assert.deepEqual(this.#server.got, [['note', round]]);
    assert.deepEqual(letters, []);
  }

  #take(): string[] {
    return this.#told.splice(0);
  }
}

/** The event, and `ready` or `close` of a channel. */
function shown(name: string, args: readonly unknown[]): string {
  return name === 'channel' ? `channel ${args[4]}` : name;
}
