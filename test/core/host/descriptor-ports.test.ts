import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Handle, kernel, MODE_READ, MODE_WRITE, Peek, type Port, Session } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';
import { runSession, until } from '../../helpers/sessions.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'poe-descriptors-'));
after(() => fs.rmSync(folder, { recursive: true }));

const portOf = (handle: Handle): Port => kernel.host.handles.portOf(handle);
const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK } = fs.constants;
let names = 0;
const newPath = (): string => join(folder, String(++names));

function newFile(text: string): string {
  const path = newPath();
  fs.writeFileSync(path, text);
  return path;
}

function newFifo(): string {
  const path = newPath();
  execFileSync('mkfifo', [path]);
  return path;
}

describe('a plain file', () => {
  it('is always ready, at its end too, and is read where its descriptor stands', async () => {
    const descriptor = fs.openSync(newFile('abcdef'), 'r+');
    fs.readSync(descriptor, Buffer.alloc(2));
    const log = await runSession({
      _start({ kernel }) {
        kernel.select(descriptor, 'read', 'write', 'urgent');
      },
      read({ kernel, heap }, handle) {
        const octets = Buffer.alloc(3);
        heap.log.push(`read ${octets.subarray(0, fs.readSync(handle, octets)).toString()}`);
        if (heap.log.length > 5) kernel.select(handle);
      },
      write: ({ heap }, _handle, mode) => heap.log.push(`write ${mode}`),
      urgent: () => assert.fail('a file has no urgent data'),
    });
    assert.deepEqual(log, ['read cde', 'write 1', 'read f', 'write 1', 'read ', 'write 1', 'read ']);
    assert.equal(String(portOf(descriptor).read(5) ?? 'nothing'), 'nothing');
    fs.closeSync(descriptor);
  });

  it('is read and written by wheels', async () => {
    const input = fs.openSync(newFile('one\ntwo\nthree'), 'r');
    const path = newPath();
    const output = fs.openSync(path, 'w');
    await runSession({
      _start({ heap }) {
        heap.wheel = new ReadWrite({
          inputHandle: input,
          outputHandle: output,
          inputEvent: 'line',
          errorEvent: 'end',
          flushedEvent: 'flushed',
        });
      },
      line: ({ heap }, line) => void heap.wheel.put(`<${line}>`),
      end({ heap }, operation, errno, message) {
        assert.deepEqual([operation, errno, message], ['read', 0, '']);
        heap.ended = true;
        heap.wheel.put('end');
      },
      flushed: ({ heap }) => heap.ended && heap.wheel.destroy(),
    });
    assert.equal(fs.readFileSync(path, 'utf8'), '<one>\r\n<two>\r\n<end>\r\n'.replace('<end>', 'end'));
    // The program's own: no wheel closes it.
    fs.closeSync(input);
    fs.closeSync(output);
  });

  it('tells why it cannot be read or written', () => {
    const path = newFile('text');
    const [reader, writer] = [fs.openSync(path, 'r'), fs.openSync(path, 'a')];
    portOf(reader).write(Buffer.from('x'));
    assert.deepEqual(portOf(reader).writeError, { operation: 'write', errno: 9, message: 'Bad file descriptor' });
    assert.equal(portOf(writer).read(1), undefined);
    assert.deepEqual(portOf(writer).error, { operation: 'read', errno: 9, message: 'Bad file descriptor' });
    portOf(reader).close();
    assert.throws(() => fs.closeSync(reader), { code: 'EBADF' });
    fs.closeSync(writer);
  });

  it('is what some devices are like', () => {
    const [zero, nothing] = [fs.openSync('/dev/zero', 'r'), fs.openSync('/dev/null', 'r+')];
    assert.deepEqual(portOf(zero).read(3), Buffer.alloc(3));
    assert.equal(portOf(nothing).ready(MODE_READ), true);
    assert.equal(portOf(nothing).read(1), undefined);
    portOf(nothing).write(Buffer.from('away'));
    assert.equal(portOf(nothing).writeError, null);
    for (const port of [portOf(zero), portOf(nothing)]) port.close();
  });
});

