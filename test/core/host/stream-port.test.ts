import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { kernel, MODE_READ, MODE_WRITE, type Port } from 'poe-kernel';
import { until } from '../../helpers/sessions.ts';

const portOf = (handle: object): Port => kernel.host.handles.portOf(handle);

/** Two connected TCP sockets, closed after the test. */
async function pair(t: TestContext, options: net.ServerOpts = {}): Promise<[Socket, Socket]> {
  const server = net.createServer({ pauseOnConnect: true, ...options }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

test('portOf() gives the same port each time and refuses what is no handle', () => {
  const stream = new PassThrough();
  assert.equal(portOf(stream), portOf(stream));
  for (const wrong of [undefined, null, {}, 54_321, 'stdin']) {
    assert.throws(() => portOf(wrong as never), { code: 'POE_ERR_HANDLE' });
  }
});

test('read() gives at most what was asked for and null when nothing is there', async (t) => {
  const [near, far] = await pair(t);
  const port = portOf(near);
  port.watch(MODE_READ);
  assert.equal(port.read(10), null);
  far.write('abcdefgh');
  await until(() => port.ready(MODE_READ));
  assert.equal(String(port.read(3)), 'abc');
  assert.equal(String(port.read(5)), 'defgh');
  assert.equal(port.read(5), null);
  assert.equal(port.ready(MODE_READ), false);
});

test('read() notices the end of the stream after data of exactly the size asked for', async (t) => {
  const [near, far] = await pair(t);
  const port = portOf(near);
  port.watch(MODE_READ);
  far.end('abcd');
  await until(() => port.ready(MODE_READ));
  assert.equal(String(port.read(4)), 'abcd');
  await until(() => port.ready(MODE_READ));
  assert.equal(port.read(4), undefined);
  assert.equal(port.error, null);
});

test('a half-closed peer can still be written to, whatever the socket was made with', async (t) => {
  const [near, far] = await pair(t, { allowHalfOpen: true });
  const port = portOf(near);
  port.watch(MODE_READ);
  far.end();
  await until(() => port.read(1) === undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  port.write(Buffer.from('after the end'));
  far.resume();
  assert.equal(String((await once(far, 'data'))[0]), 'after the end');
  assert.equal(port.writeError, null);
});

test('a reset is an error of reading; writing fails with EPIPE after it', async (t) => {
  const [near, far] = await pair(t);
  const port = portOf(near);
  port.watch(MODE_READ);
  far.resetAndDestroy();
  await until(() => port.ready(MODE_READ));
  assert.equal(port.read(1), undefined);
  assert.deepEqual(port.error, { operation: 'read', errno: 104, message: 'Connection reset by peer' });
  await until(() => port.writeError !== null);
  assert.deepEqual(port.writeError, { operation: 'write', errno: 32, message: 'Broken pipe' });
});

test('a write that fails is known when write() returns, and data that came before can still be read', async (t) => {
  const [near, far] = await pair(t, { allowHalfOpen: true });
  const port = portOf(near);
  far.write('before');
  await once(near, 'readable');
  far.destroy();
  // The first write makes the peer reset the connection, the second one finds it so.
  port.write(Buffer.from('a'));
  assert.equal(port.writeError, null);
  await new Promise((resolve) => setTimeout(resolve, 30));
  if (port.writeError === null) port.write(Buffer.from('b'));
  assert.ok(port.writeError !== null);
  assert.equal(String(port.read(100)), 'before');
});

test('shutdown() of writing ends the peer’s data; writing afterwards is EPIPE and leaves reading alone', async (t) => {
  const [near, far] = await pair(t, { allowHalfOpen: true });
  const port = portOf(near);
  port.watch(MODE_READ);
  port.shutdown(MODE_WRITE);
  far.resume();
  await once(far, 'end');
  port.write(Buffer.from('too late'));
  assert.equal(port.writeError?.errno, 32);
  far.write('answer');
  await until(() => port.ready(MODE_READ));
  assert.equal(String(port.read(100)), 'answer');
});

test('a socket that is still connecting is not ready to be written', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.after(() => {
    socket.destroy();
    server.close();
  });
  const port = portOf(socket);
  const connected = new Promise((resolve) => {
    port.onReady = resolve;
  });
  port.watch(MODE_WRITE);
  assert.equal(port.ready(MODE_WRITE), false);
  assert.equal(await connected, MODE_WRITE);
  assert.equal(port.ready(MODE_WRITE), true);
});

test('a full stream is not ready to be written until it has passed on what it was given', async () => {
  let release: () => void = () => {};
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      release = done;
    },
  });
  const port = portOf(stream);
  let told = 0;
  port.onReady = () => void told++;
  port.watch(MODE_WRITE);
  port.write(Buffer.alloc(10));
  assert.deepEqual([port.unwritten, port.room, port.ready(MODE_WRITE)], [10, 0, false]);
  release();
  assert.equal(port.unwritten, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(told, 1);
  assert.equal(port.ready(MODE_READ), false);
  assert.equal(port.read(1), undefined);
});

