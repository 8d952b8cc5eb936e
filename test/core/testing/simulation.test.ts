import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Kernel, PoeUsageError, Session } from 'poe-kernel';
import { Simulation as Kit } from 'poe-kernel/testing';
import { Simulation } from '../../helpers/run-sessions.ts';

const usage = (code: string, message?: RegExp) => (error: unknown) =>
  error instanceof PoeUsageError && error.code === code && (message === undefined || message.test(error.message));

/** A session that says at which second it ticks, for ever, until it is stopped. */
function ticker(simulation: Simulation, seconds: number): void {
  simulation.session({
    _start: ({ kernel }) => void kernel.delay('tick', seconds),
    tick({ kernel }) {
      simulation.say(`tick ${simulation.now}`);
      kernel.delay('tick', seconds);
    },
  });
}

/** Seconds that this process has computed for since now: what others do on the machine does not count. */
function cpuSeconds(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
}

async function end(simulation: Simulation, run: Promise<void>): Promise<void> {
  simulation.kernel.stop();
  await run;
}

describe('an hour of timers', () => {
  it('passes in well under a second, each second at its time, on a clock that turns by itself', async () => {
    const simulation = new Simulation({ epoch: 0 });
    const { kernel, simulated } = simulation;
    let ticks = 0;
    simulation.session({
      _start: ({ kernel }) => void kernel.alarm('tick', 1),
      tick({ kernel }) {
        assert.equal(simulated.clock.wall(), ++ticks);
        if (ticks < 3600) kernel.alarm('tick', ticks + 1);
      },
    });
    const used = cpuSeconds();
    await kernel.run();
    assert.equal(ticks, 3600);
    assert.ok(used() < 1, `${used()} s`);
  });

  it('passes as fast when it is turned by hand', async () => {
    const simulation = new Simulation({ time: 'manual' });
    ticker(simulation, 1);
    const used = cpuSeconds();
    const run = simulation.kernel.run();
    await simulation.advance(3600);
    assert.equal(simulation.said.length, 3600);
    assert.ok(used() < 1, `${used()} s`);
    await end(simulation, run);
  });
});

describe('time: auto', () => {
  it('jumps over delays of days, and waits for nothing where there is none', async () => {
    const simulation = new Simulation();
    await simulation.inside(({ kernel }) => {
      kernel.state('late', () => simulation.say(simulation.now));
      kernel.delay('late', 30 * 86_400);
    });
    assert.deepEqual(simulation.said, ['2592000']);
  });

  it('keeps the clock where it is while sessions wait for something else than time', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const patient = simulation.session({
      _start: ({ kernel, session }) => void kernel.refcountIncrement(session, 'x'),
    });
    const run = kernel.run();
    await sleep(5);
    assert.equal(simulation.now, 0);
    kernel.refcountDecrement(patient, 'x');
    await run;
  });

  it('refuses to be turned by hand', async () => {
    const simulation = new Kit();
    const refused = usage('POE_ERR_SIMULATION_TIME', /turns by itself/);
    await assert.rejects(simulation.advance(1), refused);
    await assert.rejects(simulation.step(), refused);
  });

  it('turns no earlier than somebody who waits for settle() has had a turn', async () => {
    const simulation = new Simulation();
    ticker(simulation, 1);
    const run = simulation.kernel.run();
    await simulation.settle();
    assert.equal(simulation.now, 0);
    await end(simulation, run);
  });
});

