import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, type KernelView, NFA, Peek, Session } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../../helpers/run-sessions.ts';

const idsOf = (sessions: readonly { id: unknown }[]): unknown[] => sessions.map(({ id }) => id);

/**
 * Runs a program and calls `look` in its handler `go`. The same program was run on POE 1.370 with POE::API::Peek 2.20: what is
 * expected here is what was found there.
 */
async function inProgram(look: (peek: Peek, own: KernelView, simulation: Simulation) => void): Promise<void> {
  const simulation = new Simulation();
  const { kernel } = simulation;
  const peek = new Peek(kernel);
  const handle = new SimulatedHandle();
  let looked = 0;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel, session }) {
        kernel.aliasSet('b-name');
        kernel.aliasSet('a-name');
        kernel.yield('go', 1, 2);
        kernel.delaySet('later', 5, 'x');
        kernel.sig('INT', 'int', 7);
        kernel.sig('DIE', 'die');
        for (let n = 0; n < 3; n++) kernel.refcountIncrement(session.id, 'tag');
        kernel.refcountIncrement(session.id, 'tag2');
        kernel.selectRead(handle, 'in');
        kernel.selectWrite(handle, 'in');
        kernel.selectPauseRead(handle);
        Session.create({
          kernel,
          inlineStates: {
            _start({ kernel }) {
              kernel.aliasSet('child');
              kernel.post('a-name', 'from child');
            },
            _stop() {},
          },
        });
      },
      int() {},
      die() {},
      in() {},
      later() {},
      _stop() {},
      go({ kernel }) {
        kernel.yield('again');
        kernel.post('child', 'hey');
        look(peek, kernel, simulation);
        looked++;
        kernel.stop();
      },
    },
  });
  await kernel.run();
  assert.equal(looked, 1);
}

