import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { describe, type TestContext, test } from 'node:test';
import { kernel, oneWay, Session, twoWay } from 'poe-kernel';
import {
  Line,
  Map as MapFilter,
  ReadWrite,
  type ReadWriteOptions,
  SocketFactory,
  Stackable,
  Stream,
  SysRW,
} from 'poe-kernel/wheels';
import { runSession, until, warningsOf } from '../helpers/sessions.ts';

const { errno } = constants;
const newline = (): Line => new Line({ literal: '\n' });

/** Two connected TCP sockets that the program made. */
async function sockets(t: TestContext): Promise<[Socket, Socket]> {
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1');
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

describe('new ReadWrite()', () => {
  test('new ReadWrite() says what is missing or does not fit, also outside of sessions', () => {
    const [handle] = twoWay();
    const refused: [ReadWriteOptions, RegExp][] = [
      [{}, /handle or inputHandle required/],
      [{ outputHandle: handle }, /handle or inputHandle required/],
      [{ inputHandle: handle }, /handle or outputHandle required/],
      [{ handle, highMark: 5 }, /only one of highMark and lowMark/],
      [{ handle, lowMark: 5 }, /only one of highMark and lowMark/],
      [{ handle, highEvent: 'x' }, /highEvent has no highMark/],
      [{ handle, lowEvent: 'x' }, /only one of lowMark and lowEvent/],
      [{ handle, highMark: 5, lowMark: 2 }, /only one of lowMark and lowEvent/],
      [{ handle, highMark: 0, lowMark: 1, lowEvent: 'x' }, /the marks are 0 and 1/],
      [{ handle, highMark: 5, lowMark: -1, lowEvent: 'x' }, /the marks are 5 and -1/],
    ];
    for (const [options, message] of refused) {
      assert.throws(() => new ReadWrite(options), { code: 'POE_ERR_WHEEL_PARAMETER', message });
    }
  });

  test('new ReadWrite() refuses what is no handle', async () => {
    await runSession({
      _start() {
        assert.throws(() => new ReadWrite({ handle: {} }), { code: 'POE_ERR_HANDLE' });
      },
    });
  });

  test('new ReadWrite() lets handle and filter overrule, and warns', async () => {
    const [handle, other] = twoWay();
    const filter = new Stream();
    let warnings: Promise<string[]> | undefined;
    await runSession({
      _start() {
        warnings = warningsOf(() => {
          const options = { handle, inputHandle: other, filter, outputFilter: new Line(), colour: 'x' };
          using wheel = new ReadWrite(options as ReadWriteOptions);
          assert.equal(wheel.getInputHandle(), handle);
          assert.equal(wheel.getOutputFilter(), filter);
        });
      },
    });
    assert.deepEqual(await warnings, [
      "Ignoring unknown ReadWrite parameter 'colour'",
      'Ignoring inputHandle: handle takes precedence',
      'Ignoring outputFilter: filter takes precedence',
    ]);
  });

  test('new ReadWrite() with one filter reads the other way as lines', async () => {
    const [handle] = twoWay();
    await runSession({
      _start() {
        using wheel = new ReadWrite({ handle, inputFilter: new Stream() });
        assert.ok(wheel.getInputFilter() instanceof Stream);
        assert.ok(wheel.getOutputFilter() instanceof Line);
      },
    });
  });
});

describe('reading', () => {
  test('inputEvent brings the same records however the octets arrive', async () => {
    const text = 'one\r\n\r\ntwo words\nthree\r\n';
    for (const size of [1, 2, 3, 7, text.length]) {
      const [handle, far] = twoWay();
      const log = await runSession({
        _start({ kernel, heap }) {
          heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line', errorEvent: 'gone' });
          kernel.yield('send', 0);
        },
        send({ kernel }, at) {
          far.write(text.slice(at, at + size));
          if (at + size < text.length) kernel.yield('send', at + size);
          else far.end();
        },
        line: ({ heap }, line, id) => heap.log.push(line, id === heap.wheel.id),
        gone: ({ heap }) => heap.wheel.destroy(),
      });
      assert.deepEqual(log, ['one\r', true, '\r', true, 'two words', true, 'three\r', true], `chunks of ${size}`);
    }
  });

  test('a filter changed between two records gets the rest of the chunk at once', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line' });
        far.write('header\nbody with\nnewline');
      },
      line({ heap }, line) {
        heap.log.push(line);
        heap.wheel.event({ inputEvent: 'raw' });
        heap.wheel.setInputFilter(new Stream());
        heap.log.push('switched');
        assert.ok(heap.wheel.getOutputFilter() instanceof Line);
        heap.wheel.destroy();
      },
      raw: ({ heap }, chunk) => heap.log.push(`raw ${chunk}`),
    });
    assert.deepEqual(log, ['header', 'raw body with\nnewline', 'switched']);
  });

  test('setOutputFilter() is for later puts, setFilter() for both ways', async () => {
    const [handle, far] = twoWay();
    await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, filter: newline(), flushedEvent: 'flushed' });
        heap.wheel.put('as a line');
        heap.wheel.setOutputFilter(new Stream());
        heap.wheel.put('raw');
        heap.wheel.setFilter(new Line({ literal: '!' }));
        heap.wheel.put('loud');
        assert.equal(heap.wheel.getInputFilter(), heap.wheel.getOutputFilter());
      },
      flushed: ({ heap }) => heap.wheel.destroy(),
    });
    assert.equal(String(far.read()), 'as a line\nrawloud!');
  });

  test('event() turns input off between two records; turned on again, nothing is lost', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line' });
        far.write('one\ntwo\nthree\n');
      },
      line({ kernel, heap }, line) {
        heap.log.push(line);
        heap.wheel.event({ inputEvent: undefined });
        far.write('four\n');
        kernel.delay('on', 0.02);
      },
      on({ heap }) {
        heap.log.push('on');
        heap.wheel.event({ inputEvent: 'other' });
      },
      other({ heap }, line) {
        heap.log.push(`other ${line}`);
        if (line === 'four') heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['one', 'on', 'other two', 'other three', 'other four']);
  });

  test('pauseInput() holds data back, but not the records of a chunk that is read', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line' });
        far.write('one\ntwo\n');
      },
      line({ kernel, heap }, line) {
        heap.log.push(line);
        if (line === 'one') {
          heap.log.push(heap.wheel.pauseInput());
          far.write('three\n');
          kernel.delay('resume', 0.02);
        }
        if (line === 'three') heap.wheel.destroy();
      },
      resume: ({ heap }) => heap.log.push('resume', heap.wheel.resumeInput()),
    });
    assert.deepEqual(log, ['one', 1, 'two', 'resume', 1, 'three']);
  });

  test('the end of the stream is an error event with 0, once; writing goes on', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone', flushedEvent: 'flushed' });
        far.end('partial');
      },
      line: () => assert.fail('a partial line is no line'),
      gone({ heap }, ...args) {
        heap.log.push(args.slice(0, 3));
        heap.wheel.put('still');
      },
      flushed({ heap }) {
        heap.log.push(String(heap.wheel.getInputFilter().getPending()), String(far.read()));
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, [['read', 0, ''], 'partial', 'still\r\n']);
  });

  test('an exception in an inputEvent ends the read; the rest comes with the next chunk', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ kernel, heap }) {
        kernel.sig('DIE', 'died');
        heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line' });
        far.write('bad\ngood\n');
      },
      line({ heap }, line) {
        if (line === 'bad') throw new Error('bad line');
        heap.log.push(line);
        if (line === 'last') heap.wheel.destroy();
      },
      died({ kernel, heap }, _name, details) {
        kernel.sigHandled();
        heap.log.push(details.errorStr.message);
        far.write('last\n');
      },
    });
    assert.deepEqual(log, ['bad line', 'good', 'last']);
  });

  test('an async inputEvent keeps its session alive, and its rejection is an exception of that handler', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ kernel, heap }) {
        kernel.sig('DIE', 'died');
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line' });
        far.write('x\n');
      },
      async line({ heap }) {
        heap.wheel.destroy();
        await new Promise((resolve) => setTimeout(resolve, 20));
        heap.log.push('slow');
        throw new Error('late');
      },
      died({ kernel, heap }, _name, details) {
        kernel.sigHandled();
        heap.log.push(details.errorStr.message, details.event);
      },
    });
    assert.deepEqual(log, ['slow', 'late', 'line']);
  });
});

