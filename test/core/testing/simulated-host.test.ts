import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, PoeUsageError, type SocketHost, twoWay } from 'poe-kernel';
import { Simulation as Kit, SimulatedHost } from 'poe-kernel/testing';
import { allocateWheelId, ReadWrite, SocketFactory } from 'poe-kernel/wheels';
import { Simulation } from '../../helpers/run-sessions.ts';

const usage = (code: string, message?: RegExp) => (error: unknown) =>
  error instanceof PoeUsageError && error.code === code && (message === undefined || message.test(error.message));

describe('names and numbers of a host', () => {
  it('are the same in each simulation: kernel IDs, wheel IDs, random numbers', () => {
    const look = (): unknown[] => {
      const simulation = new Kit({ seed: 3 });
      const [a, b] = [simulation.host(), simulation.host({ hostname: 'other', pid: 7 })];
      const kernels = [a, a, b].map((host) => new Kernel({ host }));
      const { random } = new Kernel({ host: a }).host;
      return [
        kernels.map(({ id }) => id),
        kernels.map((kernel) => allocateWheelId(kernel)),
        [random.number(), ...random.octets(4), b.random.word()],
      ];
    };
    assert.deepEqual(look(), look());
    assert.deepEqual(look().slice(0, 2), [
      [
        'simulated-3b9aca00-000003e9-00000001',
        'simulated-3b9aca00-000003e9-00000002',
        'other-3b9aca00-00000007-00000001',
      ],
      [1, 2, 1],
    ]);
  });

  it('give each host and the test random numbers of their own', () => {
    const draw = (test: number, host: number): number[] => {
      const simulation = new Kit({ seed: 3 });
      const [a, b] = [simulation.host(), simulation.host()];
      simulation.random.octets(test);
      a.random.octets(host);
      return [simulation.random.word(), a.random.word(), b.random.word()];
    };
    assert.equal(new Set(draw(0, 0)).size, 3);
    assert.deepEqual(draw(5, 0).slice(1), draw(0, 0).slice(1));
    assert.equal(draw(0, 5)[2], draw(0, 0)[2]);
  });

  it('are refused if the option is unknown', () => {
    const options = { name: 'a' } as object;
    assert.throws(() => new Kit().host(options), usage('POE_ERR_SIMULATION_OPTION', /no option 'name'/));
  });
});

describe('clock', () => {
  it('step() sets the wall clock of one host, forward or back, and no timer moves', async () => {
    const simulation = new Simulation({ epoch: 100, time: 'manual' });
    const { kernel, said, say, simulated } = simulation;
    const other = simulation.host();
    simulation.session({
      _start({ kernel }) {
        kernel.alarm('alarm', 110);
        kernel.delay('delay', 10);
      },
      alarm: () => say('alarm'),
      delay: () => say('delay'),
    });
    const run = kernel.run();
    await simulation.advance(4);
    simulated.clock.step(-50);
    assert.deepEqual([simulated.clock.wall(), other.clock.wall(), simulated.clock.monotonic()], [54, 104, 4]);
    await simulation.advance(6);
    await run;
    assert.deepEqual(said, ['alarm', 'delay']);
  });

  it('goes on at last for a loop that waits for it, within a handler and over events', async () => {
    const simulation = new Simulation();
    const { said, say, simulated } = simulation;
    await simulation.inside(({ kernel }) => {
      const until = simulated.clock.wall() + 0.01;
      while (simulated.clock.wall() < until);
      kernel.state('spin', () => void kernel.yield('spin'));
      kernel.state('over', () => {
        say('over');
        kernel.state('spin', () => {});
      });
      kernel.yield('spin');
      kernel.delay('over', 0.05);
    });
    assert.deepEqual(said, ['over']);
    assert.ok(simulation.now > 0.059 && simulation.now < 0.07, String(simulation.now));
  });
});

describe('raise()', () => {
  it('brings a signal to the kernels of the host that watch it, and says whether any does', async () => {
    const simulation = new Simulation();
    const { simulated, said, say } = simulation;
    const stranger = simulation.host();
    await simulation.inside(({ kernel }) => {
      kernel.state('told', (_: unknown, name: string) => say(name));
      kernel.sig('USR1', 'told');
      assert.deepEqual(simulated.watchedSignals, ['USR1']);
      assert.deepEqual(
        [simulated.raise('USR1'), simulated.raise('USR2'), stranger.raise('USR1')],
        [true, false, false],
      );
      kernel.delay('later', 1);
      kernel.state('later', () => {});
    });
    assert.deepEqual(said, ['USR1']);
    assert.deepEqual(simulated.watchedSignals, []);
  });

  it('refuses names that no system sends', () => {
    for (const name of ['SIGTERM', 'CHLD', 'KILL', 'NOISE', undefined]) {
      assert.throws(() => new Kit().host().raise(name as string), usage('POE_ERR_SIMULATION_SIGNAL'));
    }
  });
});

