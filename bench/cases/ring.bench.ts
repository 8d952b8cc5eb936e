import { Kernel, Session } from 'poe-kernel';
import type { Bench } from '../bench.ts';
import { LimitLoop } from '../limit.ts';
import { timed } from '../timed.ts';

const SESSIONS = 100;

/** An event with two arguments that goes round a ring of sessions, from alias to alias. */
async function goRound(count: number): Promise<void> {
  const kernel = new Kernel();
  let left = count;
  for (let index = 0; index < SESSIONS; index++) {
    const next = `ring-${(index + 1) % SESSIONS}`;
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => kernel.aliasSet(`ring-${index}`),
        pass({ kernel }, number, text) {
          if (--left > 0) kernel.post(next, 'pass', number, text);
        },
      },
    });
  }
  kernel.post('ring-0', 'pass', 1, 'two');
  await kernel.run();
}

async function goRoundAtTheLimit(count: number): Promise<void> {
  const loop = new LimitLoop();
  let left = count;
  for (let index = 0; index < SESSIONS; index++) {
    const next = `ring-${(index + 1) % SESSIONS}`;
    loop.create(`ring-${index}`, {
      pass({ loop }, number, text) {
        if (--left > 0) loop.post(next, 'pass', number, text);
      },
    });
  }
  loop.post('ring-0', 'pass', 1, 'two');
  await loop.run();
}

export const benches: readonly Bench[] = [
  {
    name: 'ring',
    group: 'local',
    unit: 'events',
    shows: 'per second',
    contestants: {
      ours: { label: 'poe-kernel', count: 5_000_000, run: (count) => timed(count, goRound) },
      perl: { label: 'POE', count: 60_000, run: { needs: 'POE', args: [String(SESSIONS)] } },
      limit: { label: 'limit: ring buffer', count: 5_000_000, run: (count) => timed(count, goRoundAtTheLimit) },
    },
  },
];