describe('Peek answers as POE::API::Peek 2.20 does on POE 1.370', () => {
  it('about the kernel', async () => {
    const { kernel } = new Simulation();
    const peek = new Peek(kernel);
    assert.equal(peek.activeEvent(), undefined);
    assert.equal(peek.currentSession(), kernel);
    assert.deepEqual([peek.sessionCount(), peek.sessionList(), peek.eventQueueDump()], [1, [], []]);
    await inProgram((peek, own) => {
      assert.equal(peek.id(), own.id);
      assert.equal(peek.activeEvent(), 'go');
      assert.equal((peek.currentSession() as Session).id, 1);
      assert.equal(peek.sessionCount(), 3);
      assert.deepEqual(idsOf(peek.sessionList()), [1, 2]);
      assert.deepEqual(peek.eventList(), {
        1: ['_start', '_stop', 'die', 'go', 'in', 'int', 'later'],
        2: ['_start', '_stop'],
      });
    });
  });

  it('about parents and children', () =>
    inProgram((peek, own) => {
      assert.deepEqual(idsOf(peek.getSessionChildren()), [2]);
      assert.deepEqual(idsOf(peek.getSessionChildren(own)), [1]);
      assert.equal((peek.getSessionParent() as KernelView).isSame(own), true);
      assert.equal((peek.getSessionParent(2) as Session).id, 1);
      assert.equal(peek.getSessionParent(own), undefined);
      assert.deepEqual(
        [peek.isSessionChild(1), peek.isSessionChild(1, 2), peek.isSessionChild(2, 1), peek.isSessionChild(3, 3)],
        [false, true, false, false],
      );
    }));

  it('about sessions, IDs and aliases', () =>
    inProgram((peek, own) => {
      assert.equal((peek.resolveSessionToRef() as Session).id, 1);
      assert.equal(peek.resolveSessionToId(), 1);
      assert.equal(peek.resolveSessionToId(own), own.id);
      assert.equal((peek.resolveAlias('a-name') as Session).id, 1);
      assert.deepEqual([peek.resolveAlias('none'), peek.resolveAlias('2')], [undefined, undefined]);
      assert.deepEqual([peek.sessionAliasList(), peek.sessionAliasCount()], [['a-name', 'b-name'], 2]);
      assert.equal(peek.sessionIdLoggable(), 'session 1 (a-name, b-name)');
      assert.equal(peek.sessionIdLoggable(own), `session ${own.id}`);
      assert.deepEqual(peek.sessionEventList(2), ['_start', '_stop']);
      assert.deepEqual(peek.sessionEventList(own), []);
    }));

  it('about counts', () =>
    inProgram((peek, own) => {
      assert.deepEqual([peek.eventCountTo(), peek.eventCountFrom()], [4, 1]);
      assert.deepEqual([peek.getSessionRefcount(), peek.getSessionRefcount(own)], [8, 1]);
      assert.deepEqual([peek.extrefCount(), peek.getSessionExtrefCount()], [1, 2]);
      assert.deepEqual([peek.handleCount(), peek.sessionHandleCount(), peek.sessionHandleCount(2)], [1, 1, 0]);
      assert.equal(peek.sessionPidCount(), 0);
    }));

  it('about the queue', () =>
    inProgram((peek, own) => {
      const dump = peek.eventQueueDump();
      assert.deepEqual(
        dump.map(({ index, event, type }) => [index, event, type]),
        [
          [0, 'from child', 'User'],
          [1, '_garbage_collect', '_garbage_collect'],
          [2, '_garbage_collect', '_garbage_collect'],
          [3, 'again', 'User'],
          [4, 'hey', 'User'],
          [5, 'later', 'Alarm'],
        ],
      );
      assert.deepEqual(
        dump.map(({ source, destination }) => [source, destination].map(({ id }) => id)),
        [
          [2, 1],
          [2, 2],
          [1, 1],
          [1, 1],
          [1, 2],
          [1, 1],
        ],
      );
      assert.deepEqual(
        dump.map(({ priority }) => priority - 1e9),
        [0, 0, 0, 0, 0, 5],
      );
      const { id } = dump[5] ?? {};
      assert.ok(own.alarmRemove(id as number));
    }));

  it('about handles', () =>
    inProgram((peek, own) => {
      const { handle } = own._engine.handles.watchedBy(own._engine.active)[0] ?? {};
      assert.ok(handle);
      assert.deepEqual(
        ([0, 1, 2] as const).map((mode) => peek.isHandleTracked(handle, mode)),
        [true, true, false],
      );
      assert.equal(peek.isHandleTracked(new SimulatedHandle(), 0), false);
    }));

  it('about signals', () =>
    inProgram((peek) => {
      const types = Object.fromEntries(
        ['INT', 'TERM', 'KILL', 'QUIT', 'HUP', 'DIE', 'IDLE', 'ZOMBIE', 'UIDESTROY', 'CHLD', 'USR1', 'NOISE'].map(
          (name) => [name, peek.getSignalType(name)],
        ),
      );
      const [benign, terminal, nonmaskable] = ['benign', 'terminal', 'nonmaskable'] as const;
      assert.deepEqual(types, {
        ...{
          INT: terminal,
          TERM: terminal,
          KILL: terminal,
          QUIT: terminal,
          HUP: terminal,
          DIE: terminal,
          IDLE: terminal,
        },
        ...{ ZOMBIE: nonmaskable, UIDESTROY: nonmaskable, CHLD: benign, USR1: benign, NOISE: benign },
      });
      assert.deepEqual([peek.isSignalWatched('INT'), peek.isSignalWatched('TERM')], [true, false]);
      assert.deepEqual({ ...peek.signalsWatchedBySession() }, { INT: 'int', DIE: 'die' });
      assert.deepEqual({ ...peek.signalWatchers('DIE') }, { 'Session#1': 'die' });
      assert.deepEqual(
        [
          peek.isSignalWatchedBySession('INT'),
          peek.isSignalWatchedBySession('INT', 2),
          peek.isSignalWatchedBySession('TERM'),
        ],
        [true, false, false],
      );
      assert.deepEqual({ ...peek.signalWatchers('TERM') }, {});
    }));

  it('about sessions that are not there', () =>
    inProgram((peek) => {
      for (const nobody of [99, 'nobody']) {
        assert.deepEqual(
          [peek.getSessionChildren(nobody), peek.sessionAliasList(nobody), peek.sessionEventList(nobody)],
          [[], [], []],
        );
        assert.deepEqual(
          [peek.sessionAliasCount(nobody), peek.eventCountTo(nobody), peek.eventCountFrom(nobody)],
          [0, 0, 0],
        );
        assert.deepEqual(
          [peek.getSessionExtrefCount(nobody), peek.sessionHandleCount(nobody), peek.sessionPidCount(nobody)],
          [0, 0, 0],
        );
        assert.deepEqual(
          [peek.getSessionParent(nobody), peek.getSessionRefcount(nobody), peek.resolveSessionToId(nobody)],
          [undefined, undefined, undefined],
        );
        assert.equal(peek.resolveSessionToRef(nobody), undefined);
        assert.equal(peek.sessionIdLoggable(nobody), `session ${nobody}`);
        assert.deepEqual({ ...peek.signalsWatchedBySession(nobody) }, {});
        assert.equal(peek.isSignalWatchedBySession('INT', nobody), false);
        assert.equal(peek.isSessionChild(1, nobody), false);
        assert.equal(peek.isSessionChild(nobody, 2), false);
      }
    }));
});

