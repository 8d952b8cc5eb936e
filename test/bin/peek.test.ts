import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CLOCK_AND_LOGGER, type PeekProgram, startProgram } from '../helpers/peek-program.ts';
import { poe } from '../helpers/repository.ts';

let base: string;
let folder: string;
let program: PeekProgram;

before(async () => {
  base = mkdtempSync(join(tmpdir(), 'poe-peek-'));
  folder = join(base, 'program.mjs.d');
  program = await startProgram(base, CLOCK_AND_LOGGER);
});

after(async () => {
  program.process.kill('SIGKILL');
  await program.ended;
  rmSync(base, { recursive: true, force: true });
});

function run(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const env = { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [poe, ...args, '--folder', folder], { env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('poe ls and poe peek', () => {
  test('poe ls lists the program with its number, name, uptime and sessions', async () => {
    const { stdout, status } = await run('ls');
    assert.equal(status, 0);
    assert.match(stdout, /^PID +NAME +ROLE +SERVING +UPTIME +SESSIONS +KERNEL\n\d+ +clock-app +\d+s +3 +\S+\n$/);
    const [record] = JSON.parse((await run('ls', '--json')).stdout);
    assert.deepEqual([record.pid, record.name, record.sessions], [program.pid, 'clock-app', 3]);
  });

  test('poe peek takes a name or a number, and tells why a session is alive', async () => {
    for (const which of ['clock-app', String(program.pid)]) {
      const { stdout } = await run('peek', 'why', which, 'clock');
      assert.match(stdout, /^timer 'tick' is due in -?0\.\d s\n\(weak\) it is called 'clock'/);
    }
    const reasons = JSON.parse((await run('peek', 'why', 'clock-app', 'clock', '--json')).stdout);
    assert.deepEqual(
      reasons.map(({ kind }: { kind: string }) => kind),
      ['timer', 'alias'],
    );
  });

  test('poe peek shows sessions, queue, aliases, handles, signals, kernels and sections as tables', async () => {
    const expected: Record<string, RegExp> = {
      sessions: /^ID +NAME +PARENT +REFS +KEPT BY\n1 +session 1 \(logger\) .*it is held by 'token=\[redacted\]'/,
      queue: /^ID +DUE +TYPE +EVENT +FROM +TO\n\d+ +(now|in 0\.\d s) +Alarm +tick +2 +2\n/,
      aliases: /^ALIAS +SESSION\n.*logger +1\n/s,
      handles: /^SESSION +HANDLE +WATCHED FOR\n$/,
      signals: /^SIGNAL +SESSION +EVENT\nUSR1 +3 +dump\nUSR2 +3 +dump\n$/,
      kernels: /^The program does not take part in IKC\.\n$/,
      sections: /^Nothing has added a section\.\n$/,
    };
    for (const [what, pattern] of Object.entries(expected)) {
      const { stdout, stderr } = await run('peek', what, 'clock-app');
      assert.match(stdout, pattern, stderr);
    }
    const dump = JSON.parse((await run('peek', 'dump', 'clock-app')).stdout);
    assert.equal(dump.kernel.counts.sessions, 3);
  });

  test('poe peek without a word for what shows all of it, and why without a session each of them', async () => {
    const { stdout, status } = await run('peek', 'clock-app');
    assert.equal(status, 0);
    assert.match(stdout, /^clock-app, process \d+, up \d+s, kernel \S+, node v\d\S+\n\nsessions:\nID +NAME /);
    assert.match(
      stdout,
      /\n\nqueue:\nID +DUE .*\n\nsignals:\nSIGNAL +SESSION +EVENT\nUSR1 +3 +dump\nUSR2 +3 +dump\n$/s,
    );
    assert.equal(JSON.parse((await run('peek', 'clock-app', '--json')).stdout).kernel.counts.sessions, 3);
    const why = await run('peek', 'why', 'clock-app');
    assert.match(why.stdout, /^session 1 \(logger\):\n {2}.*\nsession 2 \(clock\):\n {2}timer 'tick' is due in /s);
    const each = JSON.parse((await run('peek', 'why', 'clock-app', '--json')).stdout);
    assert.deepEqual([each.length, each[1].name, each[1].reasons[0].kind], [3, 'session 2 (clock)', 'timer']);
    const bare = await run('peek');
    assert.deepEqual([bare.status, bare.stdout], [2, '']);
    assert.match(bare.stderr, /^Usage: poe peek/);
  });

  test('ends without a word when who reads has had enough', async () => {
    const child = spawn(process.execPath, [poe, 'peek', 'dump', 'clock-app', '--folder', folder]);
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [status] = await once(child, 'close');
    assert.deepEqual([status, said], [0, '']);
  });

  test('says in clear words when nobody answers, and which session is unknown', async () => {
    const { status, stderr } = await run('peek', 'queue', 'nobody');
    assert.equal(status, 3);
    assert.match(stderr, /^Cannot look into 'nobody': no program of that name or number answers\n'poe ls' lists/);
    assert.match((await run('peek', 'why', 'clock-app', 'nix')).stderr, /there is no session 'nix'/);
  });
});
