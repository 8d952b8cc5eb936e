/**
 * A server that sends the same lines to everybody, and clients of which some stop reading. Those are given up by the reason slow_peer, before the
 * server has grown by more than what it may hold for them, and the others are answered as quickly as before.
 *
 *     npm run --silent soak:slow-readers [-- --seconds N]      default 20
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kernel, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';

const SLOW = 20;
const OTHERS = 20;
const CAP = 1024 * 1024;
const LINE = 'x'.repeat(8192);
const SEND_EVERY = 0.005;
/** What the system's own buffers, and garbage between two collections, may add. */
const SLACK = 48 * 1024 * 1024;
/** What the rest of the machine may add to an answer: who had to wait for those that do not read would wait for seconds. */
const NOISE_SECONDS = 0.05;

/** The server's process: sends lines, answers pings, and tells its parent how it is. */
function serve(): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.clients = new Map<number, ReadWrite>();
        heap.givenUp = 0;
        heap.listener = new SocketFactory({
          kernel,
          bindAddress: '127.0.0.1',
          successEvent: 'accepted',
          failureEvent: 'failed',
        });
        process.send?.(heap.listener.getsockname().port);
        kernel.delay('send', SEND_EVERY);
      },
      accepted({ kernel, heap }, socket) {
        const limits = { maxQueued: CAP };
        const wheel = new ReadWrite({ kernel, handle: socket, inputEvent: 'ping', errorEvent: 'gone', limits });
        heap.clients.set(wheel.id, wheel);
      },
      send({ kernel, heap }) {
        for (const wheel of heap.clients.values()) wheel.put(LINE);
        kernel.delay('send', SEND_EVERY);
      },
      ping({ heap }, line, id) {
        heap.clients.get(id)?.put(`pong ${line} ${heap.givenUp} ${process.memoryUsage.rss()}`);
      },
      gone({ heap }, _operation, _errno, text, id) {
        if (text.includes('slow_peer')) heap.givenUp++;
        heap.clients.get(id)?.destroy();
        heap.clients.delete(id);
      },
      failed(_, operation, _errno, text) {
        throw new Error(`${operation}: ${text}`);
      },
    },
  });
  kernel.run();
  process.on('disconnect', () => process.exit());
}

interface Answer {
  seconds: number;
  givenUp: number;
  rss: number;
}

/** A client that reads all it gets. */
class Reader {
  readonly #socket: Socket;
  #rest = '';
  #answered: ((line: string) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\r\n');
      this.#rest = lines.pop() as string;
      const pong = lines.find((line) => line.startsWith('pong '));
      if (pong !== undefined) this.#answered?.(pong);
    });
  }

  async ping(): Promise<Answer> {
    const start = performance.now();
    const line = await new Promise<string>((resolve) => {
      this.#answered = resolve;
      this.#socket.write('ping\r\n');
    });
    const [, , givenUp, rss] = line.split(' ');
    return { seconds: (performance.now() - start) / 1000, givenUp: Number(givenUp), rss: Number(rss) };
  }
}

async function play(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
  const seconds = Number(values.seconds);
  const server = fork(fileURLToPath(import.meta.url), ['server']);
  const [port] = (await once(server, 'message')) as [number];
  const connect = async (): Promise<Socket> => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return socket;
  };
  const readers: Reader[] = [];
  for (let n = 0; n < OTHERS; n++) readers.push(new Reader(await connect()));
  const slow: Socket[] = [];
  for (let n = 0; n < SLOW; n++) {
    const socket = await connect();
    slow.push(socket.on('error', () => {}).resume());
  }

  const before = await watch(readers, seconds / 2);
  for (const socket of slow) socket.pause();
  const after = await watch(readers, seconds / 2);
  server.disconnect();
  await once(server, 'exit');
  for (const socket of slow) socket.destroy();

  const grown = after.highest - before.highest;
  console.log(
    `${OTHERS} clients, answered in ${ms(before.median)} ms (p99 ${ms(before.p99)}) while all read, ` +
      `in ${ms(after.median)} ms (p99 ${ms(after.p99)}) while ${SLOW} more did not; ` +
      `${after.givenUp} given up, ${(grown / 2 ** 20).toFixed(1)} MiB more resident at most`,
  );
  const wrong = [
    after.givenUp !== SLOW && `${after.givenUp} of ${SLOW} were given up`,
    grown > SLOW * CAP + SLACK && `it grew by more than ${(SLOW * CAP + SLACK) / 2 ** 20} MiB`,
    after.median > 2 * before.median + NOISE_SECONDS && 'the others waited more than twice as long',
  ].filter((found) => found !== false);
  for (const found of wrong) console.error(found);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

/** Pings for so long, and puts the answers together. */
async function watch(readers: readonly Reader[], seconds: number) {
  const end = performance.now() + seconds * 1000;
  const answers: Answer[] = [];
  while (performance.now() < end) {
    answers.push(...(await Promise.all(readers.map((reader) => reader.ping()))));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const times = answers.map((answer) => answer.seconds).sort((a, b) => a - b);
  return {
    median: times[times.length >> 1] as number,
    p99: times[Math.floor(times.length * 0.99)] as number,
    highest: Math.max(...answers.map(({ rss }) => rss)),
    givenUp: Math.max(...answers.map(({ givenUp }) => givenUp)),
  };
}

function ms(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}

if (process.argv[2] === 'server') serve();
else await play();