describe('advance()', () => {
  it('handles all that is due by then, each at its time, and nothing that is due later', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        for (const at of [3, 1, 2, 2.5]) kernel.delayAdd('note', at, `due at ${at}`);
      },
      note({ kernel }, what: string) {
        say(`${what}: ${simulation.now}`);
        if (what === 'due at 1') kernel.delayAdd('note', 1, 'set at 1');
        if (what === 'set at 1') kernel.yield('note', 'posted at 2');
      },
    });
    const run = kernel.run();
    await simulation.advance(2);
    assert.deepEqual(said, ['due at 1: 1', 'due at 2: 2', 'set at 1: 2', 'posted at 2: 2']);
    assert.equal(simulation.now, 2);
    await simulation.advance(0.5);
    assert.deepEqual(said.slice(4), ['due at 2.5: 2.5']);
    await simulation.advance(10);
    await run;
    assert.deepEqual(said.slice(5), ['due at 3: 3']);
    assert.equal(simulation.now, 12.5);
  });

  it('adds up: ten times 0.1 s are a second', async () => {
    const simulation = new Simulation({ time: 'manual' });
    ticker(simulation, 1);
    const run = simulation.kernel.run();
    for (let n = 0; n < 30; n++) await simulation.advance(0.1);
    assert.deepEqual(simulation.said, ['tick 1', 'tick 2', 'tick 3']);
    assert.equal(simulation.now, 3);
    await end(simulation, run);
  });

  it('waits for async handlers: promises, rounds of the loop, files that are held', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.delay('promises', 1);
        kernel.delay('rounds', 2);
        kernel.delay('file', 3);
      },
      async promises() {
        for (let n = 0; n < 100; n++) await null;
        say(`promises ${simulation.now}`);
      },
      async rounds() {
        for (let n = 0; n < 3; n++) await immediate();
        say(`rounds ${simulation.now}`);
      },
      async file({ kernel }) {
        await simulation.hold(readFile(new URL(import.meta.url)));
        say(`file ${simulation.now}`);
        kernel.yield('after');
      },
      after: () => say(`after ${simulation.now}`),
    });
    const run = kernel.run();
    await simulation.advance(10);
    assert.deepEqual(said, ['promises 1', 'rounds 2', 'file 3', 'after 3']);
    await run;
  });

  it('is not held up by handlers that await timers, or nothing that ever comes', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.yield('slow');
        kernel.yield('stuck');
        kernel.delay('answer', 5);
      },
      async slow({ heap }) {
        await new Promise((resolve) => {
          heap.resolve = resolve;
        });
        await simulation.sleep(2);
        say(`slow ${simulation.now}`);
      },
      stuck: () => new Promise(() => {}),
      answer: ({ heap }) => heap.resolve(),
    });
    const run = kernel.run();
    await simulation.advance(6.5);
    assert.deepEqual(said, []);
    await simulation.advance(0.5);
    assert.deepEqual(said, ['slow 7']);
    await end(simulation, run);
  });

  it('takes calls one after the other, also when they are not awaited, and from within handlers', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('impatient', 1),
      async impatient() {
        await simulation.advance(4);
        say(`impatient ${simulation.now}`);
      },
    });
    const run = kernel.run();
    const both = [simulation.advance(1), simulation.advance(2)];
    await both[0];
    assert.equal(simulation.now, 1);
    await both[1];
    assert.equal(simulation.now, 3);
    await run;
    assert.deepEqual(said, ['impatient 7']);
  });

  it('turns the clock for several kernels, on one host and on several', async () => {
    const simulation = new Kit({ time: 'manual' });
    const said: string[] = [];
    const host = simulation.host();
    const runs = [host, host, simulation.host()].map((host, n) => {
      const kernel = new Kernel({ host });
      Session.create({
        kernel,
        inlineStates: {
          _start: ({ kernel }) => void kernel.delay('tick', 3 - n),
          tick: () => void said.push(`kernel ${n} at ${simulation.now}`),
        },
      });
      return kernel.run();
    });
    await simulation.advance(3);
    await Promise.all(runs);
    assert.deepEqual(said, ['kernel 2 at 1', 'kernel 1 at 2', 'kernel 0 at 3']);
  });

  it('refuses a time that is none', async () => {
    const simulation = new Kit({ time: 'manual' });
    for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined] as number[]) {
      await assert.rejects(simulation.advance(seconds), usage('POE_ERR_SIMULATION_TIME'));
      assert.throws(() => simulation.pass(seconds), usage('POE_ERR_SIMULATION_TIME'));
      assert.throws(() => simulation.sleep(seconds), usage('POE_ERR_SIMULATION_TIME'));
    }
    assert.equal(simulation.now, 0);
  });

  it('says so where kernels never come to rest, and can be used again', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel } = simulation;
    let stop = false;
    simulation.session({
      _start: ({ kernel }) => void kernel.yield('spin'),
      spin({ kernel }) {
        // The host's loop, so that each event takes a turn of its own and the test no time.
        if (!stop) simulation.simulated.loop.soon(() => kernel.yield('spin'));
        kernel.delay('end', 9);
      },
      end() {},
    });
    const run = kernel.run();
    await assert.rejects(simulation.settle(), usage('POE_ERR_SIMULATION_RESTLESS', /10000 turns/));
    stop = true;
    await simulation.advance(9);
    await run;
  });
});

