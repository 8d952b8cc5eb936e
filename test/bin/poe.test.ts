import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Kernel, list, Session } from 'poe-kernel';
import { Responder, Server } from 'poe-kernel/ikc';
import { type Ran, runPoe } from '../helpers/poe-command.ts';
import { root } from '../helpers/repository.ts';

const kernel = new Kernel();
const received: unknown[] = [];
let port = 0;
let running: Promise<void>;

before(() => {
  port = Server.spawn({ kernel, port: 0, name: 'Test', aliases: ['Desk'] }) as number;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['add', 'note', 'echo', 'all', 'nothing', 'tick']);
        // Nobody is to be warned of what is refused on purpose.
        kernel.call('IKC', 'monitor', '*', { error: 'trouble' });
      },
      add: (_, [a, b]) => ({ sum: a + b }),
      echo: (_, value) => value,
      all: () => list(1, null, 'three'),
      nothing: () => null,
      note(_, value) {
        received.push(value);
      },
      tick({ kernel, sender }, times: number) {
        for (let n = 1; n <= times; n++) kernel.post(sender, 'tock', n, 'of', times);
      },
      trouble() {},
      close: ({ kernel }) => kernel.aliasRemove('desk'),
    },
  });
  running = kernel.run();
});

after(async () => {
  kernel.post('desk', 'close');
  Responder.spawn({ kernel }).shutdown();
  await running;
});

const run = (...words: string[]): Promise<Ran> => runPoe(words);
const here = (): string[] => ['--port', String(port)];

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
      `127.0.0.1:${port}/desk/echo`,
      `//localhost:${port}/desk/echo`,
      `poe://localhost:${port}/desk/echo`,
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
    const { status, stderr } = await run('call', 'desk/nothing', ...here(), '--timeout', '0.2');
    assert.equal(status, 4);
    assert.match(stderr, /^Timeout: no answer within 0\.2 s/);
  });

  test('without an event shows how to call it, and ends with status 2', async () => {
    const { status, stderr } = await run('call');
    assert.equal(status, 2);
    assert.match(stderr, /missing required argument 'spec'[\s\S]*Usage: poe call \[options\] <spec> \[value\]/);
  });

  test('refuses ports and serializers that are none with status 2', async () => {
    assert.equal((await run('call', 'a/b', '--port', '70000')).status, 2);
    assert.equal((await run('call', 'a/b', '--serializer', 'YAML')).status, 2);
    assert.equal((await run('frobnicate')).status, 2);
  });
});

describe('poe post', () => {
  test('takes text that is no JSON as it is, and has been handled at the end', async () => {
    received.length = 0;
    assert.deepEqual(await run('post', 'desk/note', 'plain text', ...here()), { status: 0, stdout: '', stderr: '' });
    assert.deepEqual(received, ['plain text']);
  });

  test('posts each line of standard input', async () => {
    received.length = 0;
    const lines = Array.from({ length: 600 }, (_, n) => JSON.stringify({ n })).join('\n');
    const { status, stdout } = await runPoe(['post', 'desk/note', '-', ...here(), '--json'], `${lines}\n`);
    assert.deepEqual([status, stdout], [0, '{"posted":600}\n']);
    assert.deepEqual(
      received.map((each) => (each as { n: number }).n),
      Array.from({ length: 600 }, (_, n) => n),
    );
  });

  test('ends with status 1 if the post is refused', async () => {
    const { status, stderr } = await run('post', 'desk/nowhere', 'x', ...here());
    assert.equal(status, 1);
    assert.match(stderr, /^Session 'desk' has not published state 'nowhere'/);
  });
});

