import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { Simulation, wheelContract } from 'poe-kernel/testing';
import { Skeleton } from './skeleton.js';

test('Skeleton ticks until it is destroyed', async () => {
  const simulation = new Simulation();
  const kernel = new Kernel({ host: simulation.host() });
  const ticks = [];
  Session.create({
    kernel,
    heap: { skeleton: undefined },
    inlineStates: {
      _start({ kernel, heap }) {
        heap.skeleton = new Skeleton({ kernel, tickEvent: 'tick', interval: 60 });
      },
      tick({ heap }, count, wheelId) {
        assert.equal(wheelId, heap.skeleton?.id);
        if (ticks.push(count) === 3) heap.skeleton?.destroy();
      },
    },
  });
  await kernel.run();
  assert.deepEqual(ticks, [1, 2, 3]);
  assert.equal(simulation.now, 180);
});

const cases = wheelContract({ make: (kernel) => new Skeleton({ kernel, tickEvent: 'tick' }) });
for (const { title, run } of cases) test(`Skeleton, as a wheel: ${title}`, run);
