import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop } from '../limit.ts';
import { timed } from '../timed.ts';

/** A session posts an event with two arguments to each of many, by alias, then to itself, and so on. */
async function fanOut(count: number, width: number): Promise<void> {
  const kernel = new Kernel();
  const names = Array.from({ length: width }, (_, index) => `leaf-${index}`);
  for (const name of names) {
    Session.create({
      kernel,
      inlineStates: { _start: ({ kernel }) => kernel.aliasSet(name), take() {} },
    });
  }
  let left = Math.ceil(count / width);
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.yield('send'),
      send({ kernel }) {
        for (const name of names) kernel.post(name, 'take', 1, 'two');
        if (--left > 0) kernel.yield('send');
      },
    },
  });
  await kernel.run();
}

async function fanOutAtTheLimit(count: number, width: number): Promise<void> {
  const loop = new LimitLoop();
  const names = Array.from({ length: width }, (_, index) => `leaf-${index}`);
  for (const name of names) loop.create(name, { take() {} });
  let left = Math.ceil(count / width);
  loop.create('source', {
    send({ loop }) {
      for (const name of names) loop.post(name, 'take', 1, 'two');
      if (--left > 0) loop.yield('send');
    },
  });
  loop.post('source', 'send');
  await loop.run();
}

export const benches: readonly Bench[] = [1, 10, 100, 1000].map((width) => ({
  name: `fan-out-${width}`,
  group: 'local',
  unit: 'events',
  shows: 'per second',
  contestants: {
    ours: { label: 'poe-kernel', count: 5_000_000, run: (count) => timed(count, (some) => fanOut(some, width)) },
    perl: { label: 'POE', count: 60_000, run: { needs: 'POE', args: [String(width)] } },
    limit: {
      label: 'limit: ring buffer',
      count: 5_000_000,
      run: (count) => timed(count, (some) => fanOutAtTheLimit(some, width)),
    },
  },
}));
