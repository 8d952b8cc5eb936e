import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, Peek, PoeUsageError, Session } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../helpers/run-sessions.ts';

const undef = undefined as never;
const usage = (code: string) => (error: unknown) => error instanceof PoeUsageError && error.code === code;

describe('post()', () => {
  it('returns 1 to a session, its number, its names and its text, and delivers up to any number of arguments', async () => {
    const { kernel, session, said, say } = bind(new Simulation());
    const logger = session({
      _start: ({ kernel }) => void kernel.aliasSet('logger'),
      note: (_, ...args) => say(args.join('')),
      done: ({ kernel }) => void kernel.aliasRemove('logger'),
    });
    assert.equal(kernel.post(logger, 'note'), 1);
    assert.equal(kernel.post(logger.id, 'note', 1), 1);
    assert.equal(kernel.post(String(logger.id), 'note', 1, 2), 1);
    assert.equal(kernel.post('logger', 'note', 1, 2, 3), 1);
    assert.equal(kernel.post(`${logger}`, 'note', 1, 2, 3, 4), 1);
    assert.equal(kernel.post(logger, 'note', 1, 2, 3, 4, 5), 1);
    assert.equal(kernel.post(kernel, 'nobody listens'), 1);
    kernel.post('logger', 'done');
    await kernel.run();
    assert.deepEqual(said, ['', '1', '12', '123', '1234', '12345']);
  });

  it('gives undefined and ESRCH for who is not there: unknown, ended, or of another kernel', async () => {
    const { kernel, session } = bind(new Simulation());
    const gone = session({});
    const stranger = new Simulation().session({});
    await kernel.run();
    for (const nobody of ['nobody', 99, '99', '1x', gone, gone.id, `${gone}`, stranger, new Kernel(), null, {}]) {
      kernel.errno = 0;
      assert.equal(kernel.post(nobody as never, 'note'), undefined);
      assert.equal(kernel.errno, 'ESRCH');
      kernel.errno = 0;
      assert.equal(kernel.call(nobody as never, 'note'), undefined);
      assert.equal(kernel.errno, 'ESRCH');
      assert.deepEqual(kernel.callList(nobody as never, 'note'), []);
      assert.equal(kernel.signal(nobody as never, 'TERM'), undefined);
    }
  });

  it('prefers a number over a name of the same text', () => {
    const { kernel, session } = bind(new Simulation());
    const first = session({});
    const second = session({ _start: ({ kernel }) => void kernel.aliasSet('1') });
    assert.equal(first.id, 1);
    assert.equal(kernel.aliasResolve('1'), first);
    assert.equal(kernel.aliasResolve('01'), undefined);
    assert.equal(kernel.aliasResolve('2'), second);
  });

  it('throws for an event that is no text, as do yield, call, callList and callVoid', () => {
    const { kernel } = new Simulation();
    assert.throws(() => kernel.post(kernel, undef), usage('POE_ERR_EVENT_NAME'));
    assert.throws(() => kernel.yield(undef), usage('POE_ERR_EVENT_NAME'));
    assert.throws(() => kernel.call(kernel, undef), usage('POE_ERR_EVENT_NAME'));
    assert.throws(() => kernel.callList(kernel, undef), usage('POE_ERR_EVENT_NAME'));
    assert.throws(() => kernel.callVoid(kernel, undef), usage('POE_ERR_EVENT_NAME'));
  });
});

describe('yield()', () => {
  it('returns undefined and delivers any number of arguments to the own session', async () => {
    const { inside, said, say, kernel } = bind(new Simulation());
    await inside(({ kernel, session }) => {
      kernel.state('note', (_: unknown, ...args: unknown[]) => say(args.length));
      assert.equal(kernel.yield('note'), undefined);
      kernel.yield('note', 1, 2, 3);
      kernel.yield('note', 1, 2, 3, 4);
      assert.equal(kernel.session, session);
    });
    assert.deepEqual(said, ['0', '3', '4']);
    assert.equal(kernel.getEventCount(), 0);
  });
});

