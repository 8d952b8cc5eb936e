import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatedProgram } from '../helpers/operated-program.ts';
import { WAITING } from '../helpers/operated-programs.ts';

const needsLinux = existsSync('/proc/self/stat') ? false : 'only Linux tells enough of processes';

describe('poe ls', () => {
  test('lists what poe run runs, by the name of the config or else of the file, without any plugin', async () => {
    await using program = new OperatedProgram({ 'till.js': WAITING, 'named.json': { name: 'the shop' } });
    const [{ pid }, { pid: named }] = [
      await program.run(['till.js']),
      await program.run(['--config', 'named.json', 'till.js']),
    ];
    const { stdout } = await program.poe('ls', '--json');
    assert.deepEqual(
      JSON.parse(stdout).map(({ pid, name, role }: Record<string, unknown>) => ({ pid, name, role })),
      [
        { pid, name: 'till', role: null },
        { pid: named, name: 'the_shop', role: null },
      ],
    );
  });

  test('lists a program once that answers in two places, and not one that does not want to', async () => {
    await using program = new OperatedProgram({
      'own.js': `import { applyPlugins, kernel } from 'poe-kernel'; import { peek } from 'poe-kernel/plugins';
        applyPlugins(kernel, [[peek, {}]]);${WAITING}`,
      'silent.js': WAITING,
      'silent.json': { plugins: [{ use: 'peek', options: { socket: false } }] },
      'slow.js': WAITING,
    });
    const { pid } = await program.run(['own.js']);
    const silent = program.run(['--config', 'silent.json', 'silent.js']);
    // Who does not answer is not there: nobody waits for that.
    silent.catch(() => {});
    await program.run(['slow.js']);
    assert.deepEqual((await program.list()).map(({ name }) => name).sort(), ['own', 'slow']);
    assert.equal((await program.poe('peek', 'aliases', 'own')).status, 0);
    assert.equal((await program.poe('peek', 'aliases', String(pid))).status, 0);
  });
});

describe('poe stop', () => {
  test('ends a program by its name, its number, or its pid file, and waits for that', async () => {
    for (const by of ['name', 'number', 'pid file'] as const) {
      await using program = new OperatedProgram({ 'till.js': WAITING });
      const child = await program.run(['--pidfile', 'till.pid', 'till.js']);
      const target = { name: 'till', number: String(child.pid), 'pid file': './till.pid' }[by];
      const { status, stdout } = await program.poe('stop', target);
      assert.equal(status, 0, by);
      assert.match(stdout, new RegExp(`^till \\(process ${child.pid}\\) has ended after [\\d.]+ s\\n$`));
      await program.until('its parent knows', () => child.signalCode === 'SIGTERM');
      assert.equal(existsSync(join(program.folder.path, 'till.pid')), false);
    }
  });

  test('says so if that takes too long, and kills with --kill, also a program that answers nobody', {
    skip: needsLinux,
  }, async () => {
    await using program = new OperatedProgram({ 'till.js': WAITING });
    const child = await program.run(['till.js']);
    child.kill('SIGSTOP');
    const slow = await program.poe('stop', 'till', '--timeout', '0.3');
    assert.equal(slow.status, 4);
    assert.match(slow.stderr, /still runs after [\d.]+ s\. --kill ends it then\n$/);
    const { status, stdout } = await program.poe('stop', 'till', '--timeout', '0.3', '--kill', '--json');
    assert.equal(status, 0);
    const { pid, killed, done } = JSON.parse(stdout);
    assert.deepEqual([pid, killed, done], [child.pid, true, true]);
  });

  test('has status 3 if there is no such program, also where a pid file was left behind, and 2 for what cannot be meant', async () => {
    await using program = new OperatedProgram({ 'old.pid': '999999999\n' });
    const targets = ['nobody', '999999999', './old.pid', './none.pid'];
    const absent = await Promise.all(targets.map((target) => program.poe('stop', target)));
    assert.deepEqual(
      absent.map(({ status }) => status),
      [3, 3, 3, 3],
    );
    const lines = [['stop'], ['scale', 'x'], ['scale', 'x', 'many'], ['stop', 'x', '--timeout', '-1']];
    const wrong = await Promise.all(lines.map((args) => program.poe(...args)));
    assert.deepEqual(
      wrong.map(({ status }) => status),
      [2, 2, 2, 2],
    );
  });
});
