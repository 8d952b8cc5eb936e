import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Simulation } from '../helpers/run-sessions.ts';

describe('eventEnqueue', () => {
  it('refuses an event by false: post and yield give undefined and EPERM, counts stay as they were', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const asked: string[] = [];
    kernel.hooks.eventEnqueue.tap('test', ({ name, target, sender }) => {
      asked.push(`${name} ${target === sender ? 'to itself' : 'to another'}`);
      return name === 'secret' ? false : undefined;
    });
    const other = simulation.session({ secret: say });
    simulation.session({
      _start({ kernel, session }) {
        assert.equal(kernel.post(other, 'secret'), undefined);
        assert.equal(kernel.errno, 'EPERM');
        kernel.errno = 0;
        assert.equal(kernel.yield('secret', 1, 2, 3, 4), undefined);
        assert.equal(kernel.errno, 'EPERM');
        kernel.yield('open', 'open');
        kernel.call(session, 'secret');
      },
      open: (_, what) => say(what),
      secret: () => say('called'),
    });
    await kernel.run();
    assert.deepEqual(said, ['called', 'open']);
    assert.deepEqual(asked, ['secret to another', 'secret to itself', 'open to itself']);
    assert.equal(kernel.getEventCount(), 0);
  });

  it('throwing from a tap refuses nothing', async () => {
    const simulation = new Simulation();
    const { kernel, said, say, warnings } = simulation;
    kernel.hooks.eventEnqueue.tap('test', () => {
      throw new Error('tap broke');
    });
    simulation.session({
      _start({ kernel }) {
        kernel.yield('open');
      },
      open: () => say('open'),
    });
    await kernel.run();
    assert.deepEqual(said, ['open']);
    assert.deepEqual(warnings, [
      ['POE_WARN_HOOK_FAILED', "The tap 'test' of the hook eventEnqueue threw: Error: tap broke"],
    ]);
  });
});

describe('sessionStarted, sessionStopped, exceptionThrown', () => {
  it('report each session and exception; what a tap throws goes no further', async () => {
    const simulation = new Simulation();
    const { kernel, said, say, warnings } = simulation;
    const { sessionStarted, sessionStopped, exceptionThrown } = kernel.hooks;
    sessionStarted.tap('test', ({ id }) => {
      say(`started ${id}`);
      throw new Error('tap broke');
    });
    sessionStopped.tap('test', ({ id }) => {
      say(`stopped ${id}`);
      throw new Error('tap broke');
    });
    exceptionThrown.tap('test', (error, { id }, event) => {
      say(`${event} of ${id}: ${(error as Error).message}`);
      throw new Error('tap broke');
    });
    simulation.session({
      _start: () => say('_start'),
      _stop: () => say('_stop'),
    });
    await assert.rejects(
      simulation.inside(() => {
        throw new Error('broke');
      }),
      { message: 'broke' },
    );
    assert.deepEqual(said, ['_start', 'started 1', 'started 2', '_stop', 'stopped 1', 'go of 2: broke', 'stopped 2']);
    assert.equal(warnings.filter(([code]) => code === 'POE_WARN_HOOK_FAILED').length, 5);
  });
});

describe('shutdown', () => {
  it('is awaited in order before run() is done, which is refused meanwhile', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    kernel.hooks.shutdown.tapPromise('slow', async () => {
      await new Promise(setImmediate);
      await assert.rejects(kernel.run(), /running already/);
      say('slow');
    });
    kernel.hooks.shutdown.tap('quick', () => say('quick'));
    await simulation.inside(() => say('inside'));
    assert.deepEqual(said, ['inside', 'slow', 'quick']);
  });

  it('warns of a tap that fails, and awaits the others', async () => {
    const simulation = new Simulation();
    const { kernel, said, say, warnings } = simulation;
    const { shutdown } = kernel.hooks;
    shutdown.tap('throws', () => {
      throw new Error('broke');
    });
    shutdown.tapPromise('rejects', () => Promise.reject(new Error('broke')));
    shutdown.tapAsync('calls back', (done) => setImmediate(() => done(new Error('broke'))));
    shutdown.tapAsync('says', (done) => {
      say('said');
      done();
    });
    await simulation.inside(() => {});
    assert.deepEqual(said, ['said']);
    assert.deepEqual(
      warnings.map(([, message]) => message),
      ['throws', 'rejects', 'calls back'].map((name) => `The tap '${name}' of the hook shutdown threw: Error: broke`),
    );
  });
});

describe('warn', () => {
  it('lets a warning go to standard error unless a tap says false', async () => {
    const simulation = new Simulation();
    const heard: string[] = [];
    const listen = (warning: Error): void => void heard.push(warning.name);
    process.on('warning', listen);
    simulation.kernel.hooks.warn.taps.length = 0;
    simulation.kernel.hooks.warn.tap('test', (_code, message) => (/'quiet'/.test(message) ? false : undefined));
    await simulation.inside(({ kernel, session }) => {
      session.option('debug', 1);
      for (const name of ['quiet', 'loud']) {
        kernel.state(name, () => {});
        kernel.state(name, () => {});
      }
    });
    await new Promise(setImmediate);
    process.off('warning', listen);
    assert.deepEqual(heard, ['PoeWarning']);
  });
});