describe('writing', () => {
  test('all that a slice puts leaves in one write, and is flushed once', async (t) => {
    const [handle, far] = await sockets(t);
    const driver = new SysRW();
    const written: number[] = [];
    driver.on('written', (octets) => written.push(octets));
    const log = await runSession({
      _start({ kernel, heap }) {
        heap.wheel = new ReadWrite({ handle, driver, filter: newline(), flushedEvent: 'flushed' });
        for (let n = 0; n < 1000; n++) heap.wheel.put('x'.repeat(99));
        assert.deepEqual([heap.wheel.getDriverOutOctets(), heap.wheel.getDriverOutMessages()], [100_000, 1000]);
        kernel.call(kernel.getActiveSession(), 'more');
      },
      more: ({ heap }) => heap.wheel.put('last'),
      flushed({ heap }, id) {
        heap.log.push(id === heap.wheel.id, heap.wheel.getDriverOutOctets(), heap.wheel.getDriverOutMessages());
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, [true, 0, 0]);
    assert.deepEqual(written, [100_005]);
    far.destroy();
  });

  test('put() during an inputEvent leaves in one write after the read', async () => {
    const [handle, far] = twoWay();
    const driver = new SysRW();
    const written: number[] = [];
    driver.on('written', (octets) => written.push(octets));
    await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, driver, filter: newline(), inputEvent: 'line', flushedEvent: 'flushed' });
        far.write('a\nb\nc\n');
      },
      line({ heap }, line) {
        heap.wheel.put(line.toUpperCase());
        assert.equal(far.read(), null);
      },
      flushed: ({ heap }) => heap.wheel.destroy(),
    });
    assert.deepEqual(written, [6]);
    assert.equal(String(far.read()), 'A\nB\nC\n');
  });

  test('autoFlush writes inside put(), flush() at any time', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ kernel, heap }) {
        heap.wheel = new ReadWrite({ handle, filter: new Stream(), autoFlush: true, flushedEvent: 'flushed' });
        heap.log.push(heap.wheel.put('now'), String(far.read()));
        heap.wheel.destroy();
        heap.wheel = new ReadWrite({ handle, filter: new Stream(), flushedEvent: 'flushed' });
        heap.wheel.put('later');
        heap.log.push(far.read());
        heap.wheel.flush();
        heap.log.push(String(far.read()));
        heap.wheel.flush();
        kernel.yield('end');
      },
      flushed: ({ heap }) => heap.log.push('flushed'),
      end: ({ heap }) => heap.wheel.destroy(),
    });
    // POE: flush() says flushed even if there was nothing.
    assert.deepEqual(log, ['flushed', 0, 'now', null, 'flushed', 'later', 'flushed']);
  });

  test('put() tells the high mark at the mark, not before', async () => {
    const [handle] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        for (const size of [9, 10, 11]) {
          const marks = { highMark: 10, lowMark: 5, lowEvent: 'low', highEvent: 'high' };
          using wheel = new ReadWrite({ handle, filter: new Stream(), ...marks });
          heap.log.push(wheel.put('x'.repeat(size)));
        }
      },
    });
    assert.deepEqual(log, [0, 1, 1]);
  });

  test('lowEvent comes when the buffer has fallen to the low mark, after the high one only', async () => {
    const full = 65_536;
    for (const [left, low] of [
      [99, 'low 99'],
      [100, 'low 100'],
      [101, 'above'],
    ] as const) {
      const [handle, far] = twoWay();
      const log = await runSession({
        _start({ kernel, heap }) {
          const marks = { highMark: 1000, lowMark: 100, lowEvent: 'low', highEvent: 'high' };
          heap.wheel = new ReadWrite({ handle, filter: new Stream(), ...marks });
          assert.equal(heap.wheel.put(Buffer.alloc(full + 1000)), 1);
          kernel.delay('read', 0.01);
        },
        read({ kernel, heap }) {
          assert.equal(heap.wheel.getDriverOutOctets(), 1000);
          far.read(1000 - left);
          kernel.delay('end', 0.01);
        },
        low: ({ heap }) => heap.log.push(`low ${heap.wheel.getDriverOutOctets()}`),
        high: ({ heap }) => heap.log.push('high'),
        end({ heap }) {
          if (heap.log.length === 0) heap.log.push('above');
          heap.wheel.destroy();
        },
      });
      assert.deepEqual(log, [low]);
    }
  });

  test('highEvent comes from writing, where put() had not said so', async () => {
    const [handle] = twoWay();
    const log = await runSession({
      _start({ kernel, heap }) {
        const marks = { highMark: 200_000, lowMark: 10, lowEvent: 'low', highEvent: 'high' };
        heap.wheel = new ReadWrite({ handle, filter: new Stream(), ...marks });
        heap.log.push(heap.wheel.put(Buffer.alloc(100_000)));
        heap.wheel.setHighMark(20_000);
        kernel.delay('end', 0.02);
      },
      high: ({ heap }, id) => heap.log.push('high', id === heap.wheel.id),
      low: () => assert.fail('nobody reads'),
      end: ({ heap }) => heap.wheel.destroy(),
    });
    assert.deepEqual(log, [0, 'high', true]);
  });

  test('marks that cannot be set are ignored with a warning', async () => {
    const [handle] = twoWay();
    let warnings: Promise<string[]> | undefined;
    await runSession({
      _start() {
        warnings = warningsOf(() => {
          using plain = new ReadWrite({ handle });
          plain.setHighMark(10);
          plain.setLowMark(10);
          plain.event({ highEvent: 'x' });
          plain.event({ colour: 'x' } as never);
          using marked = new ReadWrite({ handle, highMark: 10, lowMark: 5, lowEvent: 'low' });
          marked.setHighMark(5);
          marked.setLowMark(10);
          marked.setLowMark(0);
          marked.setLowMark(9);
          marked.setHighMark(10);
        });
      },
    });
    assert.equal((await warnings)?.length, 7);
  });

  test('put() of a record that the filter refuses throws and buffers nothing', async () => {
    const [handle] = twoWay();
    await runSession({
      _start() {
        const filter = new Stream();
        filter.put = () => {
          throw new TypeError('no such record');
        };
        using wheel = new ReadWrite({ handle, filter });
        assert.throws(() => wheel.put('x'), { message: 'no such record' });
        assert.equal(wheel.getDriverOutOctets(), 0);
      },
    });
  });

  test('64 MiB through a slow reader stay bounded by the marks', { timeout: 120_000 }, async (t) => {
    const [handle, far] = await sockets(t);
    const total = 64 * 1024 * 1024;
    const chunk = Buffer.alloc(65_536, 'x');
    let most = 0;
    let got = 0;
    far.on('data', (octets) => {
      got += octets.length;
      far.pause();
      setImmediate(() => far.resume());
    });
    far.resume();
    await runSession({
      _start({ kernel, heap }) {
        heap.sent = 0;
        const marks = { highMark: 1 << 20, lowMark: 1 << 18, lowEvent: 'fill', highEvent: 'high' };
        heap.wheel = new ReadWrite({ handle, filter: new Stream(), flushedEvent: 'flushed', ...marks });
        kernel.yield('fill');
      },
      fill({ heap }) {
        while (heap.sent < total) {
          heap.sent += chunk.length;
          const high = heap.wheel.put(chunk);
          most = Math.max(most, heap.wheel.getDriverOutOctets());
          if (high) return;
        }
      },
      high: () => {},
      flushed({ kernel, heap }) {
        if (heap.sent >= total) heap.wheel.destroy();
        else kernel.yield('fill');
      },
    });
    await until(() => got === total);
    assert.ok(most >= 1 << 20, 'the mark was reached');
    assert.ok(most <= (1 << 20) + chunk.length, `at most the mark and one chunk, not ${most}`);
    assert.ok(handle.writableLength === 0);
  });
});