describe('born() and ended()', () => {
  it('let a child come and go, for sigChild and CHLD', async () => {
    const simulation = new Simulation();
    const { simulated, said, say } = simulation;
    await simulation.inside(({ kernel }) => {
      kernel.state('reaped', (_: unknown, ...args: unknown[]) => say(`reaped ${args}`));
      kernel.state('chld', (_: unknown, ...args: unknown[]) => say(`chld ${args}`));
      simulated.born(17);
      kernel.sigChild(17, 'reaped');
      kernel.sig('CHLD', 'chld');
      assert.equal(simulated.processes.isChild(17), true);
      simulation.sleep(5).then(() => simulated.ended(17, 3 << 8));
    });
    assert.deepEqual(said, ['reaped CHLD,17,768', 'chld CHLD,17,768']);
    assert.equal(simulated.processes.isChild(17), false);
    assert.equal(simulation.now, 5);
  });

  it('refuse a number that is none, is taken or is unknown, and a status that cannot be', () => {
    const host = new Kit().host();
    host.born(1);
    for (const act of [
      () => host.born(0),
      () => host.born(1.5),
      () => host.born('2' as never),
      () => host.born(1),
      () => host.ended(2),
      () => host.ended(1, -1),
      () => host.ended(1, 65_536),
      () => host.ended(1, 'TERM' as never),
    ]) {
      assert.throws(act, usage('POE_ERR_SIMULATION_CHILD'));
    }
    host.ended(1);
    assert.throws(() => host.ended(1), usage('POE_ERR_SIMULATION_CHILD'));
  });
});

describe('sockets', () => {
  it('are none unless the simulation is given some: whoever wants one is told', async () => {
    const simulation = new Simulation();
    const options = { successEvent: 'connected', failureEvent: 'failed' };
    await simulation.inside(({ kernel }) => {
      for (const where of [
        { bindAddress: '127.0.0.1', bindPort: 0 },
        { remoteAddress: '127.0.0.1', remotePort: 9 },
        { remoteAddress: 'localhost', remotePort: 9 },
      ]) {
        assert.throws(() => new SocketFactory({ kernel, ...options, ...where }), usage('POE_ERR_SIMULATION_SOCKETS'));
      }
    });
    const { sockets } = simulation.simulated;
    assert.throws(() => sockets.claimPath('/tmp/x'), usage('POE_ERR_SIMULATION_SOCKETS'));
    assert.deepEqual(
      [sockets.accept({}), sockets.localAddress({}), sockets.releasePath('x')],
      [null, undefined, undefined],
    );
  });

  it('are made for each host by the option of the simulation, or given to one host', () => {
    const seen: unknown[] = [];
    const network: SocketHost = { ...new Kit().host().sockets, localAddress: () => undefined };
    const simulation = new Kit({
      sockets(host) {
        seen.push(host.identity.hostname, host instanceof SimulatedHost && host.loop !== undefined);
        return network;
      },
    });
    assert.equal(new Kernel({ host: simulation.host({ hostname: 'a' }) }).host.sockets, network);
    const own = { ...network };
    assert.equal(simulation.host({ hostname: 'b', sockets: own }).sockets, own);
    assert.deepEqual(seen, ['a', true]);
  });

  it('are not needed by wheels on pipes, which run on simulated time', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const [near, far] = twoWay();
    simulation.session({
      _start({ kernel, heap }) {
        heap.near = new ReadWrite({ kernel, handle: near, inputEvent: 'line' });
        heap.far = new ReadWrite({ kernel, handle: far, inputEvent: 'echo' });
        heap.near.put('one', 'two');
      },
      echo({ kernel }, line) {
        kernel.delayAdd('answer', 60, line);
      },
      answer({ heap }, line) {
        heap.far.put(`${line} again`);
      },
      line({ heap }, line) {
        say(`${line} at ${simulation.now}`);
        if (said.length < 2) return;
        heap.near.destroy();
        heap.far.destroy();
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['one again at 60', 'two again at 60']);
  });
});
