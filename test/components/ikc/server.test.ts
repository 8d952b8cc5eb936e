import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Kernel, Peek, PoeUsageError } from 'poe-kernel';
import { babysitterOf } from 'poe-kernel/components';
import { Client, createIkcServer, Responder, Server } from 'poe-kernel/ikc';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../helpers/ikc-server.ts';

const WRONG: readonly (readonly [title: string, options: object, code: string])[] = [
  ['an unknown parameter', { prot: 'IKC' }, 'POE_ERR_IKC_PARAMETER'],
  ['an unknown protocol', { protocol: 'IKC1' }, 'POE_ERR_IKC_PARAMETER'],
  ['aliases that are no list', { aliases: 'Alias' }, 'POE_ERR_IKC_PARAMETER'],
  ['an unknown limit', { limits: { maxFrames: 1 } }, 'POE_ERR_IKC_PARAMETER'],
  ['a limit that is none', { limits: { maxFrame: -1 } }, 'POE_ERR_IKC_PARAMETER'],
  ['a serializer that does not exist', { serializers: ['Sereal'] }, 'POE_ERR_IKC_FREEZER'],
  ['one of several that does not exist', { serializers: ['Storable', 'YAML'] }, 'POE_ERR_IKC_FREEZER'],
  ['no serializer', { serializers: [] }, 'POE_ERR_IKC_FREEZER'],
  ['a name that cannot be a kernel', { name: 'a::b' }, 'POE_ERR_IKC_NAME'],
  ['an alias that cannot be a kernel', { aliases: ['x@y'] }, 'POE_ERR_IKC_NAME'],
  ['a name with a blank, for IKC', { name: 'my kernel', protocol: 'IKC' }, 'POE_ERR_IKC_NAME'],
];

describe('Server.spawn() and Client.spawn() refuse', () => {
  for (const [title, options, code] of WRONG) {
    test(title, () => {
      for (const spawn of [Server.spawn, Client.spawn] as ((options: object) => unknown)[]) {
        const kernel = new Kernel();
        assert.throws(
          () => spawn({ ...options, kernel }),
          (error) => error instanceof PoeUsageError && error.code === code,
        );
        assert.equal(kernel.getSessionCount(), 0);
      }
    });
  }
});

test('Server.spawn() takes babysit without processes, and looks after nobody', async () => {
  await TestServer.use({ babysit: 1 }, async (server) => {
    await server.serves();
    assert.equal(babysitterOf(server.kernel), undefined);
  });
});

test('Server: the sessions of its connections are its children, as in IKC', () =>
  TestServer.use({}, async (server) => {
    const peer = await IkcPeer.greet({ port: server.port });
    const peek = new Peek(server.kernel);
    const listener = `IKC Server 127.0.0.1:${server.port}`;
    const channels = server.ikc.links().filter(({ state }) => state === 'up');
    assert.equal(channels.length, 1);
    assert.deepEqual(
      peek.getSessionChildren(listener).map(({ id }) => id),
      channels.map(({ session }) => session),
    );
    peer.end();
    await until(
      () => peek.getSessionChildren(listener).length === 0,
      () => 'its session is still there',
    );
  }));

describe('Server, what it listens on', () => {
  /** The addresses on which this process listens at a port, as the system has them. */
  function addressesOf(port: number): string[] {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    return ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/net/${table}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
        .map(([, local]) => (local as string).split(':')[0] as string),
    );
  }

  test('is loopback by default', { skip: existsSync('/proc/net/tcp') ? false : 'there is no /proc/net/tcp' }, () =>
    TestServer.use({}, async (server) => {
      assert.deepEqual(addressesOf(server.port), ['0100007F']);
      await server.serves();
    }),
  );

  test('is beyond loopback only with auth none', async () => {
    for (const ip of ['0.0.0.0', '::', '192.0.2.1', 'example.com', '127.0.0.1.example.com', '']) {
      assert.throws(() => Server.spawn({ ip, port: 0, kernel: new Kernel() }), { code: 'POE_ERR_IKC_OPEN_ADDRESS' });
    }
    await TestServer.use({ ip: '0.0.0.0', auth: 'none' }, (server) => server.serves());
    await TestServer.use({ ip: 'localhost' }, (server) => server.serves());
  });

  test('is told to onError if it is taken, and the server ends', () =>
    TestServer.use({}, async ({ port }) => {
      const kernel = new Kernel();
      const errors: unknown[][] = [];
      assert.equal(createIkcServer({ kernel, port, onError: (...error) => void errors.push(error) }), undefined);
      const running = kernel.run();
      await until(
        () => errors.length > 0,
        () => 'no error',
      );
      assert.deepEqual(
        errors.map(([operation]) => operation),
        ['bind'],
      );
      Responder.spawn({ kernel }).shutdown();
      await running;
    }));
});

