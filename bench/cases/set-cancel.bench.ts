import { Kernel, type KernelView, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { timed } from '../timed.ts';

/** Time limits pending at a time. */
const PENDING = 100;
const SECONDS = 30;

/** Sets a time limit and takes the oldest of the pending ones back, as one does with those of requests. */
async function setAndCancel(count: number): Promise<void> {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => work(kernel, count),
      late() {
        throw new Error('a delay was not taken back');
      },
    },
  });
  await kernel.run();
}

function work(kernel: KernelView, count: number): void {
  const set = (): number => kernel.delaySet('late', SECONDS) as number;
  const pending = Array.from({ length: PENDING }, set);
  for (let n = 0; n < count; n++) {
    kernel.alarmRemove(pending[n % PENDING] as number);
    pending[n % PENDING] = set();
  }
  kernel.alarmRemoveAll();
}

function setAndClearTimeouts(count: number): void {
  const late = (): void => {
    throw new Error('a timeout was not taken back');
  };
  const set = (): NodeJS.Timeout => setTimeout(late, SECONDS * 1000);
  const pending = Array.from({ length: PENDING }, set);
  for (let n = 0; n < count; n++) {
    clearTimeout(pending[n % PENDING]);
    pending[n % PENDING] = set();
  }
  for (const timeout of pending) clearTimeout(timeout);
}

export const benches: readonly Bench[] = [
  {
    name: 'set-cancel',
    group: 'timers',
    unit: 'pairs',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 500_000, run: (count) => timed(count, setAndCancel) },
      perl: { label: 'POE', count: 20_000, run: { needs: 'POE', args: [String(PENDING)] } },
      node: { label: 'setTimeout', count: 500_000, run: (count) => timed(count, setAndClearTimeouts) },
    },
  },
];
