import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Peek, Session } from 'poe-kernel';
import { fc } from '../../helpers/property.ts';
import { Simulation } from '../../helpers/run-sessions.ts';

describe('eventQueue()', () => {
  it('is in the order in which the kernel then dispatches, posted events and timers alike', async () => {
    const made = fc.record({ kind: fc.constantFrom('post', 'delay', 'alarm', 'pass', 'remove'), n: fc.nat(8) });
    const property = fc.asyncProperty(fc.array(made, { maxLength: 40 }), fc.nat(30), async (list, limit) => {
      const simulation = new Simulation();
      const { kernel } = simulation;
      const dispatched: string[] = [];
      let expected: string[] = [];
      const session: Session = simulation.session({
        _start: ({ kernel }) => void kernel.yield('begin'),
        _default: (_, event: string) => void dispatched.push(event),
        begin: ({ kernel }) => void kernel.yield('make'),
        make({ kernel }) {
          const timers: number[] = [];
          for (const [at, { kind, n }] of list.entries()) {
            if (kind === 'post') kernel.yield(`post ${at}`);
            else if (kind === 'delay') timers.push(kernel.delaySet(`delay ${at}`, (n + 1) / 4) ?? 0);
            else if (kind === 'alarm') kernel.alarmAdd(`alarm ${at}`, 1e9 + n / 4 + 0.1);
            else if (kind === 'pass') simulation.pass(n / 8);
            else kernel.alarmRemove(timers[n % Math.max(timers.length, 1)] ?? 0);
          }
          const peek = new Peek(kernel);
          const queue = peek.eventQueue();
          assert.deepEqual(peek.eventQueue({ limit }), queue.slice(0, limit));
          assert.deepEqual(
            queue.map(({ index, destination }) => [index, destination]),
            queue.map((_, at) => [at, session.id]),
          );
          expected = queue.map(({ event }) => event);
        },
      });
      await kernel.run();
      assert.deepEqual(
        dispatched.filter((event) => !event.startsWith('_')),
        expected,
      );
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('gives the first of many timers', () => {
    const { kernel } = new Simulation();
    const count = 10_000;
    const due = (n: number): number => (n * 7919) % count;
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          for (let n = 0; n < count; n++) kernel.delaySet(`in ${due(n)}`, 1 + due(n));
        },
      },
    });
    const { counts } = new Peek(kernel).kernel();
    assert.equal(counts.timers, count);
    for (const limit of [0, 1, 2, 100, 4096, count, count + 1, Number.POSITIVE_INFINITY]) {
      const [first, ...timers] = new Peek(kernel).eventQueue({ limit });
      assert.equal(first?.type, limit === 0 ? undefined : '_garbage_collect');
      assert.equal(timers.length, Math.max(Math.min(limit - 1, count), 0));
      assert.ok(timers.every(({ event }, at) => event === `in ${at}`));
    }
  });

  it('counts arguments of events, however many, of signals and of timers', async () => {
    const simulation = new Simulation();
    await simulation.inside(({ kernel, session }) => {
      for (let n = 0; n < 6; n++) kernel.yield('posted', ...Array(n).fill('x'));
      kernel.signal(session, 'NOISE', 'loud', 'shrill');
      kernel.delaySet('timed', 1, 'a', 'b', 'c');
      assert.deepEqual(
        new Peek(kernel).eventQueue().map(({ args }) => args),
        [0, 1, 2, 3, 4, 5, 2, 3],
      );
    });
  });
});
