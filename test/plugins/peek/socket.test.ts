import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { applyPlugins, Kernel, Peek, type PoeError, Session } from 'poe-kernel';
import { addPeekSection, PeekClient, peek } from 'poe-kernel/plugins';
import { answer } from '../../../plugins/peek/answers.ts';
import { makePrivate, newSocketPath, removeSocket } from '../../../plugins/peek/folder.ts';
import { Live } from '../../../plugins/peek/live.ts';
import { startProgram, temporaryFolder, until } from '../../helpers/peek-program.ts';
import { fc } from '../../helpers/property.ts';
import { poe } from '../../helpers/repository.ts';
import { Simulation } from '../../helpers/run-sessions.ts';

/** A kernel with a session and the plugin, and its socket. */
function world(t: TestContext, options: object = {}) {
  const base = temporaryFolder(t, 'peek');
  const folder = join(base, 'sockets');
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('logger');
        kernel.delay('flush', 60);
      },
      flush() {},
    },
  });
  const undo = applyPlugins(kernel, [[peek, { folder, name: 'app', signals: false, ...options }]]);
  t.after(undo);
  return { base, folder, kernel, undo, path: join(folder, `${process.pid}-app.sock`) };
}

/** What a socket answers to some octets, line by line, until it has answered `count` times or closes. */
async function answers(
  path: string,
  sent: string | Uint8Array,
  count: number,
): Promise<{ ok: boolean; code?: string }[]> {
  const socket = createConnection(path);
  socket.write(sent);
  const lines: { ok: boolean; code?: string }[] = [];
  for await (const line of createInterface({ input: socket })) {
    lines.push(JSON.parse(line));
    if (lines.length === count) break;
  }
  socket.destroy();
  return lines;
}

