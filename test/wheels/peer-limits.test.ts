import assert from 'node:assert/strict';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { twoWay } from 'poe-kernel';
import {
  Block,
  HTTPD,
  Line,
  type PeerLimits,
  ReadWrite,
  type ReadWriteOptions,
  Reference,
  Stackable,
  Storable,
  Stream,
} from 'poe-kernel/wheels';
import { Simulation } from '../helpers/run-sessions.ts';

const { errno } = constants;
const freezer = new Storable();
/** What a pipe takes by itself, before anything of it is read. */
const PIPE = 65_536;

/** A wheel on one end of a pipe, in simulated time that the test turns; its errors are said. */
async function onPipe(options: Partial<ReadWriteOptions> = {}) {
  const world = new Simulation({ time: 'manual' });
  const [near, far] = twoWay();
  let wheel!: ReadWrite;
  world.session({
    _start({ kernel }) {
      wheel = new ReadWrite({ kernel, handle: near, inputEvent: 'got', errorEvent: 'failed', ...options });
    },
    got: (_, record) => world.say(`got ${record}`),
    failed: (_, operation, number, text) => world.say(`${operation} ${number} ${text}`),
    flushed: () => world.say('flushed'),
  });
  const run = world.kernel.run();
  await world.settle();
  const end = async (): Promise<void> => {
    wheel.destroy();
    await world.settle();
    await run;
  };
  return { world, wheel, far: far as Duplex, end };
}

const stream = (): Partial<ReadWriteOptions> => ({ filter: new Stream(), flushedEvent: 'flushed' });

