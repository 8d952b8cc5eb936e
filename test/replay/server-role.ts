/** A recording, with our server in the place of the recorded one: the recorded client is played by sockets. */
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kernel, type Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { unixName } from '../../components/ikc/names.ts';
import { INTEROP_EVENTS, spawnInteropSessions } from '../interop/sessions.ts';
import { Bindings } from './bindings.ts';
import { type Outcome, type Play, within } from './case.ts';
import { type Connection, errorOf, type Piece, type Said, textOf } from './conversation.ts';
import { type Deviations, deviationsOf, expectedOn } from './deviations.ts';
import { foreignSessionsOf, spawnForeignSession } from './foreign-sessions.ts';
import { frameDifferences } from './match.ts';
import { type Told, toldDifference, toldIn, Watchers } from './observations.ts';
import { octetHandles } from './octet-host.ts';
import { Stream } from './stream.ts';
import type { Unit } from './units.ts';
import { at, same, shown } from './values.ts';
import { Wire } from './wire.ts';

let paths = 0;

export async function playServer(play: Play): Promise<Outcome> {
  const role = new ServerRole(play);
  try {
    await role.start();
    await role.run();
    return { notes: role.notes };
  } finally {
    await role.stop();
  }
}

/** One connection while it is played. */
interface Line {
  connection: Connection;
  wire: Wire;
  stream: Stream;
  /** Nothing that is recorded of it is played any more. */
  over: boolean;
  /** The client has closed it. */
  ended: boolean;
}

class ServerRole {
  readonly #play: Play;
  readonly #deviations: Deviations;
  readonly #bindings = new Bindings();
  readonly #kernel: Kernel;
  readonly #lines = new Map<number, Line>();
  readonly #expected = new Set<Said>();
  readonly #answered: Told[] = [];
  #running: Promise<void> = Promise.resolve();
  #watchers: Watchers | undefined;
  #where: { port: number } | { path: string } = { port: 0 };

