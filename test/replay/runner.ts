/** All cases of a recording: each role, whole and one octet at a time. */
import { basename } from 'node:path';
import { type Outcome, type Play, playOf } from './case.ts';
import { playClient } from './client-role.ts';
import { conversationOf } from './conversation.ts';
import { readRecording } from './recording.ts';
import { playServer } from './server-role.ts';

export interface Verdict {
  name: string;
  verdict: 'ok' | 'not ok' | 'skipped';
  /** Why it failed or was skipped, or the rules by which ours differs; perhaps empty. */
  remark: string;
}

const ROLES: Readonly<Record<string, (play: Play) => Promise<Outcome>>> = { server: playServer, client: playClient };

/** Plays a recording in all ways, one after the other. */
export async function* replayFile(path: string): AsyncGenerator<Verdict> {
  let recording: ReturnType<typeof readRecording>;
  try {
    recording = readRecording(path);
  } catch (error) {
    yield { name: basename(path, '.json'), verdict: 'not ok', remark: oneLine(error) };
    return;
  }
  for (const [role, play] of Object.entries(ROLES)) {
    for (const octets of [false, true]) {
      const name = `${recording.name} as ${role}, ${octets ? 'octets' : 'whole'}`;
      try {
        const { notes, skipped } = await alone(() => play(playOf(conversationOf(recording), octets)));
        if (skipped === undefined) yield { name, verdict: 'ok', remark: notes.join('; ') };
        else yield { name, verdict: 'skipped', remark: skipped };
      } catch (error) {
        yield { name, verdict: 'not ok', remark: oneLine(error) };
      }
    }
  }
}

/** Runs a case so that what it throws elsewhere, as in a handler of ours, fails it and not all that follow. */
async function alone(play: () => Promise<Outcome>): Promise<Outcome> {
  let fail: (error: unknown) => void = () => {};
  const thrown = new Promise<never>((_, reject) => {
    fail = (error) => reject(new Error(`our side has failed: ${oneLine(error)}`, { cause: error }));
  });
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    return await Promise.race([play(), thrown]);
  } finally {
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
  }
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}
