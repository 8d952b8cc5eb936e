import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { Kernel, Session } from 'poe-kernel';
import { ClientLite, Responder, Server } from 'poe-kernel/ikc';
import { BareClient, type PeerOver, serveBare } from '../bare-peer.ts';
import type { Bench, Measure, PerlProgram } from '../bench.ts';
import { overFrames } from '../frame-peer.ts';
import { overJson } from '../json-peer.ts';
import { serveIkc } from '../serve-ikc.ts';
import { sized, timed } from '../timed.ts';

const ADDRESS = '127.0.0.1';
const VALUE = { n: 1, text: 'hello world' };
const CROWD = 100;

let named = 0;

async function connect(port: number): Promise<ClientLite> {
  // A server may not have noticed yet that the last one of a name has gone.
  const lite = await ClientLite.spawn({ ip: ADDRESS, port, name: `Bench${++named}` });
  if (lite === undefined) throw new Error(ClientLite.error());
  return lite;
}

async function call(lite: ClientLite): Promise<void> {
  if ((await lite.call('bench/echo', VALUE)) === undefined) throw new Error(lite.error());
}

/** Has so many do a share of the work each, at the same time. */
async function together<T>(workers: readonly T[], count: number, work: (worker: T) => Promise<unknown>): Promise<void> {
  let left = count;
  await Promise.all(
    workers.map(async (worker) => {
      while (left-- > 0) await work(worker);
    }),
  );
}

const callsOfMany: Measure = async (count, port) => {
  const crowd = await Promise.all(Array.from({ length: CROWD }, () => connect(port)));
  return timed(count, (some) => together(crowd, some, call));
};

const bareOfMany: Measure = async (count, port) => {
  const crowd = await Promise.all(Array.from({ length: CROWD }, () => BareClient.connect(overJson, port)));
  return timed(count, (some) => together(crowd, some, (client) => client.call('echo', VALUE)));
};

/** Connects, shakes hands, calls once and closes, so many at a time. */
function visits(atOnce: number): Measure {
  return (count, port) =>
    timed(count, (some) =>
      together(Array(atOnce).fill(port), some, async () => {
        const lite = await connect(port);
        await call(lite);
        lite.disconnect();
      }),
    );
}

/** The same over bare sockets: the greeting is a message and its answer. */
function bareVisits(over: PeerOver, atOnce: number): Measure {
  return (count, port) =>
    timed(count, (some) =>
      together(Array(atOnce).fill(port), some, async () => {
        const client = await BareClient.connect(over, port);
        await client.call('echo', 'hello');
        await client.call('echo', VALUE);
        client.close();
      }),
    );
}

// --- idle connections

const AT_ONCE = 100;

/** Opens connections that shake hands, for whoever asks for them by a line `PORT COUNT`, and keeps them. */
async function crowd(port: number): Promise<void> {
  const server = net.createServer((asker) => {
    createInterface({ input: asker }).on('line', async (line) => {
      const [to, count] = line.split(' ').map(Number) as [number, number];
      for (let made = 0; made < count; made += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, count - made) }, async (_, n) => {
          const socket = net.connect(to, ADDRESS);
          socket.on('error', () => {});
          await once(socket, 'connect');
          socket.write(`SETUP KERNEL=Idle${made + n};FREEZER=Storable;PID=1\r\n`);
          await once(socket, 'data');
        });
        await Promise.all(some);
      }
    });
  });
  await once(server.listen(port, ADDRESS), 'listening');
}

function heldByIkc(crowdPort: number): (count: number) => Promise<unknown> {
  return (count) =>
    new Promise((resolve) => {
      const kernel = new Kernel();
      const ikc = Responder.spawn({ kernel });
      const port = Server.spawn({
        kernel,
        ip: ADDRESS,
        port: 0,
        name: 'Bench',
        maxConnections: count + 10,
        maxConnectionsPerAddress: count + 10,
      });
      let ready = 0;
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel, session }) {
            kernel.aliasSet('watch');
            ikc.monitor('*', { channel: 'ready' }, session);
          },
          ready(_, _name, _kernel, real) {
            if (real === 1 && ++ready === count) resolve([kernel, ikc]);
          },
        },
      });
      void kernel.run();
      const asker = net.connect(crowdPort, ADDRESS, () => asker.write(`${port} ${count}\n`));
    });
}

function perl(...args: string[]): PerlProgram {
  return { needs: 'POE::Component::IKC', args };
}

const perlServer = perl('server', '0');

/** It takes some thousands until V8 has compiled what a visit needs. */
const VISITS = 6000;

function visiting(name: string, atOnce: number): Bench {
  return {
    name,
    group: 'ikc',
    unit: 'connections',
    shows: 'per second',
    contestants: {
      ours: { label: 'ClientLite, poe-kernel', count: VISITS, run: visits(atOnce), server: serveIkc },
      limit: {
        label: 'limit: net, JSON behind its length',
        count: VISITS,
        run: bareVisits(overJson, atOnce),
        server: serveBare(overJson),
      },
      format: {
        label: "net, IKC's frames",
        count: VISITS,
        run: bareVisits(overFrames, atOnce),
        server: serveBare(overFrames),
      },
      mixed: {
        label: 'Perl ClientLite, poe-kernel',
        count: 1500,
        run: perl('visits', String(atOnce)),
        server: serveIkc,
      },
      perl: {
        label: 'Perl ClientLite, Perl server',
        count: 500,
        run: perl('visits', String(atOnce)),
        server: perlServer,
      },
    },
  };
}

export const benches: readonly Bench[] = [
  {
    name: 'ikc-100-clients',
    group: 'ikc',
    unit: 'calls',
    shows: 'per second',
    contestants: {
      ours: { label: 'ClientLite, poe-kernel', count: 50_000, run: callsOfMany, server: serveIkc },
      limit: {
        label: 'limit: net, JSON behind its length',
        count: 50_000,
        run: bareOfMany,
        server: serveBare(overJson),
      },
      mixed: {
        label: '100 Perl processes, poe-kernel',
        count: 10_000,
        run: perl('calls', String(CROWD)),
        server: serveIkc,
      },
      perl: {
        label: '100 Perl processes, Perl server',
        count: 10_000,
        run: perl('calls', String(CROWD)),
        server: perlServer,
      },
    },
  },
  visiting('ikc-visits', 1),
  visiting('ikc-visits-32', 32),
  {
    name: 'ikc-idle',
    group: 'memory',
    unit: 'connection',
    shows: 'octets each',
    contestants: {
      ours: {
        label: 'poe-kernel, IKC server',
        count: 5000,
        nodeOptions: ['--expose-gc'],
        run: (count, port) => sized(count, heldByIkc(port)),
        server: crowd,
      },
      perl: { label: 'POE::Component::IKC', count: 2000, run: perl('idle', '0'), server: crowd },
    },
  },
];
