import { once } from 'node:events';
import net from 'node:net';
import { ReadWrite } from 'poe-kernel/wheels';
import type { Bench, Contestant, PerlProgram } from '../bench.ts';
import { timed } from '../timed.ts';
import { ADDRESS, connect, serve } from '../wheels.ts';

const CONNECTIONS = 10;
const LINE = 'a line of text as a chat would have it, some sixty octets';

/** A server that sends each line back. */
async function serveWheels(port: number): Promise<void> {
  serve(port, ({ heap }, line, id) => heap.clients.get(id).put(line));
}

/** Sends lines over ten connections, so many in flight on each, until all have come back. */
function echoWheels(inFlight: number, port: number): (count: number) => Promise<void> {
  return (count) => {
    let toSend = count;
    let toCome = count;
    const wheels = new Map<number, ReadWrite>();
    return connect(port, CONNECTIONS, {
      connected({ kernel }, socket) {
        const wheel = new ReadWrite({ kernel, handle: socket, inputEvent: 'line', errorEvent: 'failed' });
        wheels.set(wheel.id, wheel);
        for (let n = 0; n < inFlight && toSend > 0; n++, toSend--) wheel.put(LINE);
      },
      line(_, _line, id) {
        if (--toCome === 0) for (const wheel of wheels.values()) wheel.destroy();
        else if (toSend > 0) {
          toSend--;
          wheels.get(id)?.put(LINE);
        }
      },
    });
  };
}

/** Cuts what a socket brings into lines, and writes what they are answered with in one go. */
function answerLines(socket: net.Socket, answer: (line: string) => string): void {
  let rest = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() as string;
    let answers = '';
    for (const line of lines) answers += answer(line);
    if (answers !== '') socket.write(answers);
  });
}

async function serveBare(port: number): Promise<void> {
  const server = net.createServer({ noDelay: true }, (socket) => answerLines(socket, (line) => `${line}\r\n`));
  await once(server.listen(port, ADDRESS), 'listening');
}

function echoBare(inFlight: number, port: number): (count: number) => Promise<void> {
  return (count) =>
    new Promise((resolve, reject) => {
      let toSend = count;
      let toCome = count;
      const sockets = Array.from({ length: CONNECTIONS }, () => net.connect({ port, host: ADDRESS, noDelay: true }));
      for (const socket of sockets) {
        socket.on('error', reject);
        socket.on('connect', () => {
          for (let n = 0; n < inFlight && toSend > 0; n++, toSend--) socket.write(`${LINE}\r\n`);
        });
        answerLines(socket, () => {
          if (--toCome === 0) {
            for (const each of sockets) each.destroy();
            resolve();
          }
          return toSend-- > 0 ? `${LINE}\r\n` : '';
        });
      }
    });
}

function perl(...args: string[]): PerlProgram {
  return { needs: 'POE', args };
}

function contestants(inFlight: number, count: number): Bench['contestants'] {
  const ours: Contestant = {
    label: 'poe-kernel',
    count,
    run: (some, port) => timed(some, echoWheels(inFlight, port)),
    server: serveWheels,
  };
  const limit: Contestant = {
    label: 'limit: net, lines by hand',
    count,
    run: (some, port) => timed(some, echoBare(inFlight, port)),
    server: serveBare,
  };
  const poe: Contestant = {
    label: 'POE',
    count: count / 10,
    run: perl('client', String(inFlight)),
    server: perl('server', '0'),
  };
  return { ours, limit, perl: poe };
}

export const benches: readonly Bench[] = [
  { name: 'echo', group: 'wheels', unit: 'lines', shows: 'per second', contestants: contestants(1, 100_000) },
  {
    name: 'echo-in-flight',
    group: 'wheels',
    unit: 'lines',
    shows: 'per second',
    contestants: contestants(32, 400_000),
  },
];
