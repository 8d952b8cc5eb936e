import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlugins, Kernel, type Plugin, Session } from 'poe-kernel';

/** A plugin that notes what is done to it. */
function noting(name: string, log: string[], fails = false): Plugin {
  return {
    name,
    apply(kernel) {
      log.push(`${name} applied`);
      kernel.hooks.sessionStarted.tap(name, (session) => log.push(`${name} saw session ${session.id}`));
      return () => {
        log.push(`${name} undone`);
        if (fails) throw new Error(`${name} fails`);
      };
    },
  };
}

test('applyPlugins() applies in order and undoes in reverse', async () => {
  const log: string[] = [];
  const kernel = new Kernel();
  const undo = applyPlugins(kernel, [noting('a', log), noting('b', log), { name: 'c', apply: () => {} }]);
  Session.create({ kernel, inlineStates: { _start() {} } });
  await kernel.run();
  undo();
  undo();
  assert.deepEqual(log, ['a applied', 'b applied', 'a saw session 1', 'b saw session 1', 'b undone', 'a undone']);
});

test('applyPlugins() undoes the others when one cannot be undone, and says so at the end', () => {
  const log: string[] = [];
  const undo = applyPlugins(new Kernel(), [noting('a', log), noting('b', log, true)]);
  assert.throws(undo, (error: AggregateError) => error.errors.map(String).join() === 'Error: b fails');
  assert.deepEqual(log.slice(-2), ['b undone', 'a undone']);
});
