import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';

/** Runs a listener and a connector over one address; both sides log what they see. */
async function converse(
  listener: Record<string, unknown>,
  connector: (sockname: Record<string, unknown>) => Record<string, unknown>,
): Promise<string[]> {
  const log: string[] = [];
  const kernel = new Kernel();
  Session.create({
    kernel,
    heap: {} as Record<string, any>,
    inlineStates: {
      _start({ kernel, heap }) {
        heap.listener = new SocketFactory({
          kernel,
          successEvent: 'accepted',
          failureEvent: 'failed',
          ...listener,
        });
        heap.connector = new SocketFactory({
          kernel,
          successEvent: 'connected',
          failureEvent: 'failed',
          ...connector(heap.listener.getsockname()),
        });
      },
      accepted({ kernel, heap }, handle, address) {
        log.push(`accepted from ${address}`);
        heap.server = new ReadWrite({ kernel, handle, inputEvent: 'question', errorEvent: 'serverError' });
        heap.listener.destroy();
      },
      connected({ kernel, heap }, handle, address) {
        log.push(`connected to ${address}`);
        heap.client = new ReadWrite({ kernel, handle, inputEvent: 'answer', errorEvent: 'clientError' });
        heap.client.put('one', 'two');
      },
      question({ heap }, line) {
        log.push(`question ${line}`);
        heap.server.put(line.toUpperCase());
      },
      answer({ heap }, line) {
        log.push(`answer ${line}`);
        if (line === 'TWO') heap.client.destroy();
      },
      serverError({ heap }, operation, errno, message) {
        log.push(`server ${operation} ${errno} '${message}'`);
        heap.server.destroy();
      },
      failed(_, operation, errno, message) {
        log.push(`failed ${operation} ${errno} ${message}`);
      },
      _stop() {
        log.push('stop');
      },
    },
  });
  await kernel.run();
  return log;
}

const talk = ['question one', 'question two', 'answer ONE', 'answer TWO', "server read 0 ''", 'stop'];

test('SocketFactory and ReadWrite talk over TCP on IPv4', async () => {
  const log = await converse({ bindAddress: '127.0.0.1', bindPort: 0 }, ({ port }) => ({
    remoteAddress: 'localhost',
    remotePort: port,
  }));
  assert.deepEqual(log.slice(0, 2).sort(), ['accepted from 127.0.0.1', 'connected to 127.0.0.1']);
  assert.deepEqual(log.slice(2), talk);
});

test('SocketFactory and ReadWrite talk over TCP on IPv6', async () => {
  const log = await converse({ socketDomain: 'inet6', bindAddress: '::1', bindPort: 0 }, ({ port }) => ({
    socketDomain: 'inet6',
    remoteAddress: '::1',
    remotePort: port,
  }));
  assert.deepEqual(log.slice(0, 2).sort(), ['accepted from ::1', 'connected to ::1']);
  assert.deepEqual(log.slice(2), talk);
});

test('SocketFactory and ReadWrite talk over a unix socket, whose path stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'poe-'));
  const path = join(folder, 'socket');
  try {
    const log = await converse({ socketDomain: 'unix', bindAddress: path, socketMode: 0o600 }, () => {
      assert.equal(statSync(path).mode & 0o777, 0o600);
      return { socketDomain: 'unix', remoteAddress: path };
    });
    assert.deepEqual(log.slice(0, 2).sort(), ['accepted from undefined', `connected to ${path}`]);
    assert.deepEqual(log.slice(2), talk);
    assert.equal(existsSync(path), true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