describe('the socket of peek', () => {
  test('is private: mode 0600 in a folder of mode 0700, and gone after the end', async (t) => {
    const { path, folder, undo } = world(t);
    await until('it listens', () => existsSync(path) && (statSync(path).mode & 0o777) === 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    undo();
    await until('it is gone', () => !existsSync(path));
  });

  test('answers about sessions, queue, aliases, handles, signals, kernels and what was added', async (t) => {
    const { folder, kernel } = world(t);
    t.after(addPeekSection(kernel, 'children', () => [{ pid: 4711, state: 'serving' }]));
    const client = await PeekClient.connect('app', { folder });
    t.after(() => client.close());
    const hello = await client.ask({ ask: 'hello' });
    assert.deepEqual([hello.name, hello.pid, hello.sessions], ['app', process.pid, 1]);
    assert.deepEqual(await client.ask({ ask: 'aliases' }), [{ alias: 'logger', session: 1 }]);
    assert.deepEqual((await client.ask({ ask: 'queue' })).map(({ event }) => event).sort(), [
      '_garbage_collect',
      'flush',
    ]);
    assert.deepEqual(
      (await client.ask({ ask: 'why', session: 'logger' })).map(({ kind }) => kind),
      ['event', 'timer', 'alias'],
    );
    const [session] = await client.ask({ ask: 'sessions' });
    assert.deepEqual([session?.name, session?.refcount], ['session 1 (logger)', { held: 2, counted: 2 }]);
    assert.deepEqual([await client.ask({ ask: 'handles' }), await client.ask({ ask: 'signals' })], [[], []]);
    assert.equal(await client.ask({ ask: 'kernels' }), null);
    assert.deepEqual(await client.ask({ ask: 'sections' }), [
      { name: 'children', rows: [{ pid: 4711, state: 'serving' }] },
    ]);
    assert.equal((await client.ask({ ask: 'dump' })).kernel.counts.sessions, 1);
    await assert.rejects(client.ask({ ask: 'why', session: 'nobody' }), { code: 'POE_ERR_PEEK_REQUEST' });
    assert.equal((await client.ask({ ask: 'top' })).busiest.length, 1, 'it goes on after an error');
  });

  test('a session that is held without a reason is flagged in tables, too', async (t) => {
    const { folder, kernel } = world(t);
    const [session] = new Peek(kernel).sessionList();
    (session as Session)._references += 1;
    const poeSessions = promisify(execFile)(process.execPath, [poe, 'peek', 'sessions', 'app', '--folder', folder]);
    const { stdout } = await poeSessions.finally(() => {
      (session as Session)._references -= 1;
    });
    assert.match(stdout, /\n1 +session 1 \(logger\) +\S+ +3 \(counted 2\) /);
  });

  test('a request of hostile bytes gets an error, and the next client an answer', async (t) => {
    const { path } = world(t);
    const known = [
      'hello',
      'dump',
      'why',
      'sessions',
      'queue',
      'aliases',
      'handles',
      'signals',
      'kernels',
      'sections',
      'top',
    ];
    const requests = fc.oneof(
      fc.json().map((text) => text.replaceAll('\n', ' ')),
      fc.string().map((text) => text.replaceAll('\n', ' ')),
      fc
        .record(
          {
            ask: fc.oneof(
              fc.constantFrom('__proto__', 'constructor', 'toString', 'then', ...known),
              fc.string(),
              fc.anything(),
            ),
            session: fc.oneof(fc.constantFrom('__proto__', 'logger', 1, -1, 1e300, null), fc.anything()),
            limit: fc.oneof(fc.integer(), fc.double(), fc.anything()),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each)) ?? 'null'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 40 }), async (lines) => {
        const got = await answers(path, `${lines.join('\n')}\n`, lines.length);
        assert.equal(got.length, lines.length);
        for (const { ok, code } of got) assert.ok(ok || code === 'POE_ERR_PEEK_REQUEST', code);
      }),
      { numRuns: 100 },
    );
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.deepEqual(
      (await answers(path, '{"ask":"hello"}\n', 1)).map(({ ok }) => ok),
      [true],
    );
  });

  test('a request of 4096 octets is read, one more ends the connection with an error', async (t) => {
    const { path } = world(t);
    const request = (length: number): string => '{"ask":"hello"}'.padEnd(length);
    for (const [length, end, ok] of [
      [4095, '\n', true],
      [4096, '\n', true],
      [4097, '\n', false],
      [4097, '', false],
    ] as const) {
      const got = await answers(path, request(length) + end, 2 - Number(ok));
      assert.equal(got[0]?.ok, ok, `${length} octets`);
    }
  });

  test('a client that asks much and reads nothing is not answered further, and others are', async (t) => {
    const { path } = world(t);
    const before = process.memoryUsage().rss;
    const greedy = createConnection(path);
    t.after(() => greedy.destroy());
    greedy.pause();
    greedy.on('error', () => {});
    await once(greedy, 'connect');
    for (let n = 0; n < 200; n++) greedy.write('{"ask":"dump"}\n'.repeat(1000));
    for (let n = 0; n < 20; n++) assert.equal((await answers(path, '{"ask":"hello"}\n', 1))[0]?.ok, true);
    assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20);
  });

  test('takes maxClients at a time, and disconnects those that ask nothing', async (t) => {
    const { path } = world(t, { maxClients: 2, idleTimeout: 1 });
    const clients: Socket[] = [];
    const closed: number[] = [];
    for (let n = 0; n < 3; n++) {
      const client = createConnection(path);
      client
        .on('close', () => closed.push(n))
        .on('error', () => {})
        .resume();
      await once(client, 'connect');
      clients.push(client);
    }
    await until('the idle ones are gone', () => closed.length === 3);
    assert.equal(closed[0], 2, 'it was turned away');
    for (const client of clients) client.destroy();
  });

  test('watches events only while a client asks for rates', async (t) => {
    const { folder, kernel } = world(t);
    const own = (): boolean => Object.hasOwn(kernel._engine, 'invoke') || Object.hasOwn(kernel._engine, 'handle');
    const client = await PeekClient.connect(process.pid, { folder });
    await client.ask({ ask: 'sessions' });
    assert.equal(own(), false);
    await client.ask({ ask: 'top' });
    assert.equal(own(), true);
    client.close();
    await until('nobody watches', () => !own());
  });

  test('keeps no process alive, not even with a client, and takes its socket along', async (t) => {
    const folder = temporaryFolder(t, 'peek');
    const program = await startProgram(
      folder,
      `const kernel = new Kernel();
       applyPlugins(kernel, [[peek, { folder: ${JSON.stringify(join(folder, 's'))}, name: 'brief' }]]);
       Session.create({ kernel, inlineStates: {
         _start({ kernel }) { kernel.delay('end', 1); console.log('ready'); }, end() {},
       } });
       await kernel.run();`,
    );
    const client = await PeekClient.connect('brief', { folder: join(folder, 's') });
    assert.equal((await client.ask({ ask: 'hello' })).pid, program.pid);
    assert.equal(await program.ended, 0);
    assert.equal(program.stderr(), '');
    await assert.rejects(client.ask({ ask: 'hello' }), { code: 'POE_ERR_PEEK_NOBODY' });
    client.close();
    assert.deepEqual(readdirSync(join(folder, 's')), []);
  });
});