  constructor(play: Play) {
    this.#play = play;
    const { conversation, octets } = play;
    this.#deviations = deviationsOf(conversation);
    this.#kernel = new Kernel({
      // With the recorded ID, what the recorded client says of it is right octet for octet.
      id: conversation.recording.variable.server_kernel_id,
      ...(octets ? { host: { handles: octetHandles() } } : {}),
    });
    for (const said of conversation.said) if (said.from === 'server') this.#expected.add(said);
  }

  get notes(): string[] {
    return this.#deviations.notes;
  }

  // --- the server

  async start(): Promise<void> {
    const { recording, connections } = this.#play.conversation;
    const kernel = this.#kernel;
    const [, name = 'Interop', ...others] =
      [...connections.values()].find(({ names }) => names.server.length > 1)?.names.server ?? [];
    const address = others.at(-1);
    const unix =
      recording.variable.server_listens === 'unix'
        ? join(tmpdir(), `replay-${process.pid}-${++paths}.sock`)
        : undefined;
    const port = Server.spawn({
      kernel,
      name,
      aliases: others.slice(0, -1),
      protocol: this.#protocol(),
      ...(unix === undefined ? { port: 0 } : { unix }),
      ...(this.#deviations.raiseWrongLines ? { limits: { handshakeMaxErrors: Number.POSITIVE_INFINITY } } : {}),
    });
    spawnInteropSessions(kernel);
    this.#retractRefused();
    const observed = (recording.observed ?? []).filter((each) => each.at === 'server');
    this.#watchers = new Watchers(kernel, observed, this.#play.patience.changed);
    for (const foreign of foreignSessionsOf(this.#play.conversation)) {
      spawnForeignSession(kernel, foreign, this.#answered, this.#play.patience.changed);
    }
    this.#running = kernel.run();
    if (unix === undefined) {
      this.#where = { port: port as number };
      this.#bindings.name(recording.variable.server_listens, `127.0.0.1:${port}`);
      this.#bindings.name(recording.variable.client_connects_to, `127.0.0.1:${port}`);
    } else {
      this.#where = { path: unix };
      if (address !== undefined) this.#bindings.name(address, unixName(unix));
      await within('start', () => this.#awaitPath(unix));
    }
  }

  /** A server is set to IKC0 if it takes SETUP or passes it over, and to IKC if it refuses it; without a SETUP it may be either. */
  #protocol(): 'IKC' | 'IKC0' {
    const lines = this.#play.conversation.said.filter(({ kind }) => kind === 'line');
    const greetings = lines.filter((unit) => textOf(unit).startsWith('SETUP'));
    if (greetings.some(({ from }) => from === 'server')) return 'IKC0';
    const answers = greetings.map(({ conn, step }) => lines.find((unit) => unit.conn === conn && unit.step > step));
    const passedOver = answers.some(
      (answer) => answer !== undefined && (answer.from === 'client' || textOf(answer) !== 'NOT'),
    );
    return passedOver ? 'IKC0' : 'IKC';
  }

  /** What the recorded server had not published of the contract, ours has not either. */
  #retractRefused(): void {
    for (const { message } of this.#play.conversation.said) {
      const [, session, state] =
        /^Session '(.*?)' has not published state '(.*?)'/.exec(errorOf(message)?.text ?? '') ?? [];
      if (session === 'interop' && INTEROP_EVENTS.includes(state as string)) {
        this.#kernel.call('IKC', 'retract', session, [state]);
      }
    }
  }

  async #awaitPath(unix: string): Promise<void> {
    const server = this.#kernel.aliasResolve(`IKC Server unix:${unix}`) as Session;
    const looking = setInterval(this.#play.patience.changed, 1);
    try {
      await this.#play.patience.until(() => (server.getHeap() as Server).getsockname());
    } finally {
      clearInterval(looking);
    }
  }

  // --- the play

  async run(): Promise<void> {
    for (const piece of this.#play.conversation.pieces) {
      const { step, conn, index } = piece;
      await within(`step ${index + 1} (${step.from}, connection ${conn})`, () => this.#step(piece));
    }
    await within('the end', () => this.#end());
  }

  async #step(piece: Piece): Promise<void> {
    const { step, conn, octets } = piece;
    if (step.event === 'connect' || step.event === 'refused') {
      await this.#connect(piece);
      return;
    }
    const line = this.#lines.get(conn);
    if (line === undefined || line.over) return;
    if (step.event === 'close')
      await (step.from === 'client' ? this.#clientCloses(line, step.how) : this.#serverCloses(line, piece));
    else if (octets === undefined) return;
    else if (step.from === 'client') await this.#clientSends(line, piece);
    else await this.#expectAll(this.#due(piece));
  }

  async #connect({ step, conn }: Piece): Promise<void> {
    const { connections } = this.#play.conversation;
    const connection = connections.get(conn) as Connection;
    const socket = connect(this.#where as { port: number });
    const wire = new Wire(socket, this.#play.patience);
    let connected = false;
    socket.on('connect', () => {
      connected = true;
      this.#play.patience.changed();
    });
    await this.#play.patience.until(() => (connected || wire.closed ? true : undefined));
    if (!connected) throw new Error('the connection was refused');
    if ('port' in this.#where) this.#bindings.name(step.seen_by_server, addressOf(socket));
    const stream = new Stream(connection, 'client', this.#bindings);
    this.#lines.set(conn, { connection, wire, stream, over: false, ended: false });
    if (step.event === 'refused') this.#clientCloses(this.#lines.get(conn) as Line, 'eof');
  }

  async #clientSends(line: Line, piece: Piece): Promise<void> {
    const { wire, stream, connection } = line;
    await wire.send(stream.cut(piece.start, piece.end), false);
    const deaf = this.#deviations.deaf.get(connection.conn);
    if (deaf === undefined || deaf.why === 'late-lf' || piece.end <= deaf.from) return;
    if (deaf.why === 'no-header' || deaf.why === 'long-header') await wire.awaitClosed();
    line.over = true;
  }

  #due({ conn, end }: Piece): Said[] {
    return [...this.#expected].filter((said) => said.conn === conn && said.end <= end);
  }

  /** Takes what our server says and holds it against what was recorded; frames of one piece may come in any order. */
  async #expectAll(due: Said[]): Promise<void> {
    for (const said of due) {
      if (!this.#expected.has(said)) continue;
      const conn = expectedOn(said, this.#play.conversation);
      const line = this.#lines.get(conn);
      if (line === undefined || line.over) this.#expected.delete(said);
      else await this.#expect(said, line, due);
    }
  }

  async #expect(said: Said, line: Line, due: readonly Said[]): Promise<void> {
    while (this.#expected.has(said)) {
      const unit = await line.wire.next();
      if (unit === 'closed') throw new Error(`expected ${this.#described(said)}, but the connection was closed`);
      if (this.#isRefusal(said, unit, line)) return;
      const candidates = [said, ...this.#candidates(said, line, due)];
      const differences = candidates.map((each) => ({ each, difference: this.#difference(each, unit) }));
      const match = differences.find(({ difference }) => difference === undefined);
      if (match === undefined) throw new Error(differences[0]?.difference);
      this.#expected.delete(match.each);
    }
  }

  /** Frames that may come before another one: others of the same piece, and what was not asked for at that moment. */
  #candidates(said: Said, { connection }: Line, due: readonly Said[]): Said[] {
    if (said.kind !== 'frame') return [];
    const { client } = connection.said;
    const isAnswer = (frame: Said): boolean =>
      client.some((request) => same(at(request.message, 'rsvp'), at(frame.message, 'event')));
    return [...this.#expected].filter(
      (other) =>
        other !== said &&
        other.kind === 'frame' &&
        expectedOn(other, this.#play.conversation) === connection.conn &&
        (due.includes(other) || !isAnswer(other)),
    );
  }

  /** A name that we do not take is refused where the recorded server went on. */
  #isRefusal(said: Said, unit: Unit, line: Line): boolean {
    if (!this.#deviations.refused.has(line.connection.conn) || unit.kind !== 'line' || textOf(unit) !== 'NOT')
      return false;
    line.over = textOf(said) !== 'NOT';
    this.#expected.delete(said);
    return true;
  }

  #described(said: Said): string {
    if (said.kind !== 'line') return shown(said.message);
    return this.#bindings.text(textOf(said)).replace(/PID=\d+$/, `PID=${process.pid}`);
  }

  #difference(said: Said, unit: Unit): string | undefined {
    const found = textOf(unit);
    if (unit.kind !== said.kind) return `expected a ${said.kind}, got a ${unit.kind} ${shown(found)}`;
    if (said.kind === 'line') {
      const expected = this.#described(said);
      if (found !== expected) return `expected '${expected}', got '${found}'`;
      return unit.end - unit.start === found.length + 2 ? undefined : 'the line does not end in CR LF';
    }
    const { value, freezer } = said.frame ?? {};
    if (value === undefined || freezer === undefined) return undefined;
    return frameDifferences(value, unit.octets, freezer, this.#bindings)[0];
  }

  async #clientCloses(line: Line, how: string | undefined): Promise<void> {
    line.ended = true;
    if (how === 'reset') line.wire.reset();
    else line.wire.end();
  }

  async #serverCloses(line: Line, { conn, index }: Piece): Promise<void> {
    if (index >= this.#deviations.diesAt && !line.ended) {
      // Ours goes on, as the end of the play will show.
      line.over = true;
      return;
    }
    const isFirstOfName = [...this.#deviations.newcomers.values()].includes(conn);
    if (!line.ended && isFirstOfName) return;
    await line.wire.awaitClosed();
  }

  // --- the end

  async #end(): Promise<void> {
    for (const line of this.#lines.values()) if (!line.ended) await this.#clientCloses(line, 'eof');
    for (const line of this.#lines.values()) await line.wire.awaitClosed();
    for (const line of this.#lines.values()) await this.#expectNoMore(line);
    if (this.#deviations.diesAt < Number.POSITIVE_INFINITY) await this.#expectAlive();
    await this.#compareTold();
    await this.#compareAnswers();
  }

  async #expectNoMore({ connection, wire, over }: Line): Promise<void> {
    const { conn, said } = connection;
    const deaf = this.#deviations.deaf.get(conn);
    if (deaf?.why === 'late-lf') {
      const unheard = said.client.filter((each) => each.kind === 'frame' && at(each.message, 'rsvp') !== null);
      for (const _ of unheard) if ((await wire.next()) === 'closed') throw new Error('a request was not answered');
    }
    const unit = wire.take();
    if (unit !== undefined && !over)
      throw new Error(`connection ${conn}: expected no more, got ${shown(textOf(unit))}`);
    if (wire.left.length > 0 && !over)
      throw new Error(`connection ${conn}: expected no more, got ${wire.left.length} octets`);
  }

  /** The recorded server was dead by now; ours must serve whoever comes next. */
  async #expectAlive(): Promise<void> {
    const where = 'port' in this.#where ? { ip: '127.0.0.1', port: this.#where.port } : { unix: this.#where.path };
    const lite = await ClientLite.spawn({ ...where, name: 'Afterwards', timeout: 3 });
    if (lite === undefined || !(await lite.ping())) throw new Error('our server does not go on');
    lite.disconnect();
  }

  async #compareTold(): Promise<void> {
    const { recording } = this.#play.conversation;
    const observed = (recording.observed ?? []).filter((each) => each.at === 'server');
    const watchers = this.#watchers as Watchers;
    const { newcomers, shared, diesAt } = this.#deviations;
    const unregistered = this.#unregisteredNames();
    const count = (told: Told[]): Told[] => {
      let counted = told;
      // The recorded server told them nothing about a client that it should have refused, or under another name.
      counted = counted.filter(({ args }) => !unregistered.has(String(args[1])) && !shared.has(String(args[1])));
      if (newcomers.size > 0)
        counted = firstOfEach(counted.filter(({ event, args }) => event === 'register' || args[4] === 'ready'));
      return counted;
    };
    const expected = count(toldIn(observed));
    const patience = this.#play.patience;
    await patience
      .until(() => (count(watchers.told).length >= expected.length ? true : undefined), 1000)
      .catch(() => undefined);
    await patience.settle();
    const ours = count(watchers.told);
    const difference = toldDifference(
      expected,
      diesAt < Number.POSITIVE_INFINITY ? ours.slice(0, expected.length) : ours,
      this.#bindings,
    );
    if (difference !== undefined) throw new Error(difference);
  }

  /** Names under which recorded monitors were told of clients that ours does not register. */
  #unregisteredNames(): Set<string> {
    const { connections, pieces } = this.#play.conversation;
    const { refused, newcomers } = this.#deviations;
    const impostors = [...newcomers].flatMap(([conn, bearer]) => (bearer === 0 ? [conn] : []));
    const conns = new Set([...refused, ...impostors]);
    const announced = [...conns].flatMap((conn) => connections.get(conn)?.names.client ?? []);
    const addresses = pieces.flatMap(({ conn, step }) => (conns.has(conn) ? (step.seen_by_server ?? []) : []));
    // The recorded server may have taken as much of a name as it could read.
    const read = announced.map((name) => name.replace(/[^-.\w ].*$/s, ''));
    return new Set([...announced, ...read, ...addresses]);
  }

  /** What calls of our server were answered with. */
  async #compareAnswers(): Promise<void> {
    const expected = foreignSessionsOf(this.#play.conversation).flatMap(({ answered }) => answered);
    for (const [index, { event, args }] of expected.entries()) {
      const found = this.#answered[index];
      if (found?.event !== event || !same(args, found.args)) {
        throw new Error(`expected the answer ${event} ${shown(args)}, got ${shown(found)}`);
      }
    }
  }

  async stop(): Promise<void> {
    for (const { wire } of this.#lines.values()) wire.socket.destroy();
    this.#kernel.post('IKC', 'shutdown');
    await this.#play.patience.settle();
    this.#kernel.stop();
    await this.#running;
    if ('path' in this.#where) rmSync(this.#where.path, { force: true });
  }
}

function addressOf(socket: Socket): string {
  return `${socket.localAddress}:${socket.localPort}`;
}

function firstOfEach(told: readonly Told[]): Told[] {
  const seen = new Set<string>();
  return told.filter(({ event, args }) => {
    const key = `${event} ${shown(args.slice(0, 2))}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