describe('isKernelRunning()', () => {
  it('is true from run() to its end', async () => {
    const simulation = new Simulation();
    assert.equal(new Peek(simulation.kernel).isKernelRunning(), false);
    await simulation.inside(({ kernel }) => assert.equal(new Peek(kernel).isKernelRunning(), true));
    assert.equal(new Peek(simulation.kernel).isKernelRunning(), false);
  });
});

describe('whichLoop()', () => {
  it("is node, or the class of the loop that the kernel was given, or that loop's own name", () => {
    class Turnstile {
      soon(): void {}
      after(): () => void {
        return () => {};
      }
    }
    const named = Object.assign(new Turnstile(), { name: 'drum' });
    assert.equal(new Peek(new Kernel()).whichLoop(), 'node');
    assert.equal(new Peek(new Kernel({ host: { loop: new Turnstile() } })).whichLoop(), 'Turnstile');
    assert.equal(new Peek(new Kernel({ host: { loop: named } })).whichLoop(), 'drum');
  });
});

describe('getSafeSignals()', () => {
  it('are the signals of the system that can be watched', () => {
    const names = new Peek(new Kernel()).getSafeSignals();
    for (const name of ['INT', 'TERM', 'USR1', 'CHLD']) assert.ok(names.includes(name), name);
    for (const name of ['KILL', 'STOP', 'NOISE']) assert.ok(!names.includes(name), name);
    assert.deepEqual(names, [...names].sort());
  });
});

describe('a Peek made with the kernel of a handler', () => {
  it('speaks of that session where none is given, also after an await', async () => {
    const simulation = new Simulation();
    let peek: Peek | undefined;
    await simulation.inside(async ({ kernel, session }) => {
      peek = new Peek(kernel);
      await Promise.resolve();
      assert.equal(peek.currentSession(), kernel);
      assert.equal(peek.resolveSessionToId(), session.id);
      assert.deepEqual(
        peek.whyAlive()?.map(({ kind, text }) => [kind, text]),
        [['promise', 'a promise of a handler is pending']],
      );
      assert.equal(peek.getSessionParent(), kernel);
    });
    assert.equal(peek?.resolveSessionToId(), 1);
  });
});

describe('names of signals', () => {
  it('mean nothing to JavaScript', () =>
    new Simulation().inside(({ kernel }) => {
      kernel.sig('__proto__', 'polluted');
      const watched = new Peek(kernel).signalsWatchedBySession();
      assert.deepEqual(Object.entries(watched), [['__proto__', 'polluted']]);
      assert.equal(Object.getPrototypeOf(watched), null);
    }));
});