test('answer, gives an answer or refuses, whatever it is asked, and changes nothing', () => {
  const simulation = new Simulation();
  const { kernel } = simulation;
  simulation.session({ _start: ({ kernel }) => kernel.aliasSet('logger') });
  const live = new Live(kernel);
  const viewer = live.use();
  const subject = { kernel, name: 'app', viewer: () => viewer };
  const word = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'logger', '1', 'IKC', ''),
    fc.string(),
  );
  const question = fc.record(
    {
      ask: fc.oneof(fc.constantFrom('why', 'sessions', 'queue', 'kernels', 'top'), word, fc.anything()),
      session: fc.oneof(word, fc.nat({ max: 3 }), fc.anything()),
      limit: fc.oneof(fc.integer({ min: -10, max: 11_000 }), fc.anything()),
    },
    { requiredKeys: ['ask'] },
  );
  const before = new Peek(kernel).sessions();
  kernel.errno = 'EPERM';
  let answered = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: question }, { weight: 1, arbitrary: fc.anything() }), (request) => {
      try {
        JSON.stringify(answer(subject, request));
        answered++;
      } catch (error) {
        assert.equal((error as PoeError).code, 'POE_ERR_PEEK_REQUEST', String(error));
      }
    }),
    { numRuns: 20_000 },
  );
  assert.ok(answered > 1000);
  assert.equal(kernel.errno, 'EPERM');
  assert.deepEqual(new Peek(kernel).sessions(), before);
  viewer.close();
});

