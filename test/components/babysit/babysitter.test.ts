import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import {
  type Babysitter,
  babysit,
  babysitChildren,
  babysitterOf,
  type NurseryChild,
  type ProcessReading,
  type Treatment,
} from 'poe-kernel/components';
import { Simulation } from 'poe-kernel/testing';

const CALM: ProcessReading = { state: 'sleeping', cpuSeconds: 1, rssOctets: 1000 };
const BUSY: ProcessReading = { ...CALM, state: 'running', cpuSeconds: 601 };

/** Children that are not there, and what has been done to them at which second. */
class PaperNursery {
  readonly processes = new Map<number, ProcessReading>();
  readonly done: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  children(): NurseryChild[] {
    return [...this.processes.keys()].map((pid) => ({ id: pid, pid, phase: 'up', heardAt: undefined }));
  }

  replace(pid: number, reason: string): boolean {
    this.done.push(`${this.#now()}: replace ${pid} ${reason}`);
    return this.processes.delete(pid);
  }

  signal(pid: number, name: string): boolean {
    this.done.push(`${this.#now()}: ${name} ${pid}`);
    return this.processes.has(pid);
  }
}

async function withNursery(
  act: (
    nursery: PaperNursery,
    simulation: Simulation,
    treatments: Treatment[],
    babysitter: Babysitter,
  ) => Promise<void>,
): Promise<void> {
  const simulation = new Simulation({ time: 'manual' });
  const kernel = new Kernel({ host: simulation.host() });
  const nursery = new PaperNursery(() => simulation.now);
  const read = (pids: readonly number[]): Map<number, ProcessReading> =>
    new Map(pids.map((pid) => [pid, nursery.processes.get(pid) as ProcessReading]));
  const babysitter = babysit(kernel, nursery, { interval: 10 }, { seesStates: true, read });
  const treatments: Treatment[] = [];
  babysitter.hooks.childTreated.tap('test', (treatment) => treatments.push(treatment));
  const running = kernel.run();
  try {
    await act(nursery, simulation, treatments, babysitter);
  } finally {
    babysitter.stop();
    await simulation.settle();
    await running;
  }
}

