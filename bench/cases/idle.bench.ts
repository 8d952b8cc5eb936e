import { Kernel, type KernelView, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { sized } from '../timed.ts';

/** Sessions of three handlers and an alias that wait, as does one timer, without which they would end. */
async function idleSessions(count: number): Promise<Kernel> {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: { _start: ({ kernel }) => kernel.delay('late', 10_000), late() {} },
  });
  for (let n = 0; n < count; n++) {
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }: { kernel: KernelView }) => kernel.aliasSet(`idle-${n}`),
        one: () => n,
        two: () => n,
      },
    });
    // Each new session has an event of its own in the queue at first.
    if (n % 100 === 0) while (kernel.getPostedEventCount() > 0) await kernel.runOneTimeslice();
  }
  return kernel;
}

/** Delays of one session that wait. */
function pendingDelays(count: number): Kernel {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        for (let n = 0; n < count; n++) kernel.delaySet('late', 1000 + n / count, n);
      },
      late() {},
    },
  });
  return kernel;
}

function pendingTimeouts(count: number): NodeJS.Timeout[] {
  const late = (_: number): void => {};
  return Array.from({ length: count }, (_, n) => setTimeout(late, 1_000_000 + (1000 * n) / count, n));
}

const nodeOptions = ['--expose-gc'];

export const benches: readonly Bench[] = [
  {
    name: 'idle-session',
    group: 'memory',
    unit: 'session',
    shows: 'octets each',
    contestants: {
      ours: { label: 'poe-kernel', count: 100_000, nodeOptions, run: (count) => sized(count, idleSessions) },
      perl: { label: 'POE', count: 20_000, run: { needs: 'POE', args: ['sessions'] } },
    },
  },
  {
    name: 'pending-delay',
    group: 'memory',
    unit: 'delay',
    shows: 'octets each',
    contestants: {
      ours: { label: 'poe-kernel', count: 1_000_000, nodeOptions, run: (count) => sized(count, pendingDelays) },
      perl: { label: 'POE', count: 100_000, run: { needs: 'POE', args: ['delays'] } },
      node: { label: 'setTimeout', count: 1_000_000, nodeOptions, run: (count) => sized(count, pendingTimeouts) },
    },
  },
];
