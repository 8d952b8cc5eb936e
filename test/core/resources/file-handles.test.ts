import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Kernel, oneWay, Session, twoWay } from 'poe-kernel';
import { runSession } from '../../helpers/sessions.ts';

test('handles ready in one pass come readable first, then writable', async () => {
  const [a, b] = [twoWay(), twoWay()];
  const log = await runSession({
    _start({ kernel }) {
      for (const [name, [near, far]] of [
        ['a', a],
        ['b', b],
      ] as const) {
        kernel.selectWrite(near, 'writable', name);
        kernel.selectRead(near, 'readable', name);
        far.write('x');
      }
    },
    readable({ kernel, heap }, handle, mode, name) {
      handle.read();
      heap.log.push(`${name} readable ${mode}`);
      kernel.selectRead(handle);
    },
    writable({ kernel, heap }, handle, mode, name) {
      heap.log.push(`${name} writable ${mode}`);
      kernel.selectWrite(handle);
    },
  });
  assert.deepEqual(log, ['a readable 0', 'b readable 0', 'a writable 1', 'b writable 1']);
});

test('what a handler makes ready waits for the next pass, after the events that were posted', async () => {
  const [near, far] = twoWay();
  const log = await runSession({
    _start({ kernel }) {
      kernel.selectRead(near, 'readable');
      kernel.selectWrite(near, 'writable');
      kernel.selectPauseWrite(near);
      far.write('x');
    },
    readable({ kernel, heap }, handle) {
      handle.read();
      heap.log.push('readable');
      kernel.selectResumeWrite(handle);
      kernel.yield('posted');
    },
    posted: ({ heap }) => heap.log.push('posted'),
    writable({ kernel, heap }, handle) {
      heap.log.push('writable');
      kernel.select(handle);
    },
  });
  assert.deepEqual(log, ['readable', 'posted', 'writable']);
});

test('a handle that is always ready starves neither timers nor other handles of the host', {
  timeout: 60_000,
}, async () => {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await once(server, 'connection');
  const [, writer] = oneWay();
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.spins = 0;
      kernel.selectWrite(writer, 'spin');
      kernel.selectRead(socket, 'readable');
      kernel.delay('send', 0.02);
    },
    spin({ heap }) {
      heap.spins++;
    },
    send: () => client.write('x'),
    readable({ kernel, heap }, handle) {
      heap.log.push(String(handle.read()), heap.spins > 10);
      kernel.selectRead(handle);
      kernel.selectWrite(writer);
    },
  });
  assert.deepEqual(log, ['x', true]);
  for (const each of [client, socket]) each.destroy();
  server.close();
});

test('two sessions may watch one handle, and one that pauses it pauses it for both', async () => {
  const kernel = new Kernel();
  const [near, far] = twoWay();
  const log: string[] = [];
  const watcher = (name: string) =>
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(name);
          kernel.selectRead(near, 'readable');
        },
        readable({ kernel }, handle) {
          log.push(`${name} ${handle.read() ?? 'nothing'}`);
          if (name === 'second') kernel.selectRead(handle);
          else if (log.length > 2) kernel.select(handle);
        },
      },
    });
  watcher('first');
  watcher('second');
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.selectPauseRead(near);
        far.write('one');
        kernel.delay('resume', 0.02);
      },
      resume({ kernel }) {
        log.push(`resume ${kernel.selectPauseRead(near)} ${kernel.selectResumeRead(near)}`);
        kernel.delay('more', 0.02);
      },
      more: () => far.write('two'),
    },
  });
  await kernel.run();
  assert.deepEqual(log, ['resume 1 1', 'first one', 'second nothing', 'first two']);
});

test('a watcher that an earlier handler of the pass takes back does not run', async () => {
  const [a, b] = [twoWay(), twoWay()];
  const log = await runSession({
    _start({ kernel }) {
      for (const [near, far] of [a, b]) {
        kernel.selectRead(near, 'readable');
        far.write('x');
      }
    },
    readable({ kernel, heap }, handle) {
      heap.log.push(handle === a[0] ? 'a' : 'b');
      kernel.selectRead(a[0]);
      kernel.selectRead(b[0]);
    },
  });
  assert.deepEqual(log, ['a']);
});

test('a session that stops gives its handles back without closing them', async () => {
  const [near, far] = twoWay();
  await runSession({
    _start({ kernel }) {
      kernel.selectRead(near, 'readable');
      kernel.yield('end');
    },
    end: ({ kernel }) => kernel.signal(kernel, 'TERM'),
    readable: () => assert.fail('nothing was sent'),
  });
  assert.equal(near.destroyed, false);
  far.write('later');
  const log = await runSession({
    _start: ({ kernel }) => kernel.selectRead(near, 'readable'),
    readable({ kernel, heap }, handle) {
      heap.log.push(String(handle.read()));
      kernel.selectRead(handle);
    },
  });
  assert.deepEqual(log, ['later']);
});

test('an async handler of a handle keeps its session alive and dies as any other', async () => {
  const [near, far] = twoWay();
  const run = runSession({
    _start({ kernel }) {
      kernel.selectRead(near, 'readable');
      far.write('x');
    },
    async readable({ kernel }, handle) {
      handle.read();
      kernel.selectRead(handle);
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('late');
    },
  });
  await assert.rejects(run, { message: 'late' });
});
