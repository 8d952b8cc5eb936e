import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, type KernelView, Session } from 'poe-kernel';
import { SeededRandom, Simulation } from 'poe-kernel/testing';
import { fc } from '../../helpers/property.ts';

const MOST_EVENTS = 200;

/**
 * A made-up program on several kernels, each on a host of its own: its sessions post, delay, await, split and pass messages to
 * those of other kernels, as chance wants it. What chance wants follows from `program`, the order of hosts from `seed`.
 */
async function trace(seed: number, program: number, kernels: number): Promise<string[]> {
  const simulation = new Simulation({ seed });
  const lines: string[] = [];
  const all = Array.from({ length: kernels }, () => new Kernel({ host: simulation.host() }));
  /** Delivers an event to another kernel after a while, as a network would. */
  const send = (to: number, what: string): void => {
    const kernel = all[to] as Kernel;
    kernel.host.loop.after(0.25, () => kernel.post('main', 'event', what));
  };

  async function act(kernel: KernelView, chance: SeededRandom, what: string): Promise<void> {
    switch (chance.below(5)) {
      case 0:
        kernel.yield('event', `${what}y`);
        break;
      case 1:
        kernel.delayAdd('event', chance.below(4) / 4, `${what}d`);
        break;
      case 2:
        send(chance.below(kernels), `${what}s`);
        break;
      case 3:
        await simulation.sleep(chance.below(2) / 4);
        lines.push(`slept ${what} ${simulation.now}`);
        break;
      default:
        kernel.yield('event', `${what}${Math.floor(kernel.host.random.number() * 10)}`);
    }
  }

  const runs = all.map((kernel, nth) => {
    const chance = new SeededRandom(program + nth);
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('main');
          for (let n = 0; n < 3; n++) kernel.yield('event', String(n));
          kernel.delay('end', 20);
        },
        async event({ kernel }, what: string) {
          lines.push(`${kernel.id} ${what} ${simulation.now}`);
          if (lines.length > MOST_EVENTS) return;
          for (let n = chance.below(3); n > 0; n--) await act(kernel, chance, what);
        },
        end() {},
      },
    });
    return kernel.run();
  });
  await Promise.all(runs);
  return lines;
}

describe('a program that runs again with the same seed', () => {
  it('takes the same course, on one kernel and on several', async () => {
    const property = fc.asyncProperty(fc.integer(), fc.nat(), fc.integer({ min: 1, max: 4 }), async (...given) => {
      assert.deepEqual(await trace(...given), await trace(...given));
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('takes another course with another seed, where the order of hosts is free', async () => {
    const courses = new Set<string>();
    for (let seed = 0; seed < 20; seed++) courses.add(await order(seed, true));
    // Both orders of the first two turns, and of the second two, come.
    assert.deepEqual([...courses].sort(), ['a b a b', 'a b b a', 'b a a b', 'b a b a']);
  });

  it('keeps the order within one host, whatever the seed', async () => {
    for (let seed = 0; seed < 20; seed++) assert.equal(await order(seed, false), 'a b a b');
  });
});

/** Who comes first, of two kernels with a timer at the same two times. */
async function order(seed: number, apart: boolean): Promise<string> {
  const simulation = new Simulation({ seed });
  const host = simulation.host();
  const said: string[] = [];
  const runs = ['a', 'b'].map((name) => {
    const kernel = new Kernel({ host: apart ? simulation.host() : host });
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.delayAdd('tick', 1);
          kernel.delayAdd('tick', 2);
        },
        tick: () => void said.push(name),
      },
    });
    return kernel.run();
  });
  await Promise.all(runs);
  return said.join(' ');
}