describe('call()', () => {
  it('returns the value, the last of a list, and sets errno to 0', async () => {
    const { kernel, session, inside } = bind(new Simulation());
    const other = session({
      _start: ({ kernel, session }) => void kernel.refcountIncrement(session.id, 'test'),
      one: ({ kernel }) => {
        kernel.errno = 'EPERM';
        return 1;
      },
      many: (_, ...args) => args.length,
    });
    await inside(({ kernel }) => {
      assert.equal(kernel.call(other, 'one'), 1);
      assert.equal(kernel.errno, 0);
      assert.equal(kernel.call(other, 'many', 1, 2, 3, 4, 5), 5);
      assert.equal(kernel.call(other, 'missing'), undefined);
      kernel.refcountDecrement(other.id, 'test');
    });
    assert.equal(kernel.getEventCount(), 0);
  });

  it("gives another session's session as its text, the own one's as it is, and callList as it is", async () => {
    const { session, inside, kernel } = bind(new Simulation());
    const other = session({
      _start: ({ kernel }) => void kernel.aliasSet('other'),
      me: ({ session }) => session,
      boss: ({ kernel }) => kernel,
      plain: () => ({ a: 1 }),
      quit: ({ kernel }) => void kernel.aliasRemove('other'),
    });
    await inside(({ kernel, session }) => {
      assert.equal(kernel.call('other', 'me'), `Session#${other.id}`);
      assert.equal(kernel.call('other', 'boss'), kernel.id);
      assert.deepEqual(kernel.callList('other', 'me'), [other]);
      assert.deepEqual(kernel.call('other', 'plain'), { a: 1 });
      kernel.state('mine', () => session);
      assert.equal(kernel.call(session, 'mine'), session);
      kernel.post('other', 'quit');
    });
    assert.equal(kernel.getEventCount(), 0);
  });
});

describe('callVoid()', () => {
  it('runs the handler with wantarray undefined and returns nothing', async () => {
    const { inside, said, say } = bind(new Simulation());
    await inside(({ kernel, session }) => {
      kernel.state('note', ({ wantarray }: { wantarray: unknown }, ...args: unknown[]) => {
        say(`${wantarray} ${args.length}`);
        return 'value';
      });
      assert.equal(kernel.callVoid(session, 'note', 1, 2, 3, 4), undefined);
      kernel.callVoid('nobody', 'note');
      assert.equal(kernel.errno, 'ESRCH');
    });
    assert.deepEqual(said, ['undefined 4']);
  });
});

describe('callThrough()', () => {
  it('lets exceptions out and sends no DIE, also from another session', async () => {
    const { session, inside, kernel } = bind(new Simulation());
    const other = session({
      _start: ({ kernel, session }) => void kernel.refcountIncrement(session.id, 'test'),
      broken() {
        throw new Error('broke');
      },
    });
    await inside(({ kernel }) => {
      assert.throws(() => kernel.callThrough(other, 'broken', [1, 2]), /broke/);
      assert.equal(kernel.callThrough('nobody', 'x', []), undefined);
      kernel.refcountDecrement(other.id, 'test');
    });
    assert.equal(kernel.getEventCount(), 0);
  });
});

