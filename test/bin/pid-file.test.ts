import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatedProgram } from '../helpers/operated-program.ts';
import { WAITING } from '../helpers/operated-programs.ts';
import { type Ended, ProgramFolder } from '../helpers/program-folder.ts';

/** Runs a program that prints its pid file. */
async function start(folder: ProgramFolder): Promise<Ended> {
  folder.write({
    'a.js': `import { readFileSync, statSync } from 'node:fs';
console.log(Number(readFileSync('pid', 'utf8')) === process.pid, (statSync('pid').mode & 0o777).toString(8));`,
  });
  return folder.poe(['run', '--pidfile', 'pid', 'a.js']);
}

const STARTED = 'true 644\n';

describe('poe run --pidfile', () => {
  test('holds the number while the program runs, is for all to read, and goes with it', async () => {
    using folder = new ProgramFolder();
    assert.deepEqual(await start(folder), { status: 0, signal: null, stdout: STARTED, stderr: '' });
    assert.deepEqual(readdirSync(folder.path).sort(), ['a.js', 'node_modules', 'package.json']);
  });

  test('is refused while a living process has it', async () => {
    using folder = new ProgramFolder({ pid: `${process.pid}\n` });
    const { status, stdout, stderr } = await start(folder);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, new RegExp(`/pid: process ${process.pid} has it and is running\n$`));
    assert.equal(readFileSync(join(folder.path, 'pid'), 'utf8'), `${process.pid}\n`);
  });

  test('is replaced if its process is gone', async () => {
    const { pid } = spawnSync('true');
    using folder = new ProgramFolder({ pid: `${pid}\n` });
    assert.equal((await start(folder)).stdout, STARTED);
  });

  test('is replaced if its number has gone to a younger process', {
    skip: existsSync('/proc/self/stat') ? false : 'only Linux tells when a process began',
  }, async () => {
    using folder = new ProgramFolder({ pid: `${process.pid}\n` });
    utimesSync(join(folder.path, 'pid'), 1_000_000_000, 1_000_000_000);
    assert.equal((await start(folder)).stdout, STARTED);
  });

  test('is replaced after a crash', async () => {
    using folder = new ProgramFolder({ 'crash.js': 'console.log("up"); setInterval(() => {}, 1000);' });
    const poe = join(folder.path, 'node_modules/poe-kernel/dist/bundle/poe.js');
    const child = spawn(process.execPath, [poe, 'run', '--pidfile', 'pid', 'crash.js'], { cwd: folder.path });
    await once(child.stdout, 'data');
    assert.equal((await start(folder)).status, 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal((await start(folder)).stdout, STARTED);
  });

  for (const [title, make, found] of [
    ['a symbolic link', (path: string) => symlinkSync('elsewhere', path), /it is a symbolic link/],
    ['a folder', (path: string) => mkdirSync(path), /it is no file/],
    ['something else', (path: string) => writeFileSync(path, 'my thesis'), /it is there and holds no process number/],
    ['a long text', (path: string) => writeFileSync(path, '1'.repeat(1e6)), /it is there and holds no process number/],
  ] as const) {
    test(`is refused where ${title} is, which stays as it was`, async () => {
      using folder = new ProgramFolder({ elsewhere: 'precious' });
      const path = join(folder.path, 'pid');
      make(path);
      const before = statSync(path).size;
      const { status, stderr } = await start(folder);
      assert.equal(status, 2);
      assert.match(stderr, found);
      assert.equal(statSync(path).size, before);
      assert.equal(readFileSync(join(folder.path, 'elsewhere'), 'utf8'), 'precious');
    });
  }

  test('is refused where its folder is not there', async () => {
    using folder = new ProgramFolder({ 'a.js': '' });
    const { status, stderr } = await folder.poe(['run', '--pidfile', 'no/pid', 'a.js']);
    assert.equal(status, 2);
    assert.match(stderr, /^Cannot write the process number to .*no\/pid: ENOENT/);
  });

  test('is replaced if its number has gone to a process that began at another time, whatever the clock says', {
    skip: existsSync('/proc/self/stat') ? false : 'only Linux tells when a process began',
  }, async () => {
    await using program = new OperatedProgram({ 'till.js': WAITING });
    const child = await program.run(['--pidfile', 'till.pid', 'till.js']);
    const path = join(program.folder.path, 'till.pid');
    const [, start] = readFileSync(`${path}.start`, 'utf8').trim().split(' ');
    assert.match(start ?? '', /^[-0-9a-f]{36}:\d+$/);
    child.kill('SIGKILL');
    await once(child, 'close');
    // A process that lives, and began at another time than the file says.
    writeFileSync(path, `${process.pid}\n`);
    writeFileSync(`${path}.start`, `${process.pid} ${start}\n`);
    assert.equal((await program.poe('stop', './till.pid')).status, 3);
    const next = await program.run(['--pidfile', 'till.pid', 'till.js']);
    assert.equal(readFileSync(path, 'utf8'), `${next.pid}\n`);
    assert.equal((await program.poe('run', '--pidfile', 'till.pid', 'till.js')).status, 2);
  });
});
