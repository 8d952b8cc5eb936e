import { once } from 'node:events';
import net from 'node:net';
import type { HandlerContext } from 'poe-kernel';
import { Block, ReadWrite } from 'poe-kernel/wheels';
import type { Bench } from '../bench.ts';
import { timed } from '../timed.ts';
import { ADDRESS, connect, serve } from '../wheels.ts';

const BLOCK = 65_536;
const HIGH = 1024 * 1024;

/** A server that takes blocks, and answers an empty one with an empty one. */
async function serveWheels(port: number): Promise<void> {
  const input = ({ heap }: HandlerContext, block: Buffer, id: number): void => {
    if (block.length === 0) heap.clients.get(id).put('');
  };
  serve(port, input, () => new Block());
}

/** Sends blocks as fast as the other side takes them, until all have been taken. */
function streamWheels(port: number): (count: number) => Promise<void> {
  return (count) => {
    const block = Buffer.alloc(BLOCK, 'x');
    let left = count;
    return connect(port, 1, {
      connected({ kernel, heap }, socket) {
        heap.wheel = new ReadWrite({
          kernel,
          handle: socket,
          filter: new Block(),
          inputEvent: 'through',
          errorEvent: 'failed',
          highMark: HIGH,
          lowMark: HIGH / 2,
          lowEvent: 'send',
        });
        kernel.yield('send');
      },
      send({ heap }) {
        while (left > 0) {
          left--;
          if (heap.wheel.put(block)) return;
        }
        if (left-- === 0) heap.wheel.put('');
      },
      through: ({ heap }) => heap.wheel.destroy(),
    });
  };
}

async function serveBare(port: number): Promise<void> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    let taken = 0;
    socket.on('data', (chunk) => {
      taken += chunk.length;
    });
    socket.on('end', () => socket.end(String(taken)));
  });
  await once(server.listen(port, ADDRESS), 'listening');
}

function streamBare(port: number): (count: number) => Promise<void> {
  return async (count) => {
    const block = Buffer.alloc(BLOCK, 'x');
    const socket = net.connect({ port, host: ADDRESS });
    let left = count;
    const send = (): void => {
      while (left > 0) {
        left--;
        socket.write(block);
        if (socket.writableLength >= HIGH) return;
      }
      socket.end();
    };
    socket.on('drain', send).on('connect', send).setEncoding('latin1');
    const [taken] = await once(socket, 'data');
    if (Number(taken) !== count * BLOCK) throw new Error(`${taken} octets have come`);
  };
}

export const benches: readonly Bench[] = [
  {
    name: 'stream',
    group: 'wheels',
    unit: 'blocks',
    shows: 'per second',
    contestants: {
      ours: {
        label: 'poe-kernel',
        count: 16_384,
        run: (count, port) => timed(count, streamWheels(port)),
        server: serveWheels,
      },
      limit: {
        label: 'limit: net',
        count: 16_384,
        run: (count, port) => timed(count, streamBare(port)),
        server: serveBare,
      },
      perl: {
        label: 'POE',
        count: 4096,
        run: { needs: 'POE', args: ['client'] },
        server: { needs: 'POE', args: ['server'] },
      },
    },
  },
];
