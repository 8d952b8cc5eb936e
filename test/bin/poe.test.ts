import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Kernel, Session } from 'poe-kernel';
import { Responder, Server } from 'poe-kernel/ikc';

const poe = fileURLToPath(new URL('../../bin/poe.js', import.meta.url));
const kernel = new Kernel();
const received: unknown[] = [];
let port = 0;
let running: Promise<void>;

before(() => {
  port = Server.spawn({ kernel, port: 0, name: 'Test' }) as number;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['add', 'note']);
      },
      add: (_, [a, b]) => ({ sum: a + b }),
      note(_, value) {
        received.push(value);
      },
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

function run(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [poe, ...args], { env: { ...process.env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('poe ping says PONG', async () => {
  assert.deepEqual(await run('ping', '--port', String(port)), { status: 0, stdout: 'PONG\n', stderr: '' });
});

test('poe call prints the value as JSON', async () => {
  const { status, stdout } = await run('call', 'desk/add', '[40, 2]', '--port', String(port), '--protocol', 'IKC');
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), { sum: 42 });
});

test('poe post takes text that is no JSON as it is', async () => {
  assert.equal((await run('post', 'desk/note', 'plain text', '--port', String(port))).status, 0);
  assert.equal((await run('ping', '--port', String(port))).status, 0);
  assert.deepEqual(received, ['plain text']);
});

test('poe call names what was refused and ends with status 1', async () => {
  const { status, stdout, stderr } = await run('call', 'desk/nothing', '--port', String(port));
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^Session 'desk' has not published state 'nothing'/);
});

test('poe ping names the server it cannot connect to', async () => {
  const { status, stderr } = await run('ping', '--port', '1');
  assert.equal(status, 1);
  assert.match(stderr, /^Cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
});

test('poe without the event of a call shows how to call it', async () => {
  const { status, stderr } = await run('call');
  assert.equal(status, 1);
  assert.match(stderr, /missing required argument 'event'[\s\S]*Usage: poe call \[options\] <event> \[value\]/);
});
