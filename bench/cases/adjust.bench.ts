import { Kernel, type KernelView, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { timed } from '../timed.ts';

const PENDING = 10_000;
const SECONDS = 30;

/** Puts off one of many pending delays after the other. */
async function adjust(count: number): Promise<void> {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: { _start: ({ kernel }) => work(kernel, count), late() {} },
  });
  await kernel.run();
}

function work(kernel: KernelView, count: number): void {
  const ids = Array.from({ length: PENDING }, (_, n) => kernel.delaySet('late', SECONDS + n / PENDING) as number);
  for (let n = 0; n < count; n++) kernel.delayAdjust(ids[n % PENDING] as number, SECONDS);
  kernel.alarmRemoveAll();
}

/** Node has no other way to give a timeout another time. */
function replaceTimeouts(count: number): void {
  const late = (): void => {};
  const timeouts = Array.from({ length: PENDING }, (_, n) => setTimeout(late, (SECONDS + n / PENDING) * 1000));
  for (let n = 0; n < count; n++) {
    clearTimeout(timeouts[n % PENDING]);
    timeouts[n % PENDING] = setTimeout(late, SECONDS * 1000);
  }
  for (const timeout of timeouts) clearTimeout(timeout);
}

/** It can start one anew with the time it had. */
function refreshTimeouts(count: number): void {
  const late = (): void => {};
  const timeouts = Array.from({ length: PENDING }, (_, n) => setTimeout(late, (SECONDS + n / PENDING) * 1000));
  for (let n = 0; n < count; n++) timeouts[n % PENDING]?.refresh();
  for (const timeout of timeouts) clearTimeout(timeout);
}

export const benches: readonly Bench[] = [
  {
    name: 'adjust',
    group: 'timers',
    unit: 'adjustments',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 1_000_000, run: (count) => timed(count, adjust) },
      perl: { label: 'POE', count: 200, run: { needs: 'POE', args: [String(PENDING)] } },
      node: { label: 'setTimeout', count: 1_000_000, run: (count) => timed(count, replaceTimeouts) },
      refresh: { label: 'setTimeout, refresh', count: 1_000_000, run: (count) => timed(count, refreshTimeouts) },
    },
  },
];
