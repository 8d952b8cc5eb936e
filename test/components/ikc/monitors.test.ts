import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernels } from '../../../components/ikc/kernels.ts';
import { Monitors } from '../../../components/ikc/monitors.ts';
import { Kernel, Session } from '../../../core/index.ts';

/** A kernel `Real` that is also called `Alias`, and two sessions that can monitor it. */
async function run(act: (monitors: Monitors, one: Session['id'], other: Session['id']) => void): Promise<unknown[][]> {
  const kernel = new Kernel();
  const kernels = new Kernels();
  const told: unknown[][] = [];
  const link = {
    sessionId: 1,
    realName: '',
    aliases: [],
    isLocal: false,
    isOpen: true,
    claims: () => false,
    send: () => true,
    close() {},
  };
  kernels.register(link, 'Real', ['Alias']);
  const make = (who: string): Session['id'] =>
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => kernel.aliasSet(who),
        told: (_, ...args) => {
          told.push([who, ...args]);
        },
      },
    }).id;
  const [one, other] = [make('one'), make('other')];
  Session.create({ kernel, inlineStates: { _start: ({ kernel }) => act(new Monitors(kernel, kernels), one, other) } });
  await kernel.run();
  return told;
}

describe('Monitors', () => {
  test('tell() tells of each name, those of the name before those of *', async () => {
    const told = await run((monitors, one, other) => {
      monitors.set('*', '*', one, { register: 'told', data: 'mine' });
      monitors.set('Alias', 'poe://Alias/x', other, { register: 'told' });
      assert.equal(monitors.tell(['Real', 'Alias'], 'register', 42), 3);
    });
    assert.deepEqual(told, [
      ['one', '*', 'Real', 1, 'mine', 42],
      ['other', 'poe://Alias/x', 'Alias', undefined, undefined, 42],
      ['one', '*', 'Alias', undefined, 'mine', 42],
    ]);
  });

  test('tell() tells of * once', async () => {
    const told = await run((monitors, one) => {
      monitors.set('*', '*', one, { error: 'told' });
      assert.equal(monitors.tell(['*'], 'error', 'resolve', 'why'), 1);
    });
    assert.deepEqual(told, [['one', '*', '*', undefined, undefined, 'resolve', 'why']]);
  });

  test('set() replaces what a session wants; an empty or missing hash ends it', async () => {
    const told = await run((monitors, one, other) => {
      monitors.set('*', '*', one, { register: 'told' });
      monitors.set('*', '*', one, { unregister: 'told' });
      monitors.set('*', '*', other, { register: 'told' });
      monitors.set('*', '*', other, {});
      assert.equal(monitors.tell(['Real'], 'register'), 0);
      assert.equal(monitors.tell(['Real'], 'unregister'), 1);
      monitors.set('*', '*', one, undefined);
      assert.equal(monitors.tell(['Real'], 'unregister'), 0);
    });
    assert.equal(told.length, 1);
  });

  test('tell() forgets sessions that have stopped, and does not count them', async () => {
    await run((monitors, one) => {
      monitors.set('*', '*', 999, { error: 'told' });
      assert.equal(monitors.tell(['*'], 'error', 'x', 'y'), 0);
      monitors.set('*', '*', one, { error: 'told' });
      assert.equal(monitors.tell(['*'], 'error', 'x', 'y'), 1);
    });
  });
});
