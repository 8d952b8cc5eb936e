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

function delays(name: string, count: number, countOfPerl: number): Bench {
  return {
    name,
    group: 'timers',
    unit: 'delays',
    shows: 'per CPU second',
    contestants: {
      ours: { label: 'poe-kernel', count, run: (count) => timedByProcessor(count, delaysOverOneSecond) },
      perl: { label: 'POE', count: countOfPerl, run: { needs: 'POE', args: [String(STRIDE)] } },
      node: { label: 'setTimeout', count, run: (count) => timedByProcessor(count, timeoutsOverOneSecond) },
    },
  };
}

/** A million is more than POE should be given: it inserts in the middle of a list. */
export const benches: readonly Bench[] = [delays('delays', 100_000, 100_000), delays('delays-1m', 1_000_000, 200_000)];
