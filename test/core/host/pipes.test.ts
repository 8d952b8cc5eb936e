import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:os';
import { test } from 'node:test';
import { MODE_READ, MODE_WRITE, oneWay, type Port, port, twoWay } from 'poe-kernel';
import { fc } from '../../helpers/property.ts';

const CAPACITY = 65_536;
const portOf = (end: object): Port => (end as { [port]: Port })[port];

test('oneWay() has at one end at once what is written at the other', () => {
  const [reader, writer] = oneWay();
  assert.equal(reader.read(), null);
  writer.write('abc');
  writer.write('def');
  assert.equal(String(reader.read()), 'abcdef');
  assert.equal(reader.read(), null);
});

test('oneWay() ends after what was written before the writer closed', async () => {
  for (const close of ['end', 'destroy'] as const) {
    const [reader, writer] = oneWay();
    writer.write('last');
    writer[close]();
    assert.equal(portOf(reader).ready(MODE_READ), true);
    assert.equal(String(portOf(reader).read(100)), 'last');
    assert.equal(portOf(reader).read(100), undefined);
    assert.equal(portOf(reader).error, null);
    await once(reader.resume(), 'close');
  }
});

test('twoWay() carries both ways, and one way may end before the other', () => {
  const [left, right] = twoWay();
  left.end('question');
  right.write('answer');
  assert.equal(String(right.read()), 'question');
  assert.equal(portOf(right).read(10), undefined);
  right.write(', more');
  assert.equal(String(left.read()), 'answer, more');
});

test('a pipe takes 65,536 octets, the writer keeps the rest until there is room', () => {
  for (const [size, unwritten] of [
    [CAPACITY - 1, 0],
    [CAPACITY, 0],
    [CAPACITY + 1, 1],
  ] as const) {
    const [reader, writer] = oneWay();
    portOf(writer).write(Buffer.alloc(size));
    assert.equal(reader.readableLength, size - unwritten);
    assert.equal(portOf(writer).unwritten, unwritten);
    assert.equal(portOf(writer).room, size < CAPACITY ? 1 : 0);
    assert.equal(portOf(writer).ready(MODE_WRITE), size < CAPACITY);
    reader.read(10);
    assert.equal(portOf(writer).unwritten, 0);
    assert.equal(portOf(writer).ready(MODE_WRITE), true);
  }
});

test('a pipe tells its ports when they become ready, at once', () => {
  const [left, right] = twoWay();
  const seen: string[] = [];
  portOf(right).onReady = (mode) => seen.push(`right ${mode}`);
  portOf(left).onReady = (mode) => seen.push(`left ${mode}`);
  left.write('unwatched');
  assert.deepEqual(seen, []);
  portOf(right).watch(MODE_READ);
  left.write('watched');
  assert.deepEqual(seen, ['right 0']);
  portOf(left).watch(MODE_WRITE);
  right.read();
  assert.deepEqual(seen, ['right 0', 'left 1']);
  portOf(right).unwatch(MODE_READ);
  left.write('unwatched again');
  assert.deepEqual(seen, ['right 0', 'left 1', 'left 1']);
});

test('writing to an end that is closed fails with EPIPE and does not end the program', async () => {
  const [left, right] = twoWay();
  portOf(left).write(Buffer.alloc(CAPACITY + 1));
  right.destroy();
  assert.equal(portOf(left).ready(MODE_WRITE), true);
  portOf(left).write(Buffer.from('x'));
  assert.deepEqual(portOf(left).writeError, { operation: 'write', errno: 32, message: 'Broken pipe' });
  assert.equal(portOf(left).read(1), undefined);
  assert.equal(portOf(left).error, null);
  const failed = once(left, 'error');
  left.write('by hand');
  assert.equal((await failed)[0].code, 'EPIPE');
});

test('close() lets go what was handed over before', () => {
  const [reader, writer] = oneWay();
  portOf(writer).write(Buffer.alloc(CAPACITY, 'a'));
  portOf(writer).write(Buffer.from('rest'));
  portOf(writer).close();
  assert.equal((reader.read() as Buffer).length, CAPACITY);
  assert.equal(String(reader.read()), 'rest');
  assert.equal(portOf(reader).read(1), undefined);
});

test('shutdown() of the reading side of a oneWay throws away what comes', async () => {
  const [reader, writer] = oneWay();
  portOf(reader).shutdown(MODE_READ);
  for (let sent = 0; sent < 4; sent++) {
    writer.write(Buffer.alloc(CAPACITY));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(portOf(writer).unwritten, 0);
  assert.equal(portOf(writer).writeError, null);
});

test('shutdown() of the reading side of a twoWay makes the other side fail to write, and it alone', async () => {
  const [left, right] = twoWay();
  right.write('unread');
  portOf(left).shutdown(MODE_READ);
  portOf(left).shutdown(MODE_READ);
  portOf(right).write(Buffer.from('too late'));
  assert.equal(portOf(right).writeError?.errno, constants.errno.EPIPE);
  left.write('still');
  assert.equal(String(right.read()), 'still');
  const closed = new Promise((resolve) => left.once('close', resolve));
  left.end();
  right.destroy();
  await closed;
});

test('a pipe is a stream for those who know no kernel', async () => {
  const [reader, writer] = oneWay();
  const sent = Buffer.alloc(300_000, 'abcdefg');
  writer.end(sent);
  const got: Buffer[] = [];
  for await (const chunk of reader) got.push(chunk);
  assert.equal(Buffer.concat(got).equals(sent), true);
});

test('a pipe keeps octets and their order, however they are written and read', () => {
  const writes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 30_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(writes, fc.array(fc.integer({ min: 1, max: 50_000 })), fc.boolean(), (chunks, reads, byHand) => {
      const [reader, writer] = oneWay();
      for (const chunk of chunks) {
        if (byHand) writer.write(chunk);
        else portOf(writer).write(chunk);
      }
      writer.end();
      const got: Uint8Array[] = [];
      for (let turn = 0; ; turn++) {
        const chunk = portOf(reader).read(reads[turn] ?? CAPACITY);
        if (chunk === undefined) break;
        assert.notEqual(chunk, null);
        assert.ok((chunk as Uint8Array).length <= (reads[turn] ?? CAPACITY));
        assert.ok(reader.readableLength <= CAPACITY);
        got.push(chunk as Uint8Array);
      }
      assert.equal(Buffer.concat(got).equals(Buffer.concat(chunks)), true);
    }),
    { numRuns: 60 },
  );
});
