import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { timedByProcessor } from '../timed.ts';

/** Mixes the order in which the delays are set: programs do not set them in the order in which they come due. */
const STRIDE = 7919;

/** Sets delays that come due over one second, and handles them. */
async function delaysOverOneSecond(count: number): Promise<void> {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        for (let n = 0; n < count; n++) kernel.delaySet('due', ((n * STRIDE) % count) / count, n);
      },
      due() {},
    },
  });
  await kernel.run();
}

/** The same without a kernel. */
async function timeoutsOverOneSecond(count: number): Promise<void> {
  await new Promise<void>((resolve) => {
    let left = count;
    const due = (_: number): void => {
      if (--left === 0) resolve();
    };
    for (let n = 0; n < count; n++) setTimeout(due, (((n * STRIDE) % count) / count) * 1000, n);
  });
}

export const benches: readonly Bench[] = [
  {
    name: 'delays',
    group: 'timers',
    unit: 'delays',
    shows: 'per CPU second',
    contestants: {
      ours: { label: 'poe-kernel', count: 100_000, run: (count) => timedByProcessor(count, delaysOverOneSecond) },
      perl: { label: 'POE', count: 100_000, run: { needs: 'POE', args: [String(STRIDE)] } },
      node: { label: 'setTimeout', count: 100_000, run: (count) => timedByProcessor(count, timeoutsOverOneSecond) },
    },
  },
];
