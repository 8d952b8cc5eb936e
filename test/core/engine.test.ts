import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DieDetails, Kernel, Session } from 'poe-kernel';
import { Simulation } from '../helpers/run-sessions.ts';

describe('exceptions', () => {
  it('unhandled ones stop every session and reject run() with the value thrown; the kernel can be used again', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const thrown = { any: 'value' };
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('never', 9),
      never: say,
      _stop: () => say('bystander stops'),
    });
    simulation.session({
      _start: ({ kernel }) => void kernel.yield('crash'),
      crash() {
        throw thrown;
      },
      _stop: () => say('thrower stops'),
    });
    await assert.rejects(kernel.run(), (error) => error === thrown);
    assert.deepEqual(said, ['thrower stops', 'bystander stops']);
    await simulation.inside(() => say('again'));
    assert.equal(said.at(-1), 'again');
  });

  it('in a timer, a signal handler, _start and _child become DIE signals too', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const fails = () => {
      throw new Error('broke');
    };
    simulation.session({
      _start({ kernel }) {
        kernel.sig('DIE', 'died');
        kernel.sig('NOISE', 'heard');
        kernel.delay('timed', 1);
        kernel.signal(kernel, 'NOISE');
        simulation.session({ _start: fails });
      },
      timed: fails,
      heard: fails,
      _child: fails,
      died({ kernel, session }, _signal, { event, destSession, sourceSession }: DieDetails) {
        say(
          `${event} of ${destSession === session ? 'parent' : 'child'} from ${kernel.isSame(sourceSession) ? 'kernel' : 'session'}`,
        );
        kernel.sigHandled();
      },
    });
    await kernel.run();
    assert.deepEqual(said, [
      '_start of child from session',
      '_child of parent from kernel',
      'heard of parent from kernel',
      '_child of parent from kernel',
      'timed of parent from session',
    ]);
  });

  it('of _stop end run() at once, and further ones are told of', async () => {
    const simulation = new Simulation();
    const { kernel, warnings } = simulation;
    for (const name of ['first', 'second']) {
      simulation.session({
        _start: ({ kernel }) => void kernel.aliasSet(name),
        _stop() {
          throw new Error(`${name} broke`);
        },
      });
    }
    await assert.rejects(kernel.run(), /second broke/);
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]), /POE_WARN_FURTHER_EXCEPTION.*first broke/);
  });

  it('of a DIE handler come second to the one it was told of', async () => {
    const simulation = new Simulation();
    const { kernel, warnings } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.sig('DIE', 'died');
        kernel.yield('crash');
      },
      crash() {
        throw new Error('the cause');
      },
      died() {
        throw new Error('the handler');
      },
    });
    await assert.rejects(kernel.run(), /the cause/);
    assert.match(String(warnings[0]), /the handler/);
  });

  it('without catching, with POE_CATCH_EXCEPTIONS=0, end run() and ask nobody', async () => {
    process.env.POE_CATCH_EXCEPTIONS = '0';
    const simulation = new Simulation();
    delete process.env.POE_CATCH_EXCEPTIONS;
    const { said, say } = simulation;
    const run = simulation.inside(({ kernel }) => {
      kernel.state('died', () => say('asked'));
      kernel.sig('DIE', 'died');
      throw new Error('broke');
    });
    await assert.rejects(run, /broke/);
    assert.deepEqual(said, []);
  });

  it('after stop() have nobody left to tell', async () => {
    const simulation = new Simulation();
    const run = simulation.inside(({ kernel }) => {
      kernel.stop();
      throw new Error('broke');
    });
    await assert.rejects(run, /broke/);
    assert.equal(simulation.kernel.getEventCount(), 0);
  });

  it('leave the events of others in the queue', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const other = simulation.session({ note: (_, what) => say(what) });
    simulation.session({
      _start({ kernel }) {
        kernel.sig('DIE', 'died');
        kernel.yield('crash');
        kernel.post(other, 'note', 'posted before');
      },
      crash({ kernel }) {
        kernel.post(other, 'note', 'posted by the one that fails');
        throw new Error('broke');
      },
      died({ kernel }) {
        say('died');
        kernel.sigHandled();
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['posted before', 'posted by the one that fails', 'died']);
  });
});

