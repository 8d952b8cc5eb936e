/**
 * Sends blocks over a loopback connection, as fast as they are taken, and looks how much memory that needs: no more than the marks let wait.
 *
 *     npm run --silent soak:stream [-- --mib N]      default 1,024
 */
import { parseArgs } from 'node:util';
import { type KernelView, kernel, Session } from 'poe-kernel';
import { Block, ReadWrite, SocketFactory } from 'poe-kernel/wheels';

const BLOCK = 65_536;
const HIGH = 1024 * 1024;
/** What may be in buffers on the way, in this process and in the system, and garbage between two collections. */
const BOUND = 96 * 1024 * 1024;

const { values } = parseArgs({ options: { mib: { type: 'string', default: '1024' } } });
const blocks = (Number(values.mib) * 1024 * 1024) / BLOCK;
const block = Buffer.alloc(BLOCK, 'x');
let taken = 0;
let highest = 0;
const began = performance.now();
const before = process.memoryUsage.rss();

const common = (kernel: KernelView) => ({ kernel, filter: new Block(), errorEvent: 'failed' });

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      const events = { kernel, failureEvent: 'failed' };
      heap.listener = new SocketFactory({ ...events, bindAddress: '127.0.0.1', successEvent: 'accepted' });
      const remotePort = heap.listener.getsockname().port;
      heap.connector = new SocketFactory({
        ...events,
        remoteAddress: '127.0.0.1',
        remotePort,
        successEvent: 'connected',
      });
    },
    accepted({ kernel, heap }, handle) {
      heap.receiver = new ReadWrite({ ...common(kernel), handle, inputEvent: 'block' });
    },
    connected({ kernel, heap }, handle) {
      heap.left = blocks;
      const marks = { highMark: HIGH, lowMark: HIGH / 2, lowEvent: 'send' };
      heap.sender = new ReadWrite({ ...common(kernel), handle, ...marks });
      kernel.yield('send');
    },
    send({ heap }) {
      while (heap.left > 0) {
        heap.left--;
        if (heap.sender.put(block)) return;
      }
    },
    block({ heap }, { length }) {
      taken += length;
      highest = Math.max(highest, process.memoryUsage.rss());
      if (taken < blocks * BLOCK) return;
      for (const wheel of [heap.listener, heap.sender, heap.receiver]) wheel.destroy();
    },
    failed(_, operation, _errno, text) {
      throw new Error(`${operation}: ${text}`);
    },
  },
});
await kernel.run();

const mib = (octets: number): string => (octets / 2 ** 20).toFixed(1);
const seconds = (performance.now() - began) / 1000;
console.log(`${mib(taken)} MiB in ${seconds.toFixed(1)} s; ${mib(highest - before)} MiB more resident at most`);
if (highest - before > BOUND) {
  console.error(`that is more than ${mib(BOUND)} MiB`);
  process.exitCode = 1;
}
