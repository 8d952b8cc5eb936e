import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type KernelView, Session } from 'poe-kernel';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('the life of a session', () => {
  it('is over for good: who stops everybody in _child hears of no further child', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const session = (name: string, more: object = {}) => ({
      kernel,
      inlineStates: { _start() {}, _stop: () => say(`${name} stop`), _parent: () => say(`${name} parent`), ...more },
    });
    let middle: unknown;
    Session.create(
      session('top', {
        _start() {
          middle = Session.create(
            session('middle', {
              _start: ({ kernel }: { kernel: KernelView }) => kernel.sig('KILL', 'killed'),
              // The signal does not reach who comes while it is delivered: middle ends with children.
              killed() {
                Session.create(session('one'));
                Session.create(session('two'));
              },
            }),
          );
        },
        _child({ kernel }: { kernel: KernelView }, reason: string) {
          say(`top ${reason}`);
          if (reason === 'gain') kernel.stop();
        },
      }),
    );
    kernel.signal(middle as Session, 'KILL');
    await kernel.run();
    assert.ok(said.includes('top gain'));
    const end = said.indexOf('top stop');
    assert.deepEqual(
      said.slice(end + 1).filter((line) => line.startsWith('top')),
      [],
    );
  });

  it('has a turn of grace, in which its creator can give it work', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    const session = simulation.session({ job: () => say('job'), _stop: () => say('stop') });
    assert.equal(kernel.getEventCount(), 1);
    kernel.post(session, 'job');
    await kernel.run();
    assert.deepEqual(said, ['job', 'stop']);
  });

  it('ends after the pass in which it ran out, the last to run out first; who finds a reason is spared', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    for (const name of ['a', 'b', 'c', 'd']) {
      simulation.session({
        _start: ({ kernel }) => void kernel.aliasSet(name),
        leave({ kernel }, other) {
          kernel.aliasRemove(name);
          if (other !== undefined) kernel.call(other, 'leave');
          if (name === 'd') kernel.aliasSet('d again');
        },
        _stop: () => say(name),
      });
    }
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('end', 1),
      end({ kernel }) {
        kernel.post('a', 'leave', 'b');
        for (const name of ['c', 'd']) kernel.post(name, 'leave');
        kernel.delay('last', 1);
      },
      last: () => say('last'),
    });
    await kernel.run();
    assert.deepEqual(said, ['c', 'b', 'a', 'last', 'd']);
  });

  it('goes on while posts of it wait for others, so that SENDER is alive', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const keeper = simulation.session({
      _start: ({ kernel }) => void kernel.delay('never', 1),
      note: ({ kernel, sender }) => say(kernel.idSessionToId(sender)),
    });
    const poster = simulation.session({
      _start: ({ kernel }) => void kernel.post(keeper, 'note'),
      _stop: () => say('stop'),
    });
    await simulation.kernel.run();
    assert.deepEqual(said, [String(poster.id), 'stop']);
  });

  it('gives everything back at its end, in whatever state it was stopped', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    simulation.simulated.born(5);
    const other = simulation.session({ _start: ({ kernel }) => void kernel.delay('never', 9), never() {} });
    const victim = simulation.session({
      _start({ kernel, session }) {
        kernel.aliasSet('victim');
        kernel.delay('x', 100);
        kernel.sig('USR1', 'x');
        kernel.sigChild(5, 'x');
        kernel.refcountIncrement(session, 'x');
        session.postback('x');
        kernel.post(other, 'x');
        kernel.yield('x');
        kernel.signal(session, 'TERM');
        return new Promise(() => {});
      },
      _stop({ kernel, session }) {
        kernel.yield('x');
        kernel.delay('x', 1);
        kernel.aliasSet('ghost');
        kernel.refcountIncrement(session, 'y');
      },
    });
    await kernel.run();
    assert.equal(kernel.getEventCount(), 0);
    assert.equal(kernel.aliasResolve('ghost'), undefined);
    assert.deepEqual(
      [victim, other].map(({ _eventsTo, _eventsFrom, _references }) => _eventsTo + _eventsFrom + _references),
      [0, 0],
    );
  });

  it('ends by stop() also where there are more sessions than a call takes arguments', async () => {
    const { kernel } = new Simulation();
    let stopped = 0;
    const inlineStates = {
      _start: ({ kernel, session }: { kernel: KernelView; session: Session }) => void kernel.aliasSet(String(session)),
      _stop: () => void stopped++,
    };
    for (let n = 0; n < 130_000; n++) Session.create({ kernel, inlineStates });
    kernel.stop();
    assert.equal(stopped, 130_000);
    await kernel.run();
  });

  it('what atSessionEnd() was given is called then, unless it was taken back', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    await simulation.inside(({ kernel }) => {
      kernel.atSessionEnd(() => say('end'));
      kernel.atSessionEnd(() => say('taken back'))();
      kernel.state('_stop', () => say('stop'));
    });
    assert.deepEqual(said, ['stop', 'end']);
  });
});

describe('parents and children', () => {
  it("_child create brings the value of _start, lose that of _stop: the last of a list, a session's text", async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start() {
        simulation.session({ _start: ({ session }) => session, _stop: ({ kernel }) => kernel });
      },
      _child: (_, what, child: Session, value) =>
        say(`${what} ${child.id} ${value === simulation.kernel.id ? 'kernel' : value}`),
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['create 2 Session#2', 'lose 2 kernel']);
  });

  it('idle ends a family from the youngest up, each parent being told', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const make = (name: string, code: () => void): Session =>
      simulation.session({
        _start({ kernel }) {
          kernel.aliasSet(name);
          code();
        },
        _child: (_, what) => say(`${name}: child ${what}`),
        _parent: ({ kernel }, from, to) =>
          say(`${name}: parent ${from === kernel ? 'kernel' : from.id} to ${to === kernel ? 'kernel' : to.id}`),
        spawn: () => void make('late', () => {}),
        _stop: () => say(`${name}: stop`),
      });
    make('top', () => void make('middle', () => {}));
    simulation.session({
      _start({ kernel }) {
        kernel.yield('go');
      },
      go({ kernel }) {
        kernel.call('middle', 'spawn');
        kernel.delay('end', 1);
      },
      end() {},
    });
    await simulation.kernel.run();
    assert.deepEqual(said, [
      'top: child create',
      'middle: child create',
      'late: stop',
      'middle: child lose',
      'middle: stop',
      'top: child lose',
      'top: stop',
    ]);
  });
});
