import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlugins, Kernel, Session } from 'poe-kernel';
import { Simulation } from 'poe-kernel/testing';
import { skeleton } from './skeleton.ts';

test('skeleton counts the sessions that are started', async () => {
  const kernel = new Kernel({ host: new Simulation().host() });
  const reports: number[] = [];
  const undo = applyPlugins(kernel, [skeleton({ report: (started) => reports.push(started) })]);
  for (let n = 0; n < 3; n++) Session.create({ kernel, inlineStates: { _start() {} } });
  await kernel.run();
  undo();
  assert.deepEqual(reports, [3]);
});
