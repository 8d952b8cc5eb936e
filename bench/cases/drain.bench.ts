import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop, type LimitTarget } from '../limit.ts';
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
  const sink: LimitTarget = { handlers: new Map([['take', () => {}]]) };
  for (let n = 0; n < count; n++) loop.post(sink, 'take', n, 'two');
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
      limit: { label: 'bare ring buffer', count: 1_000_000, run: (count) => timed(count, drainAtTheLimit) },
    },
  },
];
