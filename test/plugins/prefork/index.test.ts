import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlugins, Kernel } from 'poe-kernel';
import { supervisorOf } from 'poe-kernel/components';
import { prefork } from 'poe-kernel/plugins';
import { preforkSettings } from '../../../components/prefork/options.ts';
import { preforkSchema } from '../../../plugins/prefork/options.ts';

test('prefork has the options and defaults of prefork(), and says what each is for', () => {
  assert.deepEqual(preforkSchema.parse({}), preforkSettings({}));
  for (const [name, { description }] of Object.entries(preforkSchema.shape)) assert.ok(description, name);
});

test('prefork refuses what prefork() refuses, by its schema', () => {
  const kernel = new Kernel();
  for (const options of [
    { process: 2 },
    { processes: -1 },
    { drainTimeout: 0 },
    { orphans: 'kill' },
    { handoverSignal: 'KILL' },
  ]) {
    const code = 'POE_ERR_PLUGIN_OPTIONS';
    assert.throws(() => applyPlugins(kernel, [[prefork, options]]), { code }, JSON.stringify(options));
  }
  assert.equal(supervisorOf(kernel), undefined);
});

test('prefork takes as signals of a handover only those that prefork() takes', () => {
  for (const handoverSignal of preforkSchema.shape.handoverSignal.unwrap().options) preforkSettings({ handoverSignal });
});

test('prefork makes a kernel the parent, which ends when it is stopped', async () => {
  const kernel = new Kernel();
  applyPlugins(kernel, [[prefork, { processes: 4 }]]);
  const supervisor = supervisorOf(kernel);
  assert.equal(supervisor?.size, 3);
  supervisor?.stop();
  await kernel.run();
  assert.deepEqual(supervisor?.exits(), []);
});
