import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlugins, Kernel, type Plugin, Session } from 'poe-kernel';
import { z } from 'zod';

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

test('applyPlugins() gives a plugin its options as its schema has them, with defaults', () => {
  const seen: unknown[] = [];
  const schema = z.strictObject({ every: z.number().positive().default(5), name: z.string() });
  const plugin: Plugin<z.infer<typeof schema>> = {
    name: 'timed',
    schema,
    apply(_, options) {
      seen.push(options);
    },
  };
  applyPlugins(new Kernel(), [[plugin, { name: 'x' }]]);
  applyPlugins(new Kernel(), [[{ ...plugin, schema: undefined }, {}]]);
  assert.deepEqual(seen, [{ every: 5, name: 'x' }, undefined]);
});

test('applyPlugins() refuses options that a plugin does not take, before any is applied', () => {
  const log: string[] = [];
  const schema = z.strictObject({ every: z.number() });
  const strict: Plugin<{ every: number }> = { name: 'strict', schema, apply: () => void log.push('applied') };
  for (const [use, message] of [
    [[strict, { every: 'often' }], /^Cannot apply the plugin 'strict': every: .*expected number/],
    [[strict, undefined], /^Cannot apply the plugin 'strict': every: /],
    [[strict, { every: 1, evry: 2 }], /evry/],
    [
      [noting('plain', log), { every: 1 }],
      /^Cannot apply the plugin 'plain': it takes no options, and was given every$/,
    ],
    [
      [{ ...strict, schema: { '~standard': { version: 1, vendor: 'own', validate: async () => ({ value: 1 }) } } }, {}],
      /its schema answers with a promise/,
    ],
  ] as any[]) {
    assert.throws(() => applyPlugins(new Kernel(), [noting('first', log), use]), {
      code: 'POE_ERR_PLUGIN_OPTIONS',
      message,
    });
  }
  assert.deepEqual(log, []);
});

test('applyPlugins() undoes what it has done when a plugin throws', () => {
  const log: string[] = [];
  const bad: Plugin = {
    name: 'bad',
    apply() {
      throw new Error('no');
    },
  };
  assert.throws(() => applyPlugins(new Kernel(), [noting('a', log), bad]), /^Error: no$/);
  assert.deepEqual(log, ['a applied', 'a undone']);
});
