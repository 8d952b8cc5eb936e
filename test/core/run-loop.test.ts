import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, Peek, PoeUsageError, Session } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { Simulation } from '../helpers/run-sessions.ts';

describe('run()', () => {
  it('throws away what is left in the queue if everybody was stopped before it', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.stop();
        kernel.signal(kernel, 'TERM');
      },
    });
    assert.equal(kernel.getEventCount(), 1);
    await kernel.run();
    assert.equal(kernel.getEventCount(), 0);
    assert.deepEqual(new Peek(kernel).whyAlive(kernel), []);
  });

  it('returns at once without sessions, and is refused while it runs', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    await kernel.run();
    const refused = (error: unknown) => error instanceof PoeUsageError && error.code === 'POE_ERR_ALREADY_RUNNING';
    await simulation.inside(async () => {
      await assert.rejects(kernel.run(), refused);
      await assert.rejects(kernel.runOneTimeslice(), refused);
    });
  });

  it('leaves nothing behind of what the main program gave to the kernel', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    simulation.session({});
    kernel.aliasSet('main');
    kernel.delay('lost', 9);
    kernel.sig('USR1', 'lost');
    kernel.post(kernel, 'lost');
    await kernel.run();
    assert.equal(kernel.aliasResolve('main'), undefined);
    assert.equal(kernel.getEventCount(), 0);
    assert.deepEqual(simulation.simulated.watchedSignals, []);
  });

  it('takes what is posted from outside of handlers while it sleeps', async () => {
    const kernel = new Kernel();
    const said: string[] = [];
    const session = Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel, session }) => void kernel.refcountIncrement(session.id, 'test'),
        note: (_, what) => void said.push(what),
      },
    });
    setTimeout(() => kernel.post(session, 'note', 'posted'), 5);
    setTimeout(() => kernel.refcountDecrement(session.id, 'test'), 10);
    await kernel.run();
    assert.deepEqual(said, ['posted']);
  });

  it('puts a timer between what was posted before and after it came due, as POE does', async () => {
    const kernel = new Kernel();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.yield('first'),
        first({ kernel }) {
          kernel.yield('before');
          kernel.delay('timer', 0.02);
          for (const end = performance.now() + 50; performance.now() < end; );
          kernel.yield('after');
        },
        before({ kernel }) {
          order.push('before');
          kernel.yield('last');
        },
        timer: note('timer'),
        after: note('after'),
        last: note('last'),
      },
    });
    await kernel.run();
    assert.deepEqual(order, ['before', 'timer', 'after', 'last']);
  });

  it('ends when the last reason goes outside of handlers, whatever it was', async () => {
    for (const [take, giveBack] of [
      [(k: Kernel) => k.delaySet('x', 1e6), (k: Kernel, id: unknown) => k.alarmRemove(id as number)],
      [
        (k: Kernel, s: Session) => k.refcountIncrement(s, 'x'),
        (k: Kernel, _: unknown, s: Session) => k.refcountDecrement(s, 'x'),
      ],
      [(k: Kernel) => k.sigChild(5, 'x'), (k: Kernel) => k.sigChild(5)],
    ] as const) {
      const simulation = new Simulation({ time: 'manual' });
      simulation.simulated.born(5);
      simulation.session({
        _start({ kernel, session }) {
          kernel.aliasSet('name');
          const held = take(kernel as Kernel, session);
          setImmediate(() => giveBack(kernel as Kernel, held, session));
        },
      });
      await simulation.kernel.run();
    }
  });

  it('ends with what a part of the host throws', async () => {
    const simulation = new Simulation();
    const handle = new SimulatedHandle();
    simulation.session({
      _start: ({ kernel }) => void kernel.selectRead(handle, 'readable'),
    });
    setImmediate(() => {
      handle.set(0);
      const bad = Object.getOwnPropertySymbols(handle).map((key) => (handle as never)[key] as { ready: unknown })[0];
      if (bad !== undefined) {
        bad.ready = () => {
          throw new Error('host broke');
        };
      }
    });
    await assert.rejects(simulation.kernel.run(), /host broke/);
    assert.equal(simulation.kernel.getEventCount(), 0);
  });
});

