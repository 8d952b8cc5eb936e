import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecordQueue } from '../../../wheels/filters/record-queue.ts';
import { fc } from '../../helpers/property.ts';

describe('RecordQueue', () => {
  it('behaves as an array that is filled at the end and taken from at the front', () => {
    const push = fc.array(fc.integer(), { maxLength: 400 }).map((records) => ({ push: records }));
    const take = fc.nat(500).map((count) => ({ take: count }));
    fc.assert(
      fc.property(fc.array(fc.oneof(push, take), { maxLength: 20 }), (steps) => {
        const queue = new RecordQueue<number>();
        const model: number[] = [];
        for (const step of steps) {
          if ('push' in step) {
            queue.push(step.push);
            model.push(...step.push);
          } else {
            assert.deepEqual(queue.take(step.take), model.splice(0, step.take));
          }
          assert.equal(queue.length, model.length);
          assert.deepEqual(queue.peek() ?? [], model);
        }
      }),
    );
  });
});
