import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, Session } from 'poe-kernel';
import { Responder, Server } from 'poe-kernel/ikc';
import { runPoe } from '../helpers/poe-command.ts';
import { address, here, kernel, received, run } from '../helpers/poe-desk.ts';
import { poe } from '../helpers/repository.ts';

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

describe('poe subscribe', () => {
  test('says whether the subscription is granted', async () => {
    const granted = await run('subscribe', `${address()}/desk`, '--json');
    assert.deepEqual([granted.status, granted.stdout], [0, `{"subscribed":"poe://${kernel.id}/desk"}\n`]);
    const refused = await run('subscribe', 'desk/away', ...here());
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, /^Refused subscription poe:\/\/.*\/desk\/away/);
  });

  test('posts through the proxy, and prints what is posted back', async () => {
    const { status, stdout } = await run('subscribe', 'desk/tick', '3', '--events', 'tock', '--count', '3', ...here());
    assert.deepEqual([status, stdout], [0, 'tock 1 "of" 3\ntock 2 "of" 3\ntock 3 "of" 3\n']);
  });

  test('prints events of any name, also those that it could have used itself', async () => {
    for (const event of ['done', 'leave', 'shutdown', 'connected']) {
      const words = ['subscribe', 'desk/say', event, '--events', event, '--count', '1', ...here()];
      assert.deepEqual((await run(...words)).stdout, `${event}\n`);
    }
    const { status, stderr } = await run('subscribe', 'desk/say', 'x', '--events', '_x', ...here());
    assert.deepEqual([status, stderr], [2, "'_x' cannot come: events that begin with _ do not travel\n"]);
  });

  test('is silent about what comes when it has had enough', async () => {
    const words = ['subscribe', 'desk/two', '--events', 'first', '--count', '1', ...here(), '--json'];
    assert.deepEqual(await run(...words), { status: 0, stdout: '{"event":"first","args":[]}\n', stderr: '' });
  });

  test('ends quietly when nobody reads what it prints', async () => {
    const child = spawn(process.execPath, [
      poe,
      'subscribe',
      'desk/tick',
      '50',
      '--events',
      'tock',
      '--json',
      ...here(),
    ]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.destroy();
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(stderr, '');
  });

  test('posts before it ends where nothing is to come back', async () => {
    received.length = 0;
    assert.equal((await run('subscribe', 'desk/note', '"subscribed"', ...here())).status, 0);
    assert.deepEqual(received, ['subscribed']);
  });
});

describe('poe monitor', () => {
  test('prints what happens to the connection', async () => {
    const { status, stdout } = await run('monitor', address(), '--count', '2', '--json');
    assert.equal(status, 0);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([first.event, first.kernel, first.real], ['register', kernel.id, true]);
    assert.deepEqual([second.event, second.kernel, second.real], ['register', 'Test', false]);
  });

  test('with --reconnect waits for a server that is not there yet, and for one that comes back', async () => {
    const open = createServer().listen(0, '127.0.0.1');
    await once(open, 'listening');
    const { port } = open.address() as AddressInfo;
    open.close();
    await once(open, 'close');
    const child = spawn(process.execPath, [poe, 'monitor', `127.0.0.1:${port}`, '--reconnect', '--json']);
    let lines: { event: string; kernel: string }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    for (const name of ['First', 'Second']) {
      const other = new Kernel();
      const ikc = Responder.spawn({ kernel: other });
      Server.spawn({ kernel: other, port, name });
      const running = other.run();
      const has = (event: string): boolean => lines.some((line) => line.event === event && line.kernel === name);
      for (let n = 0; n < 2000 && !has('register'); n++) await sleep(10);
      ikc.shutdown();
      for (let n = 0; n < 2000 && !has('unregister'); n++) await sleep(10);
      assert.ok(has('register') && has('unregister'), JSON.stringify(lines));
      lines = [];
      await running;
    }
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'close'), [0, null]);
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

  test('is ended early by Ctrl-C, and prints what it has measured', async () => {
    received.length = 0;
    const words = ['bench', 'desk/note', '1', '--post', ...here(), '--seconds', '60', '--json'];
    const child = spawn(process.execPath, [poe, ...words]);
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    for (let n = 0; n < 1000 && received.length === 0; n++) await sleep(10);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(JSON.parse(stdout).posts, received.length);
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
