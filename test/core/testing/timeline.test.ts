import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Timeline } from '../../../core/testing/timeline.ts';
import { fc } from '../../helpers/property.ts';

const step = fc.oneof(
  fc.record({ set: fc.nat(20) }),
  fc.record({ cancel: fc.nat(40) }),
  fc.record({ move: fc.nat(5) }),
  fc.constant('jump' as const),
);

describe('Timeline', () => {
  it('fires what is due, in the order of time, then of setting, and nothing that was taken back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const timeline = new Timeline();
        const fired: number[] = [];
        const cancels: (() => void)[] = [];
        /** The same in plain: due time and number of each timer that waits. */
        let waiting: { due: number; id: number }[] = [];
        for (const step of steps) {
          if (step === 'jump') {
            timeline.moveTo(timeline.nextDue() ?? timeline.now);
          } else if ('set' in step) {
            const id = cancels.length;
            cancels.push(timeline.set(step.set, () => fired.push(id)));
            waiting.push({ due: timeline.now + step.set, id });
          } else if ('cancel' in step) {
            cancels[step.cancel]?.();
            waiting = waiting.filter(({ id }) => id !== step.cancel);
          } else {
            timeline.moveTo(timeline.in(step.move));
          }
          const due = waiting.filter((timer) => timer.due <= timeline.now).sort((a, b) => a.due - b.due);
          assert.equal(timeline.isDue, due.length > 0);
          timeline.fire();
          assert.deepEqual(
            fired.splice(0),
            due.map(({ id }) => id),
          );
          waiting = waiting.filter((timer) => !due.includes(timer));
          assert.equal(timeline.nextDue() ?? Number.POSITIVE_INFINITY, Math.min(...waiting.map(({ due }) => due)));
        }
      }),
    );
  });

  it('lets one timer take another one back that is due with it', () => {
    const timeline = new Timeline();
    const fired: string[] = [];
    timeline.set(1, () => {
      fired.push('first');
      cancel();
    });
    const cancel = timeline.set(1, () => fired.push('second'));
    timeline.moveTo(1);
    timeline.fire();
    assert.deepEqual(fired, ['first']);
    assert.equal(timeline.nextDue(), undefined);
  });

  it('never goes back', () => {
    const timeline = new Timeline();
    timeline.moveTo(5);
    timeline.moveTo(3);
    assert.equal(timeline.now, 5);
  });

  it('stands still for 10,000 readings at one time, then creeps until it is moved', () => {
    const timeline = new Timeline();
    for (let n = 0; n < 10_000; n++) timeline.read();
    assert.equal(timeline.now, 0);
    assert.equal(timeline.read(), 1e-6);
    assert.equal(timeline.read(), 2e-6);
    timeline.moveTo(1);
    assert.equal(timeline.read(), 1);
  });
});
