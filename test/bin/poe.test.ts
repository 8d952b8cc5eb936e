import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { address, here, kernel, run } from '../helpers/poe-desk.ts';
import { poe } from '../helpers/repository.ts';

describe('poe call', () => {
  test('prints the value as JSON, in one line with --json', async () => {
    const { status, stdout } = await run('call', 'desk/add', '[40, 2]', ...here(), '--protocol', 'IKC');
    assert.deepEqual([status, stdout], [0, '{\n  "sum": 42\n}\n']);
    assert.equal((await run('call', 'desk/add', '[40, 2]', ...here(), '--json')).stdout, '{"sum":42}\n');
  });

  test('prints a text as it is, and with --json as JSON', async () => {
    assert.equal((await run('call', 'desk/echo', 'hello', ...here())).stdout, 'hello\n');
    assert.equal((await run('call', 'desk/echo', 'hello', ...here(), '--json')).stdout, '"hello"\n');
  });

  test('takes the address in place of the kernel, with and without poe://', async () => {
    for (const spec of [
      `${address('127.0.0.1')}/desk/echo`,
      `//${address()}/desk/echo`,
      `poe://${address()}/desk/echo`,
    ]) {
      assert.deepEqual(await run('call', spec, '1'), { status: 0, stdout: '1\n', stderr: '' });
    }
  });

  test('with --port takes what looks like an address for the name of a kernel', async () => {
    assert.equal((await run('call', `poe://127.0.0.1:1/desk/echo`, '1', ...here())).stdout, '1\n');
  });

  test('with --list prints all values', async () => {
    assert.equal((await run('call', 'desk/all', ...here(), '--list', '--json')).stdout, '[1,null,"three"]\n');
    assert.equal((await run('call', 'desk/nothing', ...here(), '--list', '--json')).stdout, '[null]\n');
  });

  test('names what was refused and ends with status 1', async () => {
    const { status, stdout, stderr } = await run('call', 'desk/nowhere', ...here());
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^Session 'desk' has not published state 'nowhere'/);
  });

  test('ends with status 4 if no answer comes in time', async () => {
    const { status, stderr } = await run('call', 'desk/nothing', ...here(), '--timeout', '2');
    assert.equal(status, 4);
    assert.match(stderr, /^Timed out waiting for response: no answer within 2 s/);
  });

  test('without an event says so, and where help is, and ends with status 2', async () => {
    const { status, stderr } = await run('call');
    assert.equal(status, 2);
    assert.match(stderr, /missing required argument 'spec'\n\('poe call --help' has all options and examples\)\n$/);
  });

  test('refuses what names no event with status 2, before it connects', async () => {
    for (const [command, spec] of [
      ['call', 'desk'],
      ['call', ''],
      ['call', 'poe://Desk/desk/add/'],
      ['post', 'poe:add'],
      ['bench', 'a//b'],
    ] as const) {
      const { status, stderr } = await run(command, spec, '--port', '1');
      assert.deepEqual([status, stderr], [2, `'${spec}' names no event of a session\n`]);
    }
  });

  test('refuses ports and serializers that are none with status 2', async () => {
    assert.equal((await run('call', 'a/b', '--port', '70000')).status, 2);
    assert.equal((await run('call', 'a/b', '--serializer', 'YAML')).status, 2);
    assert.equal((await run('frobnicate')).status, 2);
    const { status, stderr } = await run('call', 'localhost:70000/a/b');
    assert.deepEqual([status, stderr], [2, 'There is no port 70000: ports are numbers up to 65535\n']);
  });

  test('refuses a server that is named twice with status 2', async () => {
    const { status, stderr } = await run('call', 'a/b', '--port', '1', '--unix', '/x');
    assert.equal(status, 2);
    assert.match(stderr, /'--unix <path>' cannot be used with option '--port <port>'/);
  });
});

