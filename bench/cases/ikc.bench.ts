import { once } from 'node:events';
import net from 'node:net';
import { kernel, Session } from 'poe-kernel';
import { Client, ClientLite, Responder } from 'poe-kernel/ikc';
import { BareClient, type PeerOver, serveBare } from '../bare-peer.ts';
import type { Bench, Contestant, Measure, PerlProgram, Sample } from '../bench.ts';
import { overFrames } from '../frame-peer.ts';
import { overJson } from '../json-peer.ts';
import { serveIkc as serve } from '../serve-ikc.ts';
import { timed } from '../timed.ts';

const ADDRESS = '127.0.0.1';
const ECHO = 'poe://Bench/bench/echo';
const SINK = 'poe://Bench/bench/sink';
const COUNT = 'poe://Bench/bench/count';
const VALUE = { n: 1, text: 'hello world' };

/** Connects to the server and measures with a client that has a kernel. */
async function asClient(port: number, work: (ikc: Responder) => Promise<Sample>): Promise<Sample> {
  const ikc = Responder.spawn();
  const connected = new Promise<void>((resolve, reject) => {
    Client.spawn({
      ip: ADDRESS,
      port,
      name: 'BenchClient',
      onConnect: () => resolve(),
      onError: (operation, _, message) => reject(new Error(`${operation}: ${message}`)),
    });
  });
  kernel.run();
  await connected;
  return work(ikc);
}

const callsOneByOne: Measure = (count, port) =>
  asClient(port, (ikc) =>
    timed(count, async (some) => {
      for (let n = 0; n < some; n++) await ikc.call(ECHO, VALUE);
    }),
  );

const liteCallsOneByOne: Measure = async (count, port) => {
  const lite = await ClientLite.spawn({ ip: ADDRESS, port, name: 'BenchLite' });
  if (lite === undefined) throw new Error(ClientLite.error());
  return timed(count, async (some) => {
    for (let n = 0; n < some; n++) {
      if ((await lite.call('bench/echo', VALUE)) === undefined) throw new Error(lite.error());
    }
  });
};

const IN_FLIGHT = 64;

/** Sends the next call whenever an answer comes. */
function callsInFlight(count: number): Promise<void> {
  return new Promise((resolve) => {
    let toSend = count;
    let toCome = count;
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          // Calls that wait for an answer keep nobody alive.
          kernel.aliasSet('caller');
          for (let n = 0; n < IN_FLIGHT; n++) kernel.yield('send');
        },
        send({ kernel }) {
          if (toSend-- > 0) kernel.post('IKC', 'call', ECHO, VALUE, 'poe:answer');
        },
        answer({ kernel }) {
          if (--toCome > 0) {
            kernel.yield('send');
          } else {
            kernel.aliasRemove('caller');
            resolve();
          }
        },
      },
    });
  });
}

/** Posts in a block, each block followed by a question for the number that has arrived. */
const BLOCK = 1000;
const BLOCKS_IN_FLIGHT = 4;

async function posts(ikc: Responder, count: number): Promise<void> {
  const before = Number(await ikc.call(COUNT));
  const arrivals: Promise<unknown>[] = [];
  for (let sent = 0; sent < count; ) {
    for (const end = Math.min(sent + BLOCK, count); sent < end; sent++) ikc.post(SINK, VALUE);
    arrivals.push(ikc.call(COUNT));
    if (arrivals.length >= BLOCKS_IN_FLIGHT) await arrivals.shift();
  }
  const arrived = Number(await arrivals.pop()) - before;
  if (arrived !== count) throw new Error(`${arrived} posts of ${count} have arrived`);
}

/** What a client over a bare socket does so many times. */
type BareWork = (client: BareClient, count: number) => Promise<void>;

const bareOneByOne: BareWork = async (client, count) => {
  for (let n = 0; n < count; n++) await client.call('echo', VALUE);
};