test('close() lets octets go that were handed over', async (t) => {
  const [near, far] = await pair(t);
  const octets = 8 * 1024 * 1024;
  const port = portOf(near);
  port.write(Buffer.alloc(octets));
  assert.ok(port.unwritten > 0);
  port.close();
  let got = 0;
  far.on('data', (chunk) => {
    got += chunk.length;
  });
  await once(far.resume(), 'end');
  assert.equal(got, octets);
  await until(() => near.destroyed);
});

test('an error between two watchers is kept and not thrown', async () => {
  const stream = new PassThrough();
  const port = portOf(stream);
  stream.destroy(new Error('odd'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([port.error?.message, port.writeError?.message], ['odd', 'odd']);
  assert.equal(port.ready(MODE_READ), true);
  assert.equal(port.ready(MODE_WRITE), true);
});

test('a stream that had ended before the kernel saw it is at its end', async () => {
  const stream = new PassThrough();
  stream.end();
  await once(stream.resume(), 'close');
  const port = portOf(stream);
  port.watch(MODE_READ);
  assert.equal(port.ready(MODE_READ), true);
  assert.equal(port.read(1), undefined);
});

test('text of a stream with an encoding becomes the octets that it was', async () => {
  const stream = new PassThrough({ encoding: 'latin1' });
  stream.write(Buffer.from([0x61, 0xe9, 0xff]));
  assert.deepEqual(portOf(stream).read(10), Buffer.from([0x61, 0xe9, 0xff]));
});

test('a stream that is watched leaves the life of the process to sessions, until somebody else listens to it', async (t) => {
  const [near] = await pair(t);
  const calls: string[] = [];
  t.mock.method(near, 'ref', () => calls.push('ref'));
  t.mock.method(near, 'unref', () => calls.push('unref'));
  const port = portOf(near);
  port.watch(MODE_WRITE);
  assert.deepEqual(calls, []);
  port.watch(MODE_READ);
  port.unwatch(MODE_READ);
  port.watch(MODE_READ);
  port.unwatch(MODE_READ);
  assert.deepEqual(calls, ['unref', 'unref']);
  near.on('data', () => {});
  assert.deepEqual(calls, ['unref', 'unref', 'ref']);
  port.watch(MODE_READ);
  assert.deepEqual(calls, ['unref', 'unref', 'ref']);
});

/** A pair of sockets whose near end takes octets ahead, and its port. */
async function pairAhead(t: TestContext): Promise<{ near: Socket; far: Socket; port: Port }> {
  const [near, far] = await pair(t);
  const port = portOf(near);
  port.takeAhead?.(true);
  port.watch(MODE_READ);
  return { near, far, port };
}

/** Reads what comes until `octets` are there, or the end is. */
async function readAll(port: Port, octets: number): Promise<string> {
  let text = '';
  while (text.length < octets) {
    await until(() => port.ready(MODE_READ));
    const chunk = port.read(65_536);
    if (chunk === undefined) break;
    text += Buffer.from(chunk ?? []).toString('latin1');
  }
  return text;
}

test('takeAhead(), then read() gives at most what was asked for, all before the end, and undefined there', async (t) => {
  const { far, port } = await pairAhead(t);
  far.end('abcdefgh');
  await until(() => port.ready(MODE_READ));
  assert.equal(String(port.read(3)), 'abc');
  assert.equal(port.ready(MODE_READ), true);
  assert.equal(String(port.read(5)), 'defgh');
  await until(() => port.ready(MODE_READ));
  assert.equal(port.read(5), undefined);
  assert.equal(port.error, null);
});

test('takeAhead(), then no more than some 128 KiB is taken from the stream while nobody reads', async (t) => {
  const { near, far, port } = await pairAhead(t);
  const sent = 8 * 1024 * 1024;
  far.write(Buffer.alloc(sent, 'x'));
  await until(() => near.isPaused());
  const taken = near.bytesRead;
  assert.ok(taken >= 65_536 && taken <= 262_144, `${taken} octets were taken`);
  assert.equal(await readAll(port, sent), 'x'.repeat(sent));
});

test('takeAhead(), then unwatch() and watch() lose nothing', async (t) => {
  const { far, port } = await pairAhead(t);
  far.write('one');
  await until(() => port.ready(MODE_READ));
  port.unwatch(MODE_READ);
  far.end(' two');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(String(port.read(10)), 'one');
  port.watch(MODE_READ);
  assert.equal(await readAll(port, 4), ' two');
});

test('takeAhead(false) gives back to the handle what nobody has read', async (t) => {
  const { near, far, port } = await pairAhead(t);
  far.write('one');
  await until(() => port.ready(MODE_READ));
  port.unwatch(MODE_READ);
  port.takeAhead?.(false);
  assert.equal(String(near.read()), 'one');
  port.watch(MODE_READ);
  far.write('two');
  await until(() => port.ready(MODE_READ));
  assert.equal(String(near.read()), 'two', 'as long as it is watched, too');
});

test('takeAhead(false), then whoever listens to data gets it, as from any stream of Node', async (t) => {
  const { near, far, port } = await pairAhead(t);
  far.write('one');
  await until(() => port.ready(MODE_READ));
  port.unwatch(MODE_READ);
  port.takeAhead?.(false);
  const heard: string[] = [];
  near.on('data', (chunk) => heard.push(String(chunk)));
  far.write(' two');
  await until(() => heard.join('') === 'one two');
});

test('exclusive is what is read ahead from a plain socket, until somebody else listens to its data', async (t) => {
  const { near, port } = await pairAhead(t);
  assert.equal(port.exclusive, true);
  near.on('end', () => {});
  assert.equal(port.exclusive, true);
  near.once('data', () => {});
  assert.equal(port.exclusive, false);
});

test('exclusive is nothing of a socket from which somebody took a chunk and gave it back, before there was a wheel or between two', async (t) => {
  for (const isWatched of [false, true]) {
    const [near, far] = await pair(t);
    const port = portOf(near);
    if (isWatched) {
      port.takeAhead?.(true);
      port.watch(MODE_READ);
      assert.equal(port.exclusive, true);
      port.unwatch(MODE_READ);
      port.takeAhead?.(false);
    }
    far.write('kept');
    let chunk: unknown = null;
    await until(() => {
      chunk ??= near.read();
      return chunk !== null;
    });
    near.unshift(chunk);
    port.takeAhead?.(true);
    port.watch(MODE_READ);
    assert.equal(port.exclusive, false);
    assert.equal(await readAll(port, 4), 'kept');
  }
});

test('exclusive is nothing of a socket that others listened to before, is not read ahead, or is more than a socket', async (t) => {
  const [near, far] = await pair(t);
  near.on('readable', () => {});
  class Own extends net.Socket {}
  for (const stream of [near, far, new Own(), new PassThrough()]) {
    const port = portOf(stream);
    port.takeAhead?.(stream !== far);
    port.watch(MODE_READ);
    assert.notEqual(port.exclusive, true);
  }
});

test('takeAhead(), then text of a stream with an encoding becomes the octets that it was', async () => {
  const stream = new PassThrough({ encoding: 'latin1' });
  const port = portOf(stream);
  port.takeAhead?.(true);
  port.watch(MODE_READ);
  stream.write(Buffer.from([0x61, 0xe9, 0xff]));
  await until(() => port.ready(MODE_READ));
  assert.deepEqual(port.read(10), Buffer.from([0x61, 0xe9, 0xff]));
});

test('takeAhead(), then shutdown() of reading drops what waits', async (t) => {
  const { far, port } = await pairAhead(t);
  far.write('one');
  await until(() => port.ready(MODE_READ));
  port.shutdown(MODE_READ);
  assert.equal(port.ready(MODE_READ), false);
  assert.equal(port.read(10), null);
});
