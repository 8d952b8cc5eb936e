import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MODE_READ, MODE_WRITE } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('SimulatedHandle', () => {
  it('is ready in a mode from set() until it is taken back, and knows who watches', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    const handle = new SimulatedHandle();
    simulation.session({
      _start({ kernel }) {
        kernel.selectRead(handle, 'readable');
        kernel.selectWrite(handle, 'writable');
      },
      readable() {
        say('readable');
        if (said.length === 2) handle.set(MODE_READ, false);
      },
      writable({ kernel }) {
        say('writable');
        kernel.select(handle);
      },
    });
    const run = kernel.run();
    await simulation.settle();
    assert.deepEqual([handle.watched, said], [[MODE_READ, MODE_WRITE], []]);
    handle.set(MODE_READ);
    await simulation.settle();
    assert.deepEqual(said, ['readable', 'readable']);
    handle.set(MODE_WRITE);
    await run;
    assert.deepEqual([handle.watched, said.slice(2)], [[], ['writable']]);
  });
});
