import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, type Plugin, Session } from 'poe-kernel';
import { loadPlugins } from 'poe-kernel/plugins';

const recorder = (name: string, log: string[]): Plugin => ({
  name,
  apply(kernel) {
    log.push(`apply ${name}`);
    kernel.hooks.sessionStarted.tap(name, () => {
      log.push(`${name} sees a session`);
    });
    return () => void log.push(`undo ${name}`);
  },
});

describe('loadPlugins()', () => {
  test('applies the plugins in order, sets hookFailures, and undoes in reverse', async () => {
    const kernel = new Kernel();
    const log: string[] = [];
    const config = { hookFailures: 4, plugins: [{ use: recorder('a', log) }, { use: recorder('b', log) }] };
    const loaded = await loadPlugins(kernel, { config, env: {} });
    Session.create({ kernel, inlineStates: { _start() {} } });
    await kernel.run();
    loaded.undo();
    assert.deepEqual(log, ['apply a', 'apply b', 'a sees a session', 'b sees a session', 'undo b', 'undo a']);
    assert.equal(kernel.hookFailures, 4);
    assert.equal(loaded.config.plugins.length, 2);
  });

  test('applies none of them if the config is wrong', async () => {
    const kernel = new Kernel();
    const log: string[] = [];
    const config = { hookFailures: 4, plugins: [{ use: recorder('a', log) }, { use: 'log', options: { levl: 1 } }] };
    await assert.rejects(loadPlugins(kernel, { config, env: {} }), { code: 'POE_ERR_CONFIG' });
    assert.deepEqual(log, []);
    assert.equal(kernel.hookFailures, 10);
  });
});