describe('Babysitter', () => {
  test('takes one step with a rogue every two intervals, the first one at once', async () => {
    await withNursery(async (nursery, simulation, treatments) => {
      nursery.processes.set(7, CALM);
      await simulation.advance(5);
      nursery.processes.set(7, BUSY);
      await simulation.advance(100);
      assert.deepEqual(nursery.done, ['10: INT 7', '30: TERM 7', '50: KILL 7', '70: replace 7 rogue']);
      assert.deepEqual(
        treatments.map(({ action, ailment, found }) => [action, ailment, /601 s of processor time/.test(found)]),
        [...Array(3).fill(['signal', 'rogue', true]), ['replace', 'rogue', true]],
      );
    });
  });

  test('forgives a rogue that calms down in between, and tells so', async () => {
    await withNursery(async (nursery, simulation, treatments) => {
      nursery.processes.set(7, BUSY);
      await simulation.advance(5);
      nursery.processes.set(7, CALM);
      await simulation.advance(100);
      assert.deepEqual(nursery.done, ['0: INT 7']);
      assert.deepEqual(
        treatments.map(({ action }) => action),
        ['signal', 'forgive'],
      );
    });
  });

  test('childrenLooked tells after each look what the system says of the children', async () => {
    await withNursery(async (nursery, simulation, _, babysitter) => {
      const looks: [number, number[]][] = [];
      babysitter.hooks.childrenLooked.tap('test', (readings) => {
        looks.push([simulation.now, [...readings.keys()]]);
      });
      nursery.processes.set(7, CALM);
      await simulation.advance(15);
      nursery.processes.set(8, CALM);
      await simulation.advance(10);
      assert.deepEqual(looks, [
        [0, [7]],
        [10, [7]],
        [20, [7, 8]],
      ]);
    });
  });

  test('tells of what it does on standard error', async () => {
    const warned: string[] = [];
    const listen = (warning: Error & { code?: string }): void => {
      if (warning.code === 'POE_WARN_BABYSIT') warned.push(warning.message);
    };
    process.on('warning', listen);
    await withNursery(async (nursery, simulation) => {
      nursery.processes.set(7, { ...CALM, state: 'zombie' });
      await simulation.advance(10);
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    assert.deepEqual(warned, ['Replace the child 7 (zombie): it has ended, and nobody was told']);
  });

  test('a tap that throws ends nothing', async () => {
    await withNursery(async (nursery, simulation, _, babysitter) => {
      babysitter.hooks.childTreated.tap('broken', () => {
        throw new Error('broken tap');
      });
      for (const pid of [7, 8]) nursery.processes.set(pid, { ...CALM, state: 'zombie' });
      await simulation.advance(10);
      assert.deepEqual(nursery.done, ['10: replace 7 zombie', '10: replace 8 zombie']);
    });
  });
});

test('babysit() gives each kernel one babysitter', async () => {
  const kernel = new Kernel();
  assert.equal(babysitterOf(kernel), undefined);
  const nursery = new PaperNursery(() => 0);
  const babysitter = babysit(kernel, nursery);
  assert.equal(babysit(kernel, nursery, { interval: 1 }), babysitter);
  assert.equal(babysitterOf(kernel), babysitter);
  assert.equal(babysitter.settings.interval, 10);
  babysitter.stop();
  await kernel.run();
});

test('babysitChildren() refuses options that cannot be, and does nothing in a program without children', async () => {
  const kernel = new Kernel();
  assert.throws(() => babysitChildren(kernel, { interval: 0 }), { code: 'POE_ERR_BABYSIT_OPTION' });
  assert.throws(() => babysitChildren(kernel, { silence: -1 }), { code: 'POE_ERR_BABYSIT_OPTION' });
  assert.throws(() => babysitChildren(kernel, { evry: 1 } as object), { code: 'POE_ERR_BABYSIT_OPTION' });
  babysitChildren(kernel, { interval: 1 });
  await kernel.run();
  assert.equal(babysitterOf(kernel), undefined);
});

/** Real processes, each with a fault of its own. */
const FAULTS = {
  calm: 'setInterval(() => {}, 1000)',
  rogue: "process.on('SIGINT', () => {}).on('SIGTERM', () => {}); for (;;);",
  stopped: 'setInterval(() => {}, 1000)',
  large: 'globalThis.hog = Buffer.alloc(160 * 1024 * 1024, 1); setInterval(() => {}, 1000)',
  gone: '',
} as const;

test('a babysitter finds real processes that run wild, are stopped, hold too much, or have gone', {
  skip: process.platform === 'linux' ? false : 'this system has no process files',
}, async () => {
  const kernel = new Kernel();
  const processes = new Map<number, { name: keyof typeof FAULTS; process: ChildProcess }>();
  for (const [name, program] of Object.entries(FAULTS)) {
    const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
    processes.set(child.pid as number, { name: name as keyof typeof FAULTS, process: child });
    if (name === 'stopped') child.kill('SIGSTOP');
    if (name === 'gone') await once(child, 'exit');
  }
  const expected = new Set(['rogue', 'stopped', 'large', 'gone']);
  const done: Record<string, string[]> = {};
  const children = [...processes.keys()].map((pid) => ({ id: pid, pid, phase: 'up', heardAt: undefined }) as const);
  const note = (pid: number, what: string): boolean => {
    const { name, process: child } = processes.get(pid) as NonNullable<ReturnType<typeof processes.get>>;
    const list = done[name] ?? [];
    done[name] = list;
    list.push(what);
    if (what.startsWith('SIG') && !child.kill(what as NodeJS.Signals)) return false;
    if (what === 'SIGKILL' || !what.startsWith('SIG')) expected.delete(name);
    if (expected.size === 0) babysitter.stop();
    return true;
  };
  const babysitter = babysit(
    kernel,
    {
      children: () => children,
      replace: (pid, reason) => note(pid, reason),
      signal: (pid, name) => note(pid, `SIG${name}`),
    },
    { interval: 0.3, cpuSeconds: 1, maxRss: 150 * 1024 * 1024, stopped: 0.5 },
  );
  const tooLate = setTimeout(() => babysitter.stop(), 100_000);
  try {
    await kernel.run();
  } finally {
    clearTimeout(tooLate);
    await Promise.all(
      [...processes.values()].map(async ({ process: child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
  }
  assert.deepEqual(done, {
    rogue: ['SIGINT', 'SIGTERM', 'SIGKILL'],
    stopped: ['stopped'],
    large: ['rss'],
    gone: ['missing'],
  });
});
