import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop } from '../limit.ts';
import { timed } from '../timed.ts';

/** Queues all the events, two arguments each, before the first of them is handled. */
async function queueAndDrain(count: number): Promise<void> {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        for (let n = 0; n < count; n++) kernel.yield('take', n, 'two');
      },
      take() {},
    },
  });
  await kernel.run();
}

async function drainAtTheLimit(count: number): Promise<void> {
  const loop = new LimitLoop();
  loop.create('sink', {
    start({ loop }) {
      for (let n = 0; n < count; n++) loop.yield('take', n, 'two');
    },
    take() {},
  });
  loop.post('sink', 'start');
  await loop.run();
}

export const benches: readonly Bench[] = [
  {
    name: 'drain',
    group: 'local',
    unit: 'events',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 1_000_000, run: (count) => timed(count, queueAndDrain) },
      perl: { label: 'POE', count: 100_000, run: { needs: 'POE', args: [] } },
      limit: { label: 'limit: ring buffer', count: 1_000_000, run: (count) => timed(count, drainAtTheLimit) },
    },
  },
];
