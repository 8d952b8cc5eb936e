/** What a recording tells about its connections before it is played. */
import type { NeutralNode } from '../helpers/neutral.ts';
import { connOf, type RecordedFrame, type Recording, type Side, type Step } from './recording.ts';
import { cutUnits, type Unit } from './units.ts';
import { at, type Plain, plainOf } from './values.ts';

/** A line or frame that one side has sent. */
export interface Said extends Unit {
  from: Side;
  conn: number;
  /** The step that completed it. */
  step: number;
  /** The frame as the recorder understood it. */
  frame: RecordedFrame | undefined;
  /** The message in it, in plain values; null for a line or what could not be understood. */
  message: Plain;
}

/** One connection of a recording. */
export interface Connection {
  conn: number;
  said: Record<Side, Said[]>;
  octets: Record<Side, Buffer>;
  /** Names as they were announced, the real one first, in natural order; the server's address is the last. */
  names: Record<Side, string[]>;
  /** The handshake that the client began with. */
  clientProtocol: 'IKC' | 'IKC0';
  /** Serializers that the client asked for. */
  freezers: string[];
  /** Where the client's frames begin; undefined if the handshake was not completed. */
  framesAt: number | undefined;
}

/** A step with its place in the stream of its side. */
export interface Piece {
  step: Step;
  index: number;
  conn: number;
  octets: Buffer | undefined;
  start: number;
  end: number;
}

export interface Conversation {
  recording: Recording;
  pieces: Piece[];
  connections: Map<number, Connection>;
  /** All that was said, in order. */
  said: Said[];
}

export function conversationOf(recording: Recording): Conversation {
  const lengths = new Map<string, number>();
  const pieces = recording.steps.map((step, index): Piece => {
    const conn = connOf(step);
    const key = `${conn} ${step.from}`;
    const start = lengths.get(key) ?? 0;
    const octets = step.bytes_base64 === undefined ? undefined : Buffer.from(step.bytes_base64, 'base64');
    const end = start + (octets?.length ?? 0);
    lengths.set(key, end);
    return { step, index, conn, octets, start, end };
  });
  const connections = new Map<number, Connection>();
  for (const conn of new Set(pieces.map((piece) => piece.conn))) {
    connections.set(
      conn,
      connectionOf(
        conn,
        pieces.filter((piece) => piece.conn === conn),
      ),
    );
  }
  const said = [...connections.values()]
    .flatMap((connection) => [...connection.said.client, ...connection.said.server])
    .sort((a, b) => a.step - b.step || a.start - b.start);
  return { recording, pieces, connections, said };
}

function connectionOf(conn: number, pieces: readonly Piece[]): Connection {
  const client = sideOf('client', conn, pieces);
  const server = sideOf('server', conn, pieces);
  const said = { client: client.said, server: server.said };
  const lines = textLines(said.client);
  const accepted = textLines(said.server).some((line) => line === 'UP' || line.startsWith('SETUP '));
  const greeting = said.client.findLast((unit) => unit.kind === 'line' && /^(WORLD$|SETUP )/.test(textOf(unit)));
  return {
    conn,
    said,
    octets: { client: client.octets, server: server.octets },
    names: { client: announced(lines), server: announced(textLines(said.server)) },
    clientProtocol: lines[0]?.startsWith('SETUP') ? 'IKC0' : 'IKC',
    freezers: freezersOf(lines),
    framesAt: accepted ? greeting?.end : undefined,
  };
}

function sideOf(from: Side, conn: number, pieces: readonly Piece[]): { said: Said[]; octets: Buffer } {
  const own = pieces.filter((piece) => piece.step.from === from);
  const octets = Buffer.concat(own.flatMap((piece) => piece.octets ?? []));
  const frames = new Map(own.flatMap(({ step }) => (step.frames ?? []).map((frame) => [frame.at, frame] as const)));
  const said = cutUnits(octets).map((unit): Said => {
    const frame = unit.kind === 'frame' ? frames.get(unit.start) : undefined;
    const step = own.find((piece) => piece.octets !== undefined && piece.end >= unit.end)?.index ?? 0;
    return { ...unit, from, conn, step, frame, message: plainOf(frame?.value) };
  });
  return { said, octets };
}

export function textOf(unit: Unit): string {
  return unit.octets.toString('latin1');
}

function textLines(units: readonly Unit[]): string[] {
  return units.filter(({ kind }) => kind === 'line').map(textOf);
}

function announced(lines: readonly string[]): string[] {
  const setup = lines.findLast((line) => line.startsWith('SETUP '));
  if (setup !== undefined) {
    return [...setup.matchAll(/KERNEL=([^;]*)/g)].flatMap(([, names = '']) => names.split(',')).filter((name) => name);
  }
  const [first, ...others] = lines.flatMap((line) => /^IAM\s+(.+)$/.exec(line)?.[1] ?? []);
  return first === undefined ? [] : [first, ...others.reverse()];
}

function freezersOf(lines: readonly string[]): string[] {
  const setup = lines.findLast((line) => line.startsWith('SETUP '));
  if (setup === undefined) return lines.flatMap((line) => /^FREEZER (.+)$/.exec(line)?.[1] ?? []);
  return [...setup.matchAll(/FREEZER=([^;]*)/g)].flatMap(([, names = '']) => names.split(','));
}

/** Part of the specifier in a message's event, text or hash; empty if there is none. */
export function eventOf(message: Plain, key: string = 'event'): { kernel: string; session: string; state: string } {
  const event = at(message, key);
  if (typeof event === 'string') {
    const [, kernel = '', session = '', state = ''] =
      /^(?:poe:)?(?:\/\/([^/]*))?\/?([^/]*)\/?([^?]*)/.exec(event) ?? [];
    return { kernel, session, state };
  }
  const part = (name: string): string => (at(event, name) as string | null) ?? '';
  return { kernel: part('kernel'), session: part('session'), state: part('state') };
}

/** Session and event that a message reaches in the end: a proxied one is named in the parameters. */
export function targetOf(message: Plain): { session: string; state: string } {
  const { session, state } = eventOf(message);
  const params = at(message, 'params');
  return { session, state: state === 'IKC:proxy' && Array.isArray(params) ? String(params[0]) : state };
}

/** The text of an error message and its stage; undefined for another message. */
export function errorOf(message: Plain): { text: string; stage: string } | undefined {
  if (eventOf(message).state !== 'remote_error') return undefined;
  const params = at(message, 'params');
  const [text, , stage] = Array.isArray(params) ? params : [params];
  const word = (value: Plain | undefined): string => (typeof value === 'string' ? value : '');
  return { text: word(text), stage: word(stage) };
}

/** The node of the message's key. */
export function nodeOf(said: Said, key: string): NeutralNode | undefined {
  const value = said.frame?.value;
  if (value?.t !== 'hash') return undefined;
  return value.v.find(([name]) => name.v === key)?.[1];
}