describe('Server, the path of a unix socket', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'poe-kernel-server-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  let made = 0;
  const fresh = (): string => join(folder, `ikc${++made}`);

  /** Waits until the server listens. */
  const listening = (path: string): Promise<void> =>
    until(
      () => existsSync(path) && statSync(path).isSocket(),
      () => 'it does not listen',
    );

  /** The errors of a server that should not start; it must leave the path alone. */
  async function refused(unix: string): Promise<string[]> {
    const kernel = new Kernel();
    const errors: string[] = [];
    Server.spawn({ kernel, unix, onError: (operation, _errno, text) => void errors.push(`${operation}: ${text}`) });
    const running = kernel.run();
    await until(
      () => errors.length > 0,
      () => 'no error',
    );
    Responder.spawn({ kernel }).shutdown();
    await running;
    return errors;
  }

  test('is served with mode 0600, and taken away at the end', async () => {
    const unix = fresh();
    await TestServer.use({ unix }, async () => {
      await listening(unix);
      assert.equal(statSync(unix).mode & 0o777, 0o600);
      const peer = await IkcPeer.greet({ unix });
      assert.equal(await peer.call('poe://Test/app/echo', 'x'), 'x');
      peer.end();
    });
    assert.equal(existsSync(unix), false);
  });

  test('has the mode that is asked for', async () => {
    const unix = fresh();
    await TestServer.use({ unix, unixMode: 0o660 }, async () => {
      await listening(unix);
      assert.equal(statSync(unix).mode & 0o777, 0o660);
    });
  });

  test('is taken over from a process that was killed', async () => {
    const unix = fresh();
    spawnSync(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(unix)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    assert.equal(statSync(unix).isSocket(), true);
    const { ino } = statSync(unix);
    await TestServer.use({ unix }, async () => {
      await until(
        () => existsSync(unix) && statSync(unix).mode % 0o1000 === 0o600,
        () => 'it does not listen',
      );
      const peer = await IkcPeer.greet({ unix });
      peer.end();
    });
    assert.ok(ino > 0);
    assert.equal(existsSync(unix), false);
  });

  test('is not taken over while somebody answers there', async () => {
    const unix = fresh();
    await TestServer.use({ unix }, async () => {
      await listening(unix);
      assert.match((await refused(unix)).join(), /^bind: Address already in use \(a process answers there\)$/);
      const peer = await IkcPeer.greet({ unix });
      assert.equal(await peer.call('poe://Test/app/echo', 'still served'), 'still served');
      peer.end();
    });
  });

  test('is left alone if it is a file, a folder or a link', async () => {
    const [file, directory, link, target] = [fresh(), fresh(), fresh(), fresh()];
    writeFileSync(file, 'precious');
    mkdirSync(directory);
    writeFileSync(target, 'precious');
    symlinkSync(target, link);
    for (const path of [file, directory, link]) {
      assert.match(
        (await refused(path)).join(),
        /^bind: Address already in use \(there is something else than a socket\)$/,
      );
    }
    assert.equal(readFileSync(file, 'utf8'), 'precious');
    assert.equal(lstatSync(link).isSymbolicLink(), true);
    assert.equal(readFileSync(target, 'utf8'), 'precious');
  });

  test('is not in a folder that somebody else can change', {
    skip: process.getuid?.() === 0 ? false : 'only root can give a folder away',
  }, async () => {
    const open = fresh();
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.match((await refused(join(open, 'ikc'))).join(), /everybody can write to its folder/);
    const foreign = fresh();
    mkdirSync(foreign);
    chownSync(foreign, 12_345, 12_345);
    assert.match((await refused(join(foreign, 'ikc'))).join(), /its folder is somebody else's/);
    assert.match((await refused(join(folder, 'nowhere', 'ikc'))).join(), /^bind: No such file or directory/);
  });

  test('is left alone at the end if it is another one by then', async () => {
    const unix = fresh();
    const other = createServer();
    await TestServer.use({ unix }, async () => {
      await listening(unix);
      unlinkSync(unix);
      await new Promise<void>((resolve) => other.listen(unix, resolve));
    });
    assert.equal(statSync(unix).isSocket(), true);
    other.close();
  });

  test('is not bound by a server that was shut down meanwhile', async () => {
    const unix = fresh();
    const kernel = new Kernel();
    Server.spawn({ kernel, unix });
    Responder.spawn({ kernel }).shutdown();
    await kernel.run();
    assert.equal(existsSync(unix), false);
  });
});
