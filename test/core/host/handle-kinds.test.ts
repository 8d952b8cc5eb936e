import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as streamText } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { type Handle, type HandlerContext, kernel, MODE_READ, oneWay, type Port, Session, twoWay } from 'poe-kernel';
import { ListenAccept, ReadWrite, Stream } from 'poe-kernel/wheels';

const folder = fs.mkdtempSync(join(tmpdir(), 'poe-handles-'));
const toClose: (() => void)[] = [];
after(() => {
  for (const close of toClose.reverse()) close();
  fs.rmSync(folder, { recursive: true });
});

const portOf = (handle: Handle): Port => kernel.host.handles.portOf(handle);
let names = 0;
const newPath = (): string => join(folder, String(++names));

interface Source {
  readonly handle: Handle;
  feed(text: string): void;
  end(): void;
}

function fifo(): string {
  const path = newPath();
  execFileSync('mkfifo', [path]);
  return path;
}

function writer(path: string): Pick<Source, 'feed' | 'end'> {
  const descriptor = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  return { feed: (text) => void fs.writeSync(descriptor, text), end: () => fs.closeSync(descriptor) };
}

const NONBLOCKING = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

function ofChild(child: ChildProcess, stream: Readable | null): Source {
  toClose.push(() => child.kill());
  return {
    handle: stream as Readable,
    feed: (text) => void child.stdin?.write(text),
    end: () => void child.stdin?.end(),
  };
}

async function connected(address: object): Promise<Source> {
  const server = net.createServer({ allowHalfOpen: true }).listen(address);
  await once(server, 'listening');
  const near = net.connect(
    'path' in address ? { path: String(address.path) } : { port: (server.address() as AddressInfo).port },
  );
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
  toClose.push(() => server.close().unref());
  toClose.push(() => far.destroy());
  toClose.push(() => near.destroy());
  return { handle: near, feed: (text) => void far.write(text), end: () => void far.end() };
}

/** Streams that octets come from. */
const STREAMS: Record<string, () => Source | Promise<Source>> = {
  'a TCP socket': () => connected({ port: 0, host: '127.0.0.1' }),
  'a unix socket': () => connected({ path: newPath() }),
  'the end of a oneWay pipe'() {
    const [reader, far] = oneWay();
    return { handle: reader, feed: (text) => void far.write(text), end: () => void far.end() };
  },
  'the end of a twoWay pipe'() {
    const [near, far] = twoWay();
    return { handle: near, feed: (text) => void far.write(text), end: () => void far.end() };
  },
  'any stream of Node'() {
    const stream = new PassThrough();
    return { handle: stream, feed: (text) => void stream.write(text), end: () => void stream.end() };
  },
  'stdout of a child'() {
    const child = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
    return ofChild(child, child.stdout);
  },
  'stderr of a child'() {
    const child = spawn('sh', ['-c', 'cat >&2'], { stdio: ['pipe', 'ignore', 'pipe'] });
    return ofChild(child, child.stderr);
  },
};

/** Descriptors that octets come from. */
const DESCRIPTORS: Record<string, () => Source | Promise<Source>> = {
  'the number of a FIFO'() {
    const path = fifo();
    const descriptor = fs.openSync(path, NONBLOCKING);
    toClose.push(() => fs.closeSync(descriptor));
    return { ...writer(path), handle: descriptor };
  },
  async 'a FileHandle of a FIFO'() {
    const path = fifo();
    const handle = await open(path, NONBLOCKING);
    toClose.push(() => void handle.close());
    return { ...writer(path), handle };
  },
  'the number of a plain file'() {
    const path = newPath();
    fs.writeFileSync(path, '');
    const descriptor = fs.openSync(path, 'r');
    toClose.push(() => fs.closeSync(descriptor));
    return { handle: descriptor, feed: (text) => fs.appendFileSync(path, text), end() {} };
  },
  async 'a FileHandle of a plain file'() {
    const path = newPath();
    fs.writeFileSync(path, '');
    const handle = await open(path, 'r');
    toClose.push(() => void handle.close());
    return { handle, feed: (text) => fs.appendFileSync(path, text), end() {} };
  },
};

/** Runs a session with these handlers, its log given to them, to its end. */
async function session(states: Record<string, (context: HandlerContext, ...args: any[]) => unknown>): Promise<void> {
  Session.create({ inlineStates: states });
  await kernel.run();
}

for (const [kind, make] of Object.entries({ ...STREAMS, ...DESCRIPTORS })) {
  describe(kind, () => {
    it('is readable for as long as anything is left, and what one reader leaves the next one finds', async () => {
      const source = await make();
      const log: string[] = [];
      await session({
        _start({ kernel }) {
          kernel.selectRead(source.handle, 'first');
          source.feed('abcdef');
        },
        first({ kernel }, handle, mode) {
          assert.equal(handle, source.handle);
          assert.equal(mode, MODE_READ);
          const octets = portOf(handle).read(2);
          // A plain file is ready before anything is in it.
          if (!octets) return;
          log.push(String(octets));
          if (log.length < 2) return;
          kernel.selectRead(handle);
          source.feed('gh');
          kernel.delay('later', 0.05);
        },
        later({ heap }) {
          heap.text = '';
          heap.wheel = new ReadWrite({ handle: source.handle, filter: new Stream(), inputEvent: 'rest' });
        },
        rest({ heap }, text) {
          heap.text += text;
          if (heap.text === 'efgh') heap.wheel.destroy();
        },
      });
      assert.deepEqual(log, ['ab', 'cd']);
    });

    it('brings nothing while it is paused, and everything after that', async () => {
      const source = await make();
      let told = 0;
      let text = '';
      await session({
        _start({ kernel }) {
          kernel.selectRead(source.handle, 'readable');
          kernel.selectPauseRead(source.handle);
          source.feed('kept');
          kernel.delay('resume', 0.05);
        },
        resume({ kernel }) {
          assert.equal(told, 0);
          kernel.selectResumeRead(source.handle);
        },
        readable({ kernel }, handle) {
          told++;
          text += String(portOf(handle).read(100) ?? '');
          if (text === 'kept') kernel.selectRead(handle);
        },
      });
      assert.equal(text, 'kept');
    });

    it('is readable at its end', async () => {
      const source = await make();
      const log: unknown[] = [];
      await session({
        _start({ heap }) {
          source.feed('last\n');
          source.end();
          heap.wheel = new ReadWrite({ handle: source.handle, inputEvent: 'line', errorEvent: 'ended' });
        },
        line: (_, line) => log.push(line),
        ended({ heap }, ...args) {
          log.push(...args.slice(0, 3));
          heap.wheel.destroy();
        },
      });
      assert.deepEqual(log.slice(-3), ['read', 0, '']);
      assert.deepEqual(log.slice(0, -3), ['last']);
    });
  });
}

