import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop } from '../limit.ts';
import { timed } from '../timed.ts';

/** A session that yields to itself, with two arguments, time and again. */
async function yieldToSelf(count: number): Promise<void> {
  const kernel = new Kernel();
  let left = count;
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.yield('step', 1, 'two'),
      step({ kernel }, number, text) {
        if (--left > 0) kernel.yield('step', number, text);
      },
    },
  });
  await kernel.run();
}

async function yieldAtTheLimit(count: number): Promise<void> {
  const loop = new LimitLoop();
  let left = count;
  loop.create('self', {
    start: ({ loop }) => loop.yield('step', 1, 'two'),
    step({ loop }, number, text) {
      if (--left > 0) loop.yield('step', number, text);
    },
  });
  loop.post('self', 'start');
  await loop.run();
}

export const benches: readonly Bench[] = [
  {
    name: 'self-yield',
    group: 'local',
    unit: 'events',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 5_000_000, run: (count) => timed(count, yieldToSelf) },
      perl: { label: 'POE', count: 60_000, run: { needs: 'POE', args: [] } },
      limit: { label: 'limit: ring buffer', count: 5_000_000, run: (count) => timed(count, yieldAtTheLimit) },
    },
  },
];
