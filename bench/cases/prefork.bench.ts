import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { kernel, Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { BareClient } from '../bare-peer.ts';
import type { Bench, Contestant, Measure, PerlProgram, Sample } from '../bench.ts';
import { overJson } from '../json-peer.ts';
import { Load } from '../load.ts';
import { median } from '../measure.ts';
import { timed } from '../timed.ts';

const ADDRESS = '127.0.0.1';
const VALUE = { n: 1, text: 'hello world' };
/** Processes that serve; ours and Perl's have a parent beside them. */
const WORKERS = 2;
/** Who asks at once. */
const CLIENTS = 8;

// --- what is asked for

const BLOCK = Buffer.alloc(1024);
/** Blocks of a call that takes some 2 ms; Perl has its own number for that. */
const BLOCKS = 733;

/** Keeps a processor busy. */
function work(): string {
  const hash = createHash('sha256');
  for (let n = 0; n < BLOCKS; n++) hash.update(BLOCK);
  return hash.digest('hex');
}

type Event = 'echo' | 'work' | 'pid';

const ANSWERS: Record<Event, (value: unknown) => unknown> = { echo: (value) => value, work, pid: () => process.pid };

// --- who serves

async function servePreforked(port: number): Promise<void> {
  // No child has more than its share of the clients, so that no more are lost with one.
  const concurrency = CLIENTS / WORKERS;
  Server.spawn({ ip: ADDRESS, port, name: 'Bench', processes: WORKERS + 1, connections: 0, concurrency });
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('bench');
        kernel.call('IKC', 'publish', 'bench', Object.keys(ANSWERS));
      },
      echo: (_, value) => ANSWERS.echo(value),
      work: (_, value) => ANSWERS.work(value),
      pid: (_, value) => ANSWERS.pid(value),
    },
  });
  kernel.run();
}

/** What a program without any library would do: workers of node:cluster, started again when they end, JSON over bare sockets. */
async function serveCluster(port: number): Promise<void> {
  if (cluster.isPrimary) {
    for (let n = 0; n < WORKERS; n++) cluster.fork();
    cluster.on('exit', () => cluster.fork());
    await once(cluster, 'listening');
    return;
  }
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    overJson(socket, ({ id, event, params }, peer) =>
      peer.send({ id, event, params: ANSWERS[event as Event](params) }),
    );
  });
  await once(server.listen(port, ADDRESS, 1024), 'listening');
}

const perl: PerlProgram = { needs: 'POE::Component::IKC', args: ['server', String(WORKERS + 1)] };

// --- who asks

/** A connection. What comes to nothing throws. */
interface Caller {
  call(event: Event): Promise<unknown>;
  close(): void;
}

type Connect = (port: number) => Promise<Caller>;

let named = 0;

const connectIkc: Connect = async (port) => {
  const lite = await ClientLite.spawn({ ip: ADDRESS, port, name: `Bench${++named}` });
  if (lite === undefined) throw new Error(ClientLite.error());
  return {
    async call(event) {
      const answer = await lite.call(`bench/${event}`, VALUE);
      if (answer === undefined) throw new Error(lite.error());
      return answer;
    },
    close: () => lite.disconnect(),
  };
};

const connectJson: Connect = async (port) => {
  const client = await BareClient.connect(overJson, port);
  const { socket } = client.peer;
  const broken = new Promise<never>((_, reject) => {
    socket.on('error', reject).on('close', () => reject(new Error('closed')));
  });
  broken.catch(() => {});
  return { call: (event) => Promise.race([client.call(event, VALUE), broken]), close: () => client.close() };
};

type LoadOf = (port: number, event: Event) => Promise<Load>;

const ikcLoad: LoadOf = (port, event) => Load.ofIkc(port, `Load${++named}`, event, VALUE);
const jsonLoad: LoadOf = (port, event) => Load.ofJson(port, event, VALUE);

/** How long a client stays. */
interface Visit {
  calls: number;
  inFlight: number;
}

