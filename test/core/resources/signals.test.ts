import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Peek } from 'poe-kernel';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('sig()', () => {
  it('watches a signal of the system while somebody wants it, and keeps nobody alive', async () => {
    const simulation = new Simulation();
    const { simulated, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.sig('USR1', 'heard', 'extra');
        kernel.sig('MADEUP', 'heard');
        kernel.delay('raise', 1);
      },
      raise({ kernel }) {
        assert.deepEqual([...simulated.watchedSignals], ['USR1']);
        simulated.raise('USR1');
        kernel.delay('quit', 1);
      },
      heard: (_, ...args) => say(args.join(' ')),
      quit({ kernel }) {
        kernel.sig('USR1');
        assert.deepEqual([...simulated.watchedSignals], []);
        kernel.sig('USR2', 'heard');
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['USR1 extra']);
    assert.deepEqual([...simulated.watchedSignals], [], 'an ended session watches nothing');
  });

  it('gives what signal() was given, then its own arguments, whatever their number', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start({ kernel, session }) {
        kernel.sig('NOISE', 'heard', 'c', 'd');
        kernel.signal(session, 'NOISE', 'a', 'b');
        kernel.delay('end', 1);
      },
      heard: (_, ...args) => say(args.join(' ')),
      end() {},
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['NOISE a b c d']);
  });

  it('asks those who watched when the delivery began, but nobody who has ended since', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('parent');
        kernel.sig('NOISE', 'heard');
        simulation.session({
          _start({ kernel }) {
            kernel.aliasSet('child');
            kernel.sig('NOISE', 'heard');
          },
          heard({ kernel }) {
            say('child');
            kernel.call('parent', 'unwatch');
          },
        });
        kernel.signal(kernel, 'NOISE');
      },
      unwatch: ({ kernel }) => kernel.sig('NOISE'),
      heard({ kernel }) {
        say('parent');
        kernel.stop();
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['child', 'parent']);
  });
});

describe('sigHandled()', () => {
  it('counts for its own delivery only, also when one delivery is inside another', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.sigHandled();
        kernel.aliasSet('one');
        kernel.delay('go', 1);
        kernel.delay('never', 5);
      },
      go: ({ kernel, session }) => void kernel.signal(session, 'TERM'),
      never: () => say('spared'),
      _stop: () => say('stop'),
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['stop']);
  });
});

describe('sigChild()', () => {
  it('waits for one process, keeps its session alive till then, and comes before the general CHLD', async () => {
    const simulation = new Simulation();
    const { simulated, said, say } = simulation;
    simulated.born(10);
    simulated.born(11);
    simulation.session({
      _start({ kernel }) {
        kernel.sigChild(10, 'replaced');
        kernel.sigChild(10, 'reaped', 'extra');
        kernel.sigChild({ pid: 11 }, 'reaped');
        kernel.sigChild({}, 'reaped');
        kernel.sig('CHLD', 'general');
        simulation.sleep(2).then(() => simulated.ended(10, 7 << 8));
        simulation.sleep(4).then(() => simulated.ended(11, 15));
      },
      reaped: (_, ...args) => say(`reaped ${args.join(' ')}`),
      replaced: () => say('replaced'),
      general: (_, ...args) => say(`general ${args.join(' ')}`),
      _stop: () => say('stop'),
    });
    await simulation.kernel.run();
    assert.deepEqual(said, [
      'reaped CHLD 10 1792 extra',
      'general CHLD 10 1792',
      'reaped CHLD 11 15',
      'general CHLD 11 15',
      'stop',
    ]);
  });

  it('without an event stops waiting', async () => {
    const simulation = new Simulation();
    simulation.simulated.born(10);
    await simulation.inside(({ kernel, session }) => {
      kernel.sigChild(10, 'reaped');
      assert.equal(new Peek(kernel).sessionPidCount(session), 1);
      kernel.sigChild(10);
      kernel.sigChild(10);
      assert.equal(new Peek(kernel).sessionPidCount(session), 0);
    });
  });
});
