import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from './fixture.ts';

interface Step {
  from: 'client' | 'server';
  conn?: number;
  event?: string;
  bytes_base64?: string;
  frames?: unknown[];
}

interface Recording {
  name: string;
  probe?: boolean;
  variable: { server_kernel_id: string; server_pid: number; server_listens: string };
  steps: Step[];
}

/** One connection between genuine peers, as it was recorded. */
export interface RecordedConnection {
  /** Name of the recording, and the number of the connection in it. */
  label: string;
  name: string;
  conn: number;
  /** The client is no genuine one. */
  probe: boolean;
  server: { id: string; pid: number; address: string };
  /** What each side has sent, in the pieces in which it came. */
  client: Buffer[];
  serverSent: Buffer[];
  /** How many frames the client has sent. */
  clientFrames: number;
}

/** All connections of all recordings. */
export function recordedConnections(): RecordedConnection[] {
  const folder = fixture('ikc/transcripts');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.flatMap((file) => connections(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording));
}

function connections({ name, probe = false, variable, steps }: Recording): RecordedConnection[] {
  const numbers = [...new Set(steps.map((step) => step.conn ?? 1))];
  return numbers.map((conn) => {
    const own = steps.filter((step) => (step.conn ?? 1) === conn);
    const sent = (from: Step['from']) =>
      own.flatMap((step) =>
        step.from === from && step.bytes_base64 !== undefined ? [Buffer.from(step.bytes_base64, 'base64')] : [],
      );
    return {
      label: conn === 1 ? name : `${name} (connection ${conn})`,
      name,
      conn,
      probe,
      server: { id: variable.server_kernel_id, pid: variable.server_pid, address: variable.server_listens },
      client: sent('client'),
      serverSent: sent('server'),
      clientFrames: own.flatMap((step) => (step.from === 'client' ? (step.frames ?? []) : [])).length,
    };
  });
}
