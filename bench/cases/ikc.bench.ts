import { kernel, Session } from 'poe-kernel';
import { Client, ClientLite, Responder, Server } from 'poe-kernel/ikc';
import type { Bench, Measure, PerlProgram, Sample } from '../bench.ts';
import { timed } from '../timed.ts';

const ADDRESS = '127.0.0.1';
const ECHO = 'poe://Bench/bench/echo';
const SINK = 'poe://Bench/bench/sink';
const COUNT = 'poe://Bench/bench/count';
const VALUE = { n: 1, text: 'hello world' };

/** Offers what all the clients here, of either language, talk to. */
async function serve(port: number): Promise<void> {
  Server.spawn({ ip: ADDRESS, port, name: 'Bench' });
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.count = 0;
        kernel.aliasSet('bench');
        kernel.call('IKC', 'publish', 'bench', ['echo', 'sink', 'count']);
      },
      echo: (_, value) => value,
      sink({ heap }) {
        heap.count++;
      },
      count: ({ heap }) => heap.count,
    },
  });
  kernel.run();
}

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
      mixed: { label: 'Perl ClientLite, poe-kernel', count: 5000, run: perl('calls'), server: serve },
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
        count: 50_000,
        run: (count, port) => asClient(port, () => timed(count, callsInFlight)),
        server: serve,
      },
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
      mixed: { label: 'Perl ClientLite, poe-kernel', count: 20_000, run: perl('posts'), server: serve },
      perl: { label: 'Perl ClientLite, Perl server', count: 20_000, run: perl('posts'), server: perl('server') },
    },
  },
];
