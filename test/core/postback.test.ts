import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Callback, list, Peek, type Postback } from 'poe-kernel';
import { Simulation } from '../helpers/run-sessions.ts';

describe('postback()', () => {
  it('keeps its session and the kernel alive until it is destroyed, which may be done twice', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    let postback: Postback | undefined;
    simulation.session({
      _start({ session }) {
        postback = session.postback('answer', 'made');
      },
      answer: ({ callerState }, made, given) => say(`${made} ${given} ${callerState}`),
      _stop: () => say('stop'),
    });
    simulation.session({
      _start: ({ kernel }) => void kernel.delay('use', 5),
      use({ kernel }) {
        assert.equal(postback?.('one', 'two'), 0);
        kernel.delay('drop', 5);
      },
      drop() {
        postback?.destroy();
        assert.equal(postback?.('three'), undefined);
        postback?.destroy();
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['made one,two use', 'stop']);
    assert.equal(simulation.now, 10);
  });

  it('brings what it was made with as it was, whatever handlers did to the array', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    await simulation.inside(({ kernel, session }) => {
      kernel.state('answer', (_: unknown, made: unknown[]) => {
        say(made);
        made.push('more');
      });
      using postback = session.postback('answer', 'posted');
      using callback = session.callback('answer', 'called');
      for (let i = 0; i < 2; i++) {
        postback();
        callback();
      }
    });
    assert.deepEqual(said, ['called', 'called', 'posted', 'posted']);
  });

  it('is given back by using, and weaken() gives up the hold only', async () => {
    const simulation = new Simulation();
    const { said, say } = simulation;
    await simulation.inside(({ kernel, session }) => {
      kernel.state('answer', (_: unknown, made: unknown[]) => say(made));
      const held = () => new Peek(kernel).getSessionExtrefCount(session);
      {
        using scoped = session.postback('answer', 'scoped');
        scoped();
        assert.equal(held(), 1);
      }
      assert.equal(held(), 0);
      const weak = session.postback('answer', 'weak').weaken();
      assert.equal(held(), 0);
      assert.equal(weak(), 0);
    });
    assert.deepEqual(said, ['scoped', 'weak']);
  });

  it('can be refused by a tap of eventEnqueue', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    kernel.hooks.eventEnqueue.tap('test', ({ name }) => (name === 'secret' ? false : undefined));
    await simulation.inside(({ kernel, session }) => {
      kernel.state('secret', () => say('heard'));
      using postback = session.postback('secret');
      assert.equal(postback(), undefined);
      assert.equal(kernel.errno, 'EPERM');
    });
    assert.deepEqual(said, []);
  });
});

describe('callback()', () => {
  it('calls at once, in scalar or in list context, with the active session as sender', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    let callback: Callback | undefined;
    const owner = simulation.session({
      _start({ session }) {
        callback = session.callback('sum', 1);
      },
      sum({ wantarray, sender }, made, given) {
        say(`from ${sender.id}`);
        return wantarray ? list(...made, ...given) : made[0] + given[0];
      },
    });
    await simulation.inside(() => {
      assert.equal(callback?.(2), 3);
      assert.deepEqual(callback?.callList(2, 3), [1, 2, 3]);
      callback?.destroy();
      assert.equal(callback?.(2), undefined);
      assert.deepEqual(callback?.callList(2), []);
    });
    assert.deepEqual(said, [`from ${owner.id + 1}`, `from ${owner.id + 1}`]);
    assert.equal(kernel.getEventCount(), 0);
  });

  it('lets an exception out in its own session, and makes it a DIE from another', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    let callback: Callback | undefined;
    simulation.session({
      _start({ kernel, session }) {
        callback = session.callback('broken');
        kernel.sig('DIE', 'died');
        kernel.yield('own');
      },
      own() {
        assert.throws(() => callback?.(), /broke/);
      },
      broken() {
        throw new Error('broke');
      },
      died({ kernel }, _signal, { errorStr }) {
        say(errorStr.message);
        kernel.sigHandled();
        callback?.destroy();
      },
    });
    await simulation.inside(() => {
      assert.equal(callback?.(), undefined);
    });
    assert.deepEqual(said, ['broke']);
    assert.equal(kernel.getEventCount(), 0);
  });
});
