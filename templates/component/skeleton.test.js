import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { Simulation } from 'poe-kernel/testing';
import { Skeleton } from './skeleton.js';

test('Skeleton adds up, reports to who asks, and ends', async () => {
  const kernel = new Kernel({ host: new Simulation().host() });
  const sums = [];
  Skeleton.spawn({ kernel, alias: 'sum' });
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.post('sum', 'add', 5);
        kernel.post('sum', 'add', 7);
        kernel.post('sum', 'report', 'gotSum');
      },
      gotSum({ kernel }, sum) {
        sums.push(sum);
        kernel.post('sum', 'shutdown');
      },
    },
  });
  await kernel.run();
  assert.deepEqual(sums, [12]);
});
