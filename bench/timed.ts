import type { Sample } from './bench.ts';

/** How much of it is run before it is measured, so that it is compiled by then: what a program does for hours is the subject. */
const WARM_UP = 1;

/** Measures how long `run` takes with so many things, by the clock. */
export async function timed(count: number, run: (count: number) => Promise<void> | void): Promise<Sample> {
  await run(Math.ceil(count * WARM_UP));
  const start = performance.now();
  await run(count);
  return { count, cost: (performance.now() - start) / 1000 };
}

/** Measures how much processor time `run` takes. */
export async function timedByProcessor(count: number, run: (count: number) => Promise<void> | void): Promise<Sample> {
  await run(Math.ceil(count * WARM_UP));
  const start = process.cpuUsage();
  await run(count);
  const { user, system } = process.cpuUsage(start);
  return { count, cost: (user + system) / 1e6 };
}

/** Measures how much larger the process is after `make`. What it returns is kept until then. */
export async function sized(count: number, make: (count: number) => unknown): Promise<Sample> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error('node has to be started with --expose-gc');
  growYoungGeneration();
  gc();
  const before = process.memoryUsage.rss();
  const kept = [await make(count)];
  gc();
  const cost = process.memoryUsage.rss() - before;
  kept.pop();
  // A handful fits into what the process had already.
  return { count, cost: Math.max(cost, 1) };
}

/** V8's young generation takes some 30 MB once objects are made at all, however many: it is no part of what each of them costs. */
function growYoungGeneration(): void {
  for (let round = 0; round < 40; round++) Array.from({ length: 40_000 }, (_, n) => [n]);
}