describe('the folder of peek', () => {
  test('whatever stands at its path, 2,000 times over: nothing outside of it is touched', (t) => {
    const base = temporaryFolder(t, 'peek');
    const target = join(base, 'target');
    mkdirSync(target, { mode: 0o755 });
    writeFileSync(join(target, `${process.pid}-app.sock`), 'mine');
    const path = join(base, 'sockets');
    const before = statSync(target);
    const stands = [
      () => {},
      () => symlinkSync(target, path),
      () => symlinkSync(join(base, 'nowhere'), path),
      () => writeFileSync(path, 'file'),
      () => mkdirSync(path, { mode: 0o755 }),
      () => {
        mkdirSync(path, { mode: 0o700 });
        symlinkSync(join(target, `${process.pid}-app.sock`), join(path, `${process.pid}-app.sock`));
        symlinkSync(target, join(path, '1-app.sock'));
      },
    ];
    for (let n = 0; n < 2000; n++) {
      stands[n % stands.length]?.();
      try {
        makePrivate(path);
        removeSocket(newSocketPath(path, 'app'));
      } catch (error) {
        assert.equal((error as PoeError).code, 'POE_ERR_PEEK_FOLDER');
      }
      rmSync(path, { recursive: true, force: true });
    }
    assert.deepEqual(readdirSync(base), ['target']);
    assert.deepEqual(readdirSync(target), [`${process.pid}-app.sock`]);
    assert.deepEqual([statSync(target).mode, statSync(target).mtimeMs], [before.mode, before.mtimeMs]);
  });

  /** Applies the plugin to a folder; gives the warnings. */
  async function warnings(folder: string): Promise<string[]> {
    const heard: string[] = [];
    const hear = (warning: Error & { code?: string }): number => heard.push(`${warning.code}: ${warning.message}`);
    process.on('warning', hear);
    const undo = applyPlugins(new Kernel(), [[peek, { folder, name: 'app', signals: false }]]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    undo();
    process.off('warning', hear);
    return heard;
  }

  test('that is a link, a file, or open to others is refused with a warning, and unharmed', async (t) => {
    const base = temporaryFolder(t, 'peek');
    const target = join(base, 'target');
    mkdirSync(target, { mode: 0o700 });
    const link = join(base, 'link');
    symlinkSync(target, link);
    assert.match((await warnings(link)).join(), /POE_WARN_PEEK_SOCKET: .*it is a symbolic link/);
    assert.deepEqual(readdirSync(target), []);
    const dangling = join(base, 'dangling');
    symlinkSync(join(base, 'nowhere'), dangling);
    assert.match((await warnings(dangling)).join(), /it is a symbolic link/);
    assert.equal(existsSync(join(base, 'nowhere')), false);
    const file = join(base, 'file');
    writeFileSync(file, 'mine');
    assert.match((await warnings(file)).join(), /it is no folder/);
    const open = join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o750);
    assert.match((await warnings(open)).join(), /others may enter it: its mode is 750/);
    assert.deepEqual(readdirSync(open), []);
    await assert.rejects(PeekClient.list({ folder: link }), { code: 'POE_ERR_PEEK_FOLDER' });
  });

  test('loses sockets of processes that are gone, and nothing else', async (t) => {
    const base = temporaryFolder(t, 'peek');
    const folder = join(base, 's');
    mkdirSync(folder, { mode: 0o700 });
    const stale = await startProgram(
      base,
      `import { createServer } from 'node:net';
       createServer().listen(${JSON.stringify(folder)} + '/' + process.pid + '-old.sock', () => { console.log('ready'); process.kill(process.pid, 'SIGKILL'); });`,
    );
    await stale.ended;
    const left = `${stale.pid}-old.sock`;
    writeFileSync(join(folder, `${stale.pid}-file.sock`), 'not a socket');
    symlinkSync(join(base, 'elsewhere'), join(folder, `${stale.pid}-link.sock`));
    assert.ok(lstatSync(join(folder, left)).isSocket());
    assert.deepEqual(await warnings(folder), []);
    assert.deepEqual(readdirSync(folder).sort(), [`${stale.pid}-file.sock`, `${stale.pid}-link.sock`]);
  });

  test('what stands at the path of the socket stays, and the socket goes beside it', async (t) => {
    const base = temporaryFolder(t, 'peek');
    const folder = join(base, 's');
    mkdirSync(folder, { mode: 0o700 });
    const path = join(folder, `${process.pid}-app.sock`);
    symlinkSync(join(base, 'elsewhere'), path);
    const undo = applyPlugins(new Kernel(), [[peek, { folder, name: 'app', signals: false }]]);
    t.after(undo);
    await until('it listens', () => existsSync(join(folder, `${process.pid}.2-app.sock`)));
    assert.equal((await PeekClient.list({ folder })).length, 1);
    undo();
    assert.equal(existsSync(join(base, 'elsewhere')), false);
    assert.ok(lstatSync(path).isSymbolicLink());
  });

  test('a socket that nobody listens on any more goes when somebody lists the programs', async (t) => {
    const folder = join(temporaryFolder(t, 'peek'), 's');
    mkdirSync(folder, { mode: 0o700 });
    const gone = await startProgram(
      folder,
      `import { createServer } from 'node:net';
       createServer().listen(${JSON.stringify(folder)} + '/${process.pid}-old.sock', () => { console.log('ready'); process.kill(process.pid, 'SIGKILL'); });`,
    );
    await gone.ended;
    const silent = createServer().listen(join(folder, `${process.pid}-mute.sock`));
    await once(silent, 'listening');
    t.after(() => silent.close());
    assert.deepEqual(await PeekClient.list({ folder, timeout: 0.2 }), []);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.sock')),
      [`${process.pid}-mute.sock`],
    );
  });
});
