import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop } from '../limit.ts';
import { timed } from '../timed.ts';

/** A session calls another by alias, with two arguments, and takes what it returns. */
async function callOther(count: number): Promise<void> {
  const kernel = new Kernel();
  let sum = 0;
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.aliasSet('adder'),
      add: (_, a, b) => a + b,
    },
  });
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.yield('work'),
      work({ kernel }) {
        for (let n = 0; n < count; n++) sum = kernel.call('adder', 'add', sum, n);
      },
    },
  });
  await kernel.run();
  if (sum !== (count * (count - 1)) / 2) throw new Error(`the calls add up to ${sum}`);
}

async function callAtTheLimit(count: number): Promise<void> {
  const loop = new LimitLoop();
  let sum = 0;
  loop.create('adder', { add: (_, a, b) => (a as number) + (b as number) });
  loop.create('caller', {
    work({ loop }) {
      for (let n = 0; n < count; n++) sum = loop.call('adder', 'add', sum, n) as number;
    },
  });
  loop.post('caller', 'work');
  await loop.run();
  if (sum !== (count * (count - 1)) / 2) throw new Error(`the calls add up to ${sum}`);
}

export const benches: readonly Bench[] = [
  {
    name: 'call',
    group: 'local',
    unit: 'calls',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 10_000_000, run: (count) => timed(count, callOther) },
      perl: { label: 'POE', count: 200_000, run: { needs: 'POE', args: [] } },
      limit: { label: 'limit: call by name', count: 10_000_000, run: (count) => timed(count, callAtTheLimit) },
    },
  },
];
