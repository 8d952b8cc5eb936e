import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Publications } from '../../../components/ikc/publications.ts';
import { Kernel, Session } from '../../../core/index.ts';

describe('Publications', () => {
  test('publish() adds, retract() takes away, the last one with the session', () => {
    const publications = new Publications(new Kernel());
    publications.publish('clock', ['time', 'zone']);
    publications.publish('clock', ['time', 'date']);
    assert.deepEqual(publications.of('clock'), ['time', 'zone', 'date']);
    assert.equal(publications.retract('clock', ['zone']), true);
    assert.equal(publications.has('clock', 'zone'), false);
    assert.equal(publications.has('clock', 'time'), true);
    assert.equal(publications.retract('clock', undefined), true);
    assert.equal(publications.knows('clock'), false);
    assert.equal(publications.retract('clock', undefined), false);
    assert.equal(publications.of('clock'), undefined);
  });

  test('all() has the session IKC, and asking makes nothing known', () => {
    const publications = new Publications(new Kernel());
    assert.equal(publications.has('unheard_of', 'x'), false);
    publications.of('unheard_of');
    assert.deepEqual({ ...publications.all() }, { IKC: ['remote_error', 'do_you_have', 'ping', 'published'] });
    assert.equal(publications.knows('__proto__'), false);
    assert.equal(publications.has('constructor', 'name'), false);
  });

  test('useUp() lets as many through as allowOnce() was called, alias and number apart', () => {
    const publications = new Publications(new Kernel());
    assert.equal(publications.useUp('me', 'answer'), false);
    publications.allowOnce('me', 'answer');
    publications.allowOnce('me', 'answer');
    publications.allowOnce(7, 'answer');
    assert.equal(publications.useUp('me', 'other'), false);
    assert.deepEqual(
      [1, 2, 3].map(() => publications.useUp('me', 'answer')),
      [true, true, false],
    );
    assert.deepEqual([publications.useUp('7', 'answer'), publications.useUp(7, 'answer')], [true, false]);
  });

  test('allowOnce() gives the oldest up beyond 10,000', () => {
    const publications = new Publications(new Kernel());
    for (let n = 0; n <= 10_000; n++) publications.allowOnce('me', `answer${n}`);
    assert.equal(publications.useUp('me', 'answer0'), false);
    assert.equal(publications.useUp('me', 'answer1'), true);
    assert.equal(publications.useUp('me', 'answer10000'), true);
  });

  test('senderOf() is the first alias that has published something', async () => {
    const kernel = new Kernel();
    const publications = new Publications(kernel);
    const found: unknown[] = [];
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, session }) {
          for (const alias of ['b', 'a']) kernel.aliasSet(alias);
          found.push(publications.senderOf(session));
          publications.publish('b', ['x']);
          found.push(publications.senderOf(session));
        },
      },
    });
    await kernel.run();
    assert.deepEqual(found, [undefined, { kernel: kernel.id, session: 'b', state: 'IKC:proxy' }]);
  });
});
