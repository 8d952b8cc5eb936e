/** A recording, with our client in the place of the recorded one: the recorded server is played by sockets. */
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freezerFor } from '../../wheels/index.ts';
import { Bindings } from './bindings.ts';
import { type Outcome, type Play, within } from './case.ts';
import { type Connection, type Conversation, type Piece, type Said, textOf } from './conversation.ts';
import { deviationsOf } from './deviations.ts';
import { FullClient } from './full-client.ts';
import { LiteClient } from './lite-client.ts';
import { frameDifferences } from './match.ts';
import { type Program, programsOf } from './programs.ts';
import { hasDied } from './recording.ts';
import { Stream } from './stream.ts';
import type { Unit } from './units.ts';
import { shown } from './values.ts';
import { Wire } from './wire.ts';

/** Listens on a port that the recording does not name: what the recorded server is called must not be the same by chance. */
async function listenBeside(server: Server, recording: string): Promise<number> {
  for (;;) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    if (!recording.includes(`:${port}`)) return port;
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Our client, doing what the recorded program did. */
export interface Driver {
  /** Rules by which it does something else on purpose, as far as they have applied. */
  readonly notes: ReadonlySet<string>;
  /** Begins to connect. */
  connect(): void;
  /** Does what made the program send a frame; nothing for one that is an answer. */
  act(said: Said): Promise<void>;
  /** Whether IKC or a handler has sent a frame by itself, since it was asked. */
  isReaction(said: Said): boolean;
  /** What is to be expected in place of a recorded frame. */
  expected(said: Said): Said['frame'];
  /** Prepares for a frame that will be received. */
  prepare(said: Said): void;
  /** Waits until a frame that was received has had its effect, and looks whether it is the right one. */
  received(said: Said): Promise<void>;
  /** Closes the connection. */
  close(conn: number): Promise<void>;
  /** Looks at what else there is, when all is over. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

let paths = 0;

/** Where the played server listens. */
export type Where = { ip: string; port: number } | { unix: string };

export async function playClient(play: Play): Promise<Outcome> {
  const skipped = unplayable(play);
  if (skipped !== undefined) return { notes: [], skipped };
  const role = new ClientRole(play);
  try {
    await role.start();
    await role.run();
    return { notes: role.notes };
  } finally {
    await role.stop();
  }
}

/** Why there is no client to be played. */
function unplayable({ conversation }: Play): string | undefined {
  if (conversation.recording.probe === true) return 'a probe has no genuine client';
  const { deaf } = deviationsOf(conversation);
  for (const { isLite, freezers, name, connections } of programsOf(conversation)) {
    if (connections.some(({ conn }) => deaf.get(conn)?.why === 'split-end')) {
      return 'line ends came in two pieces, and the recorded peers saw two';
    }
    if (!freezers.some(isOurs))
      return `our ${isLite ? 'ClientLite' : 'Client'} has no serializer ${freezers.join(', ')}`;
    if (/ /.test(name) && connections.some(isStepwise))
      return `our Client does not begin what cannot end, the name '${name}' over IKC`;
  }
  return undefined;
}

/** Whether the client has begun to shake hands step by step, at once or after a refusal. */
function isStepwise({ said }: Connection): boolean {
  return said.client.some((unit) => unit.kind === 'line' && textOf(unit) === 'HELLO');
}

/** One connection while it is played. */
interface Line {
  wire: Wire;
  stream: Stream;
  /** Nothing that is recorded of it is played any more. */
  over: boolean;
  /** The server has closed it. */
  ended: boolean;
}

function isOurs(freezer: string): boolean {
  return freezerFor(freezer) !== undefined;
}

/** Offers of serializers that we do not have, and the refusals of these: ours does not make them. */
function foreignOffers({ connections }: Conversation): Set<Said> {
  const offers = [...connections.values()].flatMap(({ said }) => {
    const foreign = said.client.filter((unit) => {
      const name = /^FREEZER (.+)$/.exec(unit.kind === 'line' ? textOf(unit) : '')?.[1];
      return name !== undefined && !isOurs(name);
    });
    const refusals = foreign.flatMap((offer) => said.server.find(({ step }) => step > offer.step) ?? []);
    return [...foreign, ...refusals];
  });
  return new Set(offers);
}

class ClientRole {
  readonly #play: Play;
  /** Numbers of sessions mean something in one program only. */
  readonly #bindings = new Map<Driver, Bindings>();
  readonly #drivers = new Map<number, Driver>();
  readonly #programs: Program[];
  readonly #wires = new Map<number, Line>();
  #unread = false;
  readonly #accepted: Socket[] = [];
  readonly #expected: Set<Said>;
  readonly #foreign: Set<Said>;
  #server: Server | undefined;
  #where: Where = { ip: '127.0.0.1', port: 0 };

  constructor(play: Play) {
    this.#play = play;
    this.#programs = programsOf(play.conversation);
    this.#foreign = foreignOffers(play.conversation);
    this.#expected = new Set(
      play.conversation.said.filter((said) => said.from === 'client' && !this.#foreign.has(said)),
    );
  }

  get notes(): string[] {
    const notes = new Set([...this.#drivers.values()].flatMap((driver) => [...driver.notes]));
    if (this.#programs.some(({ at }) => hasDied(this.#play.conversation.recording, at))) {
      notes.add('the recorded client died; ours goes on');
    }
    if (this.#programs.some(({ freezers }) => !freezers.every(isOurs))) {
      notes.add('our Client offers no serializer that it does not have');
    }
    if (this.#unread) notes.add('what the recorded client sent cannot be read, it was played up to there');
    return [...notes];
  }

  async start(): Promise<void> {
    const { recording } = this.#play.conversation;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#accepted.push(socket);
      this.#play.patience.changed();
    });
    this.#server = server;
    const unix = recording.variable.server_listens === 'unix';
    const path = join(tmpdir(), `replay-${process.pid}-c${++paths}.sock`);
    if (unix) {
      await new Promise<void>((resolve) => server.listen(path, resolve));
      this.#where = { unix: path };
    } else {
      this.#where = { ip: '127.0.0.1', port: await listenBeside(server, JSON.stringify(recording)) };
    }
    for (const program of this.#programs) {
      const bindings = new Bindings();
      // A ClientLite of ours names the server by its ID, whatever it has dialled.
      const dialled = 'unix' in this.#where ? 'unix' : `127.0.0.1:${this.#where.port}`;
      const { client_connects_to: address, server_kernel_id: id } = recording.variable;
      bindings.name(address, program.isLite ? id : dialled);
      const options = { program, play: this.#play, where: this.#where, bindings };
      const driver = program.isLite ? new LiteClient(options) : new FullClient(options);
      this.#bindings.set(driver, bindings);
      for (const { conn } of program.connections) this.#drivers.set(conn, driver);
    }
  }

  async run(): Promise<void> {
    for (const piece of this.#play.conversation.pieces) {
      const { step, conn, index } = piece;
      await within(`step ${index + 1} (${step.from}, connection ${conn})`, () => this.#step(piece));
    }
    await within('the end', async () => {
      for (const { wire } of this.#wires.values()) wire.end();
      for (const driver of new Set(this.#drivers.values())) await driver.finish();
      for (const [conn, { wire }] of this.#wires) {
        const unit = wire.take();
        if (unit !== undefined) throw new Error(`connection ${conn}: expected no more, got ${shown(textOf(unit))}`);
      }
    });
  }

  async #step(piece: Piece): Promise<void> {
    const { step, conn, octets } = piece;
    const driver = this.#drivers.get(conn);
    if (driver === undefined) return;
    if (step.event === 'connect') {
      await this.#connect(piece, driver);
      return;
    }
    const line = this.#wires.get(conn);
    if (line === undefined || line.over) return;
    if (step.event === 'close') {
      if (step.from === 'server') {
        line.ended = true;
        line.wire.end();
      } else {
        if (!line.ended) await driver.close(conn);
        await line.wire.awaitClosed();
      }
    } else if (octets === undefined) return;
    else if (step.from === 'client') await this.#clientSends(line, piece, driver);
    else await this.#serverSends(line, piece, driver);
  }

  #of(driver: Driver): Bindings {
    return this.#bindings.get(driver) as Bindings;
  }

  async #connect({ step, conn }: Piece, driver: Driver): Promise<void> {
    driver.connect();
    const socket = await this.#play.patience.until(() => this.#accepted.shift());
    if (!('unix' in this.#where)) this.#of(driver).name(step.addr, `${socket.remoteAddress}:${socket.remotePort}`);
    const connection = this.#play.conversation.connections.get(conn) as Connection;
    this.#wires.set(conn, {
      wire: new Wire(socket, this.#play.patience),
      stream: new Stream(connection, 'server', this.#of(driver)),
      over: false,
      ended: false,
    });
  }

  async #clientSends(line: Line, { conn, end }: Piece, driver: Driver): Promise<void> {
    const { wire } = line;
    for (const said of this.#expected) {
      if (said.conn !== conn || said.end > end) continue;
      this.#expected.delete(said);
      if (said.kind === 'frame' && said.frame?.value === undefined) {
        this.#unread = true;
        line.over = true;
        return;
      }
      if (said.kind === 'frame') await driver.act(said);
      await this.#expect(said, wire, driver);
    }
  }

  async #expect(said: Said, wire: Wire, driver: Driver): Promise<void> {
    for (;;) {
      const unit = await wire.next();
      if (unit === 'closed') throw new Error('our client has closed the connection');
      const difference = this.#difference(said, unit, driver);
      if (difference === undefined) return;
      if (!this.#isEarly(said, unit, driver)) throw new Error(difference);
    }
  }

  /** Whether it is an answer that was recorded later: when a program makes its next request is its own affair. */
  #isEarly(said: Said, unit: Unit, driver: Driver): boolean {
    for (const later of this.#expected) {
      if (later.conn !== said.conn || !driver.isReaction(later)) continue;
      if (this.#difference(later, unit, driver) !== undefined) continue;
      this.#expected.delete(later);
      return true;
    }
    return false;
  }

  #difference(said: Said, unit: Unit, driver: Driver): string | undefined {
    const found = textOf(unit);
    if (unit.kind !== said.kind) return `expected a ${said.kind}, got a ${unit.kind} ${shown(found)}`;
    if (said.kind === 'line') {
      this.#bindUnixName(said, found, this.#of(driver));
      const expected = this.#of(driver)
        .text(textOf(said))
        .replace(/PID=\d+$/, `PID=${process.pid}`)
        .replace(/(?<=;FREEZER=)[^;]+/, (names) => names.split(',').filter(isOurs).join());
      return found === expected ? undefined : `expected '${expected}', got '${found}'`;
    }
    const { value, freezer } = driver.expected(said) ?? {};
    if (value === undefined || freezer === undefined) return undefined;
    return frameDifferences(value, unit.octets, freezer, this.#of(driver))[0];
  }

  /** The connecting end of a unix socket has a name of its own making. */
  #bindUnixName(said: Said, found: string, bindings: Bindings): void {
    const name = /unix:[-.\w]+:\d+-\d+/;
    const [recorded] = name.exec(textOf(said)) ?? [];
    const [ours] = name.exec(found) ?? [];
    if (recorded !== undefined && ours !== undefined) bindings.name(recorded, ours);
  }

  async #serverSends({ wire, stream }: Line, piece: Piece, driver: Driver): Promise<void> {
    const { start, end, conn } = piece;
    const connection = this.#play.conversation.connections.get(conn) as Connection;
    const { server } = connection.said;
    if (server.some((said) => said.start === start && said.end === end && this.#foreign.has(said))) return;
    const completed = server.filter((said) => said.end > start && said.end <= end && said.kind === 'frame');
    for (const said of completed) driver.prepare(said);
    await wire.send(stream.cut(start, end), this.#play.octets && this.#programs.some(({ isLite }) => isLite));
    for (const said of completed) await driver.received(said);
  }

  async stop(): Promise<void> {
    for (const driver of new Set(this.#drivers.values())) await driver.stop();
    for (const { wire } of this.#wires.values()) wire.socket.destroy();
    for (const socket of this.#accepted) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
    if ('unix' in this.#where) rmSync(this.#where.unix, { force: true });
  }
}
