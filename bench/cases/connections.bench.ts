import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { Kernel, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';
import type { Bench, Contestant } from '../bench.ts';
import { sized } from '../timed.ts';

const ADDRESS = '127.0.0.1';
const AT_ONCE = 100;

/** Opens connections for whoever asks for them by a line `PORT COUNT`, and keeps them. */
async function crowd(port: number): Promise<void> {
  const server = net.createServer((asker) => {
    createInterface({ input: asker }).on('line', async (line) => {
      const [to, count] = line.split(' ').map(Number) as [number, number];
      for (let made = 0; made < count; made += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, count - made) }, () => net.connect(to, ADDRESS));
        await Promise.all(some.map((socket) => once(socket, 'connect')));
      }
    });
  });
  await once(server.listen(port, ADDRESS), 'listening');
}

/** Has the crowd come. */
function invite(crowdPort: number, port: number, count: number): void {
  const asker = net.connect(crowdPort, ADDRESS, () => asker.write(`${port} ${count}\n`));
}

/** Connections that a server holds, each with a ReadWrite of its own. */
function heldByWheels(crowdPort: number): (count: number) => Promise<unknown> {
  return (count) =>
    new Promise((resolve, reject) => {
      const kernel = new Kernel();
      const wheels: ReadWrite[] = [];
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel, heap }) {
            heap.listener = new SocketFactory({
              kernel,
              bindAddress: ADDRESS,
              successEvent: 'accepted',
              failureEvent: 'failed',
            });
            invite(crowdPort, (heap.listener.getsockname() as { port: number }).port, count);
          },
          accepted({ kernel }, socket) {
            wheels.push(new ReadWrite({ kernel, handle: socket, inputEvent: 'line', errorEvent: 'failed' }));
            if (wheels.length === count) resolve([kernel, wheels]);
          },
          failed: (_, operation, _errno, text) => reject(new Error(`${operation}: ${text}`)),
        },
      });
      kernel.run();
    });
}

function heldByNet(crowdPort: number): (count: number) => Promise<unknown> {
  return (count) =>
    new Promise((resolve) => {
      const sockets: net.Socket[] = [];
      const server = net.createServer((socket) => {
        socket.on('data', () => {});
        if (sockets.push(socket) === count) resolve([server, sockets]);
      });
      server.listen(0, ADDRESS, () => invite(crowdPort, (server.address() as net.AddressInfo).port, count));
    });
}

function held(label: string, hold: (crowdPort: number) => (count: number) => Promise<unknown>): Contestant {
  const run = (count: number, port: number) => sized(count, hold(port));
  return { label, count: 5000, nodeOptions: ['--expose-gc'], run, server: crowd };
}

export const benches: readonly Bench[] = [
  {
    name: 'idle-connection',
    group: 'memory',
    unit: 'connection',
    shows: 'octets each',
    contestants: {
      ours: held('poe-kernel, ReadWrite', heldByWheels),
      limit: held('limit: net', heldByNet),
      perl: { label: 'POE', count: 2000, run: { needs: 'POE', args: [] }, server: crowd },
    },
  },
];