describe('errors', () => {
  test('a peer that resets is a read error with the number and text of the system', async (t) => {
    const [handle, far] = await sockets(t);
    const log = await runSession({
      _start({ kernel, heap }) {
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone' });
        kernel.yield('reset');
      },
      reset: () => void far.resetAndDestroy(),
      line: () => {},
      gone({ heap }, ...args) {
        heap.log.push(args.slice(0, 3), args[3] === heap.wheel.id);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, [['read', errno.ECONNRESET, 'Connection reset by peer'], true]);
  });

  test('writing to a peer that has gone is a write error, and no flushed event', async (t) => {
    const [handle, far] = await sockets(t);
    const log = await runSession({
      _start({ kernel, heap }) {
        heap.wheel = new ReadWrite({ handle, errorEvent: 'gone', flushedEvent: 'flushed' });
        far.destroy();
        kernel.delay('first', 0.02);
      },
      // The system takes it; the peer answers with a reset.
      first: ({ heap }) => heap.wheel.put('one'),
      flushed({ kernel, heap }) {
        heap.log.push('flushed');
        kernel.delay('second', 0.02);
      },
      second: ({ heap }) => heap.wheel.put('two'),
      gone({ heap }, ...args) {
        heap.log.push(args.slice(0, 3));
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['flushed', ['write', errno.EPIPE, 'Broken pipe']]);
  });

  test('a write error after the peer’s last words leaves those to be read', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ heap }) {
        far.write('last words\n');
        far.destroy();
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone' });
        heap.wheel.put('answer');
      },
      line: ({ heap }, line) => heap.log.push(line),
      gone({ heap }, operation, number, text) {
        heap.log.push([operation, number, text]);
        if (operation === 'read') heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['last words', ['write', 32, 'Broken pipe'], ['read', 0, '']]);
  });

  test('an errorEvent that is turned off is not sent', async () => {
    const [handle, far] = twoWay();
    const log = await runSession({
      _start({ kernel, heap }) {
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone' });
        heap.wheel.event({ errorEvent: undefined });
        far.destroy();
        kernel.delay('end', 0.02);
      },
      line: () => {},
      gone: () => assert.fail('turned off'),
      end({ heap }) {
        // The wheel no longer reads.
        heap.log.push(heap.wheel.pauseInput());
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, [0]);
  });
});

describe('shutting down', () => {
  test('shutdownOutput() sends the end of the stream and goes on reading', async (t) => {
    const [handle, far] = await sockets(t);
    far.on('end', () => far.write('answer\n')).resume();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, filter: newline(), inputEvent: 'line' });
        heap.wheel.shutdownOutput();
        heap.wheel.shutdownOutput();
      },
      line({ heap }, line) {
        heap.log.push(line);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['answer']);
  });

  test('shutdownInput() stops reading without an event and goes on writing', async (t) => {
    const [handle, far] = await sockets(t);
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone', flushedEvent: 'flushed' });
        heap.wheel.shutdownInput();
        heap.wheel.shutdownInput();
        heap.wheel.event({ inputEvent: 'line' });
        far.end('unheard\n');
        setTimeout(() => heap.wheel.put('written'), 20);
        heap.log.push(heap.wheel.resumeInput());
      },
      line: () => assert.fail('shut'),
      gone: () => assert.fail('no event'),
      flushed: ({ heap }) => heap.wheel.destroy(),
    });
    assert.deepEqual(log, [0]);
    assert.equal(String((await once(far.resume(), 'data'))[0]), 'written\r\n');
  });
});

