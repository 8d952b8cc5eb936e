import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MachineContext, NFA, Peek, PoeUsageError, states } from 'poe-kernel';
import { Simulation } from '../helpers/run-sessions.ts';

const usage = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof PoeUsageError && error.code === code && text.test(error.message);

describe('NFA.spawn()', () => {
  it('refuses parameters that are unknown, missing or of the wrong kind', () => {
    const { kernel } = new Simulation();
    const refused = (options: unknown, text: RegExp, code = 'POE_ERR_SESSION_PARAMETER'): void =>
      assert.throws(() => NFA.spawn(options as never), usage(code, text));
    refused(undefined, /parameters are undefined/);
    refused({ kernel }, /no states/);
    refused({ kernel, inlineStates: {}, heap: {} }, /a machine: unknown parameter 'heap'/);
    refused({ kernel, inlineStates: { home: [] } }, /inlineStates of 'home' are an array/);
    refused({ kernel, objectStates: { home: {} } }, /objectStates of 'home' are an object of Object, not an array/);
    refused({ kernel, inlineStates: { home: { in: 1 } } }, /'in': its handler is number/, 'POE_ERR_SESSION_HANDLER');
    refused({ kernel, packageStates: { home: [[class {}, ['in']]] } }, /no method 'in'/, 'POE_ERR_SESSION_HANDLER');
    assert.throws(() => NFA.create(), usage('POE_ERR_SESSION_PARAMETER', /one set of handlers/));
  });

  it('takes functions, methods of objects and of classes, and ignores _start and _stop', async () => {
    const { kernel, said, say } = new Simulation();
    class Door {
      open({ object, machine, runstate, session, heap, event, state }: MachineContext, ...args: unknown[]) {
        assert.equal(object, this);
        assert.equal(machine, session);
        assert.equal(runstate, heap);
        say(`${state}/${event} ${args.join(' ')}`);
      }
      static close({ object }: MachineContext) {
        say(`close by ${object.name}`);
      }
    }
    const machine = NFA.spawn({
      kernel,
      inlineStates: {
        home: {
          _start: () => say('_start'),
          _stop: () => say('_stop'),
          in({ kernel, sender, machine }) {
            say(`in from ${sender === machine ? 'itself' : 'another'}`);
            for (let n = 0; n < 6; n++) kernel.yield('open', ...Array(n).keys());
            kernel.yield('shut');
          },
        },
      },
      objectStates: { home: [[new Door(), ['open']]] },
      packageStates: { home: [[Door, { shut: 'close' }]] },
      options: { trace: 0 },
    });
    machine.gotoState('home', 'in');
    await kernel.run();
    assert.deepEqual(said, [
      'in from itself',
      'home/open ',
      'home/open 0',
      'home/open 0 1',
      'home/open 0 1 2',
      'home/open 0 1 2 3',
      'home/open 0 1 2 3 4',
      'close by Door',
    ]);
  });
});