describe('runOneTimeslice()', () => {
  it('waits for something to do, takes one turn, and says whether sessions are left', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    assert.equal(await kernel.runOneTimeslice(), false);
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('tick', 10),
      tick({ kernel }) {
        say('tick');
        kernel.delay('tock', 10);
      },
      tock: () => say('tock'),
      _stop: () => say('stop'),
    });
    assert.equal(await kernel.runOneTimeslice(), true);
    assert.deepEqual([said.join(), simulation.now], ['', 0]);
    assert.equal(await kernel.runOneTimeslice(), true);
    assert.deepEqual([said.join(), simulation.now], ['tick', 10]);
    assert.equal(await kernel.runOneTimeslice(), false);
    assert.deepEqual(said, ['tick', 'tock', 'stop']);
    assert.equal(await kernel.runOneTimeslice(), false);
  });

  it('takes what is due; what that posts waits for the next one, as does the end of who has nothing but a name', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('counter');
        kernel.yield('count', 1);
        kernel.yield('other');
      },
      count({ kernel }, n) {
        say(n);
        if (n < 3) kernel.yield('count', n + 1);
      },
      other: () => say('other'),
      _stop: () => say('stop'),
    });
    const slices: string[] = [];
    for (let more = true; more && slices.length < 10; slices.push(said.splice(0).join()))
      more = await kernel.runOneTimeslice();
    assert.deepEqual(slices, ['1,other', '2', '3', 'stop']);
  });

  it('likewise with a timer pending', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.delay('late', 60);
        kernel.yield('count', 1);
      },
      count({ kernel }, n) {
        say(n);
        if (n < 3) kernel.yield('count', n + 1);
      },
      late: () => say('late'),
    });
    const slices: string[] = [];
    for (let more = true; more && slices.length < 10; slices.push(said.splice(0).join()))
      more = await kernel.runOneTimeslice();
    assert.deepEqual(slices, ['1', '2', '3', 'late']);
  });

  it('rejects with an exception that nobody handled', async () => {
    const simulation = new Simulation();
    simulation.session({
      _start({ kernel }) {
        kernel.yield('crash');
      },
      crash() {
        throw new Error('broke');
      },
    });
    await assert.rejects(async () => {
      while (await simulation.kernel.runOneTimeslice());
    }, /broke/);
  });
});

describe('runWhile()', () => {
  it('goes on while it is wanted, and run() takes over', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    let ticks = 0;
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('tick', 1),
      tick({ kernel }) {
        if (++ticks < 10) kernel.delay('tick', 1);
      },
    });
    await kernel.runWhile(() => ticks < 4);
    assert.equal(ticks, 4);
    await kernel.run();
    assert.equal(ticks, 10);
  });
});

describe('stop()', () => {
  it('stops everybody from outside of handlers too', async () => {
    const simulation = new Simulation({ time: 'manual' });
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.delay('never', 9);
        simulation.session({ _start: ({ kernel }) => void kernel.delay('never', 9), _stop: () => say('child') });
      },
      _stop: () => say('parent'),
    });
    const run = kernel.run();
    await simulation.advance(5);
    kernel.stop();
    await run;
    assert.deepEqual(said, ['child', 'parent']);
  });
});

describe('a turn', () => {
  it('is short enough for timers of the host and of other sessions, while a session yields to itself for ever', async () => {
    const kernel = new Kernel();
    let yields = 0;
    let ticks = 0;
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.yield('spin');
          kernel.delay('tick', 0.001);
        },
        spin({ kernel }) {
          yields++;
          kernel.yield('spin');
        },
        tick({ kernel }) {
          ticks++;
          kernel.delay('tick', 0.001);
        },
      },
    });
    const run = kernel.run();
    const since = performance.now();
    // Both would wait for ever if the kernel kept the turn.
    while (ticks < 5 && performance.now() - since < 60_000) await sleep(1);
    kernel.stop();
    await run;
    assert.ok(ticks >= 5, `${ticks} ticks`);
    assert.ok(yields > ticks, `${yields} yields`);
  });

  it('is short enough while a handle stays ready for ever', async () => {
    const kernel = new Kernel();
    const handle = new SimulatedHandle();
    handle.set(1);
    let writable = 0;
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.selectWrite(handle, 'writable'),
        writable: () => void writable++,
      },
    });
    const run = kernel.run();
    for (let turns = 0; writable <= 5 && turns < 10_000; turns++) await sleep(1);
    kernel.stop();
    await run;
    assert.ok(writable > 5, `${writable} events`);
  });

  it('looks at handles between the events of two passes', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    const handle = new SimulatedHandle();
    simulation.session({
      _start({ kernel }) {
        kernel.selectRead(handle, 'readable');
        kernel.yield('spin', 1);
      },
      spin({ kernel }, n) {
        say(`spin ${n}`);
        if (n === 2) handle.set(0);
        if (n < 4) kernel.yield('spin', n + 1);
      },
      readable({ kernel }) {
        say('readable');
        kernel.selectRead(handle);
      },
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['spin 1', 'spin 2', 'readable', 'spin 3', 'spin 4']);
  });
});

