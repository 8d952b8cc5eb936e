import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePort } from '../helpers/free-port.ts';
import { OperatedProgram } from '../helpers/operated-program.ts';
import { ask, preforked, serving, WAITING } from '../helpers/operated-programs.ts';

const needsLinux = existsSync('/proc/self/stat') ? false : 'only Linux tells enough of processes';

describe('poe scale and poe reload', () => {
  test('have more and fewer children serve, and say so once they do', async () => {
    const { program, pid } = await preforked({ name: 'shop' });
    await using _ = program;
    assert.match(
      (await program.poe('scale', 'shop', '+1')).stdout,
      /^3 children of shop \(process \d+\) serve, before there were 2\n$/,
    );
    assert.deepEqual(JSON.parse((await program.poe('scale', String(pid), '-2', '--json')).stdout), {
      name: 'shop',
      pid,
      from: 3,
      to: 1,
      serving: 1,
      done: true,
    });
    assert.equal((await program.poe('scale', 'shop', '2')).status, 0);
    assert.equal((await program.family(pid))?.size, 2);
  });

  test('replace the children by the program as it is on disk; by none that does not come up', async () => {
    const { program, pid, port } = await preforked({ name: 'shop' });
    await using _ = program;
    const before = await ask(port);
    program.folder.write({ 'server.js': serving(port, 2) });
    const { status, stdout } = await program.poe('reload', 'shop');
    assert.deepEqual([status, stdout], [0, `2 children of shop (process ${pid}) replaced\n`]);
    const after = await ask(port);
    assert.deepEqual([before.version, after.version], [1, 2]);
    program.folder.write({ 'server.js': 'throw new Error("broken");' });
    const broken = await program.poe('reload', 'shop', '--timeout', '1', '--json');
    assert.equal(broken.status, 4);
    const { done, serving: replaced } = JSON.parse(broken.stdout);
    assert.deepEqual([done, replaced], [false, 0]);
    assert.equal((await ask(port)).version, 2);
  });

  test('are refused by a program of one process, by a child, and for fewer than none', async () => {
    const { program, pid } = await preforked();
    await using _ = program;
    program.folder.write({ 'till.js': WAITING });
    await program.run(['--no-config', 'till.js']);
    const child = (await program.family(pid))?.children[0]?.pid;
    for (const args of [
      ['reload', 'till'],
      ['scale', 'till', '2'],
    ]) {
      const { status, stderr } = await program.poe(...args);
      assert.equal(status, 1);
      assert.match(stderr, /^Cannot do so: the program runs in one process\nChildren are there once/);
    }
    if (child !== undefined) assert.equal((await program.poe('reload', String(child))).status, 3);
    assert.equal((await program.poe('scale', 'server', '-9')).status, 0);
    assert.equal((await program.family(pid))?.size, 0);
  });

  test('go by signals where a program answers no questions, and by none that would end it', {
    skip: needsLinux,
  }, async () => {
    const port = await freePort();
    await using program = new OperatedProgram({
      'server.js': serving(port),
      'till.js': WAITING,
      'poe.config.json': {
        plugins: [
          { use: 'prefork', options: { processes: 2, verbose: true, handoverSignal: 'WINCH' } },
          { use: 'peek', options: { socket: false } },
        ],
      },
      'silent.json': { plugins: [{ use: 'peek', options: { socket: false } }] },
    });
    const count = (pattern: RegExp): number => program.printed.match(pattern)?.length ?? 0;
    void program.run(['--pidfile', 'server.pid', 'server.js']).catch(() => {});
    await program.until('it serves', () => count(/ serves/g) === 1);
    const scaled = await program.poe('scale', './server.pid', '+1');
    assert.match(scaled.stdout, /^Told process \d+ so\n$/);
    await program.until('two serve', () => count(/ serves/g) === 2);
    assert.equal((await program.poe('scale', './server.pid', '3')).status, 1);
    assert.equal((await program.poe('reload', './server.pid')).status, 0);
    await program.until('two more serve', () => count(/ serves/g) === 4);
    const handover = await program.poe('reload', '--parent', './server.pid');
    assert.equal(handover.status, 1);
    assert.match(handover.stderr, /answers no questions, and does not listen to SIGALRM: send it the signal/);
    void program.run(['--config', 'silent.json', '--pidfile', 'till.pid', 'till.js']).catch(() => {});
    await program.until('it is there', () => existsSync(join(program.folder.path, 'till.pid')));
    const { status, stderr } = await program.poe('reload', './till.pid');
    assert.equal(status, 1);
    assert.match(stderr, /answers no questions, and it cannot be seen that it runs in several processes/);
    for (const each of ['till', 'server']) assert.equal((await program.poe('stop', `./${each}.pid`)).status, 0);
  });
});