for (const [kind, make] of Object.entries(STREAMS)) {
  describe(kind, () => {
    it('leaves to a listener of Node what no session has read', async () => {
      const { handle, feed, end } = await make();
      assert.ok(handle instanceof Readable);
      await session({
        _start({ kernel }) {
          kernel.selectRead(handle, 'readable');
          feed('abcd');
        },
        readable({ kernel }) {
          assert.equal(String(portOf(handle).read(2)), 'ab');
          kernel.selectRead(handle);
        },
      });
      let text = '';
      handle.on('data', (chunk) => {
        text += String(chunk);
      });
      feed('ef');
      end();
      await once(handle, 'end');
      assert.equal(text, 'cdef');
    });
  });
}

describe('a child', () => {
  it('is written and read by one wheel, however much it is', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = 'x'.repeat(999_998);
    const got: number[] = [];
    await session({
      _start({ heap }) {
        heap.wheel = new ReadWrite({
          inputHandle: child.stdout,
          outputHandle: child.stdin,
          inputEvent: 'line',
          flushedEvent: 'flushed',
          errorEvent: 'ended',
        });
        heap.wheel.put(line);
      },
      flushed: ({ heap }) => heap.wheel.shutdownOutput(),
      line: (_, text) => got.push(text.length),
      ended({ heap }, operation, errno) {
        assert.deepEqual([operation, errno], ['read', 0]);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(got, [line.length]);
  });
});

describe('a server', () => {
  it('is readable while connections wait, which the next watcher takes if the first does not', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    toClose.push(() => server.close().unref());
    let accepted = 0;
    await session({
      _start({ kernel }) {
        kernel.selectRead(server, 'first');
        const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
        toClose.push(() => client.destroy());
      },
      first({ kernel, heap }) {
        kernel.selectRead(server);
        heap.wheel = new ListenAccept({ handle: server, acceptEvent: 'accepted' });
      },
      accepted({ heap }, socket) {
        accepted++;
        socket.destroy();
        heap.wheel.destroy();
      },
    });
    assert.equal(accepted, 1);
  });
});

describe('streams over files', () => {
  it('are read and written by wheels, as Node has them', async () => {
    const [from, to] = [newPath(), newPath()];
    fs.writeFileSync(from, 'one\ntwo\n');
    const output = fs.createWriteStream(to);
    await session({
      _start({ heap }) {
        const input = fs.createReadStream(from, { highWaterMark: 3 });
        heap.wheel = new ReadWrite({
          inputHandle: input,
          outputHandle: output,
          inputEvent: 'line',
          errorEvent: 'ended',
        });
      },
      line: ({ heap }, line) => void heap.wheel.put(line),
      ended({ heap }) {
        heap.wheel.event({ flushedEvent: 'flushed' });
        heap.wheel.put('end');
      },
      flushed: ({ heap }) => heap.wheel.destroy(),
    });
    output.end();
    await once(output, 'close');
    assert.equal(fs.readFileSync(to, 'utf8'), 'one\r\ntwo\r\nend\r\n');
  });

  it('tell why they cannot be read', async () => {
    const log: unknown[] = [];
    await session({
      _start({ heap }) {
        const input = fs.createReadStream(newPath());
        heap.wheel = new ReadWrite({
          inputHandle: input,
          outputHandle: input,
          inputEvent: 'line',
          errorEvent: 'failed',
        });
      },
      line: () => assert.fail('there is no such file'),
      failed({ heap }, ...args) {
        log.push(...args.slice(0, 3));
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['read', 2, 'No such file or directory']);
  });
});

describe('a descriptor that a process has inherited', () => {
  it('is read and written by its number, as a socket', async () => {
    const code = `
      import { kernel, Session } from 'poe-kernel';
      import { ReadWrite } from 'poe-kernel/wheels';
      Session.create({ inlineStates: {
        _start({ heap }) { heap.wheel = new ReadWrite({ handle: 3, inputEvent: 'line', errorEvent: 'ended' }); },
        line({ heap }, line) { heap.wheel.put('<' + line + '>'); },
        ended({ heap }, ...args) { console.log(...args.slice(0, 2)); heap.wheel.destroy(); },
      } });
      await kernel.run();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    const socket = child.stdio[3] as net.Socket;
    socket.write('one\ntwo\n');
    let answer = '';
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.endsWith('<two>\r\n')) break;
    }
    assert.equal(answer, '<one>\r\n<two>\r\n');
    assert.equal(await streamText(child.stdout as Readable), 'read 0\n');
  });
});