describe('timers', () => {
  it('alarm and delay return 0 or EINVAL, the *Set methods an id or undefined', async () => {
    const { inside } = bind(new Simulation());
    await inside(({ kernel }) => {
      assert.equal(kernel.alarm('x', 1e9 + 100), 0);
      assert.equal(kernel.delay('x', 100), 0);
      assert.equal(kernel.alarmAdd('x', 1e9 + 100), 0);
      assert.equal(kernel.delayAdd('x', 100), 0);
      assert.equal(kernel.getEventCount(), 3);
      assert.equal(kernel.delay('x'), 0);
      assert.equal(kernel.getEventCount(), 0);
      assert.equal(kernel.alarm('x', null), 0);
      for (const method of ['alarm', 'delay', 'alarmAdd', 'delayAdd'] as const) {
        assert.equal(kernel[method](undef, 1), 'EINVAL');
      }
      assert.equal(kernel.alarmAdd('x', undef), 'EINVAL');
      for (const method of ['alarmSet', 'delaySet'] as const) {
        kernel.errno = 0;
        assert.equal(kernel[method](undef, 1), undefined);
        assert.equal(kernel.errno, 'EINVAL');
      }
      assert.throws(() => kernel.delay('x', Number.NaN), usage('POE_ERR_TIME'));
      assert.throws(() => kernel.delaySet('x', '5' as never), usage('POE_ERR_TIME'));
    });
  });

  it('adjusting and removing by id tell unknown ids from those of others', async () => {
    const { session, inside, kernel } = bind(new Simulation());
    let foreign = 0;
    session({
      _start({ kernel }) {
        foreign = kernel.delaySet('mine', 3) as number;
      },
    });
    await inside(({ kernel }) => {
      const id = kernel.delaySet('x', 10, 'a') as number;
      assert.equal(kernel.alarmAdjust(id, 5), 1e9 + 15);
      assert.equal(kernel.delayAdjust(id, 7), 1e9 + 7);
      const misses = (misused: unknown, reason: string): void => {
        for (const miss of [
          () => kernel.alarmAdjust(misused as number, 1),
          () => kernel.delayAdjust(misused as number, 1),
          () => kernel.alarmRemove(misused as number),
        ]) {
          kernel.errno = 0;
          assert.equal(miss(), undefined);
          assert.equal(kernel.errno, reason);
        }
      };
      misses(undefined, 'EINVAL');
      misses(foreign, 'EPERM');
      misses(id + 2 ** 24, 'ESRCH');
      misses(0.5, 'ESRCH');
      misses('1', 'ESRCH');
      assert.deepEqual(kernel.alarmRemove(id), ['x', 1e9 + 7, ['a']]);
      misses(id, 'ESRCH');
      assert.equal(kernel.alarmAdjust(id, undef), undefined);
      assert.equal(kernel.errno, 'EINVAL');
    });
    assert.equal(kernel.getEventCount(), 0);
  });

  it('an id is used up when its handler runs, and never given again', async () => {
    const { session, kernel } = bind(new Simulation());
    const ids = new Set<number>();
    session({
      _start({ kernel, heap }) {
        heap.id = kernel.delaySet('tick', 1);
      },
      tick({ kernel, heap }) {
        assert.equal(kernel.alarmRemove(heap.id), undefined);
        assert.equal(ids.has(heap.id), false);
        ids.add(heap.id);
        if (ids.size < 50) heap.id = kernel.delaySet('tick', 1);
      },
    });
    await kernel.run();
    assert.equal(ids.size, 50);
  });

  it('alarmRemoveAll() gives them in the order they were due; delays without an id report their seconds, as in POE', async () => {
    const { inside } = bind(new Simulation());
    await inside(({ kernel }) => {
      kernel.delayAdd('plain', 2, 'x');
      kernel.alarmSet('second', 1e9 + 3);
      kernel.delaySet('first', 1, 'y', 'z');
      assert.deepEqual(kernel.alarmRemoveAll(), [
        ['first', 1e9 + 1, 'y', 'z'],
        ['plain', 2, 'x'],
        ['second', 1e9 + 3],
      ]);
      assert.deepEqual(kernel.alarmRemoveAll(), []);
    });
  });
});

describe('names', () => {
  it('aliasSet and aliasRemove return 0 or the reason', async () => {
    const { session, inside } = bind(new Simulation());
    session({
      _start({ kernel }) {
        kernel.aliasSet('taken');
        kernel.delay('end', 1);
      },
    });
    await inside(({ kernel, session }) => {
      assert.equal(kernel.aliasSet('taken'), 'EEXIST');
      assert.equal(kernel.aliasSet('mine'), 0);
      assert.equal(kernel.aliasSet('mine'), 0);
      assert.deepEqual(kernel.aliasList(), ['mine']);
      assert.deepEqual(kernel.aliasList('taken'), ['taken']);
      assert.equal(kernel.aliasList('nobody'), undefined);
      // POE: what is false in Perl means the own session.
      for (const none of [undef, null as never, '', 0]) assert.deepEqual(kernel.aliasList(none), ['mine']);
      assert.equal(kernel.aliasResolve('mine'), session);
      assert.equal(kernel.aliasRemove('nobody'), 'ESRCH');
      assert.equal(kernel.aliasRemove('taken'), 'EPERM');
      assert.equal(kernel.aliasRemove('mine'), 0);
    });
  });
});

