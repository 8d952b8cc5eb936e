import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyPlugins, Peek } from 'poe-kernel';
import { peek } from 'poe-kernel/plugins';
import { CLOCK_AND_LOGGER, startProgram, temporaryFolder, until } from '../../helpers/peek-program.ts';
import { Simulation } from '../../helpers/run-sessions.ts';

/** Only signals: no socket is opened. */
const SIGNALS = { socket: false };

describe('peek, on signals', () => {
  test('SIGUSR1 prints what waits and who is kept alive, SIGUSR2 everything, as IKC does', async (t) => {
    const program = await startProgram(temporaryFolder(t, 'peek'), CLOCK_AND_LOGGER);
    t.after(() => program.process.kill('SIGKILL'));
    program.process.kill('SIGUSR1');
    await until('the short dump has come', () => program.stderr().endsWith('\n\n'));
    const short = program.stderr();
    assert.match(
      short,
      new RegExp(`^${program.pid}: signal USR1 \n${program.pid}: Event Queue:\n\t\\* ID: \\d+ - Index: 0\n`),
    );
    assert.match(short, /\t\tEvent: tick\n/);
    assert.match(short, /Keepalive Sessions: \n\tSession session 1 \(logger\)/);
    assert.doesNotMatch(short, /Destination:|peek plugin/);

    program.process.kill('SIGUSR2');
    await until(
      'the full dump has come',
      () => program.stderr().length > short.length && program.stderr().endsWith('\n\n'),
    );
    const full = program.stderr().slice(short.length);
    assert.match(full, /\t\tSource: session 2 \(clock\)\n\t\tDestination: session 2 \(clock\)\n\t\tType: Alarm\n/);
    assert.match(
      full,
      /\tSession session 2 \(clock\) \(Session\)\n\t\tref count: 2 \(timer 1, alias 1\)\n\t\tParent: session 1 \(logger\)\n/,
    );
    assert.match(full, /Children: session 2 \(clock\)/);
    assert.match(full, /peek plugin/);
    assert.match(full, /token=\[redacted\]/);
    assert.doesNotMatch(full, /abc123|Reference: refcount/);
  });

  test('a refcount that is held without a reason is flagged', async (t) => {
    const program = await startProgram(
      temporaryFolder(t, 'peek'),
      `${CLOCK_AND_LOGGER.replace('await kernel.run();', 'kernel._engine.resolve("clock")._references += 2; await kernel.run();')}`,
    );
    t.after(() => program.process.kill('SIGKILL'));
    program.process.kill('SIGUSR2');
    await until('the dump has come', () => program.stderr().endsWith('\n\n'));
    assert.match(program.stderr(), /Reference: refcount=4 counted=2 \[keepalive\]/);
  });

  test('the session of the plugin ends with the last other one, also where the kernel has timers left', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const undo = applyPlugins(kernel, [[peek, SIGNALS]]);
    kernel.sig('USR1', 'nothing');
    kernel.delay('never', 1000);
    let count = 0;
    simulation.session({
      _start({ kernel }) {
        kernel.yield('look');
      },
      look({ kernel }) {
        count = kernel.getSessionCount();
      },
    });
    await kernel.run();
    assert.equal(count, 2);
    assert.equal(kernel.getSessionCount(), 0);
    assert.ok(simulation.simulated.clock.monotonic() < 1000);
    undo();
  });

  test('a second run of the kernel has it again, and undoing takes it away', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const undo = applyPlugins(kernel, [[peek, SIGNALS]]);
    const look = new Peek(kernel);
    for (let run = 0; run < 2; run++) {
      let watched = false;
      await simulation.inside(() => {
        watched = look.isSignalWatched('USR2');
      });
      assert.ok(watched, `run ${run}`);
    }
    undo();
    let watched = true;
    await simulation.inside(() => {
      watched = look.isSignalWatched('USR2');
    });
    assert.equal(watched, false);
  });

  test('keeps its place when the last other session ends and another one begins at once, and leaves errno alone', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const undo = applyPlugins(kernel, [[peek, SIGNALS]]);
    const look = new Peek(kernel);
    const seen: unknown[] = [];
    kernel.hooks.sessionStopped.tap('test', (session) => {
      if (session.id !== 1) return;
      kernel.errno = 'EPERM';
      simulation.session({
        _start: ({ kernel }) => kernel.delay('later', 1),
        later: () =>
          seen.push(kernel.getSessionCount(), look.isSignalWatched('USR1'), look.resolveAlias('peek plugin')?.id),
      });
      seen.push(kernel.errno);
    });
    simulation.session({});
    await kernel.run();
    assert.deepEqual(seen, ['EPERM', 2, true, 2]);
    undo();
  });

  test('is no child of the session that was started first, and undoing in the midst of a run ends it', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    let undo = (): void => {};
    const names: string[][] = [];
    const look = new Peek(kernel);
    const list = (): number => names.push(look.sessions().map(({ name, parent }) => `${name} ${parent === kernel.id}`));
    await simulation.inside(({ kernel }) => {
      undo = applyPlugins(kernel, [[peek, SIGNALS]]);
      list();
      undo();
      kernel.delay('later', 1);
      kernel.state('later', list);
    });
    assert.deepEqual(names, [['session 1 true', 'session 2 (peek plugin) true'], ['session 1 true']]);
  });
});
