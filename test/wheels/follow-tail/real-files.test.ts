import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type KernelView, oneWay } from 'poe-kernel';
import { FollowTail, type FollowTailOptions } from 'poe-kernel/wheels';
import { runSession, warningsOf } from '../../helpers/sessions.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'poe-tail-'));
after(() => fs.rmSync(folder, { recursive: true }));
let names = 0;
const newPath = (): string => join(folder, String(++names));

function newFile(text: string): string {
  const path = newPath();
  fs.writeFileSync(path, text);
  return path;
}

function newFifo(path = newPath()): string {
  execFileSync('mkfifo', [path]);
  return path;
}

type Step = (tail: FollowTail) => unknown;

/**
 * Follows something and takes a step each time that all there was has come, or some time has passed; gives all that its events told.
 * Where a number is told it is an errno.
 */
async function follow(options: Partial<FollowTailOptions>, ...steps: Step[]): Promise<unknown[]> {
  const make = (kernel: KernelView): FollowTail =>
    new FollowTail({ kernel, inputEvent: 'line', resetEvent: 'reset', errorEvent: 'failed', ...options });
  return runSession({
    _start({ kernel, heap }) {
      heap.tail = make(kernel);
      kernel.delay('step', 0.06);
    },
    line: ({ heap }, line) => heap.log.push(line),
    reset: ({ heap }) => heap.log.push('(reset)'),
    failed: ({ heap }, operation, errno) => heap.log.push(`(${operation} ${errno})`),
    idle: ({ heap }) => heap.log.push('(idle)'),
    step({ kernel, heap }) {
      const step = steps.shift();
      if (step === undefined) return heap.tail.destroy();
      step(heap.tail);
      kernel.delay('step', 0.06);
    },
  });
}

const pollInterval = 0.01;

describe('FollowTail by name', () => {
  it('follows a symbolic link to where it leads now', async () => {
    const [first, second, link] = [newFile('old\n'), newFile('new\n'), newPath()];
    fs.symlinkSync(first, link);
    const log = await follow(
      { filename: link, pollInterval },
      () => fs.appendFileSync(first, 'line\n'),
      () => {
        fs.symlinkSync(second, `${link}.new`);
        fs.renameSync(`${link}.new`, link);
      },
      () => fs.appendFileSync(link, 'newer\n'),
    );
    assert.deepEqual(log, ['line', '(reset)', 'new', 'newer']);
  });

  it('is not moved by further names of the file, where POE brings everything twice', async () => {
    const path = newFile('old\n');
    const log = await follow(
      { filename: path, pollInterval },
      () => fs.appendFileSync(path, 'one\n'),
      () => fs.linkSync(path, `${path}.link`),
      () => fs.appendFileSync(`${path}.link`, 'two\n'),
      () => fs.unlinkSync(`${path}.link`),
      () => fs.appendFileSync(path, 'three\n'),
    );
    assert.deepEqual(log, ['one', 'two', 'three']);
  });

  it('follows a file that is copied and cut off', async () => {
    const path = newFile('');
    const log = await follow(
      { filename: path, pollInterval },
      () => fs.appendFileSync(path, 'one\ntwo\n'),
      () => {
        fs.copyFileSync(path, `${path}.1`);
        fs.truncateSync(path);
        fs.appendFileSync(path, 'three\n');
      },
    );
    assert.deepEqual(log, ['one', 'two', '(reset)', 'three']);
  });

  it('refuses a folder, and tells that it cannot read one that takes the place of the file', async () => {
    await assert.rejects(follow({ filename: folder }), {
      code: 'POE_ERR_WHEEL_PARAMETER',
      message: 'Cannot make a FollowTail: it is a directory',
    });
    const path = newFile('');
    const log = await follow({ filename: path, pollInterval }, () => {
      fs.unlinkSync(path);
      fs.mkdirSync(path);
    });
    assert.deepEqual(log, ['(reset)', '(read 21)']);
  });

  it('tells that its name cannot be looked up any more', async () => {
    const path = join(newPath(), 'file');
    fs.mkdirSync(join(path, '..'));
    fs.writeFileSync(path, '');
    const log = await follow({ filename: path, pollInterval }, () => {
      fs.rmSync(join(path, '..'), { recursive: true });
      fs.writeFileSync(join(path, '..'), '');
    });
    assert.deepEqual(log, ['(stat 20)']);
  });

  it('closes what it has opened', async () => {
    const count = (): number => fs.readdirSync('/dev/fd').length;
    const before = count();
    const path = newFile('');
    for (let round = 0; round < 3; round++) {
      await follow(
        { filename: path, pollInterval },
        () => fs.renameSync(path, `${path}.${round}`),
        () => fs.writeFileSync(path, 'x\n'),
      );
    }
    assert.equal(count(), before);
  });

  it('reads a FIFO as lines come, without looking, and does not end with its writers', async () => {
    const path = newFifo();
    const write = (text: string): void => fs.writeFileSync(path, text, { flag: 'a' });
    const log = await follow(
      { filename: path, idleEvent: 'idle' },
      () => write('one\n'),
      () => write('two\nthr'),
      () => write('ee\n'),
    );
    assert.deepEqual(log, ['one', 'two', 'three']);
  });

  it('reads a FIFO that appears late', async () => {
    const path = newPath();
    const log = await follow(
      { filename: path, pollInterval },
      () => newFifo(path),
      () => fs.writeFileSync(path, 'one\n', { flag: 'a' }),
    );
    assert.deepEqual(log, ['(reset)', 'one']);
  });

  it('warns of what makes no sense with a FIFO', async () => {
    const path = newFifo();
    const warnings: string[] = [];
    await runSession({
      async _start({ kernel }) {
        const options = { kernel, filename: path, inputEvent: 'line', pollInterval: 1, seekBack: 5 };
        warnings.push(...(await warningsOf(() => new FollowTail(options).destroy())));
      },
    });
    assert.deepEqual(warnings, [
      'Ignoring seekBack: FollowTail cannot go back in what is no plain file',
      'Ignoring pollInterval: what is no plain file tells when there is something',
    ]);
  });
});

