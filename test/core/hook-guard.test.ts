import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel } from 'poe-kernel';
import { SocketFactory } from 'poe-kernel/wheels';
import { Simulation } from '../helpers/run-sessions.ts';

/** Has a session come and go so many times, each of which tells `sessionStarted`. */
async function starts(simulation: Simulation, times: number): Promise<void> {
  for (let time = 0; time < times; time++) simulation.session({});
  await simulation.kernel.run();
}

const warning = (how: string): [string, string] => [
  'POE_WARN_HOOK_FAILED',
  `The tap 'bad' of the hook sessionStarted ${how}: Error: broke`,
];

describe('a tap that throws', () => {
  it('is named each time, and switched off the tenth time in a row; the others go on', async () => {
    const simulation = new Simulation();
    const { sessionStarted } = simulation.kernel.hooks;
    let calls = 0;
    let others = 0;
    sessionStarted.tap('bad', () => {
      calls++;
      throw new Error('broke');
    });
    sessionStarted.tap('good', () => {
      others++;
    });
    await starts(simulation, 12);
    assert.equal(calls, 10);
    assert.equal(others, 12);
    assert.deepEqual(simulation.warnings, [
      ...Array.from({ length: 9 }, () => warning('threw')),
      warning('threw 10 times in a row and is switched off'),
    ]);
    assert.deepEqual(
      sessionStarted.taps.map(({ name }) => name),
      ['good'],
    );
  });

  it('counts anew after a call that does not throw', async () => {
    const simulation = new Simulation();
    let calls = 0;
    simulation.kernel.hooks.sessionStarted.tap('bad', () => {
      if (++calls % 10 !== 0) throw new Error('broke');
    });
    await starts(simulation, 40);
    assert.equal(calls, 40);
  });

  it('is switched off earlier or never, as hookFailures says', async () => {
    for (const [hookFailures, expected] of [
      [1, 1],
      [3, 3],
      [0, 30],
    ] as const) {
      const simulation = new Simulation();
      simulation.kernel.hookFailures = hookFailures;
      let calls = 0;
      simulation.kernel.hooks.sessionStarted.tap('bad', () => {
        calls++;
        throw new Error('broke');
      });
      await starts(simulation, 30);
      assert.equal(calls, expected);
    }
    assert.equal(new Kernel().hookFailures, 10);
    assert.equal(new Kernel({ hookFailures: 3 }).hookFailures, 3);
  });

  it('leaves its hook unused once it is switched off', async () => {
    const simulation = new Simulation();
    simulation.kernel.hookFailures = 2;
    const { sessionStarted } = simulation.kernel.hooks;
    sessionStarted.withOptions({ stage: 10 }).tap('bad', () => {
      throw new Error('broke');
    });
    await starts(simulation, 2);
    assert.equal(sessionStarted.isUsed(), false);
  });

  it('of the hook warn is not told of itself, the others are', () => {
    const kernel = new Kernel();
    const heard: string[] = [];
    let calls = 0;
    kernel.hooks.warn.tap('bad', () => {
      calls++;
      throw new Error('broke');
    });
    kernel.hooks.warn.tap('good', (_code, message) => {
      heard.push(message);
      return false;
    });
    kernel.hooks.warn.call('POE_WARN_TRACE', 'something');
    assert.equal(calls, 1);
    assert.deepEqual(heard, ["The tap 'bad' of the hook warn threw: Error: broke", 'something']);
  });

  it('may throw what has no text', async () => {
    const simulation = new Simulation();
    simulation.kernel.hooks.sessionStarted.tap('bad', () => {
      throw Object.create(null);
    });
    await starts(simulation, 1);
    assert.match(String(simulation.warnings), /threw: something that has no text/);
  });
});

describe('every hook', () => {
  it('goes on when a tap of it throws, and is not called without a tap', async () => {
    for (const name of Object.keys(new Kernel().hooks) as (keyof Kernel['hooks'])[]) {
      for (const tapped of [false, true]) {
        const simulation = new Simulation();
        const { kernel, warnings, said, say } = simulation;
        const hook = kernel.hooks[name] as { tap(options: { name: string; stage: number }, fn: () => never): void };
        const calls: string[] = [];
        for (const [each, one] of Object.entries(kernel.hooks)) {
          if (each === 'warn') continue;
          for (const way of ['call', 'promise'] as const) {
            const original = Reflect.get(one, way) as (...args: unknown[]) => unknown;
            Reflect.set(one, way, (...args: unknown[]) => {
              calls.push(each);
              Reflect.set(one, way, original);
              return original.apply(one, args);
            });
          }
        }
        if (tapped) {
          // Before the helper's tap of `warn`, which keeps warnings back.
          hook.tap({ name: 'bad', stage: -1 }, () => {
            throw new Error('broke');
          });
        }
        simulation.session({
          _start({ kernel, session }) {
            session.option('debug', 1);
            kernel.state('later', () => {});
            kernel.state('later', () => say('later'));
            kernel.sig('DIE', 'died');
            kernel.yield('breaks');
            kernel.yield('later');
            // A simulated host has no network, which is found out after the hook was asked.
            assert.throws(() => new SocketFactory({ kernel, successEvent: 'later', failureEvent: 'later' }), {
              code: 'POE_ERR_SIMULATION_SOCKETS',
            });
          },
          breaks() {
            throw new Error('a handler');
          },
          died: ({ kernel }) => kernel.sigHandled(),
        });
        await kernel.run();
        assert.deepEqual(said, ['later'], name);
        assert.equal(
          warnings.some(([, text]) => text.includes(`'bad' of the hook ${name} threw`)),
          tapped,
          name,
        );
        assert.ok(tapped || calls.length === 0, `${name} untapped: ${calls}`);
      }
    }
  });
});

describe('measureTaps()', () => {
  it('gives calls and seconds of each tap and hook', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    kernel.hooks.sessionStarted.tap('early', () => {});
    const times = kernel.measureTaps();
    kernel.hooks.sessionStarted.tap('late', () => {});
    kernel.hooks.shutdown.tapPromise('late', () => new Promise(setImmediate));
    await starts(simulation, 3);
    assert.deepEqual(
      times().map(({ tap, hook, calls, seconds }) => [tap, hook, calls, seconds >= 0]),
      [
        ['early', 'sessionStarted', 3, true],
        ['late', 'sessionStarted', 3, true],
        ['late', 'shutdown', 1, true],
      ],
    );
  });
});
