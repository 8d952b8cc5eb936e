import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import net, { connect } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { internetAddress } from '../../bin/systemd/socket-table.ts';
import { OperatedProgram } from '../helpers/operated-program.ts';
import { ask, serving } from '../helpers/operated-programs.ts';
import { ProgramFolder } from '../helpers/program-folder.ts';
import { poe } from '../helpers/repository.ts';

interface Bound {
  readonly fd: number;
  getsockname?(out: { port?: number }): void;
  listen(backlog: number): number;
  close(): void;
}

/** A socket that is bound, as systemd hands it over: nobody here takes its connections. */
const bind = (net as unknown as { _createServerHandle(address: string, port: number, family: number): Bound })
  ._createServerHandle;

const program = (listen: string): string => `
import { Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.listener = new SocketFactory({ kernel, ${listen}, successEvent: 'accepted', failureEvent: 'failed' });
      console.log('environment', process.env.LISTEN_PID, process.env.LISTEN_FDS);
    },
    accepted({ kernel, heap }, handle) {
      heap.client = new ReadWrite({ kernel, handle, inputEvent: 'line', errorEvent: 'gone' });
      heap.client.put('welcome');
      heap.listener.destroy();
    },
    line({ heap }, line) { heap.client.put(line.toUpperCase()); },
    gone({ heap }) { heap.client.destroy(); },
    failed(_, operation, errno, text) { console.log(operation, text); },
  },
});
`;

