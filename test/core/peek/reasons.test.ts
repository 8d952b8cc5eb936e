import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Peek } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('whyAlive()', () => {
  it('gives every kind of reason, in words', async () => {
    const simulation = new Simulation();
    const { kernel, simulated } = simulation;
    simulated.born(10);
    const other = simulation.session({ _start: ({ kernel }) => void kernel.aliasSet('other') });
    const handle = new SimulatedHandle();
    const session = simulation.session({
      _start({ kernel, session }) {
        kernel.aliasSet('one');
        kernel.yield('step');
        kernel.yield('step');
        kernel.delay('tick', 3.25);
        kernel.delaySet('tock', 9);
        kernel.delaySet('tock', 7);
        kernel.post(other, 'note');
        kernel.post(other, 'note');
        kernel.post(other, 'done');
        kernel.select(handle, 'in', 'out');
        kernel.selectPauseRead(handle);
        kernel.refcountIncrement(session, 'tag');
        kernel.refcountIncrement(session, 'tag');
        session.postback('step');
        kernel.sigChild(10, 'reaped');
        kernel.sigChild(11, 'reaped');
        for (let n = 0; n < 7; n++) simulation.session({}, { kernel });
        kernel.yield('wait');
      },
      wait: () => new Promise(() => {}),
      step() {},
    });
    kernel.signal(session, 'USR1');
    kernel.call(session, 'wait');
    assert.deepEqual(
      new Peek(kernel).whyAlive(session)?.map(({ kind, count, weak, text }) => [kind, count, weak, text]),
      [
        ['event', 2, false, "'step' waits for it, 2 times"],
        ['event', 1, false, "'wait' waits for it"],
        ['event', 1, false, 'the turn of grace of a new session waits for it'],
        ['event', 1, false, 'signal USR1 waits for it'],
        ['timer', 1, false, "timer 'tick' is due in 3.3 s"],
        ['timer', 2, false, "2 timers 'tock', the first of which is due in 7.0 s"],
        ['posted', 2, false, "it has posted 'note' to session 1 (other), which waits, 2 times"],
        ['posted', 1, false, "it has posted 'done' to session 1 (other), which waits"],
        ['child', 7, true, 'it is the parent of session 3, session 4, session 5, session 6, session 7 and 2 more'],
        ['alias', 1, true, "it is called 'one', which counts as long as anything else can happen"],
        ['handle', 1, false, "it watches SimulatedHandle: read 'in' (paused), write 'out'"],
        ['extref', 2, false, "it is held by 'tag', 2 times"],
        ['extref', 1, false, "it is held by 'postback'"],
        ['process', 1, false, 'it waits for process 10'],
        ['process', 1, true, 'it waits for process 11, which is no child of this one'],
        ['promise', 1, false, 'a promise of a handler is pending'],
      ],
    );
    assert.equal(new Peek(kernel).whyAlive('nobody'), undefined);
    kernel.stop();
    await kernel.run();
  });

  it('is empty for who will end with this pass; a watched signal is no reason', async () => {
    const simulation = new Simulation();
    const found: unknown[] = [];
    await simulation.inside(({ kernel, session }) => {
      const peek = new Peek(kernel);
      kernel.sig('TERM', 'ended');
      found.push(peek.whyAlive());
      kernel.sig('TERM');
      kernel.refcountIncrement(session, 'held');
      found.push(peek.whyAlive()?.length);
      kernel.refcountDecrement(session, 'held');
    });
    assert.deepEqual(found, [[], 1]);
  });

  it('leaves only weak reasons to those whom IDLE will end', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const peek = new Peek(kernel);
    const idle: unknown[] = [];
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('kept');
        kernel.sig('IDLE', 'idle');
        kernel.delay('tick', 1);
      },
      tick: () => idle.push(['tick', peek.kernel().idle, peek.whyAlive()?.every(({ weak }) => weak)]),
      idle: () => idle.push(['idle', peek.kernel().idle, peek.whyAlive()?.every(({ weak }) => weak)]),
    });
    assert.equal(peek.kernel().idle, false);
    await kernel.run();
    assert.deepEqual(idle, [
      ['tick', true, true],
      ['idle', true, true],
    ]);
  });
});

describe('reasonCounts()', () => {
  it('are undefined for an unknown session', () => {
    const { kernel } = new Simulation();
    assert.equal(new Peek(kernel).reasonCounts('nobody'), undefined);
    assert.deepEqual(new Set(Object.values(new Peek(kernel).reasonCounts(kernel) ?? {})), new Set([0]));
  });
});
