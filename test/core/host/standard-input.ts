/** A program that reads its standard input, in the way that its argument says. */
import { openSync } from 'node:fs';
import { type Handle, kernel, Session } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

const [, , way, name] = process.argv;
const handle: Handle = name === 'process.stdin' ? process.stdin : name === '0' ? 0 : openSync(name as string, 'r+');

const WAYS: Record<string, Record<string, (context: any, ...args: any[]) => unknown>> = {
  /** To its end, by a wheel. */
  lines: {
    _start({ heap }) {
      heap.wheel = new ReadWrite({ inputHandle: handle, outputHandle: 1, inputEvent: 'line', errorEvent: 'ended' });
    },
    line({ heap }, line) {
      heap.wheel.put(`line ${line}`);
    },
    ended({ heap }, operation, errno) {
      heap.wheel.event({ flushedEvent: 'flushed' });
      heap.wheel.put(`${operation} ${errno}`);
    },
    flushed: ({ heap }) => heap.wheel.destroy(),
  },
  /** What comes first, and then no more, although more may come. */
  one: {
    _start({ heap }) {
      heap.wheel = new ReadWrite({ inputHandle: handle, outputHandle: process.stdout, inputEvent: 'line' });
    },
    line({ heap }, line) {
      console.log(`line ${line}`);
      heap.wheel.destroy();
    },
  },
  /** The first two octets; the rest is for a listener of Node. */
  both: {
    _start({ kernel }) {
      kernel.selectRead(handle, 'readable');
    },
    readable({ kernel }) {
      const octets = kernel.host.handles.portOf(handle).read(2);
      console.log(`first ${octets}`);
      kernel.selectRead(process.stdin);
      console.log(`watched ${kernel.selectPauseRead(handle)}`);
    },
  },
};

Session.create({ inlineStates: WAYS[way as string] ?? {} });
await kernel.run();
if (way === 'both') {
  process.stdin.on('data', (chunk) => console.log(`then ${JSON.stringify(String(chunk))}`));
  process.stdin.on('end', () => console.log('end'));
}
