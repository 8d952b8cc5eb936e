/** Kernels that talk over IKC in a simulation: servers that come and go, clients, and a network between them. */
import { Kernel, Session, type SessionOptions } from 'poe-kernel';
import { Client, type ClientOptions, type DeadLetter, Responder, Server, type ServerOptions } from 'poe-kernel/ikc';
import { Simulation, type SimulationOptions } from 'poe-kernel/testing';
import { SimulatedNetwork } from './simulated-network.ts';

type States = NonNullable<SessionOptions<any, Record<string, any[]>>['inlineStates']>;

const PORT = 603;

/** A process of the world. */
export interface Member {
  readonly kernel: Kernel;
  readonly ikc: Responder;
  /** What events of its session `app` have been given, those whose name begins with `got`, or has no handler. */
  readonly got: unknown[][];
  /** Messages that could not be delivered. */
  readonly letters: DeadLetter[];
  /** Ends it in an orderly way. */
  end(): Promise<void>;
}

export class IkcWorld {
  readonly simulation: Simulation;
  readonly network = new SimulatedNetwork();
  readonly #members = new Set<Member>();

  constructor(options: SimulationOptions = {}) {
    this.simulation = new Simulation({ time: 'manual', ...options, sockets: (host) => this.network.plug(host) });
  }

  /** Hands a world over, and ends everything in it whatever happens. */
  static async use(act: (world: IkcWorld) => Promise<void>, options?: SimulationOptions): Promise<void> {
    const world = new IkcWorld(options);
    try {
      await act(world);
    } finally {
      await Promise.all([...world.#members].map((member) => member.end()));
    }
  }

  /** A process with a session `app`, whose events are published. */
  member(states: States = {}): Member {
    const kernel = new Kernel({ host: this.simulation.host() });
    const ikc = Responder.spawn({ kernel });
    const got: unknown[][] = [];
    const letters: DeadLetter[] = [];
    ikc.hooks.deadLetter.tap('test', (letter) => letters.push(letter));
    const handlers: States = { echo: (_, x) => x, note: (_, x) => void got.push(['note', x]), ...states };
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, session }) {
          kernel.aliasSet('app');
          kernel.refcountIncrement(session, 'test');
          ikc.publish('app', Object.keys(handlers));
        },
        _default: (_, event: string, args: unknown[]) => void got.push([event, ...args]),
        ...handlers,
      },
    });
    const running = kernel.run();
    const member: Member = {
      kernel,
      ikc,
      got,
      letters,
      end: async () => {
        if (!this.#members.delete(member)) return;
        ikc.shutdown();
        kernel.signal(kernel, 'TERM');
        await this.simulation.settle();
        await running;
      },
    };
    this.#members.add(member);
    return member;
  }

  server(options: ServerOptions = {}, states: States = {}): Member {
    const member = this.member(states);
    Server.spawn({ kernel: member.kernel, port: PORT, name: 'Server', ...options });
    return member;
  }

  client(options: ClientOptions = {}, states: States = {}): Member {
    const member = this.member(states);
    Client.spawn({ kernel: member.kernel, port: PORT, name: 'Client', onError: () => {}, ...options });
    return member;
  }

  advance(seconds: number): Promise<void> {
    return this.simulation.advance(seconds);
  }
}