describe('FollowTail by handle', () => {
  it('follows a descriptor, a FileHandle and an open stream over a plain file', async () => {
    const path = newFile('old\n');
    const stream = fs.createReadStream(path);
    const opened = once(stream, 'open');
    await assert.rejects(follow({ handle: stream }), /the stream is not open yet/);
    await opened;
    const file = await open(path);
    const descriptor = fs.openSync(path, 'r');
    for (const handle of [descriptor, file, stream]) {
      const size = fs.statSync(path).size;
      const log = await follow(
        { handle, pollInterval },
        () => fs.appendFileSync(path, 'new\n'),
        (tail) => assert.equal(tail.tell(), size + 4),
      );
      assert.deepEqual(log, ['new']);
      // It is the program's, and open.
      assert.ok(fs.fstatSync(typeof handle === 'number' ? handle : (handle as { fd: number }).fd).isFile());
    }
    stream.destroy();
    await file.close();
    fs.closeSync(descriptor);
  });

  it('reads a file that was cut off from the top, and goes on with one that has lost its name', async () => {
    const path = newFile('old\n');
    const handle = fs.openSync(path, 'r');
    const log = await follow(
      { handle, pollInterval },
      () => fs.appendFileSync(path, 'one\n'),
      () => fs.writeFileSync(path, 'two\n'),
      () => fs.renameSync(path, `${path}.1`),
      () => fs.appendFileSync(`${path}.1`, 'three\n'),
      () => {
        const writer = fs.openSync(`${path}.1`, 'a');
        fs.unlinkSync(`${path}.1`);
        fs.writeSync(writer, 'four\n');
        fs.closeSync(writer);
      },
    );
    assert.deepEqual(log, ['one', '(reset)', 'two', 'three', 'four']);
    fs.closeSync(handle);
  });

  it('tells that the program has closed it, also if something else has its number by then', async () => {
    for (const reuse of [false, true]) {
      const handle = fs.openSync(newFile(''), 'r');
      let other: number | undefined;
      const log = await follow({ handle, pollInterval }, () => {
        fs.closeSync(handle);
        if (reuse) other = fs.openSync(newFile('other\n'), 'r');
      });
      assert.deepEqual(log, ['(read 0)']);
      if (other !== undefined) fs.closeSync(other);
    }
  });

  it('refuses a folder and what is closed', async () => {
    const handle = fs.openSync(folder, 'r');
    await assert.rejects(follow({ handle }), { code: 'POE_ERR_WHEEL_PARAMETER' });
    fs.closeSync(handle);
    await assert.rejects(follow({ handle: 54_321 }), { code: 'POE_ERR_HANDLE' });
  });

  it('reads a pipe, whose end is one more look that finds nothing', async () => {
    const [reader, writer] = oneWay();
    const log = await follow(
      { handle: reader, idleEvent: 'idle' },
      () => writer.write('one\ntwo\n'),
      () => writer.end('three\n'),
    );
    assert.deepEqual(log, ['one', 'two', 'three', '(idle)']);
  });

  it('reads a socket, whose end is an error without a number', async (t) => {
    const server = net.createServer((socket) => socket.end('one\ntwo\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    assert.deepEqual(await follow({ handle: socket }, () => {}), ['one', 'two', '(read 0)']);
    socket.destroy();
  });
});