describe('poe ping', () => {
  test('says PONG, the kernel and the time, as often as it is told', async () => {
    const { status, stdout } = await run('ping', ...here(), '--count', '2', '--interval', '0.01');
    assert.equal(status, 0);
    assert.match(stdout, /^(PONG from [-.\w]+: [\d.]+ ms\n){2}$/);
    const { kernel: name, milliseconds } = JSON.parse((await run('ping', `localhost:${port}`, '--json')).stdout);
    assert.equal(name, kernel.id);
    assert.ok(milliseconds > 0);
  });

  test('names the server it cannot connect to, and ends with status 3', async () => {
    const { status, stderr } = await run('ping', '--port', '1');
    assert.equal(status, 3);
    assert.match(stderr, /^Cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
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
    const { status, stdout } = await run('ls', `localhost:${port}`);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^kernel   ${kernel.id}\naliases  Test Desk 127\\.0\\.0\\.1:${port}`));
    assert.match(stdout, /^desk\/\n {2}add\n {2}note\n/m);
    const listing = JSON.parse((await run('ls', ...here(), '--json')).stdout);
    assert.deepEqual(listing.published.desk, ['add', 'note', 'echo', 'all', 'nothing', 'tick']);
  });

  test('asks for sessions and events by name, and ends with status 1 if one is missing', async () => {
    const { status, stdout } = await run('ls', ...here(), 'desk', 'desk/add', 'desk/away', '--json');
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout).asked, { desk: true, 'desk/add': true, 'desk/away': false });
    assert.equal((await run('ls', `localhost:${port}/desk/add`)).status, 0);
  });

  test('refuses what is no session with status 2, and says so if no kernel is named', async () => {
    assert.equal((await run('ls', ...here(), 'a:b')).status, 2);
    const { status, stderr } = await run('ls');
    assert.equal(status, 2);
    assert.match(stderr, /^Say which kernel: 'poe ls localhost:31337'/);
  });
});

describe('poe subscribe', () => {
  test('says whether the subscription is granted', async () => {
    const granted = await run('subscribe', `localhost:${port}/desk`, '--json');
    assert.deepEqual([granted.status, granted.stdout], [0, `{"subscribed":"poe://${kernel.id}/desk"}\n`]);
    const refused = await run('subscribe', 'desk/away', ...here());
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, /^Refused subscription poe:\/\/.*\/desk\/away/);
  });

  test('posts through the proxy, and prints what is posted back', async () => {
    const { status, stdout } = await run('subscribe', 'desk/tick', '3', '--events', 'tock', '--count', '3', ...here());
    assert.deepEqual([status, stdout], [0, 'tock 1 "of" 3\ntock 2 "of" 3\ntock 3 "of" 3\n']);
  });

  test('posts before it ends where nothing is to come back', async () => {
    received.length = 0;
    assert.equal((await run('subscribe', 'desk/note', '"subscribed"', ...here())).status, 0);
    assert.deepEqual(received, ['subscribed']);
  });
});

describe('poe monitor', () => {
  test('prints what happens to the connection', async () => {
    const { status, stdout } = await run('monitor', `localhost:${port}`, '--count', '2', '--json');
    assert.equal(status, 0);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([first.event, first.kernel, first.real], ['register', kernel.id, true]);
    assert.deepEqual([second.event, second.kernel, second.real], ['register', 'Test', false]);
  });

  test('ends with status 3 without a server, and with 1 when the connection goes', async () => {
    assert.equal((await run('monitor', '127.0.0.1:1')).status, 3);
    const other = new Kernel();
    const ikc = Responder.spawn({ kernel: other });
    const otherPort = Server.spawn({ kernel: other, port: 0, name: 'Short' });
    // It ends as soon as somebody has come.
    Session.create({
      kernel: other,
      inlineStates: {
        _start({ kernel, session }) {
          kernel.aliasSet('watch');
          ikc.monitor('*', { channel: 'came' }, session);
        },
        came({ kernel }) {
          kernel.aliasRemove('watch');
          ikc.shutdown();
        },
      },
    });
    const otherRun = other.run();
    const { status, stdout, stderr } = await run('monitor', `127.0.0.1:${otherPort}`);
    assert.equal(status, 1);
    assert.match(stdout, / error Short .*\n/);
    assert.match(stderr, /^The connection has ended/);
    await otherRun;
  });
});

describe('poe bench', () => {
  test('measures calls', async () => {
    const words = ['bench', 'desk/add', '[1, 2]', ...here(), '--seconds', '0.2', '--in-flight', '8', '--json'];
    const { status, stdout } = await run(...words);
    assert.equal(status, 0);
    const { calls, perSecond, median, longest } = JSON.parse(stdout);
    assert.ok(calls >= 8 && perSecond > 0 && median > 0 && longest >= median);
  });

  test('measures posts, all of which arrive', async () => {
    received.length = 0;
    const { stdout } = await run('bench', 'desk/note', '1', '--post', ...here(), '--seconds', '0.1');
    assert.match(stdout, /^\d+ posts, \d+ a second, 1 at a time\n100 posts and a ping: /);
    assert.equal(received.length, Number.parseInt(stdout, 10));
  });

  test('ends with status 1 if the event is refused, called or posted', async () => {
    assert.equal((await run('bench', 'desk/away', ...here(), '--seconds', '0.1')).status, 1);
    assert.equal((await run('bench', 'desk/away', '--post', ...here(), '--seconds', '0.1')).status, 1);
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

  test('loads neither the kernel nor IKC', () => {
    // What a module loads is printed where it is asked for.
    const { stderr } = spawnSync(process.execPath, [join(root, 'dist/bin/poe.js'), '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_DEBUG: 'esm' },
    });
    assert.match(stderr, /bin\/commands\/peer\.js/);
    assert.doesNotMatch(stderr, /dist\/(core|wheels|components)\//);
  });
});