/** Starts a program with a socket at descriptor 3, as systemd would; gives what it printed once it has ended. */
function start(
  folder: ProgramFolder,
  { fd }: Bound,
): { child: ChildProcess; ready: Promise<unknown>; ended: Promise<string> } {
  const script = `LISTEN_PID=$$ LISTEN_FDS=1 exec "${process.execPath}" "${poe}" run a.js`;
  const child = spawn('sh', ['-c', script], { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit', fd] });
  let printed = '';
  const stdout = child.stdout as Readable;
  stdout.on('data', (data: Buffer) => {
    printed += data.toString();
  });
  return {
    child,
    ready: once(stdout, 'data'),
    ended: once(child, 'close').then((status) => {
      assert.deepEqual(status, [0, null]);
      return printed;
    }),
  };
}

/** A client that talks to the program. */
async function talkTo(address: { port: number; host: string } | { path: string }): Promise<void> {
  const socket = connect(address);
  let heard = '';
  socket.on('data', (data: Buffer) => {
    heard += data.toString();
    if (heard.endsWith('HELLO\r\n')) socket.end();
  });
  socket.write('hello\r\n');
  await once(socket, 'close');
  assert.equal(heard, 'welcome\r\nHELLO\r\n');
}

describe('poe run, sockets of systemd', {
  skip: existsSync('/proc/net/tcp') ? false : 'only Linux has systemd',
}, () => {
  test('serve a listener of the same address and port, and those who connected before', async () => {
    const bound = bind('127.0.0.1', 0, 4);
    const out: { port?: number } = {};
    bound.getsockname?.(out);
    const { port = 0 } = out;
    bound.listen(5);
    using folder = new ProgramFolder({ 'a.js': program(`bindAddress: '127.0.0.1', bindPort: ${port}`) });
    const { ended } = start(folder, bound);
    // From here on the socket is the program's alone; it listens, though nobody takes connections yet.
    bound.close();
    await talkTo({ port, host: '127.0.0.1' });
    assert.equal(await ended, 'environment undefined undefined\n');
  });

  test('serve a listener of the same path', async () => {
    using folder = new ProgramFolder();
    const path = join(folder.path, 'socket');
    folder.write({ 'a.js': program(`socketDomain: 'unix', bindAddress: ${JSON.stringify(path)}`) });
    const bound = bind(path, -1, -1);
    const { ready, ended } = start(folder, bound);
    await ready;
    await talkTo({ path });
    assert.equal(await ended, 'environment undefined undefined\n');
    bound.close();
  });

  test('are shared with the children of a preforked program, and stay behind; systemd is told how it goes', async (t) => {
    const bound = bind('127.0.0.1', 0, 4);
    // systemd, which keeps the socket whoever comes and goes.
    const keeper = spawn('sleep', ['300'], { stdio: ['ignore', 'ignore', 'ignore', bound.fd] });
    t.after(() => keeper.kill());
    const out: { port?: number } = {};
    bound.getsockname?.(out);
    const { port = 0 } = out;
    bound.listen(5);
    await using program = new OperatedProgram({
      'server.js': serving(port),
      'poe.config.json': { name: 'shop', plugins: [{ use: 'prefork', options: { processes: 3 } }] },
      'bin/systemd-notify': '#!/bin/sh\necho "$@" >> told\n',
    });
    chmodSync(join(program.folder.path, 'bin/systemd-notify'), 0o755);
    const told = (): string[] => {
      const file = join(program.folder.path, 'told');
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    };
    const env = { NOTIFY_SOCKET: '/run/x', PATH: `${join(program.folder.path, 'bin')}:${process.env.PATH}` };
    const running = program.run(['server.js'], { children: 2, env, socket: bound.fd });
    // From here on nobody takes connections before the program does.
    bound.close();
    const early = ask(port);
    const { pid = 0 } = await running;
    const children = (await program.family(pid))?.children.map((child) => child.pid) ?? [];
    for (const answer of [await early, await ask(port)]) assert.ok(children.includes(answer.pid));
    await program.until('it is ready', () => told().length === 1);
    assert.deepEqual(told(), [`--ready --pid=${pid}`]);
    // Nobody else listens there: the program has none of its own.
    assert.doesNotMatch(program.printed, /EADDRINUSE|POE_WARN/);

    assert.equal((await program.poe('reload', 'shop')).status, 0);
    await program.until('it is ready again', () => told().length === 3);
    assert.match(told()[1] ?? '', /^RELOADING=1 MONOTONIC_USEC=\d+$/);
    assert.equal(told()[2], 'READY=1');

    const { next } = JSON.parse((await program.poe('reload', '--parent', 'shop', '--json')).stdout);
    await program.until('the new one is ready', () => told().length === 4);
    assert.equal(told()[3], `--ready --pid=${next}`);
    assert.equal((await ask(port)).version, 1);

    assert.equal((await program.poe('stop', String(next))).status, 0);
    await program.until('its end is told', () => told().length === 5);
    assert.equal(told()[4], 'STOPPING=1');
    // Who comes now waits until systemd has started it again.
    const late = connect({ port, host: '127.0.0.1' });
    await once(late, 'connect');
    late.destroy();
  });

  test('keep their path, whoever ends', async () => {
    await using program = new OperatedProgram({
      'poe.config.json': { name: 'shop', plugins: [{ use: 'prefork', options: { processes: 2 } }] },
    });
    const path = join(program.folder.path, 'socket');
    program.folder.write({
      'server.js': `
        import { kernel, Session } from 'poe-kernel';
        import { Responder, Server } from 'poe-kernel/ikc';
        Server.spawn({ unix: ${JSON.stringify(path)}, name: 'Test' });
        // A path of its own the server removes here.
        const end = () => Responder.spawn({ kernel }).shutdown();
        Session.create({ inlineStates: { _start: ({ kernel }) => void kernel.sig('TERM', 'end'), end } });
      `,
    });
    const bound = bind(path, -1, -1);
    const running = program.run(['server.js'], { children: 1, socket: bound.fd });
    await running;
    const ended = await program.poe('reload', '--parent', 'shop', '--json');
    const { next } = JSON.parse(ended.stdout);
    assert.equal((await program.poe('stop', String(next))).status, 0);
    assert.ok(existsSync(path));
    assert.equal(program.printed, '');
    bound.close();
  });

  test('serve an IKC server of the same path, which looks first whether that is free', async () => {
    using folder = new ProgramFolder();
    const path = join(folder.path, 'socket');
    folder.write({
      'a.js': `
        import { kernel } from 'poe-kernel';
        import { Responder, Server } from 'poe-kernel/ikc';
        Server.spawn({ unix: ${JSON.stringify(path)}, name: 'Test' });
        setImmediate(() => console.log('up'));
        process.once('SIGUSR2', () => Responder.spawn({ kernel }).shutdown());
      `,
    });
    const bound = bind(path, -1, -1);
    const { child, ready, ended } = start(folder, bound);
    await ready;
    assert.match((await folder.poe(['ping', '--unix', path])).stdout, /^PONG from /);
    child.kill('SIGUSR2');
    assert.equal(await ended, 'up\n');
    bound.close();
  });
});

describe('internetAddress()', () => {
  for (const [text, family, address, port] of [
    ['0100007F:1F90', 4, '127.0.0.1', 8080],
    ['00000000:0050', 4, '0.0.0.0', 80],
    ['00000000000000000000000000000000:025B', 6, '::', 603],
    ['B80D01200000000000000000010000FF:0001', 6, '2001:db8::ff00:1', 1],
  ] as const) {
    test(`reads ${text}`, {
      skip: new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? false : 'little-endian samples',
    }, () => {
      assert.deepEqual(internetAddress(text, family), { family, address, port });
    });
  }
});
