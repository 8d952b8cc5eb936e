import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Peek } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('select methods', () => {
  it('deliver handle, mode and arguments, all readable handles first, then writable, then urgent ones', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const [a, b] = [new SimulatedHandle(), new SimulatedHandle()];
    for (const handle of [a, b]) for (const mode of [0, 1, 2] as const) handle.set(mode);
    simulation.session({
      _start({ kernel }) {
        assert.equal(kernel.select(a, 'ready', 'ready', 'ready', 'a'), 0);
        assert.equal(kernel.select(b, 'ready', 'ready', 'ready', 'b'), 0);
        assert.deepEqual(a.watched, [0, 1, 2]);
      },
      ready({ kernel, sender, session, callerState }, handle, mode, name) {
        say(`${name} ${mode} ${sender === session} ${callerState}`);
        assert.equal(handle, name === 'a' ? a : b);
        if (mode === 0) kernel.selectRead(handle);
        if (mode === 1) kernel.selectWrite(handle);
        if (mode === 2) kernel.selectExpedite(handle);
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(
      said,
      ['a 0', 'b 0', 'a 1', 'b 1', 'a 2', 'b 2'].map((line) => `${line} true undefined`),
    );
    assert.deepEqual([a.watched, b.watched], [[], []]);
  });

  it('keep their session alive, also paused, until they are removed or it stops', async () => {
    const simulation = new Simulation();
    const handle = new SimulatedHandle();
    handle.set(0);
    await simulation.inside(({ kernel, session }) => {
      const held = () => new Peek(kernel).sessionHandleCount(session);
      kernel.selectRead(handle, 'never');
      kernel.selectWrite(handle, 'never');
      assert.equal(kernel.selectPauseRead(handle), 1);
      assert.equal(held(), 1);
      kernel.selectRead(handle);
      assert.equal(held(), 1);
      kernel.select(handle);
      assert.equal(held(), 0);
      kernel.selectRead(handle, 'never');
      kernel.signal(session, 'TERM');
    });
    assert.deepEqual(handle.watched, []);
  });

  it('pause and resume, 0 for what is not watched in that mode', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const handle = new SimulatedHandle();
    handle.set(0);
    simulation.session({
      _start({ kernel }) {
        for (const method of [
          'selectPauseRead',
          'selectResumeRead',
          'selectPauseWrite',
          'selectResumeWrite',
        ] as const) {
          assert.equal(kernel[method](handle), 0);
        }
        kernel.selectRead(handle, 'readable');
        assert.equal(kernel.selectPauseRead(handle), 1);
        assert.equal(kernel.selectPauseWrite(handle), 0);
        kernel.delay('resume', 1);
      },
      resume({ kernel }) {
        say('resume');
        assert.equal(kernel.selectResumeRead(handle), 1);
      },
      readable({ kernel }) {
        say('readable');
        kernel.selectRead(handle);
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['resume', 'readable']);
  });

  it('set again change neither event nor arguments but resume; removed first they change', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const handle = new SimulatedHandle();
    handle.set(0);
    simulation.session({
      _start({ kernel }) {
        kernel.selectRead(handle, 'first', 'one');
        kernel.selectPauseRead(handle);
        kernel.selectRead(handle, 'second', 'two');
      },
      first({ kernel }, _handle, _mode, what) {
        say(`first ${what}`);
        kernel.selectRead(handle);
        kernel.selectRead(handle, 'second', 'two');
        kernel.yield('between');
      },
      between: () => say('between'),
      second({ kernel }, _handle, _mode, what) {
        say(`second ${what}`);
        kernel.selectRead(handle);
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['first one', 'between', 'second two']);
  });

  it('let several sessions watch one handle, and skip those that another handler removed or ended', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const handle = new SimulatedHandle();
    handle.set(0);
    for (const name of ['first', 'second']) {
      simulation.session({
        _start({ kernel }) {
          kernel.aliasSet(name);
          kernel.selectRead(handle, 'readable');
        },
        readable({ kernel }) {
          say(name);
          kernel.stop();
        },
      });
    }
    await simulation.kernel.run();
    assert.deepEqual(said, ['first']);
  });

  it('find out who is ready before anything is dispatched', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const handle = new SimulatedHandle();
    handle.set(0);
    handle.set(1);
    simulation.session({
      _start: ({ kernel }) => void kernel.selectRead(handle, 'readable'),
      readable({ kernel }) {
        say('readable');
        kernel.selectRead(handle);
        kernel.selectWrite(handle, 'writable');
        kernel.yield('between');
      },
      between: () => say('between'),
      writable({ kernel }) {
        say('writable');
        kernel.selectWrite(handle);
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['readable', 'between', 'writable']);
  });
});
