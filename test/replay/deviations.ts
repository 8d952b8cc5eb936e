/**
 * Where our server deliberately does something else than the genuine one, found out from the recording alone. The rules
 * are general; each that applies is printed with the case.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Connection, type Conversation, eventOf, type Piece, type Said, textOf } from './conversation.ts';
import { hasDied, type Observation } from './recording.ts';
import { at, plainOf } from './values.ts';

/** Wrong lines of a handshake that our server stands: with the third it closes the connection. */
const WRONG_LINES = 3;

/** What can be the kernel of a specifier; of other names a genuine peer dies sooner or later, ours says NOT. */
const KERNEL_NAME = /^(?:[-.\w ]+|[a-zA-Z0-9][-.a-zA-Z0-9]+:\d+|unix:[-.\w]+(?::\d+-\d+)?)$/;

type Deafness = 'late-lf' | 'split-end' | 'behind-hello' | 'no-header' | 'long-header';

/** Digits of a length that we read. */
const MAX_DIGITS = 8;

export interface Deviations {
  /** Which rules apply, in words. */
  notes: string[];
  /** The step at which the recorded server, dying, let go of a connection; none if it did not die. */
  diesAt: number;
  /** The connection whose client it died of. */
  diedOf: number | undefined;
  /** A client makes more mistakes than we stand, so that the limit is raised. */
  raiseWrongLines: boolean;
  /** Connections whose client has a name that we refuse. */
  refused: Set<number>;
  /** Connections that bear the name of an earlier one, or of the server, and that one; 0 for the server. */
  newcomers: Map<number, number>;
  /** Aliases that two open connections bear; the first has it. */
  shared: Set<string>;
  /** Monitors of the recorded server were told of an error by something else than a text. */
  noText: boolean;
  /** Connections that the recorded server did not hear any more from an octet on, and why. */
  deaf: Map<number, { from: number; why: Deafness }>;
}

export function deviationsOf(conversation: Conversation): Deviations {
  const connections = [...conversation.connections.values()];
  const refused = connections.filter(hasRefusedName);
  const deviations: Deviations = {
    notes: [],
    ...death(conversation),
    raiseWrongLines: connections.some((connection) => wrongLines(connection) >= WRONG_LINES),
    refused: new Set(refused.map(({ conn }) => conn)),
    ...namesInUse(conversation),
    noText: (conversation.recording.observed ?? []).some(isNoText),
    deaf: new Map(),
  };
  for (const connection of connections) {
    const deaf = deafness(connection, conversation);
    if (deaf !== undefined) deviations.deaf.set(connection.conn, deaf);
  }
  deviations.notes = notesOf(deviations);
  return deviations;
}

function notesOf({ diesAt, raiseWrongLines, refused, newcomers, shared, noText, deaf }: Deviations): string[] {
  const reasons = new Set([...deaf.values()].map(({ why }) => why));
  return [
    [
      diesAt < Number.POSITIVE_INFINITY,
      'the recorded server died; ours goes on, whatever becomes of the connection it died of',
    ],
    [raiseWrongLines, `ours stands ${WRONG_LINES} wrong lines, the limit was raised`],
    [refused.size > 0, 'a name that cannot be the kernel of a specifier is refused'],
    [
      newcomers.size + shared.size > 0,
      'who bears a name in use gets its own answers, and takes nothing from the first',
    ],
    [noText, 'the text of an error is always told as text'],
    [reasons.has('late-lf'), 'an LF that comes late behind its CR is dropped, where the recorded server went deaf'],
    [
      reasons.has('split-end'),
      'a line end that comes in two pieces is one, where the recorded server saw two: played up to there',
    ],
    [
      reasons.has('behind-hello'),
      'lines behind HELLO in one piece are heard, where the recorded server lost them: played up to there',
    ],
    [reasons.has('long-header'), `a length of more than ${MAX_DIGITS} digits closes the connection`],
    [reasons.has('no-header'), 'what begins no frame closes the connection, where the recorded server went deaf'],
  ].flatMap(([applies, note]) => (applies ? [note as string] : []));
}

function isNoText({ at, what, values = [] }: Observation): boolean {
  const text = plainOf(values[5]);
  return at === 'server' && what === 'monitor error' && typeof text !== 'string' && text !== null;
}

function death({ recording, pieces }: Conversation): Pick<Deviations, 'diesAt' | 'diedOf'> {
  if (!hasDied(recording, 'server')) return { diesAt: Number.POSITIVE_INFINITY, diedOf: undefined };
  const closed = pieces.findIndex(({ step }) => step.from === 'server' && step.event === 'close');
  const diesAt = closed < 0 ? pieces.length : closed;
  return { diesAt, diedOf: pieces.findLast(({ step, index }) => step.from === 'client' && index < diesAt)?.conn };
}

