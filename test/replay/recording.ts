/** Recorded conversations between genuine peers, as they are read from their files. */
import { readFileSync } from 'node:fs';
import type { NeutralNode } from '../helpers/neutral.ts';

export type Side = 'client' | 'server';

/** A frame that was completed by a piece of data. */
export interface RecordedFrame {
  /** Where it begins in this direction of its connection, in octets. */
  at: number;
  /** Octets of the payload. */
  length: number;
  freezer: string;
  /** What it holds; absent if the recorder could not tell. */
  value?: NeutralNode;
}

/** What travelled, or happened to a connection. */
export interface Step {
  from: Side;
  /** Number of the connection; 1 is left out. */
  conn?: number;
  t_ms?: number;
  event?: 'connect' | 'close' | 'refused' | 'undelivered';
  /** How a connection was closed: `eof` or `reset`. */
  how?: string;
  /** Addresses of the client's end of a TCP connection: its own, and as the server saw it. */
  addr?: string;
  seen_by_server?: string;
  bytes_base64?: string;
  frames?: RecordedFrame[];
}

/** What one of the programs saw. */
export interface Observation {
  /** `server`, `client`, or `client1` and so on. */
  at: string;
  t_ms: number;
  what: string;
  values?: NeutralNode[];
}

export interface Recording {
  name: string;
  /** The client is a scripted socket, no genuine peer. */
  probe?: boolean;
  variable: { server_kernel_id: string; server_pid: number; server_listens: string; client_connects_to: string };
  steps: Step[];
  observed?: Observation[];
  /** How the programs ended: a status, or `signal N`. */
  exit: Record<string, number | string>;
}

/** @throws Error for a file that is no recording. */
export function readRecording(path: string): Recording {
  const recording = JSON.parse(readFileSync(path, 'utf8')) as Recording;
  if (!Array.isArray(recording.steps) || typeof recording.variable !== 'object') {
    throw new Error('the file holds no recording: it has no steps');
  }
  return recording;
}

export function connOf(step: Step): number {
  return step.conn ?? 1;
}

/** Whether one of the recorded programs died of an exception. */
export function hasDied({ exit, observed = [] }: Recording, program: string): boolean {
  return (
    (typeof exit[program] === 'number' && exit[program] !== 0) ||
    observed.some(({ at, what }) => at === program && what === 'died')
  );
}