describe('async handlers', () => {
  it('keep their session and the kernel alive until their promise settles', async () => {
    const simulation = new Simulation();
    const { said, say, kernel } = simulation;
    simulation.session({
      async _start({ kernel }) {
        kernel.aliasSet('waiter');
        await simulation.sleep(5);
        say('awaited');
      },
      _stop: () => say('stop'),
    });
    await kernel.run();
    assert.deepEqual(said, ['awaited', 'stop']);
  });

  it('keep a kernel that stays bound to their session after an await', async () => {
    const simulation = new Simulation();
    const { said, say, kernel } = simulation;
    simulation.session({
      async _start({ kernel: own, session }) {
        await null;
        assert.equal(kernel.getActiveSession(), kernel);
        assert.equal(own.session, session);
        own.yield('later', 'yield');
        own.delay('later', 1, 'delay');
        own.post(session, 'later', 'post');
        say(own.call(session, 'sum', 1, 2));
        assert.throws(() => own.call(session, 'broken'), /broke/);
      },
      sum({ session, kernel: own }, left, right) {
        assert.equal(kernel.getActiveSession(), session);
        assert.equal(own.getActiveEvent(), 'sum');
        return left + right;
      },
      broken() {
        throw new Error('broke');
      },
      later: ({ sender, session }, how) => say(`${how} from ${sender === session ? 'itself' : 'another'}`),
    });
    await kernel.run();
    assert.deepEqual(said, ['3', 'yield from itself', 'post from itself', 'delay from itself']);
  });

  it('turn a rejection into a DIE signal, with the event that failed', async () => {
    const simulation = new Simulation();
    const { said, say, kernel } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.sig('DIE', 'died');
        kernel.yield('fetch');
      },
      async fetch() {
        await null;
        throw new Error('no answer');
      },
      died({ kernel }, _signal, { event, errorStr }) {
        say(`${event}: ${errorStr.message}`);
        kernel.sigHandled();
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['fetch: no answer']);
  });

  it('reject run() if nobody handles that', async () => {
    const run = new Simulation().inside(async () => {
      await null;
      throw new Error('no answer');
    });
    await assert.rejects(run, /no answer/);
  });

  it('give call() their promise', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const other = simulation.session({
      _start: ({ kernel, session }) => void kernel.refcountIncrement(session.id, 'test'),
      async ask(_, what) {
        await simulation.sleep(2);
        return `answer to ${what}`;
      },
    });
    await simulation.inside(async ({ kernel }) => {
      const promise = kernel.call(other, 'ask', 'this');
      assert.ok(promise instanceof Promise);
      say(await promise);
      kernel.refcountDecrement(other.id, 'test');
    });
    assert.deepEqual(said, ['answer to this']);
  });

  it('leave a rejection to the own session that called, but not where nobody wants the value', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    simulation.session({
      async _start({ kernel, session }) {
        kernel.sig('DIE', 'died');
        await assert.rejects(kernel.call(session, 'broken', 'called'), /called/);
        kernel.callVoid(session, 'broken', 'called for nothing');
      },
      async broken(_, how) {
        await null;
        throw new Error(how);
      },
      died({ kernel }, _signal, { errorStr }) {
        say(errorStr.message);
        kernel.sigHandled();
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['called for nothing']);
  });

  it('that fail after their session was stopped are told of and end nothing', async () => {
    const simulation = new Simulation();
    const { kernel, warnings, said, say } = simulation;
    let fail: (error: Error) => void = () => {};
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('victim');
        return new Promise((_, reject) => {
          fail = reject;
        });
      },
    });
    simulation.session({
      _start({ kernel }) {
        kernel.signal('victim', 'TERM');
        kernel.delay('next', 1);
      },
      next({ kernel }) {
        fail(new Error('too late'));
        kernel.delay('last', 1);
      },
      last: () => say('still here'),
    });
    await kernel.run();
    assert.deepEqual(said, ['still here']);
    assert.match(String(warnings), /POE_WARN_LATE_EXCEPTION.*_start.*too late/);
  });

  it('that never settle hold nobody once their session was stopped', async () => {
    const simulation = new Simulation();
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('victim');
        kernel.delay('end', 1);
        return new Promise(() => {});
      },
      end: ({ kernel, session }) => void kernel.signal(session, 'TERM'),
    });
    simulation.session({ _start: ({ kernel }) => void kernel.aliasSet('idle') });
    await simulation.kernel.run();
  });
});

describe('several kernels in one process', () => {
  it('keep sessions, names, numbers and stops apart, and run side by side', async () => {
    const [left, right] = [new Simulation(), new Simulation()];
    for (const { kernel, say, session } of [left, right].map((one) => ({
      kernel: one.kernel,
      say: one.say,
      session: one.session.bind(one),
    }))) {
      session({
        _start({ kernel: own, session }) {
          say(`${session.id} ${own.aliasSet('same name')} ${own.isSame(kernel)}`);
          own.delay('tick', 1);
        },
        tick: () => say('tick'),
      });
    }
    assert.equal(left.kernel.post(right.kernel, 'x'), undefined);
    left.kernel.stop();
    await Promise.all([left.kernel.run(), right.kernel.run()]);
    assert.deepEqual(left.said, ['1 0 true']);
    assert.deepEqual(right.said, ['1 0 true', 'tick']);
  });

  it('a session belongs to the kernel it was given, also when made inside another', async () => {
    const inner = new Kernel({ host: new Simulation().simulated });
    const outer = new Simulation();
    await outer.inside(({ kernel }) => {
      Session.create({
        kernel: inner,
        inlineStates: {
          _start({ kernel: own, sender }) {
            outer.say(`${own.isSame(inner)} ${sender === own} ${own.isSame(kernel)}`);
          },
        },
      });
    });
    await inner.run();
    assert.deepEqual(outer.said, ['true true false']);
  });
});
