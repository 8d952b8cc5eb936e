/** A network of one machine for simulated hosts: every connection is a wire that the test can cut, with or without a word. */
import type { Duplex } from 'node:stream';
import {
  Completion,
  type Connected,
  errnoFailure,
  type Handle,
  MODE_READ,
  type Mode,
  type Port,
  port,
  type SocketAddress,
  type SocketHost,
  type SocketResult,
  twoWay,
} from 'poe-kernel';
import type { SimulatedHost } from 'poe-kernel/testing';

const ADDRESS = '127.0.0.1';
const FIRST_EPHEMERAL = 40_000;

/** Two ends with a piece of cable between them, in which octets can vanish. */
class Wire {
  readonly ends: readonly [Duplex, Duplex];
  readonly #middle: readonly [Duplex, Duplex];
  /** Nothing gets through, and nobody is told: the machine at the other end has lost its power. */
  silent = false;
  /** Octets that have come through, by the end they were written at. */
  readonly carried = [0, 0];

  constructor() {
    const [left, inLeft] = twoWay();
    const [right, inRight] = twoWay();
    this.ends = [left, right];
    this.#middle = [inLeft, inRight];
    for (const [index, from, to] of [
      [0, inLeft, inRight],
      [1, inRight, inLeft],
    ] as const) {
      from.on('data', (octets: Buffer) => {
        if (this.silent) return;
        (this.carried as number[])[index] = (this.carried[index] as number) + octets.length;
        to.write(octets);
      });
      from.on('end', () => {
        if (!this.silent) to.end();
      });
    }
  }

  /** Both ends see the connection end. */
  cut(): void {
    for (const end of this.#middle) end.end();
  }

  /** One end goes on reading nothing: what is written to it stays where it is. */
  stall(): void {
    for (const end of this.#middle) end.pause();
  }
}

class Listener implements Port {
  readonly [port]: Port = this;
  onReady: ((mode: Mode) => void) | null = null;
  readonly error = null;
  readonly writeError = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly waiting: Connected[] = [];
  readonly #close: () => void;

  constructor(close: () => void) {
    this.#close = close;
  }

  arrive(connected: Connected): void {
    this.waiting.push(connected);
    this.onReady?.(MODE_READ);
  }

  ready(mode: Mode): boolean {
    return mode === MODE_READ && this.waiting.length > 0;
  }

  watch(): void {}
  unwatch(): void {}
  read(): undefined {
    return undefined;
  }
  write(): void {}
  shutdown(): void {}
  close(): void {
    this.#close();
  }
}

export class SimulatedNetwork {
  readonly #listeners = new Map<number, Listener>();
  readonly #addresses = new WeakMap<object, SocketAddress>();
  #wire: Wire | undefined;
  #ephemeral = FIRST_EPHEMERAL;
  /** Seconds it takes to connect. */
  latency = 0.001;
  /** Attempts to connect so far. */
  attempts = 0;

  /** The sockets of one host. */
  plug(host: SimulatedHost): SocketHost {
    return {
      listen: (address) => this.#listen(address),
      claimPath: () => new Completion(() => () => {}),
      releasePath() {},
      accept: (listener) => (listener as Listener).waiting.shift() ?? null,
      connect: (address) =>
        new Completion<SocketResult<Connected>>((complete) =>
          host.loop.after(this.latency, () => complete(this.#connect(address))),
        ),
      // Wires carry streams only.
      datagrams: () => ({ failed: errnoFailure('socket', 'EAFNOSUPPORT') }),
      connectDatagrams: () => new Completion(() => () => {}),
      service: () => undefined,
      resolve: () => new Completion(() => () => {}),
      localAddress: (handle) => this.#addresses.get(handle as object),
    };
  }

  /** The wire that was laid last. */
  get wire(): Wire {
    return this.#wire as Wire;
  }

  #listen(address: SocketAddress): SocketResult<Handle> {
    const number = address.family === 'unix' ? 0 : address.port || this.#ephemeral++;
    if (this.#listeners.has(number)) return { failed: errnoFailure('bind', 'EADDRINUSE') };
    const listener: Listener = new Listener(() => {
      if (this.#listeners.get(number) === listener) this.#listeners.delete(number);
    });
    this.#listeners.set(number, listener);
    this.#addresses.set(listener, { family: 4, address: ADDRESS, port: number });
    return { ok: listener };
  }

  #connect(address: SocketAddress): SocketResult<Connected> {
    this.attempts++;
    const listener = address.family === 'unix' ? undefined : this.#listeners.get(address.port);
    if (listener === undefined) return { failed: errnoFailure('connect', 'ECONNREFUSED') };
    const wire = new Wire();
    this.#wire = wire;
    const [near, far] = wire.ends;
    const own = { family: 4, address: ADDRESS, port: this.#ephemeral++ } as const;
    this.#addresses.set(near, own);
    this.#addresses.set(far, address);
    listener.arrive({ socket: far, peer: { address: ADDRESS, port: own.port } });
    const peer = address as { port: number };
    return { ok: { socket: near, peer: { address: ADDRESS, port: peer.port } } };
  }
}