const bareInFlight: BareWork = async (client, count) => {
  let toSend = count;
  const worker = async (): Promise<void> => {
    while (toSend-- > 0) await client.call('echo', VALUE);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
};

const barePosts: BareWork = async (client, count) => {
  const before = Number(await client.call('count', null));
  const arrivals: Promise<unknown>[] = [];
  for (let sent = 0; sent < count; ) {
    for (const end = Math.min(sent + BLOCK, count); sent < end; sent++) client.post('sink', VALUE);
    arrivals.push(client.call('count', null));
    if (arrivals.length >= BLOCKS_IN_FLIGHT) await arrivals.shift();
  }
  const arrived = Number(await arrivals.pop()) - before;
  if (arrived !== count) throw new Error(`${arrived} posts of ${count} have arrived`);
};

const BINARY = Buffer.alloc(64 * 1024, Buffer.from(Array.from({ length: 256 }, (_, n) => n)));

const binaryOneByOne: Measure = async (count, port) => {
  const lite = await ClientLite.spawn({ ip: ADDRESS, port, name: 'BenchLite' });
  if (lite === undefined) throw new Error(ClientLite.error());
  return timed(count, async (some) => {
    for (let n = 0; n < some; n++) {
      const answer = (await lite.call('bench/echo', BINARY)) as string;
      if (answer?.length !== BINARY.length) throw new Error(lite.error());
    }
  });
};

/** Sends blocks of a known length back. */
async function serveBinary(port: number): Promise<void> {
  const server = net.createServer({ noDelay: true }, (socket) => collect(socket, (block) => socket.write(block)));
  await once(server.listen(port, ADDRESS), 'listening');
}

function collect(socket: net.Socket, whole: (block: Buffer) => void): void {
  let pieces: Buffer[] = [];
  let length = 0;
  socket.on('data', (chunk) => {
    pieces.push(chunk);
    length += chunk.length;
    if (length < BINARY.length) return;
    whole(Buffer.concat(pieces));
    pieces = [];
    length = 0;
  });
}

const bareBinary: Measure = async (count, port) => {
  const socket = net.connect({ port, host: ADDRESS, noDelay: true });
  await once(socket, 'connect');
  let came = (): void => {};
  collect(socket, () => came());
  return timed(count, async (some) => {
    for (let n = 0; n < some; n++) {
      await new Promise<void>((resolve) => {
        came = resolve;
        socket.write(BINARY);
      });
    }
  });
};

function bare(label: string, over: PeerOver, count: number, work: BareWork): Contestant {
  const run: Measure = async (count, port) => {
    const client = await BareClient.connect(over, port);
    return timed(count, (some) => work(client, some));
  };
  return { label, count, run, server: serveBare(over) };
}

function limit(count: number, work: BareWork): Contestant {
  return bare('limit: net, JSON behind its length', overJson, count, work);
}

function format(count: number, work: BareWork): Contestant {
  return bare("net, IKC's frames", overFrames, count, work);
}

function perl(role: string): PerlProgram {
  return { needs: 'POE::Component::IKC', args: [role] };
}

export const benches: readonly Bench[] = [
  {
    name: 'ikc-calls',
    group: 'ikc',
    unit: 'calls',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel, both sides', count: 20_000, run: callsOneByOne, server: serve },
      limit: limit(20_000, bareOneByOne),
      format: format(20_000, bareOneByOne),
      perl: { label: 'Perl client, Perl server', count: 3000, run: perl('one-by-one'), server: perl('server') },
    },
  },
  {
    name: 'ikc-lite-calls',
    group: 'ikc',
    unit: 'calls',
    shows: 'per second',
    contestants: {
      ours: { label: 'ClientLite, poe-kernel', count: 20_000, run: liteCallsOneByOne, server: serve },
      mixed: { label: 'Perl ClientLite, poe-kernel', count: 20_000, run: perl('calls'), server: serve },
      limit: limit(20_000, bareOneByOne),
      format: format(20_000, bareOneByOne),
      perl: { label: 'Perl ClientLite, Perl server', count: 5000, run: perl('calls'), server: perl('server') },
    },
  },
  {
    name: 'ikc-in-flight',
    group: 'ikc',
    unit: 'calls',
    shows: 'per second',
    contestants: {
      ours: {
        label: 'poe-kernel, both sides',
        count: 100_000,
        run: (count, port) => asClient(port, () => timed(count, callsInFlight)),
        server: serve,
      },
      limit: limit(100_000, bareInFlight),
      format: format(100_000, bareInFlight),
      perl: { label: 'Perl client, Perl server', count: 5000, run: perl('in-flight'), server: perl('server') },
    },
  },
  {
    name: 'ikc-posts',
    group: 'ikc',
    unit: 'posts',
    shows: 'per second',
    contestants: {
      ours: {
        label: 'poe-kernel, both sides',
        count: 200_000,
        run: (count, port) => asClient(port, (ikc) => timed(count, (some) => posts(ikc, some))),
        server: serve,
      },
      mixed: { label: 'Perl ClientLite, poe-kernel', count: 60_000, run: perl('posts'), server: serve },
      limit: limit(200_000, barePosts),
      format: format(200_000, barePosts),
      perl: { label: 'Perl ClientLite, Perl server', count: 20_000, run: perl('posts'), server: perl('server') },
    },
  },
  {
    name: 'ikc-binary',
    group: 'ikc',
    unit: 'echoes of 64 KiB',
    shows: 'per second',
    contestants: {
      ours: { label: 'ClientLite, poe-kernel', count: 3000, run: binaryOneByOne, server: serve },
      limit: { label: 'limit: net, bare octets', count: 6000, run: bareBinary, server: serveBinary },
      mixed: { label: 'Perl ClientLite, poe-kernel', count: 2000, run: perl('binary'), server: serve },
      perl: { label: 'Perl ClientLite, Perl server', count: 2000, run: perl('binary'), server: perl('server') },
    },
  },
];
