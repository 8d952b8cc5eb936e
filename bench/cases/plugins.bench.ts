import { Kernel, Session } from 'poe-kernel';
import { applyPlugins, babysit, metrics, peek, prefork } from 'poe-kernel/plugins';
import type { Bench, Measure } from '../bench.ts';
import { timedByProcessor } from '../timed.ts';

/** A kernel that goes on when its last event has been handled. */
function runningKernel(): Kernel {
  const kernel = new Kernel();
  Session.create({
    kernel,
    inlineStates: { _start: ({ kernel, session }) => void kernel.refcountIncrement(session.id, 'bench') },
  });
  kernel.run();
  return kernel;
}

/** A session that yields to itself, with two arguments, time and again. */
function yieldToSelf(kernel: Kernel, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => kernel.yield('step', 1, 'two'),
        step({ kernel }, number, text) {
          if (--left > 0) kernel.yield('step', number, text);
          else resolve();
        },
      },
    });
  });
}

const without: Measure = (count) => {
  const kernel = runningKernel();
  return timedByProcessor(count, (some) => yieldToSelf(kernel, some));
};

/** With everything that watches, while nobody looks. The parent has no children, which would have the processor as well. */
const withPlugins: Measure = (count) => {
  const kernel = runningKernel();
  applyPlugins(kernel, [
    [prefork, { processes: 1, minSpares: 0 }],
    babysit,
    [peek, { name: 'bench' }],
    [metrics, { port: 0 }],
  ]);
  return timedByProcessor(count, (some) => yieldToSelf(kernel, some));
};

const COUNT = 5_000_000;

export const benches: readonly Bench[] = [
  {
    name: 'self-yield-plugins',
    group: 'local',
    unit: 'events',
    shows: 'per CPU second',
    contestants: {
      ours: { label: 'prefork, babysit, peek, metrics', count: COUNT, run: withPlugins },
      limit: { label: 'limit: no plugins', count: COUNT, run: without },
    },
  },
];
