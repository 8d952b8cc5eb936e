import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const greeter = fileURLToPath(new URL('../../examples/greeter/index.js', import.meta.url));

function start(t: TestContext, port: number) {
  const child = spawn(process.execPath, [greeter, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const told = Promise.all([text(child.stderr), once(child, 'close')]);
  return { child, ended: () => told.then(([errors, [status]]) => ({ errors, status })) };
}

/** Lines of a stream as they come, without their ends. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() as string;
    yield* lines;
  }
}

async function next(lines: AsyncGenerator<string>): Promise<string> {
  return ((await lines.next()).value as string).replaceAll(/:\d+/g, ':PORT');
}

test('the greeter greets, lets go who leaves, and ends by INT once everybody was told', async (t) => {
  const { child, ended } = start(t, 0);
  const said = linesOf(child.stdout);
  const [, port] = /:(\d+)$/.exec((await said.next()).value as string) ?? [];
  const dial = (): [Socket, AsyncGenerator<string>] => {
    const socket = net.connect(Number(port), '127.0.0.1');
    return [socket, linesOf(socket)];
  };

  const [ann, annHears] = dial();
  assert.equal(await next(annHears), 'who is there?');
  assert.equal(await next(said), '127.0.0.1:PORT is here');
  ann.write('Ann\nbye\nnot heard\n');
  assert.deepEqual([await next(annHears), await next(annHears)], ['hello, Ann', 'good bye']);
  assert.equal(await next(said), '127.0.0.1:PORT was let go');

  const [bob, bobHears] = dial();
  assert.equal(await next(bobHears), 'who is there?');
  assert.equal(await next(said), '127.0.0.1:PORT is here');
  bob.end();
  assert.equal(await next(said), '127.0.0.1:PORT has gone');

  const [, cidHears] = dial();
  assert.equal(await next(cidHears), 'who is there?');
  child.kill('SIGINT');
  assert.equal(await next(cidHears), 'the server closes');
  const last = [await next(said), await next(said), await next(said)];
  assert.deepEqual(last, ['127.0.0.1:PORT is here', '127.0.0.1:PORT was let go', 'stopped']);
  assert.deepEqual(await ended(), { errors: '', status: 0 });
});

test('the greeter says why it cannot listen, and ends with status 1', async (t) => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { child, ended } = start(t, (taken.address() as AddressInfo).port);
  child.stdout.resume();
  const { errors, status } = await ended();
  assert.match(errors, /^encountered bind error \d+: Address already in use\nis another greeter running\?\n$/);
  assert.equal(status, 1);
});