describe('step()', () => {
  it('goes from timer to timer, and says when there is none left', async () => {
    const simulation = new Simulation({ time: 'manual' });
    simulation.session({
      _start({ kernel }) {
        kernel.delay('early', 1);
        kernel.delay('late', 1000);
      },
      early: () => simulation.say(`early ${simulation.now}`),
      late: () => simulation.say(`late ${simulation.now}`),
    });
    const run = simulation.kernel.run();
    assert.equal(await simulation.step(), true);
    assert.deepEqual(simulation.said, ['early 1']);
    assert.equal(await simulation.step(), true);
    assert.deepEqual(simulation.said, ['early 1', 'late 1000']);
    assert.equal(await simulation.step(), false);
    assert.equal(simulation.now, 1000);
    await run;
  });
});

describe('settle()', () => {
  it('waits for what is to do now, at whatever time', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel } = simulation;
    const echo = simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('echo');
        kernel.delay('never', 1);
      },
      note({ kernel }, n: number) {
        simulation.say(n);
        if (n > 0) kernel.yield('note', n - 1);
      },
    });
    const run = kernel.run();
    await simulation.settle();
    kernel.post(echo, 'note', 2);
    await simulation.settle();
    assert.deepEqual(simulation.said, ['2', '1', '0']);
    assert.equal(simulation.now, 0);
    await end(simulation, run);
  });
});

describe('pass()', () => {
  it('lets time go by while a handler works; what becomes due is late', async () => {
    for (const time of ['auto', 'manual'] as const) {
      const simulation = new Simulation({ time });
      simulation.session({
        _start({ kernel }) {
          kernel.delay('late', 1);
          kernel.yield('busy');
        },
        busy: () => simulation.pass(2.5),
        late: () => simulation.say(simulation.now),
      });
      await simulation.kernel.run();
      assert.deepEqual(simulation.said, ['2.5']);
    }
  });

  it('wakes kernels outside of handlers, too', async () => {
    const simulation = new Simulation({ time: 'manual' });
    ticker(simulation, 2);
    const run = simulation.kernel.run();
    await simulation.settle();
    simulation.pass(3);
    await simulation.settle();
    assert.deepEqual(simulation.said, ['tick 3']);
    await end(simulation, run);
  });
});

describe('hold()', () => {
  it('keeps the clock still until real work is done, and gives its result or failure', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.yield('query');
        kernel.delay('tick', 1);
      },
      async query() {
        say(await simulation.hold(sleep(10, 'rows')));
        await assert.rejects(simulation.hold(Promise.reject(new Error('no rows'))), /no rows/);
        say(`queried at ${simulation.now}`);
      },
      tick: () => say('tick'),
    });
    await kernel.run();
    assert.deepEqual(said, ['rows', 'queried at 0', 'tick']);
  });
});

describe('a timer or turn that throws', () => {
  it('ends the process, as in the real world, and not the simulation', async () => {
    const simulation = new Simulation();
    const caught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => caught.push(error.message));
    const { loop } = simulation.simulated;
    const fail = (what: string) => () => {
      throw new Error(what);
    };
    loop.soon(fail('turn'));
    loop.after(1, fail('timer'));
    loop.after(1, () => caught.push('another timer'));
    await simulation.sleep(2);
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    assert.deepEqual(caught, ['turn', 'timer', 'another timer']);
  });
});

describe('new Simulation()', () => {
  it('has a seed and an epoch of its own if none are given', () => {
    const simulation = new Kit();
    assert.equal(simulation.seed, 0);
    assert.equal(simulation.host().clock.wall(), 1e9);
    assert.equal(new Kit({ epoch: 5 }).host().clock.wall(), 5);
  });

  it('refuses unknown options and values that cannot be', () => {
    for (const [options, message] of [
      [{ sed: 1 }, /no option 'sed'/],
      [{ seed: 1.5 }, /seed is 1.5/],
      [{ epoch: Number.NaN }, /epoch is 'NaN'/],
      [{ time: 'by hand' }, /time is 'by hand'/],
      [{ sockets: {} }, /sockets is object/],
    ] as const) {
      assert.throws(() => new Kit(options as object), usage('POE_ERR_SIMULATION_OPTION', message));
    }
  });
});