describe('dump()', () => {
  it('is the whole kernel as plain values', async () => {
    const simulation = new Simulation();
    const { kernel, simulated } = simulation;
    simulated.born(7);
    const handle = new SimulatedHandle();
    const session = simulation.session({
      _start({ kernel, session }) {
        kernel.aliasSet('logger');
        kernel.sig('USR1', 'rotate');
        kernel.sigChild(7, 'reaped');
        kernel.selectRead(handle, 'input');
        kernel.refcountIncrement(session, 'held');
        kernel.alarm('end of time', Number.POSITIVE_INFINITY);
      },
      note() {},
      _stop() {},
    });
    kernel.post(session, 'note', 1, 2, 3, 4, 5);
    kernel.signal(session, 'USR1', 'now');
    const dump = new Peek(kernel).dump();
    const { reasons } = dump.sessions[0] ?? {};
    assert.deepEqual(dump, {
      kernel: {
        id: kernel.id,
        time: 1e9,
        running: false,
        loop: 'Object',
        activeSession: kernel.id,
        activeEvent: null,
        idle: false,
        counts: { sessions: 1, events: 3, timers: 1, handles: 1, extrefs: 1, promises: 0 },
      },
      sessions: [
        {
          id: 1,
          name: 'session 1 (logger)',
          type: 'Session',
          phase: 'running',
          parent: kernel.id,
          children: [],
          aliases: ['logger'],
          events: ['_start', '_stop', 'note'],
          signals: [{ signal: 'USR1', session: 1, event: 'rotate' }],
          handles: [
            { handle: 'SimulatedHandle', session: 1, modes: [{ mode: 'read', event: 'input', paused: false }] },
          ],
          extrefs: [{ tag: 'held', count: 1 }],
          processes: [{ pid: 7, event: 'reaped' }],
          counts: {
            events: 3,
            timers: 1,
            posted: 0,
            children: 0,
            aliases: 1,
            handles: 1,
            extrefs: 1,
            processes: 1,
            promises: 0,
          },
          reasons,
        },
      ],
      queue: [
        {
          id: 0,
          type: '_garbage_collect',
          event: '_garbage_collect',
          source: 1,
          destination: 1,
          due: 1e9,
          args: 0,
          index: 0,
        },
        { id: 1, type: 'User', event: 'note', source: kernel.id, destination: 1, due: 1e9, args: 5, index: 1 },
        {
          id: 2,
          type: '_signal',
          event: '_signal',
          signal: 'USR1',
          source: kernel.id,
          destination: 1,
          due: 1e9,
          args: 1,
          index: 2,
        },
        {
          id: dump.queue[3]?.id,
          type: 'Alarm',
          event: 'end of time',
          source: 1,
          destination: 1,
          due: Number.MAX_VALUE,
          args: 0,
          index: 3,
        },
      ],
      signals: [{ signal: 'USR1', session: 1, event: 'rotate' }],
    });
    assert.deepEqual(JSON.parse(JSON.stringify(dump)), dump);
    kernel.stop();
    await kernel.run();
  });

  it('leaves out what is beyond the limit, and tells by the counts that it has', () => {
    const simulation = new Simulation();
    for (let n = 0; n < 5; n++) simulation.session({ _start: ({ kernel }) => void kernel.delay('x', 5 - n) });
    const { kernel, sessions, queue } = new Peek(simulation.kernel).dump({ limit: 3 });
    assert.deepEqual(idsOf(sessions), [1, 2, 3]);
    assert.deepEqual(
      queue.map(({ type, destination }) => [type, destination]),
      [1, 2, 3].map((id) => ['_garbage_collect', id]),
    );
    assert.deepEqual([kernel.counts.sessions, kernel.counts.events, kernel.counts.timers], [5, 5, 5]);
    assert.deepEqual(new Peek(simulation.kernel).dump({ limit: 0 }).queue, []);
  });
});

describe('session()', () => {
  it('knows phases, classes and the kernel', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const peek = new Peek(kernel);
    const phases: unknown[] = [];
    const note = ({ session }: { session: Session }): void => void phases.push(peek.session(session)?.phase);
    simulation.session({ _start: note, _stop: note });
    const machine = NFA.spawn({ kernel, inlineStates: { home: { here() {} }, away: { there() {} } } });
    machine.gotoState('home');
    phases.push(peek.session(1)?.phase);
    assert.deepEqual([peek.session(machine)?.type, peek.session(machine)?.events], ['NFA', ['_start', 'here']]);
    const own = peek.session(kernel);
    assert.deepEqual([own?.id, own?.type, own?.parent, own?.children], [kernel.id, 'Kernel', null, [1, 2]]);
    assert.equal(peek.session('nobody'), undefined);
    await kernel.run();
    assert.deepEqual(phases, ['starting', 'running', 'stopping']);
  });
});

describe('handles()', () => {
  it('are those of all sessions and of the kernel', () =>
    new Simulation().inside(({ kernel, session }) => {
      const [own, shared] = [new SimulatedHandle(), new SimulatedHandle()];
      kernel.select(own, 'in', 'out');
      kernel.selectPauseWrite(own);
      kernel.selectExpedite(shared, 'urgent');
      assert.deepEqual(new Peek(kernel).handles(), [
        {
          handle: 'SimulatedHandle',
          session: session.id,
          modes: [
            { mode: 'read', event: 'in', paused: false },
            { mode: 'write', event: 'out', paused: true },
          ],
        },
        {
          handle: 'SimulatedHandle',
          session: session.id,
          modes: [{ mode: 'expedite', event: 'urgent', paused: false }],
        },
      ]);
      kernel.select(own);
      kernel.select(shared);
    }));
});
