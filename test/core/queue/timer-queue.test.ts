import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TimerQueue } from '../../../core/queue/timer-queue.ts';
import { NONE, TimerTable } from '../../../core/queue/timer-table.ts';
import type { SessionLike } from '../../../core/types.ts';
import { fc } from '../../helpers/property.ts';

const session = {} as SessionLike;

class Timers {
  readonly table = new TimerTable();
  readonly queue: TimerQueue;

  constructor(start = 0) {
    this.queue = new TimerQueue(this.table, start);
  }

  set(due: number, event = String(due)): number {
    const slot = this.table.add(session, event, undefined, []);
    this.queue.insert(slot, due);
    return slot;
  }

  cancel(slot: number): void {
    this.queue.remove(slot);
    this.table.free(slot);
  }

  adjust(slot: number, due: number): void {
    this.queue.remove(slot);
    this.queue.insert(slot, due);
  }

  /** Takes out what is due by then, and says which events that were. */
  fire(time: number): string[] {
    this.queue.advance(time);
    const events: string[] = [];
    while (this.queue.firstDue <= time) {
      const slot = this.queue.first;
      events.push(this.table.eventOf(slot));
      this.cancel(slot);
    }
    return events;
  }
}

describe('TimerQueue', () => {
  it('keeps the order of setting among timers due together, and puts an adjusted one behind them', () => {
    const timers = new Timers();
    const [one] = ['one', 'two', 'three'].map((event) => timers.set(5, event)) as [number];
    timers.adjust(one, 5);
    assert.deepEqual(timers.fire(5), ['two', 'three', 'one']);
  });

  it('orders what is due within the same millisecond', () => {
    const timers = new Timers();
    for (const due of [1.0003, 1.0001, 1.0004, 1.0002]) timers.set(due);
    assert.deepEqual(timers.fire(1.00025), ['1.0001', '1.0002']);
    assert.deepEqual(timers.fire(1.001), ['1.0003', '1.0004']);
  });

  it('has nothing due and nothing to wake for without timers', () => {
    const { queue } = new Timers();
    queue.advance(1e6);
    const { size, first, firstDue, wakeTime, nextDue } = queue;
    assert.deepEqual([size, first, firstDue, wakeTime, nextDue], [0, NONE, ...Array(3).fill(Number.POSITIVE_INFINITY)]);
  });

  it('knows exactly when the next of few is due, and wakes no later than the next of many', () => {
    const timers = new Timers();
    for (let n = 0; n < 3; n++) timers.set(1000.5 + n / 1e6);
    assert.deepEqual([timers.queue.wakeTime, timers.queue.nextDue], [1000.5, 1000.5]);
    for (let n = 0; n < 1000; n++) timers.set(1000.6 + n / 1e6);
    assert.equal(timers.queue.nextDue, 1000.5);
    const { wakeTime } = timers.queue;
    assert.ok(wakeTime <= 1000.5 && wakeTime > 900, `wakes at ${wakeTime}`);
  });

  it('takes timers of the past, of the next century and of the end of time', () => {
    const timers = new Timers(10);
    for (const due of [Number.POSITIVE_INFINITY, -1e9, 3e9, 10, Number.NEGATIVE_INFINITY]) timers.set(due);
    assert.deepEqual(timers.fire(10), ['-Infinity', '-1000000000', '10']);
    assert.deepEqual(timers.fire(3e9 - 1), []);
    assert.deepEqual(timers.fire(3e9), ['3000000000']);
    assert.equal(timers.queue.size, 1);
    assert.equal(timers.queue.nextDue, Number.POSITIVE_INFINITY);
  });

  it('agrees with a sorted list under any settings, removals, adjustments and steps of time', () => {
    // Near and far, on either side of the borders of all levels of the wheel.
    const distance = fc.oneof(
      fc.nat(40).map((n) => n / 4096),
      fc.nat(3000).map((n) => n / 1024),
      ...[8, 16, 24, 32, 33].map((bits) => fc.integer({ min: -3, max: 3 }).map((n) => (2 ** bits + n) / 1024)),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
    );
    const command = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), distance }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('adjust' as const), which: fc.nat(), distance }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('fire' as const), distance }) },
    );
    const start = fc.oneof(fc.constant(0), fc.constant(2 ** 22 - 0.5), fc.double({ min: 0, max: 1e8, noNaN: true }));
    const property = fc.property(start, fc.array(command, { maxLength: 200 }), (start, commands) => {
      const timers = new Timers(start);
      let now = start;
      let list: { slot: number; event: string; due: number; order: number }[] = [];
      let order = 0;
      for (const step of commands) {
        const entry = 'which' in step ? list[step.which % Math.max(list.length, 1)] : undefined;
        if (step.kind === 'set') {
          const event = String(order);
          const due = now + step.distance;
          list.push({ slot: timers.set(due, event), event, due, order: order++ });
        } else if (step.kind === 'fire') {
          now += step.distance;
          const due = list.filter((each) => each.due <= now);
          list = list.filter((each) => each.due > now);
          assert.deepEqual(
            timers.fire(now),
            due.map(({ event }) => event),
          );
        } else if (entry !== undefined && step.kind === 'cancel') {
          timers.cancel(entry.slot);
          list = list.filter((each) => each !== entry);
        } else if (entry !== undefined && step.kind === 'adjust') {
          entry.due = now + step.distance;
          entry.order = order++;
          timers.adjust(entry.slot, entry.due);
        }
        list.sort((x, y) => x.due - y.due || x.order - y.order);
        const first = list[0]?.due ?? Number.POSITIVE_INFINITY;
        assert.equal(timers.queue.size, list.length);
        assert.equal(timers.queue.nextDue, first);
        assert.ok(timers.queue.wakeTime <= first);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('never stands still: waking when it says so comes to every timer within a few steps', () => {
    const timers = new Timers();
    for (let n = 0; n < 1000; n++) timers.set(86_400 + n / 1e5);
    let steps = 0;
    let fired = 0;
    for (; fired < 1000 && steps < 3000; steps++) fired += timers.fire(timers.queue.wakeTime).length;
    assert.equal(fired, 1000);
    assert.ok(steps < 1050, `${steps} steps`);
  });

  it('looks anew when the time it said has come, though nothing was due then', () => {
    const timers = new Timers();
    timers.set(1);
    for (let n = 0; n < 200; n++) timers.set(300 + n / 100);
    assert.equal(timers.fire(1.01).length, 1);
    let steps = 0;
    let fired = 0;
    for (; fired < 200 && steps < 1000; steps++) fired += timers.fire(timers.queue.wakeTime).length;
    assert.equal(fired, 200);
    assert.ok(steps < 250, `${steps} steps`);
  });
});
