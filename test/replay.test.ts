import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixture } from './helpers/fixture.ts';
import type { Recording } from './replay/recording.ts';

const script = fileURLToPath(new URL('replay.js', import.meta.url));
const recordings = fixture('ikc/transcripts');
const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-replay-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs the command as npm does, called in the folder. */
function replay(...files: string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', script, ...files], {
    cwd: '/',
    env: { ...process.env, INIT_CWD: folder },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

/** Writes a recording that was tampered with into the folder, and returns its name there. */
function tampered(name: string, tamper: (recording: Recording) => void): string {
  const recording = JSON.parse(readFileSync(join(recordings, `${name}.json`), 'utf8')) as Recording;
  tamper(recording);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(recording));
  return `${name}.json`;
}

/** Changes the recorded value of what the server sent. */
function change(recording: Recording, from: string, to: string): void {
  for (const step of recording.steps) {
    if (step.from === 'server') step.frames = JSON.parse(JSON.stringify(step.frames ?? []).replaceAll(from, to));
  }
}

/** Changes octets of what a side sent, for others of the same number. */
function changeOctets(recording: Recording, side: string, from: string, to: string): void {
  for (const step of recording.steps) {
    if (step.from !== side || step.bytes_base64 === undefined) continue;
    const octets = Buffer.from(step.bytes_base64, 'base64').toString('latin1').replaceAll(from, to);
    step.bytes_base64 = Buffer.from(octets, 'latin1').toString('base64');
  }
}

describe('npm run replay', () => {
  it('passes on every recording, in both roles, whole and one octet at a time', () => {
    const { status, lines } = replay(recordings);
    const count = readdirSync(recordings).filter((name) => name.endsWith('.json')).length;
    const total = lines.pop() ?? '';
    const skipped = lines.filter((line) => line.startsWith('skipped '));
    assert.deepEqual(
      lines.filter((line) => !/^(ok|skipped) [\w-]+ as (server|client), (whole|octets)(: .+)?$/.test(line)),
      [],
    );
    assert.equal(status, 0);
    assert.equal(lines.length, 4 * count);
    assert.equal(total, `${lines.length - skipped.length} passed, 0 failed`);
    // Only what no genuine client has sent, or what ours would not begin, cannot be played as client.
    for (const line of skipped) assert.match(line, / as client, \w+: (a probe has no genuine client|our Client.*)$/);
    assert.ok(skipped.length < lines.length / 4);
  });

  it('fails where our side says something else than was recorded', () => {
    const answer = tampered('handshake-full-client-IKC-server-IKC', (recording) => change(recording, '"hi"', '"ho"'));
    const line = tampered('freezer-second-choice-IKC0', (recording) => {
      changeOctets(recording, 'server', 'FREEZER=FreezeThaw', 'FREEZER=FreezeThow');
    });
    const request = tampered('full-call-no-answer', (recording) => {
      for (const step of recording.steps) {
        if (step.from === 'client')
          step.frames = step.frames?.map((frame) => ({ ...frame, freezer: 'FreezeThaw' })) ?? [];
      }
    });
    const told = tampered('monitor-by-name', (recording) => {
      const seen = recording.observed?.find(({ at, what }) => at === 'server' && what === 'monitor unregister');
      if (seen !== undefined) seen.what = 'monitor register';
    });
    const more = tampered('ping-from-full-client', (recording) => {
      recording.steps = recording.steps.filter(({ from, frames }) => from !== 'server' || frames === undefined);
    });
    const { status, lines } = replay(answer, line, request, told, more);
    assert.equal(status, 1);
    const failures = lines.filter((text) => text.startsWith('not ok '));
    const failed = (name: string, role: string) =>
      failures.filter((text) => text.includes(`${name} as ${role}`)).length;
    assert.equal(failed('handshake-full-client-IKC-server-IKC', 'server'), 2);
    assert.equal(failed('handshake-full-client-IKC-server-IKC', 'client'), 2);
    assert.equal(failed('freezer-second-choice-IKC0', 'server'), 2);
    assert.equal(failed('full-call-no-answer', 'client'), 2);
    assert.equal(failed('monitor-by-name', 'server'), 2);
    assert.equal(failed('ping-from-full-client', 'server'), 2);
    assert.match(failures[0] ?? '', /as server, whole: step \d+ \(server, connection 1\): .*expected .*found /);
  });

  it('fails on a file that is absent or no recording, and without files', () => {
    writeFileSync(join(folder, 'text.json'), 'text');
    writeFileSync(join(folder, 'other.json'), '{}');
    const { status, lines } = replay('text.json', 'other.json', 'absent.json');
    assert.equal(status, 1);
    assert.equal(lines.pop(), '0 passed, 3 failed');
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      ['not ok text', 'not ok other', 'not ok absent'],
    );
    assert.equal(replay().status, 2);
  });
});