describe('identity', () => {
  it('IDs and sessions lead to each other, the kernel included', () => {
    const { kernel, session } = bind(new Simulation());
    const one = session({});
    assert.equal(kernel.idIdToSession(one.id), one);
    assert.equal(kernel.idSessionToId(one), one.id);
    assert.equal(kernel.idIdToSession(kernel.id), kernel);
    assert.equal(kernel.idSessionToId(kernel), kernel.id);
    kernel.errno = 0;
    assert.equal(kernel.idIdToSession(77), undefined);
    assert.equal(kernel.errno, 'ESRCH');
    assert.equal(kernel.idIdToSession(String(one.id)), one);
    // POE: an ID as text is that text, not whatever has its number.
    for (const text of [` ${one.id}`, `${one.id}.0`, '', 'nobody']) assert.equal(kernel.idIdToSession(text), undefined);
    kernel.errno = 0;
    assert.equal(kernel.idSessionToId('nobody'), undefined);
    assert.equal(kernel.errno, 'ESRCH');
    assert.equal(String(kernel), kernel.id);
  });

  it('outside of handlers the kernel is the active session and no event is active', async () => {
    const { kernel, inside } = bind(new Simulation());
    assert.equal(kernel.getActiveSession(), kernel);
    assert.equal(kernel.getActiveEvent(), undefined);
    await inside(({ kernel: own, session, sender }) => {
      assert.equal(kernel.getActiveSession(), session);
      assert.equal(kernel.getActiveEvent(), 'go');
      assert.equal(sender, session);
      assert.ok(own.isSame(kernel));
      assert.equal(own.isSame(new Kernel()), false);
      assert.equal(kernel.forSession(), own);
    });
    assert.throws(() => kernel.forSession(), usage('POE_ERR_NO_ACTIVE_SESSION'));
  });

  it('getNextEventTime() is undefined while nothing waits, then the earliest time', async () => {
    const { kernel, inside } = bind(new Simulation());
    assert.equal(kernel.getNextEventTime(), undefined);
    await inside(({ kernel }) => {
      kernel.delaySet('x', 5);
      assert.equal(kernel.getNextEventTime(), 1e9 + 5);
      kernel.yield('now');
      assert.equal(kernel.getNextEventTime(), 1e9);
      kernel.alarmRemoveAll();
    });
  });
});

describe('tagged references', () => {
  it('count each tag apart; an unknown session or tag is ESRCH', () => {
    const { kernel, session } = bind(new Simulation());
    const one = session({});
    assert.equal(kernel.refcountIncrement(one.id, 'a'), 1);
    assert.equal(kernel.refcountIncrement(one, 'a'), 2);
    assert.equal(kernel.refcountIncrement(one, 'b'), 1);
    assert.equal(kernel.refcountDecrement(one, 'a'), 1);
    assert.equal(kernel.refcountDecrement(one, 'a'), 0);
    kernel.errno = 0;
    assert.equal(kernel.refcountDecrement(one, 'a'), undefined);
    assert.equal(kernel.errno, 'ESRCH');
    assert.equal(kernel.refcountIncrement('nobody', 'a'), undefined);
    assert.equal(new Peek(kernel).getSessionExtrefCount(one), 1);
  });
});

describe('state()', () => {
  it('is ESRCH outside of sessions', () => {
    const { kernel } = new Simulation();
    assert.equal(
      kernel.state('x', () => {}),
      'ESRCH',
    );
  });

  it('takes a class for a target of methods, and any function with a method name too', async () => {
    const { inside, said, say } = bind(new Simulation());
    // biome-ignore lint/complexity/noStaticOnlyClass: what Perl calls a package
    class Tools {
      static greet(_: unknown, whom: string) {
        say(`hello ${whom}`);
      }
    }
    const old = Object.assign(() => {}, { greet: Tools.greet });
    await inside(({ kernel, session }) => {
      assert.equal(kernel.state('greet', Tools), 0);
      assert.equal(kernel.state('wave', old, 'greet'), 0);
      kernel.call(session, 'greet', 'Ann');
      kernel.call(session, 'wave', 'Bob');
      assert.throws(() => kernel.state('missing', Tools), usage('POE_ERR_SESSION_HANDLER'));
      assert.throws(() => kernel.state('missing', {}), usage('POE_ERR_SESSION_HANDLER'));
      assert.throws(() => kernel.state('_signal', () => {}), usage('POE_ERR_SESSION_HANDLER'));
      assert.throws(() => kernel.state('_signal', { _signal() {} }), usage('POE_ERR_SESSION_HANDLER'));
    });
    assert.deepEqual(said, ['hello Ann', 'hello Bob']);
  });
});

