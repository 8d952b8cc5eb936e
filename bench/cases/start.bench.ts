import { spawnSync } from 'node:child_process';
import type { Bench, Measure } from '../bench.ts';
import { emptyProgram, ikcProgram } from '../folders.ts';
import { timed } from '../timed.ts';

const MS = 1000;

/** Starts a program of Node so many times, one after the other. */
function starts(...words: readonly string[]): Measure {
  return async (count) => {
    const sample = await timed(count, (some) => {
      for (let n = 0; n < some; n++) {
        const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
        if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
      }
    });
    return { count, cost: sample.cost * MS };
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