/** Clients that connect, call, and leave, over and over: so that the work is shared. */
function visits(loadOf: LoadOf, event: Event, { calls, inFlight }: Visit): Measure {
  return (count, port) =>
    timed(count, async (some) => {
      let left = some;
      const client = async (): Promise<void> => {
        while (left > 0) {
          const asked = Math.min(calls, left);
          left -= asked;
          const load = await loadOf(port, event);
          await load.ask(asked, inFlight);
          load.close();
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
    });
}

/** The work alone, in as many threads as there are workers. */
const bareLoops: Measure = (count) =>
  timed(count, async (some) => {
    const share = Math.ceil(some / WORKERS);
    const code = `const { createHash } = require('node:crypto');
      const BLOCK = Buffer.alloc(1024), BLOCKS = ${BLOCKS};
      const work = ${work};
      for (let n = 0; n < ${share}; n++) work();`;
    await Promise.all(Array.from({ length: WORKERS }, () => once(new Worker(code, { eval: true }), 'exit')));
  });

// --- who is killed

const CALLS_OF_A_VISIT = 20;
const KILL_EVERY_MS = 200;
/** In this time all that begins is over. */
const SETTLE_MS = 1000;
/** How long what has to happen is waited for. */
const PATIENCE_MS = 30_000;

interface Harm {
  /** Calls that came to nothing, and connections that were not made. */
  failures: number;
  /** For each process that came after a kill: milliseconds until it first answered. */
  answered: number[];
}

/** Clients call while one worker after the other is killed. */
async function harm(connect: Connect, kills: number, port: number): Promise<Harm> {
  const result: Harm = { failures: 0, answered: [] };
  const alive = new Set<number>();
  const dead = new Set<number>();
  const unanswered: number[] = [];
  let goesOn = true;
  const seen = (pid: number): void => {
    if (dead.has(pid) || alive.has(pid)) return;
    alive.add(pid);
    const killed = unanswered.shift();
    if (killed !== undefined) result.answered.push(performance.now() - killed);
  };
  const client = async (): Promise<void> => {
    while (goesOn) {
      try {
        const caller = await connect(port);
        seen(Number(await caller.call('pid')));
        for (let n = 1; n < CALLS_OF_A_VISIT; n++) await caller.call('echo');
        caller.close();
      } catch {
        result.failures++;
        // A port that refuses does so at once.
        await sleep(1);
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  for (let waited = 0; alive.size < WORKERS && waited < PATIENCE_MS; waited += 10) await sleep(10);
  await sleep(SETTLE_MS);
  result.failures = 0;
  for (let n = 0; n < kills; n++) {
    const candidates = [...alive];
    const victim = candidates[n % candidates.length];
    if (victim !== undefined) {
      alive.delete(victim);
      dead.add(victim);
      unanswered.push(performance.now());
      process.kill(victim, 'SIGKILL');
    }
    await sleep(KILL_EVERY_MS);
  }
  // On a busy machine no new process may have answered yet.
  for (let waited = 0; result.answered.length === 0 && waited < PATIENCE_MS; waited += 10) await sleep(10);
  goesOn = false;
  await Promise.race([Promise.all(clients), sleep(SETTLE_MS)]);
  return result;
}

function failures(connect: Connect): Measure {
  return async (kills, port): Promise<Sample> => ({ count: kills, cost: (await harm(connect, kills, port)).failures });
}

function answers(connect: Connect): Measure {
  return async (kills, port): Promise<Sample> => {
    const { answered } = await harm(connect, kills, port);
    return { count: 1, cost: median(answered) ?? Number.NaN };
  };
}

/** The three who serve, each with a measurement by its protocol. */
function servers(ikc: Measure, json: Measure, [many, few]: readonly [ours: number, perl: number]) {
  return {
    ours: { label: 'poe-kernel', count: many, run: ikc, server: servePreforked },
    perl: { label: 'IKC', count: few, run: ikc, server: perl },
    cluster: { label: 'node:cluster, JSON over bare sockets', count: many, run: json, server: serveCluster },
  } satisfies Record<string, Contestant>;
}

function rates(event: Event, visit: Visit, counts: readonly [ours: number, perl: number]) {
  return servers(visits(ikcLoad, event, visit), visits(jsonLoad, event, visit), counts);
}

function harms(measure: (connect: Connect) => Measure) {
  return servers(measure(connectIkc), measure(connectJson), [KILLS, KILLS]);
}

const KILLS = 50;
/** A round takes 20 to 50 s. */
const ROUNDS = 2;

export const benches: readonly Bench[] = [
  {
    name: 'prefork-work',
    group: 'prefork',
    rounds: ROUNDS,
    unit: 'calls of 2 ms',
    shows: 'per second',
    contestants: {
      ...rates('work', { calls: 50, inFlight: 2 }, [2000, 1500]),
      limit: { label: 'limit: bare loops', count: 2000, run: bareLoops },
    },
  },
  {
    name: 'prefork-calls',
    group: 'prefork',
    rounds: ROUNDS,
    unit: 'calls',
    shows: 'per second',
    contestants: rates('echo', { calls: 2000, inFlight: 16 }, [400_000, 16_000]),
  },
  {
    name: 'prefork-failures',
    group: 'prefork',
    rounds: ROUNDS,
    unit: 'failures per kill',
    shows: 'each',
    contestants: harms(failures),
  },
  {
    name: 'prefork-answers',
    group: 'prefork',
    rounds: ROUNDS,
    unit: 'ms until a new process answers',
    shows: 'each',
    contestants: harms(answers),
  },
];
