import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { Kernel, type KernelView, PoeError, PoeUsageError, Session } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import type { AssertName } from '../../../core/switches.ts';
import { Simulation } from '../../helpers/run-sessions.ts';

const undef = undefined as never;
const asserting = (name: AssertName): Simulation => new Simulation({ assert: { [name]: true } });

/** Whether an error is one of an assertion, with what it says. */
function says(code: string, text: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof PoeError && error.code === code && text.test(error.message);
}

describe('assert: retvals', () => {
  const misses = (text: RegExp) => says('POE_ERR_ASSERT_RETVALS', text);

  it('throws where methods miss, and says which, why and with what', async () => {
    const simulation = asserting('retvals');
    const other = simulation.session({ _start: ({ kernel }) => void kernel.aliasSet('taken') });
    let looked = 0;
    await simulation.inside(({ kernel, session }) => {
      const table: [() => unknown, RegExp][] = [
        [() => kernel.post('nobody', 'x'), /^Cannot post: ESRCH, .* \(given 'nobody'\)$/],
        [() => kernel.call('nobody', 'x'), /^Cannot call: ESRCH/],
        [() => kernel.callList('nobody', 'x'), /^Cannot callList: ESRCH/],
        [() => kernel.callVoid('nobody', 'x'), /^Cannot callVoid: ESRCH/],
        [() => kernel.signal('nobody', 'X'), /^Cannot signal: ESRCH/],
        [() => kernel.alarm(undef), /^Cannot alarm: EINVAL/],
        [() => kernel.alarmAdd('x', undef), /^Cannot alarmAdd: EINVAL/],
        [() => kernel.delay(undef), /^Cannot delay: EINVAL/],
        [() => kernel.delayAdd('x', undef), /^Cannot delayAdd: EINVAL/],
        [() => kernel.alarmSet('x', undef), /^Cannot alarmSet: EINVAL/],
        [() => kernel.delaySet('x', undef), /^Cannot delaySet: EINVAL/],
        [() => kernel.alarmAdjust(99, 1), /^Cannot alarmAdjust: ESRCH, .* \(given 99\)/],
        [() => kernel.delayAdjust(99, 1), /^Cannot delayAdjust: ESRCH/],
        [() => kernel.alarmRemove(99), /^Cannot alarmRemove: ESRCH/],
        [() => kernel.aliasSet('taken'), /^Cannot aliasSet: EEXIST, another session has that name \(given 'taken'\)/],
        [() => kernel.aliasRemove('taken'), /^Cannot aliasRemove: EPERM/],
        [() => kernel.aliasRemove('nobody'), /^Cannot aliasRemove: ESRCH/],
        [() => kernel.aliasList('nobody'), /^Cannot aliasList: ESRCH/],
        [() => kernel.idIdToSession(99), /^Cannot idIdToSession: ESRCH/],
        [() => kernel.idSessionToId(99), /^Cannot idSessionToId: ESRCH/],
        [() => kernel.detachChild(other), /^Cannot detachChild: EPERM/],
        [() => kernel.detachMyself(), /^Cannot detachMyself: EPERM/],
        [() => kernel.refcountIncrement(99, 'x'), /^Cannot refcountIncrement: ESRCH/],
        [() => kernel.refcountDecrement(session.id, 'x'), /^Cannot refcountDecrement: ESRCH/],
      ];
      for (const [miss, text] of table) assert.throws(miss, misses(text));
      looked = table.length;
      assert.throws(
        () => simulation.kernel.state.call(new Kernel({ assert: { retvals: true } }), 'x'),
        misses(/^Cannot state/),
      );
      simulation.kernel.signal(simulation.kernel, 'TERM');
    });
    assert.equal(looked, 24);
  });

  it('lets aliasResolve ask, and calls that do not miss pass', async () => {
    const simulation = asserting('retvals');
    await simulation.inside(({ kernel, session }) => {
      assert.equal(kernel.aliasResolve('nobody'), undefined);
      assert.equal(kernel.errno, 'ESRCH');
      assert.equal(kernel.aliasSet('mine'), 0);
      assert.equal(kernel.call(session, 'unheard'), undefined);
      assert.equal(kernel.post(session, 'unheard'), 1);
    });
  });

  it('makes a postback to who has gone throw', async () => {
    const simulation = asserting('retvals');
    const postback = simulation.session({}).postback('x').weaken();
    await simulation.kernel.run();
    assert.throws(() => postback(), misses(/^Cannot postback: ESRCH/));
  });
});