describe('a machine', () => {
  it('is a child of who spawned it, has a number, a runstate of its own and ends by stop()', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    await simulation.inside(({ kernel, session }) => {
      session.option('default', 0);
      kernel.state('_child', (_: unknown, what: string, child: NFA) => say(`${what} ${child.id}`));
      const machine = NFA.spawn({
        kernel,
        inlineStates: { home: { in: ({ kernel }) => void kernel.aliasSet('machine') } },
      });
      machine.gotoState('home', 'in');
      assert.equal(kernel.aliasResolve('machine'), machine);
      assert.deepEqual(Object.keys(machine.getRunstate()), []);
      assert.equal(machine.getCurrentState(), 'home');
      machine.stop();
    });
    assert.deepEqual(said, ['create 2', 'lose 2']);
  });

  it('finds handlers of the state first, then those that wheels and libraries added, then _default', async () => {
    const { kernel, said, say } = new Simulation();
    const machine = NFA.spawn({
      kernel,
      inlineStates: {
        home: {
          in({ kernel, machine }) {
            for (const name of ['known', 'added']) kernel.state(name, () => say(`library ${name}`));
            kernel.yield('known');
            kernel.yield('added');
            kernel.yield('other', 1, 2, 3, 4);
            machine.gotoState('away');
            kernel.yield('added');
            kernel.yield('known');
          },
          known: () => say('own known'),
          _default: ({ event, state }, name, args) => say(`${state}/${event} ${name} ${args.join('')}`),
        },
        away: {},
      },
    });
    machine.gotoState('home', 'in');
    await kernel.run();
    assert.deepEqual(said, [
      'own known',
      'library added',
      'home/_default other 1234',
      'library added',
      'library known',
    ]);
  });

  it('fails at an event nobody handles, _child included, as POE has it', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const machine = NFA.spawn({
      kernel,
      inlineStates: { home: { in: () => void simulation.session({ _start: ({ kernel }) => void kernel.yield('x') }) } },
    });
    machine.gotoState('home', 'in');
    await assert.rejects(kernel.run(), usage('POE_ERR_MACHINE_EVENT', /'_child' in machine 1: its state 'home'/));
    NFA.spawn({ kernel, inlineStates: { home: {} } }).callState('back', 'nowhere');
    await assert.rejects(kernel.run(), usage('POE_ERR_MACHINE_STATE', /no 'nowhere'/));
  });

  it('with immediate moves inside the call, so that its own mistakes are exceptions there', async () => {
    const { kernel, said, say } = new Simulation();
    const machine = NFA.spawn({
      kernel,
      options: { immediate: true },
      inlineStates: {
        home: {
          in({ machine }) {
            machine.callState('back', 'away', 'in', 'x');
            say(`now ${machine.getCurrentState()}`);
            assert.throws(() => machine.gotoState('nowhere'), usage('POE_ERR_MACHINE_STATE', /nowhere/));
            assert.throws(() => machine.returnState(), usage('POE_ERR_MACHINE_STACK', /nothing has called/));
          },
          leave: () => say('leave'),
          back: (_, ...args) => say(`back ${args.join(' ')}`),
        },
        away: {
          in({ machine }, what) {
            say(`away ${what}`);
            machine.returnState(1, 2, 3, 4);
          },
        },
      },
    });
    machine.gotoState('home', 'in');
    await kernel.run();
    assert.deepEqual(said, ['leave', 'away x', 'back 1 2 3 4', 'now home']);
  });

  it('is held by the promises of a move, and dies of their rejection', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const machine = NFA.spawn({
      kernel,
      inlineStates: {
        home: {
          async in() {
            await simulation.sleep(3);
            say('in');
            throw new Error('broke');
          },
        },
      },
    });
    machine.gotoState('home', 'in');
    await assert.rejects(kernel.run(), /broke/);
    assert.deepEqual(said, ['in']);
  });

  it('is kept alive by postbacks, not by callbacks', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const machine = NFA.spawn({
      kernel,
      inlineStates: { home: { answer: (_, made, given) => say(`${made} ${given}`) } },
    });
    machine.gotoState('home');
    const callback = machine.callback('answer', 'called');
    assert.equal(new Peek(kernel).getSessionExtrefCount(machine), 0);
    const postback = machine.postback('answer', 'posted');
    assert.equal(new Peek(kernel).getSessionExtrefCount(machine), 1);
    callback('now');
    postback('later');
    simulation.sleep(3).then(() => postback.destroy());
    await kernel.run();
    assert.equal(callback('late'), undefined);
    assert.deepEqual(said, ['called now', 'posted later']);
  });

  it('traces with the option trace', async () => {
    const { kernel, warnings } = new Simulation();
    const machine = NFA.spawn({ kernel, options: { trace: 1 }, inlineStates: { home: { in() {} } } });
    machine.gotoState('home', 'in');
    await kernel.run();
    assert.deepEqual(
      warnings.map(([, message]) => message),
      ['_start', 'poe_nfa_goto_state', 'in', '_stop'].map((event) => `1 -> ${event}`),
    );
  });

  it('types the states that are declared', async () => {
    interface Door {
      closed: { push: [who: string]; look: () => string };
      open: { enter: [who: string] };
    }
    const { kernel, said, say } = new Simulation();
    const door = NFA.spawn({
      kernel,
      states: states<Door>(),
      inlineStates: {
        closed: {
          push: ({ machine }, who) => machine.gotoState('open', 'enter', who),
          look: () => 'closed',
        },
        open: { enter: (_, who) => say(who.toUpperCase()) },
      },
    });
    door.gotoState('closed');
    say(kernel.call(door, 'look')?.length);
    kernel.post(door, 'push', 'Ann');
    await kernel.run();
    assert.deepEqual(said, ['6', 'ANN']);
  });
});