describe('destroy()', () => {
  const marks = { highMark: 20, lowMark: 5, lowEvent: 'low', highEvent: 'high' };
  /** What makes each event come, given the wheel and the other end. */
  const causes: Record<string, (wheel: ReadWrite, far: Duplex) => void> = {
    line: (_, far) => void far.write('one\ntwo\n'),
    flushed: (wheel) => void wheel.put('x'),
    gone: (_, far) => void far.destroy(),
    low: (wheel) => void wheel.put('x'.repeat(30)),
    high(wheel) {
      wheel.setHighMark(100_000_000);
      wheel.put('x'.repeat(100_000));
      wheel.setHighMark(20);
    },
  };
  for (const [event, cause] of Object.entries(causes)) {
    test(`destroy() in the ${event} event: it is the last but for the records already read`, async () => {
      const [handle, far] = twoWay();
      const seen = ({ heap, state }: { heap: { log: unknown[]; wheel: ReadWrite }; state: string }) => {
        heap.log.push(state);
        if (state === event) heap.wheel.destroy();
        heap.wheel.destroy();
      };
      const log = await runSession({
        _start({ heap }) {
          const names = { inputEvent: 'line', flushedEvent: 'flushed', errorEvent: 'gone' };
          heap.wheel = new ReadWrite({ handle, ...names, ...marks });
          cause(heap.wheel, far);
        },
        line: seen,
        flushed: seen,
        gone: seen,
        low: seen,
        high: seen,
      });
      const after: Record<string, string[]> = { line: ['line', 'line'], low: ['low', 'flushed'] };
      assert.deepEqual(log, after[event] ?? [event]);
      assert.equal(handle.destroyed, false, 'the program made the handle and keeps it');
    });
  }

  /** Connects a listener and a connector over TCP and runs `connected` with the connector's socket. */
  const overTcp = (connected: Parameters<typeof runSession>[0][string]): ReturnType<typeof runSession> =>
    runSession({
      _start({ heap }) {
        const events = { successEvent: 'accepted', failureEvent: 'failed' };
        heap.listener = new SocketFactory({ ...events, bindAddress: '127.0.0.1' });
        const { port } = heap.listener.getsockname();
        heap.connector = new SocketFactory({
          ...events,
          remoteAddress: '127.0.0.1',
          remotePort: port,
          successEvent: 'connected',
        });
      },
      accepted({ heap }, handle) {
        heap.listener.destroy();
        heap.far = new ReadWrite({ handle, inputEvent: 'farLine', errorEvent: 'farGone' });
      },
      farLine: ({ heap }, line) => heap.log.push(`far ${line}`),
      farGone({ heap }, operation, number) {
        heap.log.push(`far ${operation} ${number}`);
        heap.far.destroy();
      },
      failed: (_, ...args) => assert.fail(String(args)),
      connected,
    });

  test('destroy() closes a socket that came from a wheel, what was written before leaves first', async () => {
    let socket: Socket | undefined;
    const log = await overTcp(({ heap }, handle) => {
      socket = handle;
      heap.near = new ReadWrite({ handle, autoFlush: true });
      heap.near.put('goodbye');
      heap.near.destroy();
    });
    assert.deepEqual(log, ['far goodbye', 'far read 0']);
    assert.equal(socket?.destroyed, true);
  });

  test('destroy() leaves the socket to the wheel that takes it over', async () => {
    const log = await overTcp(({ heap }, handle) => {
      heap.near = new ReadWrite({ handle });
      heap.near.destroy();
      heap.near = new ReadWrite({ handle, flushedEvent: 'unheard' });
      heap.near.put('still here');
      setTimeout(() => heap.near.destroy(), 30);
    });
    assert.deepEqual(log, ['far still here', 'far read 0']);
  });

  test('getOutputHandle() makes the socket the program’s, which destroy() leaves open', async () => {
    let socket: Socket | undefined;
    const log = await overTcp(({ heap }, handle) => {
      heap.near = new ReadWrite({ handle });
      socket = heap.near.getOutputHandle();
      heap.near.destroy();
      setTimeout(() => void (handle as Socket).end('by hand\n'), 20);
    });
    assert.deepEqual(log, ['far by hand', 'far read 0']);
    assert.equal(socket?.writableEnded, true);
    socket?.destroy();
  });
});

