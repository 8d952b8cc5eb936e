import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Timer } from '../../../core/queue/timer.ts';
import { TimerHeap } from '../../../core/queue/timer-heap.ts';
import type { SessionLike } from '../../../core/types.ts';

const timer = (event: string): Timer => new Timer({} as SessionLike, event, undefined, [], 0, 0);

function drain(heap: TimerHeap): string[] {
  const events: string[] = [];
  while (heap.size !== 0) {
    events.push(heap.first.event);
    heap.remove(heap.first);
  }
  return events;
}

describe('TimerHeap', () => {
  it('keeps the order of setting among timers due together, and puts an adjusted one behind them', () => {
    const heap = new TimerHeap();
    const [one, two, three] = [timer('one'), timer('two'), timer('three')] as const;
    for (const each of [one, two, three]) heap.insert(each, 5);
    heap.adjust(one, 5);
    assert.deepEqual(drain(heap), ['two', 'three', 'one']);
  });

  it('says when the first is due, Infinity if there is none', () => {
    const heap = new TimerHeap();
    assert.equal(heap.nextDue, Number.POSITIVE_INFINITY);
    const one = timer('one');
    heap.insert(one, 3);
    assert.deepEqual([heap.nextDue, heap.dueOf(one), heap.first], [3, 3, one]);
  });

  it('sorted() puts any of its timers in the order they are due', () => {
    const heap = new TimerHeap();
    const timers = [4, 1, 3, 2].map((due) => {
      const each = timer(String(due));
      heap.insert(each, due);
      return each;
    });
    assert.deepEqual(
      heap.sorted(timers).map(({ event }) => event),
      ['1', '2', '3', '4'],
    );
  });

  it('agrees with a sorted list under any insertions, removals and adjustments', () => {
    const command = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), due: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('adjust' as const), which: fc.nat(), due: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('first' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const heap = new TimerHeap();
        // Sorted by due time, then by the order of setting.
        let list: { timer: Timer; due: number; order: number }[] = [];
        const sort = (): void => void list.sort((x, y) => x.due - y.due || x.order - y.order);
        let order = 0;
        for (const step of commands) {
          const entry = 'which' in step ? list[step.which % Math.max(list.length, 1)] : undefined;
          if (step.kind === 'insert') {
            const made = timer(String(order));
            heap.insert(made, step.due);
            list.push({ timer: made, due: step.due, order: order++ });
          } else if (step.kind === 'first') {
            assert.equal(heap.size === 0 ? undefined : heap.first, list[0]?.timer);
          } else if (entry !== undefined && step.kind === 'remove') {
            heap.remove(entry.timer);
            assert.equal(entry.timer.index, -1);
            list = list.filter((each) => each !== entry);
          } else if (entry !== undefined && step.kind === 'adjust') {
            heap.adjust(entry.timer, step.due);
            entry.due = step.due;
            entry.order = order++;
          }
          sort();
          assert.equal(heap.size, list.length);
          assert.equal(heap.nextDue, list[0]?.due ?? Number.POSITIVE_INFINITY);
        }
        assert.deepEqual(
          drain(heap),
          list.map((each) => each.timer.event),
        );
      }),
    );
  });
});
