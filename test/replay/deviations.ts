/**
 * Where our server deliberately does something else than the genuine one, found out from the recording alone. The rules
 * are general; each that applies is printed with the case.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Connection, type Conversation, eventOf, type Said, textOf } from './conversation.ts';
import { hasDied, type Observation } from './recording.ts';
import { at, plainOf } from './values.ts';

/** Wrong lines of a handshake that our server stands: with the third it closes the connection. */
const WRONG_LINES = 3;

/** What can be the kernel of a specifier; of other names a genuine peer dies sooner or later, ours says NOT. */
const KERNEL_NAME = /^(?:[-.\w ]+|[a-zA-Z0-9][-.a-zA-Z0-9]+:\d+|unix:[-.\w]+(?::\d+-\d+)?)$/;

type Deafness = 'late-lf' | 'no-header' | 'long-header';

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
  /** Connections that bear the name of an earlier one, and that one. */
  newcomers: Map<number, number>;
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
    newcomers: newcomersOf(conversation),
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

function notesOf({ diesAt, raiseWrongLines, refused, newcomers, noText, deaf }: Deviations): string[] {
  const reasons = new Set([...deaf.values()].map(({ why }) => why));
  return [
    [diesAt < Number.POSITIVE_INFINITY, 'the recorded server died; ours answers or closes the connection, and goes on'],
    [raiseWrongLines, `ours stands ${WRONG_LINES} wrong lines, the limit was raised`],
    [refused.size > 0, 'a name that cannot be the kernel of a specifier is refused'],
    [newcomers.size > 0, 'who bears a name in use gets its own answers, and takes nothing from the first'],
    [noText, 'the text of an error is always told as text'],
    [reasons.has('late-lf'), 'an LF that comes late behind its CR is dropped, where the recorded server went deaf'],
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

/** Connections whose real name another one bore that was still open. */
function newcomersOf({ connections, pieces }: Conversation): Map<number, number> {
  const newcomers = new Map<number, number>();
  const open = new Map<string, number>();
  for (const { conn, step } of pieces) {
    const connection = connections.get(conn) as Connection;
    const name = connection.names.client[0];
    if (name === undefined) continue;
    if (step.event === 'close') {
      if (open.get(name) === conn) open.delete(name);
    } else if (step.from === 'server' && connection.framesAt !== undefined && step.event === undefined) {
      const first = open.get(name);
      if (first === undefined) open.set(name, conn);
      else if (first !== conn) newcomers.set(conn, first);
    }
  }
  return newcomers;
}

function deafness(
  { conn, octets, framesAt, said }: Connection,
  { pieces }: Conversation,
): { from: number; why: Deafness } | undefined {
  if (framesAt === undefined) return undefined;
  const own = pieces.filter((piece) => piece.conn === conn);
  const cut = own.findIndex((piece) => piece.step.from === 'client' && piece.end === framesAt - 1);
  const lineEnd = octets.client.toString('latin1', framesAt - 2, framesAt);
  if (lineEnd === '\r\n' && own[cut + 1]?.step.from === 'server') return { from: framesAt - 1, why: 'late-lf' };
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

/** Where a frame of the recorded server is to be expected: an answer goes to the connection that has asked. */
export function expectedOn(said: Said, { said: all }: Conversation, { newcomers }: Deviations): number {
  const asked = all.findLast(
    (request) =>
      request.from === 'client' &&
      request.step < said.step &&
      newcomers.get(request.conn) === said.conn &&
      isDeepStrictEqual(at(request.message, 'rsvp'), at(said.message, 'event')),
  );
  return asked !== undefined && eventOf(said.message).session !== '' ? asked.conn : said.conn;
}