describe('time', () => {
  it('an hour of timers passes in no time on a simulated clock, each when it is due', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    let ticks = 0;
    simulation.session({
      _start({ kernel, heap }) {
        heap.next = 0.5;
        kernel.delay('tick', 0.5);
      },
      tick({ kernel, heap }) {
        ticks++;
        assert.ok(Math.abs(simulation.now - heap.next) < 1e-6, `${simulation.now} is not ${heap.next}`);
        heap.next += 0.5;
        if (simulation.now < 3600) kernel.delay('tick', 0.5);
      },
    });
    const before = performance.now();
    await kernel.run();
    assert.equal(ticks, 7200);
    assert.ok(performance.now() - before < 60_000);
  });

  it('overdue timers run in the order they were due, mixed with posts by their time', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    await simulation.inside(({ kernel }) => {
      kernel.state('note', (_: unknown, what: string) => say(what));
      kernel.delayAdd('note', 3, 'due at 3');
      kernel.yield('note', 'posted at 0');
      kernel.delayAdd('note', 1, 'due at 1');
      simulation.pass(2);
      kernel.yield('note', 'posted at 2');
      simulation.pass(2);
      kernel.yield('note', 'posted at 4');
    });
    assert.deepEqual(said, ['posted at 0', 'due at 1', 'posted at 2', 'due at 3', 'posted at 4']);
  });
});

describe('idle', () => {
  it('ends sessions that only have names, children before parents', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    simulation.session({
      _start({ kernel }) {
        kernel.aliasSet('parent');
        simulation.session({ _start: ({ kernel }) => void kernel.aliasSet('child'), _stop: () => say('child') });
      },
      _stop: () => say('parent'),
    });
    await simulation.kernel.run();
    assert.deepEqual(said, ['child', 'parent']);
  });

  it('is followed by ZOMBIE only if handling IDLE brought nothing to wait for', async () => {
    for (const [what, gain] of [
      ['a timer', (k: Kernel) => k.delay('end', 1)],
      ['a promise', () => null],
      ['a child process', (k: Kernel) => k.sigChild(7, 'end')],
      [
        'a tagged reference',
        (k: Kernel, s: Session, later: Promise<void>) => {
          k.refcountIncrement(s, 'x');
          later.then(() => k.signal(s, 'TERM'));
        },
      ],
    ] as const) {
      const simulation = new Simulation();
      const { said, say, simulated } = simulation;
      simulation.session({
        _start({ kernel }) {
          kernel.aliasSet('patient');
          kernel.sig('IDLE', 'idle');
          kernel.sig('ZOMBIE', 'zombie');
        },
        idle({ kernel, session, heap }) {
          say('idle');
          kernel.sigHandled();
          heap.times = (heap.times ?? 0) + 1;
          if (heap.times > 1) return undefined;
          simulated.born(7);
          simulation.sleep(5).then(() => simulated.ended(7, 0));
          return gain(kernel as Kernel, session, simulation.sleep(1)) === null ? simulation.sleep(2) : undefined;
        },
        zombie: () => say('zombie'),
        end: () => say('end'),
      });
      await simulation.kernel.run();
      assert.equal(said[0], 'idle', what);
      assert.notEqual(said[1], 'zombie', what);
    }
  });
});
