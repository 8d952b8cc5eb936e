import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('alarms and delays', () => {
  it('equal times fire in the order they were set, also set in different sessions and ways', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    for (const name of ['a', 'b']) {
      simulation.session({
        _start({ kernel }) {
          kernel.delaySet('note', 1, `${name} delay`);
          kernel.alarmSet('note', 1e9 + 1, `${name} alarm`);
        },
        note: (_, what) => say(what),
      });
    }
    await simulation.kernel.run();
    assert.deepEqual(said, ['a delay', 'a alarm', 'b delay', 'b alarm']);
  });

  it('are kept by name in each session, whatever made them', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    for (const name of ['a', 'b']) {
      simulation.session({
        _start({ kernel }) {
          for (const n of [1, 2, 3]) kernel.delaySet('note', n, `${name} ${n}`);
          kernel.delayAdd('other', 4, `${name} other`);
          if (name === 'b') kernel.alarm('note', 1e9 + 9, 'b only');
        },
        note: (_, what) => say(what),
        other: (_, what) => say(what),
      });
    }
    await simulation.kernel.run();
    assert.deepEqual(said, ['a 1', 'a 2', 'a 3', 'a other', 'b other', 'b only']);
  });

  it('never run early, even if the host calls back early', async () => {
    const host = new Simulation().host();
    const { loop, clock } = host;
    const early = { ...loop, after: (seconds: number, callback: () => void) => loop.after(seconds / 2, callback) };
    const kernel = new Kernel({ host: { ...host, loop: early } });
    let fired = 0;
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.delay('tick', 8),
        tick() {
          fired = clock.monotonic();
        },
      },
    });
    await kernel.run();
    assert.ok(fired >= 8 && fired < 8.01, String(fired));
  });

  it('absolute ones follow the wall clock when it has been set anew', async () => {
    const simulation = new Simulation();
    const fired: number[] = [];
    simulation.session({
      _start({ kernel }) {
        simulation.simulated.clock.step(100);
        kernel.alarm('tick', 1e9 + 130);
      },
      tick: () => void fired.push(simulation.now),
    });
    await simulation.kernel.run();
    assert.deepEqual(fired, [30]);
  });

  it('set for a past time within a pass run in that pass, before posts that wait', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.delay('never', 99);
        kernel.yield('one');
        kernel.yield('two');
      },
      one({ kernel }) {
        say('one');
        kernel.yield('posted');
        kernel.alarm('past', 1);
      },
      two: () => say('two'),
      past: () => say('past'),
      posted({ kernel }) {
        say('posted');
        kernel.delay('never');
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['one', 'past', 'two', 'posted']);
  });
});