describe('assert: usage', () => {
  const wrong = (text: RegExp) => says('POE_ERR_ASSERT_USAGE', text);

  it('throws for arguments that are missing', async () => {
    const simulation = asserting('usage');
    await simulation.inside(({ kernel }) => {
      const table: [() => unknown, RegExp][] = [
        [() => kernel.post(undef, 'x'), /^Cannot post: the destination is undefined$/],
        [() => kernel.call(null as never, 'x'), /^Cannot call: the destination is null$/],
        [() => kernel.signal(kernel, undef), /^Cannot signal: the signal is undefined$/],
        [() => kernel.sig(undef, 'x'), /^Cannot sig: the signal is undefined$/],
        [() => kernel.sigChild(undef, 'x'), /^Cannot sigChild: the process is undefined$/],
        [() => kernel.alarm(undef), /^Cannot alarm: the event is undefined$/],
        [() => kernel.delaySet('x', undef), /^Cannot delaySet: the time is undefined$/],
        [() => kernel.alarmAdjust(1, undef), /^Cannot alarmAdjust: the delta is undefined$/],
        [() => kernel.alarmRemove(undef), /^Cannot alarmRemove: the timer is undefined$/],
        [() => kernel.aliasSet(undef), /^Cannot aliasSet: the name is undefined$/],
        [() => kernel.idIdToSession(undef), /^Cannot idIdToSession: the ID is undefined$/],
        [() => kernel.refcountIncrement(1, undef), /^Cannot refcountIncrement: the tag is undefined$/],
        [() => kernel.selectPauseRead(undef), /^Cannot selectPauseRead: the handle is undefined$/],
        [() => kernel.state(undef, () => 0), /^Cannot state: the event is undefined$/],
        // POE: of names a miss is wrong use, too.
        [() => kernel.aliasRemove('nobody'), /^Cannot aliasRemove: the name 'nobody' gives ESRCH$/],
      ];
      for (const [call, text] of table) assert.throws(call, wrong(text));
      assert.equal(kernel.alarm('x'), 0);
      assert.equal(kernel.post('nobody', 'x'), undefined);
    });
  });

  it('throws where a session is needed and none is active', async () => {
    const simulation = asserting('usage');
    const { kernel } = simulation;
    const calls: ((kernel: KernelView) => unknown)[] = [
      (kernel) => kernel.yield('x'),
      (kernel) => kernel.delay('x', 1),
      (kernel) => kernel.alarmRemoveAll(),
      (kernel) => kernel.sig('X', 'x'),
      (kernel) => kernel.sigChild(1, 'x'),
      (kernel) => kernel.detachMyself(),
      (kernel) => kernel.state('x', () => 0),
      (kernel) => kernel.selectRead(new SimulatedHandle(), 'x'),
    ];
    for (const call of calls) assert.throws(() => call(kernel), wrong(/: no session is active$/));
    // A name for the kernel itself may be set there, as in POE; so may a session be told something.
    assert.equal(kernel.aliasSet('main'), 0);
    assert.equal(kernel.post(simulation.session({}), 'x'), 1);
    await kernel.run();
  });

  it('refuses to pause what is no handle, in the words of selectRead', async () => {
    const kernel = new Kernel({ assert: { usage: true } });
    let refused: unknown;
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          try {
            kernel.selectPauseRead({});
          } catch (error) {
            refused = error;
          }
        },
      },
    });
    await kernel.run();
    assert.ok(refused instanceof PoeUsageError && refused.code === 'POE_ERR_HANDLE');
  });

  it("warns of events that are the kernel's own, and of hasForked", async () => {
    const simulation = asserting('usage');
    await simulation.inside(({ kernel, session }) => {
      kernel.post(session, '_stop');
      const handle = new SimulatedHandle();
      kernel.select(handle, null, '_child');
      kernel.select(handle);
      kernel.hasForked();
    });
    const [post, select, forked] = simulation.warnings.filter(([code]) => code === 'POE_WARN_USAGE');
    assert.match(String(post), /'_stop' is one of POE's own events: post /);
    assert.match(String(select), /'_child' is one of POE's own events: select /);
    assert.match(String(forked), /hasForked was called/);
  });
});

describe('assert: states', () => {
  it('warns of events without a handler, where the option default says nothing else', async () => {
    const simulation = asserting('states');
    const quiet = simulation.session({}, { options: { default: 0 } });
    const loud = simulation.session({ _stop() {} });
    simulation.kernel.call(quiet, 'unheard');
    simulation.kernel.call(loud, 'unheard');
    await simulation.kernel.run();
    assert.deepEqual(
      simulation.warnings.map(([code, message]) => [code, /session (\d)/.exec(message)?.[1]]),
      [['POE_WARN_UNHANDLED', String(loud.id)]],
    );
  });
});