test('separate handles: the end of the input leaves the output alone', async () => {
  const [inputHandle, input] = oneWay();
  const [output, outputHandle] = oneWay();
  const log = await runSession({
    _start({ heap }) {
      const events = { inputEvent: 'line', errorEvent: 'gone', flushedEvent: 'flushed' };
      heap.wheel = new ReadWrite({ inputHandle, outputHandle, ...events });
      input.end('in\n');
    },
    line: ({ heap }, line) => heap.log.push(line),
    gone({ heap }, operation) {
      heap.log.push(operation);
      heap.wheel.put('out');
    },
    flushed: ({ heap }) => heap.wheel.destroy(),
  });
  assert.deepEqual(log, ['in', 'read']);
  assert.equal(String(output.read()), 'out\r\n');
  assert.equal(outputHandle.destroyed, false);
});

test('a wheel acts for the session that made it, whoever calls it', async () => {
  const [handle, far] = twoWay();
  const log: unknown[] = [];
  Session.create({
    heap: {},
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('owner');
      },
      give: () =>
        new ReadWrite({ handle, filter: newline(), autoFlush: true, inputEvent: 'line', flushedEvent: 'flushed' }),
      line: ({ session }, line) => log.push([session.id, line]),
      flushed: ({ session }) => log.push([session.id, 'flushed']),
    },
  });
  const owner = kernel.aliasResolve('owner')?.id;
  await runSession({
    _start({ kernel, heap }) {
      heap.wheel = kernel.call('owner', 'give');
      heap.wheel.put('x');
      far.write('line\n');
      kernel.delay('end', 0.02);
    },
    end({ heap }) {
      heap.wheel.event({ inputEvent: undefined });
      heap.wheel.destroy();
    },
    line: () => assert.fail('not the owner'),
    flushed: () => assert.fail('not the owner'),
  });
  assert.deepEqual(log, [
    [owner, 'flushed'],
    [owner, 'line'],
  ]);
});

