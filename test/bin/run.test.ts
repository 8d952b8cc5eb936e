import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { OperatedProgram } from '../helpers/operated-program.ts';
import { ProgramFolder } from '../helpers/program-folder.ts';
import { poe, root } from '../helpers/repository.ts';

/** A program whose session does something. */
const program = (body: string, before = ''): string => `
import { kernel, Session } from 'poe-kernel';
${before}
Session.create({ inlineStates: { _start({ kernel }) { ${body} } } });
`;

/** A plugin that says when it is applied and which sessions it sees. */
const TELLING = {
  'telling.js': `
    export default {
      name: 'telling',
      apply(kernel) {
        console.log('applied');
        kernel.hooks.sessionStarted.tap('telling', ({ id }) => console.log('session', id));
      },
    };
  `,
  'poe.config.json': { plugins: [{ use: './telling.js' }] },
};

describe('poe run', () => {
  for (const [title, file, text] of [
    ['that leaves it to the command to run the kernel', 'a.js', program('console.log("started");')],
    ['that runs the kernel itself', 'a.mjs', `${program('console.log("started");')} await kernel.run();`],
    ['that runs the kernel and does not wait', 'a.js', `${program('console.log("started");')} kernel.run();`],
    [
      'of TypeScript',
      'a.ts',
      program('const word: string = "started"; console.log(word);', 'interface Unused { a: 1 }'),
    ],
    ['of TypeScript with parts', 'a.mts', `import { say } from './say.ts';\n${program('say("started");')}`],
  ] as const) {
    test(`runs a program ${title}, under its plugins`, async () => {
      using folder = new ProgramFolder({
        ...TELLING,
        [file]: text,
        'say.ts': 'export function say(word: string): void { console.log(word); }',
      });
      assert.deepEqual(await folder.poe(['run', file]), {
        status: 0,
        signal: null,
        stdout: 'applied\nstarted\nsession 1\n',
        stderr: '',
      });
    });
  }

  test("gives a program its arguments, as node would, and keeps the command's options to itself", async () => {
    using folder = new ProgramFolder({ 'a.js': 'console.log(JSON.stringify(process.argv.slice(1)), process.title);' });
    const { stdout } = await folder.poe(['run', '--name', 'shop', 'a.js', '--name', 'x', '--', '-c']);
    assert.equal(stdout, `${JSON.stringify([join(folder.path, 'a.js'), '--name', 'x', '--', '-c'])} shop\n`);
  });

  test('takes no config with --no-config, and another one with --config', async () => {
    using folder = new ProgramFolder({ ...TELLING, 'a.js': 'console.log("ran");', 'empty.json': {} });
    assert.equal((await folder.poe(['run', '--no-config', 'a.js'])).stdout, 'ran\n');
    assert.equal((await folder.poe(['run', '--config', 'empty.json', 'a.js'])).stdout, 'ran\n');
    assert.equal((await folder.poe(['run', 'a.js'])).stdout, 'applied\nran\n');
  });

  test('tells with --plugin-times what taps have cost', async () => {
    using folder = new ProgramFolder({ ...TELLING, 'a.js': program('') });
    const { stderr } = await folder.poe(['run', '--plugin-times', 'a.js']);
    assert.match(stderr, /^plugin +hook +calls +ms\ntelling +sessionStarted +1 +\d+\.\d{3}\n$/);
  });

  test('tells poe plugins --program which plugins tap what, and from the first look on what that costs', async () => {
    await using operated = new OperatedProgram({
      ...TELLING,
      'idle.mjs': `export default { name: 'idle', apply() {} };`,
      'poe.config.json': { plugins: [{ use: './telling.js' }, { use: './idle.mjs' }, { use: 'prefork' }] },
      'a.js': program('kernel.refcountIncrement(kernel.session.id, "stays");'),
    });
    const { pid = 0 } = await operated.run(['--name', 'told', 'a.js'], { children: 1 });
    const first = await operated.poe('plugins', '--program', 'told', '--seconds', '0');
    assert.deepEqual(
      first.stdout.split('\n').map((line) => line.trimEnd().split(/ {2,}/)),
      [
        ['', 'PLUGIN', 'HOOK', 'CALLS', 'MS'],
        ['1.', 'telling', 'sessionStarted', '0', '0'],
        ['2.', 'idle', 'taps no hook', '0', '0'],
        ['3.', 'prefork', 'listen', '0', '0'],
        ['3.', 'prefork', 'childStarted', '0', '0'],
        [''],
      ],
    );
    assert.equal((await operated.poe('scale', 'told', '+1')).status, 0);
    const rows = JSON.parse((await operated.poe('plugins', '--program', `${pid}`, '--seconds', '0', '--json')).stdout);
    const { calls, ms } = rows.find(({ hook }: { hook: string }) => hook === 'childStarted');
    assert.ok(calls >= 1 && ms > 0, `${calls} calls, ${ms} ms`);
    assert.equal((await operated.poe('plugins', '--program', 'nobody')).status, 3);
  });

  test('dies of a signal that nobody watches, and not of one that the program handles', async () => {
    for (const [sig, expected] of [
      ['', { code: null, signal: 'SIGTERM' }],
      [
        'kernel.sig("TERM", "bye"); kernel.state("bye", ({ kernel }) => { kernel.sigHandled(); kernel.delay("x"); kernel.sig("TERM"); });',
        { code: 0, signal: null },
      ],
    ] as const) {
      using folder = new ProgramFolder({
        'a.js': program(`kernel.delay('x', 60); ${sig} setTimeout(() => console.log('up'));`),
      });
      const child = spawn(process.execPath, [poe, 'run', '--pidfile', 'pid', 'a.js'], {
        cwd: folder.path,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const file = join(folder.path, 'pid');
      assert.equal(readFileSync(file, 'utf8'), `${child.pid}\n`);
      child.kill('SIGTERM');
      const [code, signal] = await once(child, 'exit');
      assert.deepEqual({ code, signal }, expected);
      assert.throws(() => readFileSync(file), { code: 'ENOENT' });
    }
  });

  test('says how the program is started again under the same config, without its pid file', async () => {
    using folder = new ProgramFolder({
      ...TELLING,
      'a.js': `
        import { spawnSync } from 'node:child_process';
        import { existsSync } from 'node:fs';
        import { kernel } from 'poe-kernel';
        console.log(process.argv[2], process.title, existsSync('pid'));
        const { restart } = kernel.host.identity;
        if (!process.env.AGAIN) spawnSync(process.execPath, restart, { stdio: 'inherit', env: { ...process.env, AGAIN: '1' } });
      `,
    });
    const { stdout, stderr } = await folder.poe(['run', '--name', 'shop', '--pidfile', 'pid', 'a.js', '--x']);
    assert.equal(stderr, '');
    assert.equal(stdout, 'applied\n--x shop true\napplied\n--x shop true\n');
  });

  test('runs a program under one copy of the package, also where that is a link and others can be looked into', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { plugins: [{ use: 'peek', options: { folder: 'peek', port: 0 } }] },
      'a.js': `
        import { kernel } from 'poe-kernel';
        import { createIkcServer } from 'poe-kernel/ikc';
        import { Line } from 'poe-kernel/wheels';
        console.log(import.meta.resolve('poe-kernel'), kernel.getSessionCount(), typeof createIkcServer, typeof Line);
        process.exit();
      `,
    });
    mkdirSync(join(folder.path, 'peek'), { mode: 0o700 });
    // What the plugin looks at last before the program is imported is a socket.
    const other = createServer().listen(join(folder.path, `peek/${process.pid}-other.sock`));
    await once(other, 'listening');
    try {
      const { stdout, stderr } = await folder.poe(['run', 'a.js']);
      assert.equal(stdout, `${pathToFileURL(join(root, 'dist/bundle/core.js')).href} 0 function function\n`);
      // It may end before its page is there; there is no warning in any case.
      assert.match(stderr, /^(peek: http:\S+\n)?$/);
    } finally {
      other.close();
    }
  });

  test('ends a program by SIGTERM that only plugins watch, though nobody runs their kernel', async () => {
    await using program = new OperatedProgram({
      'poe.config.json': { plugins: [{ use: 'prefork' }] },
      'own.js': `
        import { Kernel, Session } from 'poe-kernel';
        const kernel = new Kernel();
        Session.create({ kernel, inlineStates: { _start: ({ kernel }) => void kernel.delay('x', 1000), x() {} } });
        if (process.argv[2]) process.on('SIGTERM', () => setTimeout(() => process.exit(5), 3000));
        console.log('up');
        await kernel.run();
      `,
    });
    for (const [args, code, warning] of [
      [['--pidfile', 'pid', 'own.js'], 143, /POE_WARN_KERNEL_NOT_RUN\] PoeWarning: Ended by SIGTERM/],
      // Who watches it decides.
      [['own.js', 'handles'], 5, /^up\n$/],
    ] as const) {
      program.printed = '';
      const child = await program.run(args);
      await program.until('it is up', () => program.printed.includes('up'));
      child.kill();
      assert.deepEqual(await once(child, 'close'), [code, null]);
      assert.match(program.printed, warning);
      assert.equal(existsSync(join(program.folder.path, 'pid')), false);
    }
  });

  test('leaves a program to the modules or to the bundle, whichever it will import', async () => {
    using folder = new ProgramFolder({
      'a.js': `import 'poe-kernel'; console.log(import.meta.resolve('poe-kernel'));`,
    });
    const files = { modules: join(root, 'dist/core/index.js'), bundle: join(root, 'dist/bundle/core.js') };
    for (const command of [join(root, 'dist/bin/poe.js'), poe]) {
      for (const [found, file] of Object.entries(files)) {
        // What is linked to is the package, or what is compiled of it, which has doors of its own.
        rmSync(join(folder.path, 'node_modules/poe-kernel'));
        folder.link('node_modules/poe-kernel', found === 'modules' ? join(root, 'dist') : root);
        const { stdout, stderr } = spawnSync(process.execPath, [command, 'run', 'a.js'], {
          cwd: folder.path,
          encoding: 'utf8',
        });
        assert.deepEqual([stdout, stderr], [`${pathToFileURL(file).href}\n`, ''], `${command}, ${found}`);
      }
    }
  });

  test('leaves a program to the copy of the package that it will import', async () => {
    using folder = new ProgramFolder({
      'app/a.js': '',
      'app/node_modules/poe-kernel/package.json': { type: 'module', bin: { poe: 'command.js' } },
      'app/node_modules/poe-kernel/command.js': 'console.log("the other copy", process.argv.slice(2).join(" "));',
    });
    assert.equal((await folder.poe(['run', 'app/a.js', 'x'])).stdout, 'the other copy run app/a.js x\n');
  });

  test('tells systemd that the program is ready, once its first session has started', async () => {
    using folder = new ProgramFolder({
      'a.js': program('kernel.delay("x", 0.3);'),
      'bin/systemd-notify': '#!/bin/sh\necho "$@" "$NOTIFY_SOCKET"\necho "$@" > told\n',
    });
    chmodSync(join(folder.path, 'bin/systemd-notify'), 0o755);
    const env = { NOTIFY_SOCKET: '/run/x', PATH: `${join(folder.path, 'bin')}:${process.env.PATH}` };
    assert.equal((await folder.poe(['run', 'a.js'], env)).status, 0);
    assert.match(readFileSync(join(folder.path, 'told'), 'utf8'), /^--ready --pid=\d+\n$/);
    const without = await folder.poe(['run', 'a.js'], { NOTIFY_SOCKET: '/run/x', PATH: '/nowhere' });
    assert.equal(without.status, 0);
    assert.match(without.stderr, /POE_WARN_SYSTEMD\] PoeWarning: Cannot tell systemd/);
  });
});
