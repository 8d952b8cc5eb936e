import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { ClientLite } from 'poe-kernel/ikc';
import { whyNoIkc } from '../../helpers/interop.ts';
import type { ProgramOptions } from '../../helpers/preforked/options.ts';
import { PreforkedProgram } from '../../helpers/preforked/preforked.ts';

const run = promisify(execFile);

function onServer(options: ProgramOptions, act: (program: PreforkedProgram) => Promise<void>): Promise<void> {
  return PreforkedProgram.use(
    options,
    async (program) => {
      await program.until(() => program.told.some(({ role }) => role === 'parent'), 'the parent has told where it is');
      await act(program);
    },
    'ikc.js',
  );
}

async function connect(program: PreforkedProgram, path?: string): Promise<ClientLite> {
  const where = path === undefined ? { ip: '127.0.0.1', port: program.port } : { unix: path };
  const lite = await ClientLite.spawn({ ...where, name: 'Lite', timeout: 10 });
  assert.ok(lite, ClientLite.error());
  return lite;
}

describe('Server.spawn(), processes', () => {
  test('children serve; one connection each if nothing is said, and a next child for the next', () =>
    onServer({ processes: 3 }, async (program) => {
      const pids: unknown[] = [];
      for (let n = 0; n < 4; n++) {
        const lite = await connect(program);
        pids.push(await lite.call('who/pid'), await lite.call('who/pid'));
        lite.disconnect();
      }
      assert.equal(new Set(pids).size, 4);
      assert.ok(!pids.includes(program.pid));
      await program.until(() => program.exits().length >= 4, 'they end');
      assert.ok(program.exits().every(({ reason, status }) => reason === 'connections' && status === 0));
    }));

  test('a channel that is open outlives those beside it, and a reload closes it in an orderly manner', () =>
    onServer({ processes: 2, connections: 2, plugin: true, drainTimeout: 6 }, async (program) => {
      const first = await connect(program);
      const second = await connect(program);
      const pid = await first.call('who/pid');
      assert.equal(await second.call('who/pid'), pid);
      second.disconnect();
      const third = await connect(program);
      const other = await third.call('who/pid');
      assert.notEqual(other, pid);
      assert.equal(await first.call('who/pid'), pid);
      program.signal('SIGHUP');
      await program.until(() => program.exits().some((exit) => exit.pid === other), 'the child of the third ends');
      assert.equal(program.exits().find((exit) => exit.pid === other)?.killed, false);
      assert.equal(await first.call('who/pid'), pid);
      first.disconnect();
      third.disconnect();
    }));

  test('the shutdown of IKC ends a child, which is replaced; in the parent it ends all', () =>
    onServer({ processes: 2, connections: 100 }, async (program) => {
      const lite = await connect(program);
      const pid = (await lite.call('who/pid')) as number;
      await lite.post('who/shutdown');
      await program.until(() => program.exits().some((exit) => exit.pid === pid), 'the child ends');
      const exit = program.exits().find((one) => one.pid === pid);
      assert.deepEqual([exit?.reason, exit?.status], ['closed', 0]);
      const other = await connect(program);
      assert.notEqual(await other.call('who/pid'), pid);
      other.disconnect();
      program.signal('SIGUSR2');
      assert.deepEqual(await program.ended(), { code: 0, signal: null });
      assert.equal(program.serving().length + program.spares().length, 0);
    }));

  test('over a unix socket; TERM ends all, and the path goes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poe-prefork-'));
    const path = join(folder, 'socket');
    try {
      await onServer({ processes: 3, connections: 5, path }, async (program) => {
        const lite = await connect(program, path);
        const pid = (await lite.call('who/pid')) as number;
        assert.ok(program.serving().some((child) => child.pid === pid));
        lite.disconnect();
        program.signal('SIGTERM');
        assert.deepEqual(await program.ended(), { code: 0, signal: null });
        assert.ok(!existsSync(path));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a genuine ClientLite is served by one child after the other', { skip: whyNoIkc() ?? false }, () =>
    onServer({ processes: 3, connections: 2 }, async (program) => {
      const script = `use POE::Component::IKC::ClientLite;
        for my $n (1 .. 6) {
          my $lite = POE::Component::IKC::ClientLite->spawn(ip => '127.0.0.1', port => ${program.port}, name => "Lite$n", timeout => 10)
            or die POE::Component::IKC::ClientLite::error();
          print $lite->call('who/pid'), "\\n";
          $lite->disconnect;
        }`;
      const { stdout } = await run('perl', ['-e', script], { env: { ...process.env, PERL5LIB: process.env.IKC_LIB } });
      const counts = new Map<string, number>();
      for (const pid of stdout.trim().split('\n')) counts.set(pid, (counts.get(pid) ?? 0) + 1);
      assert.ok(counts.size >= 3, stdout);
      assert.ok([...counts.values()].every((count) => count <= 2));
      assert.ok(!counts.has(String(program.pid)));
    }),
  );
});
