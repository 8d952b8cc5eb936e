/** The package as npm would publish it, unpacked into an empty project: the repository beside it lends its dependencies only. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';
import { ask, serving } from '../helpers/operated-programs.ts';
import { readText, root } from '../helpers/repository.ts';

interface Package {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const project = realpathSync(mkdtempSync(join(tmpdir(), 'poe-published-')));
after(() => rmSync(project, { recursive: true, force: true }));
const poe = join(project, 'node_modules/.bin/poe');
const { version, bin, exports } = install();

/** What `npm install poe-kernel` would do, without asking a registry. */
function install(): Package {
  const home = join(project, 'node_modules/poe-kernel');
  mkdirSync(home, { recursive: true });
  // --ignore-scripts: packing in earnest would build anew, under the feet of other tests.
  const command = ['pack', '--json', '--ignore-scripts', '--pack-destination', project];
  const [{ filename }] = JSON.parse(
    execFileSync('npm', command, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as [{ filename: string }];
  execFileSync('tar', ['-xzf', join(project, filename), '-C', home, '--strip-components=1']);
  const found = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Package;
  for (const name of Object.keys(found.dependencies)) link(`node_modules/${name}`, join(root, 'node_modules', name));
  for (const [name, path] of Object.entries(found.bin)) {
    chmodSync(join(home, path), 0o755);
    link(`node_modules/.bin/${name}`, join(home, path));
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  return found;
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  symlinkSync(target, join(project, path));
}

/** Runs a program of the project to its end. */
function run(file: string, text?: string) {
  if (text !== undefined) writeFileSync(join(project, file), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: project, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the published package', () => {
  test('has every door, and behind all of them one copy of the library', () => {
    const doors = Object.keys(exports).filter((door) => door !== './package.json');
    assert.ok(doors.length >= 7);
    const imports = doors.map((door, n) => `import * as door${n} from '${door.replace('.', 'poe-kernel')}';`);
    const sizes = doors.map((_, n) => `Object.keys(door${n}).length > 0`);
    const all = `${imports.join('\n')}\nconsole.log(${sizes.join(' && ')});`;
    assert.deepEqual(run('doors.js', all), { status: 0, stdout: 'true\n', stderr: '' });
    // Each as the first one, too.
    for (const line of imports) assert.deepEqual(run('door.js', line), { status: 0, stdout: '', stderr: '' });
  });

  test('runs a ported program', () => {
    for (const name of ['113-alias-and-idle', '315-run-code-reference']) {
      cpSync(join(root, `dist/test/conformance/${name}/program.js`), join(project, `${name}.js`));
      const { stdout, stderr } = run(`${name}.js`);
      assert.deepEqual([stdout, stderr], [readText(`test/conformance/${name}/expected.txt`), '']);
    }
  });

  test('serves IKC without what only other programs need', () => {
    const loaded = `
      import { createIkcServer } from 'poe-kernel/ikc';
      import { Session } from 'poe-kernel';
      import { createRequire } from 'node:module';
      console.log(typeof createIkcServer, typeof Session.create);
      const { cache } = createRequire(import.meta.url);
      const packages = Object.keys(cache).map((path) => path.split('/node_modules/').at(-1).split('/')[0]);
      console.log([...new Set(packages)].sort().join());`;
    const { stdout, stderr } = run('ikc.js', loaded);
    assert.deepEqual(
      [stdout, stderr],
      ['function function\ndebug,eventemitter3,has-flag,ms,supports-color,tapable\n', ''],
    );
  });

  test('keeps names and lines in traces', () => {
    const { stderr } = run('trace.js', `import { kernel } from 'poe-kernel'; kernel.post();`);
    assert.match(stderr, /at Kernel\.post \(file:\S+\/dist\/bundle\/part-kernel\.js:\d+:\d+\)/);
  });

  test('has the command, which finds its own version, templates and the programs of the project', async () => {
    assert.deepEqual(Object.keys(bin), ['poe', 'poe-kernel']);
    assert.equal(execFileSync(poe, ['--version'], { encoding: 'utf8' }), `${version}\n`);
    execFileSync(poe, ['new', 'plugin', 'my-watch'], { cwd: project });
    assert.match(readFileSync(join(project, 'my-watch.js'), 'utf8'), /apply\(/);

    const port = await freePort();
    writeFileSync(join(project, 'server.js'), serving(port));
    const config = {
      plugins: [{ use: 'prefork', options: { processes: 3 } }, { use: 'babysit' }],
    };
    writeFileSync(join(project, 'poe.config.json'), JSON.stringify(config));
    const program = spawn(poe, ['run', 'server.js'], { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ended = once(program, 'exit');
    try {
      // Until there is a parent, nobody listens.
      let pid = Number.NaN;
      for (let tries = 0; tries < 200 && !(pid > 0); tries++) {
        ({ pid } = await ask(port).catch(() => ({ pid: Number.NaN })));
        if (!(pid > 0)) await sleep(100);
      }
      assert.ok(pid > 0, errors);
      assert.notEqual(pid, program.pid);
    } finally {
      program.kill('SIGTERM');
    }
    await ended;
    assert.equal(errors, '');
  });

  test('has its types, though not its modules', () => {
    const text = `
      import { Session } from 'poe-kernel';
      import { createIkcServer, type ServerOptions } from 'poe-kernel/ikc';
      import { Line } from 'poe-kernel/wheels';
      export const options: ServerOptions = { port: 31338, name: 'Pulse' };
      export const filter: Line = new Line();
      // @ts-expect-error a port is a number
      createIkcServer({ port: [], name: 'Pulse' });
      Session.create({ inlineStates: { _start: ({ kernel }) => void kernel.aliasSet('x') } });`;
    writeFileSync(join(project, 'typed.ts'), text);
    link('node_modules/@types', join(root, 'node_modules/@types'));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const words = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'typed.ts'];
    const { stdout } = spawnSync(process.execPath, [tsc, ...words], { cwd: project, encoding: 'utf8' });
    assert.equal(stdout, '');
    assert.throws(() => readFileSync(join(project, 'node_modules/poe-kernel/dist/core/kernel.js')), { code: 'ENOENT' });
  });
});