test('badInput: what the filter refuses is an error event, reading ends, and writing goes on', async () => {
  const [near, far] = twoWay();
  const log = await runSession({
    _start({ heap }) {
      heap.wheel = new ReadWrite({
        handle: near,
        filter: new Line({ literal: '\n', maxLength: 5 }),
        inputEvent: 'line',
        errorEvent: 'failed',
        flushedEvent: 'flushed',
        badInput: 'error',
        limits: { frameTimeout: 0.01 },
      });
      far.write('one\ntoo long\ntwo\nrest');
    },
    line: ({ heap }, line) => void heap.log.push(line),
    failed({ heap, kernel }, operation, number, text) {
      heap.log.push(operation, number === errno.EBADMSG, text);
      far.write('more\n');
      kernel.delay('write', 0.05);
    },
    write: ({ heap }) => void heap.wheel.put('bye'),
    flushed({ heap }) {
      heap.log.push(String(far.read()));
      heap.wheel.destroy();
    },
  });
  const text = 'Bad message: Cannot read a line: it has 8 octets, 5 are allowed';
  assert.deepEqual(log, ['one', 'read', true, text, 'bye\n']);
});

test('badInput: so is what a new filter refuses of what the old one held, and what a full buffer refuses', async () => {
  for (const changes of [true, false]) {
    const [near, far] = twoWay();
    const log = await runSession({
      _start({ heap, kernel }) {
        const filter = changes ? new Line() : new Line({ maxLength: 5, maxBuffer: 5 });
        heap.wheel = new ReadWrite({
          handle: near,
          filter,
          inputEvent: 'line',
          errorEvent: 'failed',
          badInput: 'error',
        });
        far.write('123456');
        if (changes) kernel.delay('change', 0.02);
      },
      change: ({ heap }) => void heap.wheel.setInputFilter(new Line({ maxLength: 5, maxBuffer: 5 })),
      line: ({ heap }, line) => void heap.log.push(line),
      failed({ heap }, operation, number) {
        heap.log.push(operation, number === errno.EBADMSG);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['read', true]);
  }
});

test('badInput: what a handler or a function of the program throws is a DIE all the same', async () => {
  for (const filter of [new Line(), new Stackable({ filters: [new Line(), new MapFilter({ code: () => fail() })] })]) {
    const [near, far] = twoWay();
    const log = await runSession({
      _start({ heap, kernel }) {
        kernel.sig('DIE', 'died');
        heap.wheel = new ReadWrite({
          handle: near,
          filter,
          inputEvent: 'line',
          errorEvent: 'failed',
          badInput: 'error',
        });
        far.write('x\n');
      },
      line: () => fail(),
      failed: () => assert.fail('it is no error of the peer'),
      died({ heap, kernel }, _signal, { errorStr }) {
        kernel.sigHandled();
        heap.log.push(errorStr.message);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['by the program']);
  }
});

test('new ReadWrite() refuses another badInput', async () => {
  await runSession({
    _start() {
      assert.throws(() => new ReadWrite({ handle: twoWay()[0], badInput: 'ignore' as 'error' }), {
        code: 'POE_ERR_WHEEL_PARAMETER',
        message: "Cannot make a ReadWrite: badInput is 'ignore'",
      });
    },
  });
});

function fail(): never {
  throw new Error('by the program');
}