describe('poe ping', () => {
  test('says PONG, the kernel and the time, as often as it is told', async () => {
    const { status, stdout } = await run('ping', ...here(), '--count', '2', '--interval', '0.01');
    assert.equal(status, 0);
    assert.match(stdout, /^(PONG from [-.\w]+: [\d.]+ ms\n){2}$/);
    const { kernel: name, milliseconds } = JSON.parse((await run('ping', address(), '--json')).stdout);
    assert.equal(name, kernel.id);
    assert.ok(milliseconds > 0);
  });

  test('names the server it cannot connect to, and ends with status 3', async () => {
    const { status, stderr } = await run('ping', '--port', '1');
    assert.equal(status, 3);
    assert.match(stderr, /^Cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  test('reads addresses of IPv6 in brackets', async () => {
    const { status, stderr } = await run('ping', '[::1]:1');
    assert.equal(status, 3);
    assert.match(stderr, /^Cannot connect to \[::1\]:1: /);
  });

  test('and monitor refuse what is no address, or one too many, with status 2', async () => {
    for (const command of ['ping', 'monitor']) {
      assert.match((await run(command, 'desk')).stderr, /^'desk' is no address: write host:port/);
      const { status, stderr } = await run(command, 'localhost:1', ...here());
      assert.equal(status, 2);
      assert.match(stderr, /^'localhost:1' is too much: 127\.0\.0\.1:\d+ says already which server is meant/);
    }
  });

  test('ends with status 3 if what listens there does not shake hands', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port: elsewhere } = silent.address() as { port: number };
    const { status, stderr } = await run('ping', `127.0.0.1:${elsewhere}`, '--timeout', '0.2');
    for (const socket of sockets) socket.destroy();
    silent.close();
    assert.equal(status, 3);
    assert.match(stderr, /Timeout/);
  });
});

describe('poe ls', () => {
  test('shows names, and what is published', async () => {
    const { status, stdout } = await run('ls', address());
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^kernel   ${kernel.id}\naliases  Test Desk ${address('127\\.0\\.0\\.1')}`));
    assert.match(stdout, /^desk\/\n {2}add\n {2}note\n/m);
    const listing = JSON.parse((await run('ls', ...here(), '--json')).stdout);
    assert.deepEqual(listing.published.desk, ['add', 'note', 'echo', 'all', 'nothing', 'tick', 'say', 'two']);
  });

  test('asks for sessions and events by name, and ends with status 1 if one is missing', async () => {
    const { status, stdout } = await run('ls', ...here(), 'desk', 'desk/add', 'desk/away', '--json');
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout).asked, { desk: true, 'desk/add': true, 'desk/away': false });
    assert.equal((await run('ls', `${address()}/desk/add`)).status, 0);
  });

  test('refuses what is no session with status 2, and says so if a session is asked for of no kernel', async () => {
    assert.equal((await run('ls', ...here(), 'a:b')).status, 2);
    const { status, stderr } = await run('ls', 'desk');
    assert.equal(status, 2);
    assert.match(stderr, /^Say which kernel: 'poe ls localhost:31337'/);
  });
});

describe('poe --help', () => {
  test('of each command that talks to a server has examples and what the status says', async () => {
    for (const name of ['call', 'post', 'subscribe', 'monitor', 'ping', 'bench', 'ls']) {
      const { status, stdout } = await run(name, '--help');
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Examples:\n {2}\\$ poe ${name} `));
      assert.match(stdout, /Exit status:/);
    }
  });

  test('does not load IKC', () => {
    // What a module loads is printed where it is asked for.
    const { stderr } = spawnSync(process.execPath, [poe, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_DEBUG: 'esm' },
      // Some versions of Node print some ten megabytes.
      maxBuffer: 2 ** 28,
    });
    assert.match(stderr, /dist\/bundle\/poe\.js/);
    assert.doesNotMatch(stderr, /dist\/bundle\/(part-(kernel|streams|peers)|core|ikc)\.js/);
  });
});