describe('a FIFO', () => {
  it('is written by its number, when the reader makes room', async () => {
    const path = newFifo();
    const reader = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    const writer = fs.openSync(path, O_WRONLY | O_NONBLOCK);
    const text = 'x'.repeat(300_000);
    const [got] = await runSession({
      _start({ heap }) {
        heap.got = '';
        heap.near = new ReadWrite({ handle: writer, flushedEvent: 'flushed' });
        heap.far = new ReadWrite({ handle: reader, inputEvent: 'line' });
        heap.near.put(text);
        assert.equal(heap.near.getDriverOutOctets(), text.length + 2);
      },
      flushed: ({ heap }) => heap.near.destroy(),
      line({ heap }, line) {
        heap.log.push(line);
        heap.far.destroy();
      },
    });
    assert.equal(got, text);
    fs.closeSync(reader);
    fs.closeSync(writer);
  });

  it('that has lost its writers goes on with new ones once it is watched again', async () => {
    const path = newFifo();
    const reader = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    const write = (text: string): void => fs.writeFileSync(path, text, { flag: 'a' });
    const log = await runSession({
      _start({ kernel }) {
        kernel.selectRead(reader, 'read');
        write('first');
      },
      read({ kernel, heap }, handle) {
        const octets = portOf(handle).read(100);
        heap.log.push(octets === undefined ? 'end' : String(octets));
        if (heap.log.length === 4) kernel.selectRead(handle);
        if (heap.log.length !== 2) return;
        kernel.selectRead(handle);
        write('second');
        kernel.selectRead(handle, 'read');
      },
    });
    assert.deepEqual(log, ['first', 'end', 'second', 'end']);
    fs.closeSync(reader);
  });

  it('may be closed by the program once it is no longer watched, and its number be another one’s', async () => {
    const path = newFifo();
    for (let round = 0; round < 20; round++) {
      const descriptor = fs.openSync(path, O_RDWR | O_NONBLOCK);
      const other = fs.openSync(path, O_WRONLY | O_NONBLOCK);
      const log = await runSession({
        _start({ kernel }) {
          kernel.selectRead(descriptor, 'read');
          fs.writeSync(other, `round ${round}`);
        },
        read({ kernel, heap }, handle) {
          heap.log.push(String(portOf(handle).read(100)));
          kernel.selectRead(handle);
          fs.closeSync(handle);
        },
      });
      assert.deepEqual(log, [`round ${round}`]);
      fs.closeSync(other);
      const file = fs.openSync(newFile('plain'), 'r');
      assert.equal(file, Math.min(descriptor, other));
      assert.equal(String(portOf(file).read(10)), 'plain');
      fs.closeSync(file);
    }
  });

  it('is closed by its port, and what stood for it is forgotten', async () => {
    const path = newFifo();
    const descriptor = fs.openSync(path, O_RDWR | O_NONBLOCK);
    const port = portOf(descriptor);
    assert.equal(portOf(descriptor), port);
    port.close();
    await until(() => !isOpen(descriptor));
    assert.throws(() => portOf(descriptor), { code: 'POE_ERR_HANDLE' });
    const again = fs.openSync(path, O_RDWR | O_NONBLOCK);
    assert.equal(again, descriptor);
    assert.notEqual(portOf(again), port);
    portOf(again).close();
  });
});

function isOpen(descriptor: number): boolean {
  try {
    fs.fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

describe('handles of one descriptor', () => {
  it('are watched as one, each session getting the handle that it gave', async () => {
    const path = newFifo();
    const file = await open(path, O_RDWR | O_NONBLOCK);
    const log: string[] = [];
    const watch = (name: string, handle: Handle): Session =>
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.selectRead(handle, 'read');
          },
          read({ kernel }, got) {
            log.push(`${name} ${got === handle}`);
            // By the other name.
            kernel.selectRead(handle === file ? file.fd : file);
          },
        },
      });
    const sessions = [watch('number', file.fd), watch('FileHandle', file)];
    const peek = new Peek(kernel);
    assert.equal(peek.handleCount(), 1);
    for (const session of sessions) assert.equal(peek.sessionHandleCount(session), 1);
    assert.equal(peek.isHandleTracked(file, MODE_READ), true);
    assert.equal(peek.isHandleTracked(file.fd, MODE_WRITE), false);
    assert.equal(portOf(file), portOf(file.fd));
    fs.writeSync(file.fd, 'x');
    await kernel.run();
    assert.deepEqual(log, ['number true', 'FileHandle true']);
    assert.equal(peek.isHandleTracked(file, MODE_READ), false);
    await file.close();
    assert.throws(() => portOf(file), { code: 'POE_ERR_HANDLE' });
  });

  it('keep the first watcher of a session, whatever name the second one has', async () => {
    const file = await open(newFile('text'), 'r');
    const log = await runSession({
      _start({ kernel }) {
        kernel.selectRead(file.fd, 'first', 'one');
        kernel.selectRead(file, 'second', 'two');
      },
      first({ kernel, heap }, handle, _mode, arg) {
        heap.log.push(handle === file.fd, arg);
        kernel.selectRead(file);
      },
      second: () => assert.fail('the first one stays'),
    });
    assert.deepEqual(log, [true, 'one']);
    await file.close();
  });

  it('can be let go by a handle that is closed by now', async () => {
    const file = await open(newFile('text'), 'r');
    await runSession({
      async _start({ kernel }) {
        kernel.selectRead(file, 'never');
        kernel.selectPauseRead(file);
        await file.close();
        kernel.selectRead(file);
      },
    });
    assert.equal(new Peek(kernel).isHandleTracked(file, MODE_READ), false);
  });
});

describe('what cannot be watched', () => {
  it('is refused, with the reason', async () => {
    const directory = fs.openSync(folder, 'r');
    const file = await open(newFile(''), 'r');
    await file.close();
    for (const [wrong, reason] of [
      [directory, `Cannot watch descriptor ${directory}: it is a directory`],
      [54_321, 'Cannot watch descriptor 54321: Bad file descriptor'],
      [-1, 'Cannot watch descriptor -1: it is no descriptor'],
      [1.5, 'Cannot watch descriptor 1.5: it is no descriptor'],
      [file, 'Cannot watch descriptor -1: it is no descriptor'],
      [{}, 'Cannot watch a handle: [object Object] is none'],
      ['stdin', 'Cannot watch a handle: stdin is none'],
      [undefined, 'Cannot watch a handle: undefined is none'],
      [null, 'Cannot watch a handle: null is none'],
      [new ReadableStream(), 'Cannot watch a handle: [object ReadableStream] is none'],
    ] as [never, string][]) {
      assert.throws(() => kernel.host.handles.portOf(wrong), { code: 'POE_ERR_HANDLE', message: reason });
    }
    fs.closeSync(directory);
  });
});