describe('limits of a ReadWrite', () => {
  test('maxQueued: what may wait is taken to the last octet, one more is refused with an error event', async () => {
    for (const [more, refused] of [
      [-1, false],
      [0, false],
      [1, true],
    ] as const) {
      const { world, wheel, far, end } = await onPipe({ ...stream(), limits: { maxQueued: PIPE + 1000 } });
      assert.equal(wheel.put('x'.repeat(2 * PIPE)), 0);
      await world.settle();
      assert.equal(wheel.put('y'.repeat(1000 + more)), refused ? 1 : 0);
      assert.deepEqual(world.said, [], 'no event inside put()');
      assert.equal(wheel.getDriverOutOctets(), refused ? PIPE : PIPE + 1000 + more);
      await world.settle();
      const message = `write ${errno.ENOBUFS} No buffer space available: slow_peer: ${PIPE} octets wait, ${PIPE + 1000} are the limit`;
      assert.deepEqual(world.said, refused ? [message] : []);
      if (refused) {
        assert.equal(wheel.put('z'), 1, 'nothing more is taken for a peer that was given up');
        assert.ok(wheel.getDriverOutOctets() <= PIPE);
      } else {
        for (let read = 0; read < 2 * PIPE + 1000 + more; await world.settle()) read += far.read()?.length ?? 0;
        assert.deepEqual(world.said, ['flushed']);
      }
      await end();
    }
  });

  test('maxQueued: a record that is larger than that is taken while nothing waits', async () => {
    const { world, wheel, far, end } = await onPipe({ ...stream(), limits: { maxQueued: 10 } });
    assert.equal(wheel.put('x'.repeat(100)), 0);
    await world.settle();
    assert.equal(far.read()?.length, 100);
    await world.settle();
    assert.equal(wheel.put('x'.repeat(100)), 0);
    await end();
  });

  test('maxQueued is 64 MiB unless something else is said', async () => {
    const { world, wheel, end } = await onPipe({ filter: new Stream() });
    const piece = Buffer.alloc(16 * 1024 * 1024);
    for (let n = 0; n < 4; n++) assert.equal(wheel.put(piece), 0);
    assert.equal(wheel.put(Buffer.alloc(1)), 1);
    await world.settle();
    assert.match(world.said[0] ?? '', /slow_peer: 67108864 octets wait, 67108864 are the limit/);
    await end();
  });

  test('stuckTimeout: a peer that takes nothing of what waits is given up, one that takes a little is not', async () => {
    const limits = { highQueued: PIPE, stuckTimeout: 10 };
    const { world, wheel, far, end } = await onPipe({ ...stream(), limits });
    wheel.put('x'.repeat(4 * PIPE));
    await world.settle();
    await world.advance(9.9);
    assert.ok(far.read()?.length > 0);
    await world.settle();
    await world.advance(10);
    assert.deepEqual(world.said, []);
    await world.advance(10);
    assert.equal(world.said.length, 1);
    assert.match(
      world.said[0] ?? '',
      new RegExp(`^write ${errno.ETIMEDOUT} Connection timed out: slow_peer: took none of \\d+ octets for 10 s$`),
    );
    assert.equal(wheel.put('more'), 1);
    await end();
  });

  test('stuckTimeout: up to highQueued may wait for ever', async () => {
    for (const [more, given] of [
      [-1, 0],
      [0, 0],
      [1, 1],
    ] as const) {
      const { world, wheel, end } = await onPipe({ ...stream(), limits: { highQueued: 2 * PIPE } });
      wheel.put('x'.repeat(2 * PIPE + more));
      await world.settle();
      // The pipe itself takes its share of what lies above.
      wheel.put('x'.repeat(PIPE));
      await world.settle();
      assert.equal(wheel.getDriverOutOctets(), 2 * PIPE + more);
      await world.advance(9.9);
      assert.equal(world.said.length, 0);
      await world.advance(100);
      assert.equal(world.said.length, given);
      await end();
    }
  });

  test('frameTimeout: an unfinished frame may stand for 30 seconds without an octet, not longer', async () => {
    const { world, far, end } = await onPipe({ filter: new Reference({ freezer }) });
    const [frame] = new Reference({ freezer }).put([['value']]) as [Buffer];
    far.write(frame.subarray(0, 5));
    await world.settle();
    await world.advance(29);
    far.write(frame.subarray(5, 6));
    await world.settle();
    await world.advance(30);
    assert.deepEqual(world.said, []);
    await world.advance(30);
    assert.deepEqual(world.said, [
      `read ${errno.ETIMEDOUT} Connection timed out: no octet of an unfinished record came for 30 s`,
    ]);
    await end();
  });

  test('frameTimeout: whole frames, and time in which input is paused, are not limited', async () => {
    const { world, wheel, far, end } = await onPipe({ filter: new Reference({ freezer }) });
    const [frame] = new Reference({ freezer }).put([['value']]) as [Buffer];
    far.write(frame);
    await world.settle();
    await world.advance(1000);
    far.write(frame.subarray(0, 5));
    await world.settle();
    wheel.pauseInput();
    await world.advance(1000);
    assert.deepEqual(world.said, ['got value']);
    wheel.resumeInput();
    await world.advance(60);
    assert.equal(world.said.length, 2);
    await end();
  });

  test('frameTimeout: a body or block that stops counts, though getPending() gives nothing of it', async () => {
    for (const [filter, begun] of [
      [new HTTPD(), 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n'],
      [new Block(), '5\0'],
      [new Stackable({ filters: [new Block()] }), '5\0ab'],
    ] as const) {
      const { world, far, end } = await onPipe({ filter });
      far.write(begun);
      await world.settle();
      await world.advance(61);
      assert.equal(world.said.length, 1, begun);
      await end();
    }
  });

  test('frameTimeout: filters that have all they were given are left alone', async () => {
    for (const [filter, whole] of [
      [new HTTPD(), 'GET / HTTP/1.1\r\n\r\n'],
      [new Block(), '2\0ab'],
      [new Block({ blockSize: 2 }), 'ab'],
      [new Stackable({ filters: [new Line()] }), 'ab\n'],
    ] as const) {
      const { world, far, end } = await onPipe({ filter, limits: { frameTimeout: 5 } });
      far.write(whole);
      await world.settle();
      await world.advance(100);
      assert.equal(world.said.length, 1, whole);
      assert.match(world.said.join(), /^got /);
      await end();
    }
  });

  test('frameTimeout: text may stand for ever unless the wheel is told a time', async () => {
    for (const [frameTimeout, said] of [
      [undefined, 0],
      [Number.POSITIVE_INFINITY, 0],
      [5, 1],
    ] as const) {
      const limits: Partial<PeerLimits> = frameTimeout === undefined ? {} : { frameTimeout };
      const { world, far, end } = await onPipe({ filter: new Line(), limits });
      far.write('half a li');
      await world.settle();
      await world.advance(4.9);
      assert.equal(world.said.length, 0);
      await world.advance(100_000);
      assert.equal(world.said.length, said);
      await end();
    }
  });

  test('limits hold no session and are no event in the queue', async () => {
    const { world, far, end } = await onPipe({ filter: new Reference({ freezer }) });
    far.write('5');
    await world.settle();
    assert.equal(world.kernel.getEventCount(), 0);
    // The run is over as soon as the wheel is, without the clock going on.
    await end();
  });

  test('limits that are none are refused', () => {
    const [handle] = twoWay();
    for (const [limits, message] of [
      [{ maxQueue: 5 }, /there is no limit 'maxQueue'/],
      [{ maxQueued: 0 }, /limits.maxQueued is 0/],
      [{ stuckTimeout: '10' }, /limits.stuckTimeout is 10/],
      [{ frameTimeout: Number.NaN }, /limits.frameTimeout is NaN/],
    ] as const) {
      assert.throws(() => new ReadWrite({ handle, limits: limits as object }), {
        code: 'POE_ERR_WHEEL_PARAMETER',
        message,
      });
    }
  });
});