describe('detachChild() and detachMyself()', () => {
  it('are EPERM for who is no child', async () => {
    const { session, inside } = bind(new Simulation());
    const stranger = session({ _start: ({ kernel }) => void kernel.delay('end', 1) });
    await inside(({ kernel }) => {
      assert.equal(kernel.detachChild(stranger), undefined);
      assert.equal(kernel.errno, 'EPERM');
      assert.equal(kernel.detachChild('nobody'), undefined);
      assert.equal(kernel.errno, 'ESRCH');
      kernel.errno = 0;
      assert.equal(kernel.detachMyself(), undefined);
      assert.equal(kernel.errno, 'EPERM');
    });
  });
});

describe('detachChild() outside of sessions', () => {
  it('is EPERM, and tells the child nothing', () => {
    const { kernel, session, said, say } = bind(new Simulation());
    const child = session({ _parent: () => say('told') });
    assert.equal(kernel.detachChild(child), undefined);
    assert.equal(kernel.errno, 'EPERM');
    assert.deepEqual(said, []);
  });
});

describe('sigChild()', () => {
  it('of no process does nothing', async () => {
    await bind(new Simulation()).inside(({ kernel }) => {
      assert.equal(kernel.sigChild(undef, 'ended'), undefined);
    });
  });
});

describe('select()', () => {
  it('takes an event without a name for none, as POE does', async () => {
    const simulation = new Simulation();
    await simulation.inside(({ kernel, session }) => {
      const handle = new SimulatedHandle();
      kernel.selectRead(handle, 'input');
      const before = session._references;
      assert.equal(kernel.selectRead(handle, ''), 0);
      assert.equal(session._references, before - 1);
    });
  });
});

describe('what Node has no use for', () => {
  it('hasForked() and signalUiDestroy() do nothing', () => {
    const { kernel } = new Simulation();
    const { id } = kernel;
    assert.equal(kernel.hasForked(), undefined);
    assert.equal(kernel.signalUiDestroy({}), undefined);
    assert.equal(kernel.id, id);
    assert.equal(kernel.getEventCount(), 0);
  });
});

describe('a view whose session has stopped', () => {
  it('takes nothing more in: timers, names, watchers and children of it come to nothing', async () => {
    const simulation = new Simulation();
    const { kernel, session, said, say } = bind(simulation);
    session({
      _start: ({ kernel }) => void kernel.yield('go'),
      go({ kernel: own, session }) {
        own.stop();
        assert.equal(own.alarm('x', 1e9), 'ESRCH');
        assert.equal(own.delayAdd('x', 1), 'ESRCH');
        assert.equal(own.delaySet('x', 1), undefined);
        assert.equal(own.yield('x'), undefined);
        assert.equal(own.errno, 'ESRCH');
        assert.equal(own.aliasSet('ghost'), 'ESRCH');
        assert.equal(own.refcountIncrement(session, 'tag'), undefined);
        own.sig('USR1', 'x');
        own.sigChild(5, 'x');
        const postback = session.postback('x');
        assert.equal(postback(), 0);
        assert.equal(own.errno, 'ESRCH');
        Session.create({
          kernel: own,
          inlineStates: {
            _start: ({ sender, kernel }) => say(`child of ${sender === kernel ? 'the kernel' : 'a ghost'}`),
          },
        });
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['child of the kernel']);
    assert.deepEqual(simulation.simulated.watchedSignals, []);
    assert.equal(kernel.getEventCount(), 0);
  });
});

/** The methods of a simulation, to be used apart from it. */
function bind(simulation: Simulation) {
  const { kernel, said, say, warnings, simulated } = simulation;
  return {
    kernel,
    said,
    say,
    warnings,
    simulated,
    session: simulation.session.bind(simulation),
    inside: simulation.inside.bind(simulation),
  };
}
