import { spawnSync } from 'node:child_process';
import type { Bench, Measure } from '../bench.ts';
import { emptyProgram, ikcProgram } from '../folders.ts';

/** Starts a program of Node so many times, one after the other. */
function starts(...words: readonly string[]): Measure {
  const start = (): void => {
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  };
  return (count) => {
    // Who reads the files first has to wait for the disk.
    start();
    const from = performance.now();
    for (let n = 0; n < count; n++) start();
    return { count, cost: performance.now() - from };
  };
}

export const benches: readonly Bench[] = [
  {
    name: 'start',
    group: 'start',
    unit: 'ms a start',
    shows: 'each',
    contestants: {
      ours: { label: 'poe-kernel and poe-kernel/ikc', count: 20, run: starts(...process.execArgv, ikcProgram) },
      perl: { label: 'POE and IKC', count: 20, run: { needs: 'POE::Component::IKC', args: [] } },
      modules: { label: 'the same, not bundled', count: 20, run: starts(ikcProgram) },
      limit: { label: 'limit: an empty program', count: 20, run: starts(emptyProgram) },
    },
  },
];