describe('assert: data, events and files', () => {
  /** Breaks something in a handler and gives what the run rejects with. */
  async function broken(
    name: AssertName,
    damage: (simulation: Simulation, session: Session) => void,
  ): Promise<unknown> {
    const simulation = asserting(name);
    const other = simulation.session({ _start: ({ kernel }) => void kernel.delay('wait', 1) });
    simulation.session({ _start: ({ kernel }) => kernel.yield('damage'), damage: () => damage(simulation, other) });
    return simulation.kernel.run().then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  const found = (code: string, text: RegExp) => (error: unknown) => {
    assert.ok(says(code, text)(error), String(error));
  };

  it('find nothing in a sound kernel', async () => {
    for (const name of ['data', 'events', 'files'] as const) {
      assert.equal(await broken(name, () => {}), undefined);
    }
  });

  it('data finds references that nothing holds, children of others and names of nobody', async () => {
    const check = found.bind(null, 'POE_ERR_ASSERT_DATA');
    check(/counts 1 references, but has 0 children, 0 names/)(
      await broken('data', (_, session) => session._references++),
    );
    check(/is no child of its parent/)(
      await broken('data', (_, session) => {
        const parent = session._parent as NonNullable<typeof session._parent>;
        parent._children?.delete(session);
        parent._references--;
      }),
    );
    check(/has the name 'ghost', which means another session/)(
      await broken('data', (_, session) => {
        session._aliases = new Set(['ghost']);
        session._references++;
      }),
    );
    check(/1 tags are counted, sessions have 0/)(await broken('data', ({ kernel }) => kernel._engine.extrefs.count++));
  });

  it('events finds counts that the queue does not have, and what is for the dead', async () => {
    const check = found.bind(null, 'POE_ERR_ASSERT_EVENTS');
    check(/counts 2 events and 0 posted, the queue has 1 and 0/)(
      await broken('events', (_, session) => session._eventsTo++),
    );
    const gone = new Simulation().session({});
    gone._alive = false;
    check(/'late' is to be dispatched to session \d+, which has ended/)(
      await broken('events', ({ kernel }) => {
        kernel._engine.enqueueArgs(gone as never, gone as never, 'late', undefined, []);
      }),
    );
  });

  it('files finds handles that nobody watches', async () => {
    const check = found.bind(null, 'POE_ERR_ASSERT_FILES');
    check(/1 handles are watched, 0 of them by sessions that live/)(
      await broken('files', ({ kernel }) => {
        const stranger = new Simulation().session({});
        kernel._engine.handles.watch(stranger as never, new SimulatedHandle(), 0, 'input', []);
      }),
    );
  });
});

describe('which assertions are on', () => {
  const misses = (kernel: Kernel): boolean => {
    try {
      return kernel.post('nobody', 'x') === undefined;
    } catch {
      return false;
    }
  };

  it('none by default', () => {
    assert.ok(misses(new Kernel()));
    assert.ok(!Object.hasOwn(new Kernel(), 'post'));
    assert.ok(!Object.hasOwn(new Kernel()._engine, 'invoke'));
  });

  it('default stands for those that are not given', () => {
    assert.ok(!misses(new Kernel({ assert: { default: true } })));
    assert.ok(misses(new Kernel({ assert: { default: true, retvals: false } })));
  });

  it('the environment decides where the options do not', () => {
    const code = `
      import { kernel, Kernel } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
      for (const each of [kernel, new Kernel({ assert: { retvals: false } })]) {
        try { console.log(each.post('nobody', 'x')) } catch (error) { console.log(error.code) }
      }`;
    const run = (switches: Record<string, string>) => {
      const env = { PATH: process.env.PATH, ...switches };
      return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { env, encoding: 'utf8' }).stdout;
    };
    assert.equal(run({}), 'undefined\nundefined\n');
    assert.equal(run({ POE_ASSERT_RETVALS: '1' }), 'POE_ERR_ASSERT_RETVALS\nundefined\n');
    assert.equal(run({ POE_ASSERT_DEFAULT: '1' }), 'POE_ERR_ASSERT_RETVALS\nundefined\n');
    assert.equal(run({ POE_ASSERT_DEFAULT: '1', POE_ASSERT_RETVALS: '0' }), 'undefined\nundefined\n');
  });
});