/** Whether the recorded server took a name that we do not; step by step it looks at the characters as well. */
function hasRefusedName({ names, said }: Connection): boolean {
  const accepted = said.server.some((unit) => unit.kind === 'line' && /^(SETUP |OK$)/.test(textOf(unit)));
  const stepwise = said.client.some((unit) => unit.kind === 'line' && textOf(unit).startsWith('IAM'));
  const taken = names.client.filter((name) => !stepwise || /^[-:.\w]+$/.test(name));
  return accepted && taken.some((name) => !KERNEL_NAME.test(name));
}

/** Lines that were answered with NOT, or not at all. */
function wrongLines({ said, framesAt = Number.POSITIVE_INFINITY }: Connection): number {
  const lines = said.client.filter(({ kind, end }) => kind === 'line' && end <= framesAt);
  const answers = said.server.filter(({ kind }) => kind === 'line');
  const refusals = answers.filter((unit) => textOf(unit) === 'NOT').length;
  const silent = lines.filter((unit) => textOf(unit) === 'DONE').length;
  return refusals + Math.max(0, lines.length - answers.length - silent);
}

/** Who bears a name that another one bore that was still open; 0 stands for the server. */
function namesInUse({ connections, pieces }: Conversation): Pick<Deviations, 'newcomers' | 'shared'> {
  const newcomers = new Map<number, number>();
  const shared = new Set<string>();
  const bearers = new Map<string, number>();
  for (const { names } of connections.values()) for (const name of names.server) bearers.set(name, 0);
  for (const { conn, step } of pieces) {
    const { names, framesAt } = connections.get(conn) as Connection;
    const [realName, ...aliases] = names.client;
    if (realName === undefined || framesAt === undefined) continue;
    if (step.event === 'close') {
      for (const [name, bearer] of bearers) if (bearer === conn) bearers.delete(name);
    } else if (step.from === 'server') {
      const bearer = bearers.get(realName) ?? conn;
      if (bearer !== conn) newcomers.set(conn, bearer);
      else for (const alias of aliases) if ((bearers.get(alias) ?? conn) !== conn) shared.add(alias);
      if (bearer === conn) for (const name of names.client) if (!bearers.has(name)) bearers.set(name, conn);
    }
  }
  return { newcomers, shared };
}

function deafness(connection: Connection, { pieces }: Conversation): { from: number; why: Deafness } | undefined {
  const { conn, octets, framesAt, said } = connection;
  const own = pieces.filter((piece) => piece.conn === conn && piece.octets !== undefined);
  const split = splitEnd(own, octets.client, framesAt);
  if (split !== undefined) return { from: split, why: split + 1 === framesAt ? 'late-lf' : 'split-end' };
  const lost = behindHello(connection);
  if (lost !== undefined) return { from: lost, why: 'behind-hello' };
  if (framesAt === undefined) return undefined;
  for (const { kind, start } of said.client) {
    if (start < framesAt) continue;
    const begin = octets.client.toString('latin1', start, start + 16);
    // The other half of the last line's end may come first.
    if (kind === 'line' && start === framesAt && /^[\r\n]/.test(begin)) continue;
    if (!/^(\d{1,15}\0|\d*$)/.test(begin)) return { from: start, why: 'no-header' };
    if ((/^\d*/.exec(begin)?.[0].length ?? 0) > MAX_DIGITS) return { from: start, why: 'long-header' };
  }
  return undefined;
}

/** Where the client's handshake has a CR and an LF in two pieces: the place of the LF. */
function splitEnd(own: readonly Piece[], client: Buffer, framesAt = client.length): number | undefined {
  const pieces = own.filter(({ step }) => step.from === 'client');
  return pieces.find(({ end }) => end < framesAt && client.toString('latin1', end - 1, end + 1) === '\r\n')?.end;
}

/** Where lines begin that came in one piece with HELLO, and that a server set to IKC0 loses. */
function behindHello({ said }: Connection): number | undefined {
  const lines = said.client.filter(({ kind }) => kind === 'line');
  const hello = lines.find((unit) => textOf(unit) === 'HELLO');
  const behind = lines.filter(({ step, start }) => step === hello?.step && start > hello.start);
  const answers = said.server.filter(({ kind, step }) => kind === 'line' && step > (hello?.step ?? 0));
  return hello !== undefined && behind.length > 0 && answers.length < behind.length ? hello.end : undefined;
}

/** Where a frame of the recorded server is to be expected: an answer goes to the connection that has asked. */
export function expectedOn(said: Said, { said: all, connections }: Conversation): number {
  const name = eventOf(said.message).kernel;
  const asked = all.filter(
    (request) =>
      request.from === 'client' &&
      request.step < said.step &&
      isDeepStrictEqual(at(request.message, 'rsvp'), at(said.message, 'event')) &&
      connections.get(request.conn)?.names.client.includes(name),
  );
  if (asked.some(({ conn }) => conn === said.conn)) return said.conn;
  return asked.at(-1)?.conn ?? said.conn;
}
