import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel, type KernelView, kernel, Session } from 'poe-kernel';
import { allocateWheelId, Wheel } from 'poe-kernel/wheels';
import { runSession } from '../helpers/sessions.ts';

/** The example of the class's documentation. */
class Ticker extends Wheel {
  constructor({ kernel, tickEvent }: { kernel: KernelView; tickEvent: string }) {
    super(kernel);
    const tick = this.addState('tick', () => {
      this.send(tickEvent);
      if (!this.destroyed) this.kernel.delay(tick, 0.1);
    });
    this.kernel.delay(tick, 0.1);
    this.onDestroy(() => this.kernel.delay(tick));
  }

  later(event: string): void {
    this.sendLater(event, 'later');
  }

  get owner(): Session {
    return this.session;
  }
}

test('a wheel of one’s own ticks until it is destroyed', async () => {
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.ticker = new Ticker({ kernel, tickEvent: 'tick' });
      heap.ticker.later('tick');
    },
    tick({ heap, session }, ...args) {
      heap.log.push(args.length, args.at(-1) === heap.ticker.id, heap.ticker.owner === session);
      if (heap.log.length < 9) return;
      heap.ticker.destroy();
      heap.ticker.destroy();
    },
  });
  assert.deepEqual(log, [2, true, true, 1, true, true, 1, true, true]);
});

test('a wheel ends with its session and gives its private handlers and timers back', async () => {
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.ticker = new Ticker({ kernel, tickEvent: 'tick' });
      heap.log.push(heap.ticker);
      kernel.signal(kernel, 'TERM');
    },
    tick: () => assert.fail('the session has gone'),
    _stop: ({ heap }) => heap.log.push(heap.ticker.destroyed),
  });
  assert.equal(log[0].destroyed, true);
  assert.equal(log[1], false, '_stop still has it');
});

test('`using` destroys a wheel at the end of its block', async () => {
  await runSession({
    _start({ kernel }) {
      let kept: Ticker;
      {
        using ticker = new Ticker({ kernel, tickEvent: 'tick' });
        kept = ticker;
      }
      assert.equal(kept.destroyed, true);
    },
  });
});

test('send() without an event does nothing', async () => {
  await runSession({
    _start({ kernel, heap }) {
      heap.ticker = new Ticker({ kernel, tickEvent: undefined as never });
      kernel.delay('end', 0.15);
    },
    end: ({ heap }) => heap.ticker.destroy(),
    undefined: () => assert.fail('no such event'),
  });
});

test('wheels are numbered over all kernels, allocateWheelId() takes the next number', async () => {
  const first = allocateWheelId();
  const other = new Kernel();
  const ids: number[] = [];
  for (const each of [kernel, other]) {
    Session.create({
      kernel: each,
      inlineStates: {
        _start({ kernel }) {
          using ticker = new Ticker({ kernel, tickEvent: 'tick' });
          ids.push(ticker.id);
        },
      },
    });
    await each.run();
  }
  assert.deepEqual([...ids, allocateWheelId()], [first + 1, first + 2, first + 3]);
});

test('new Wheel() refuses: outside of sessions, and of the base class itself', async () => {
  assert.throws(() => new Ticker({ kernel, tickEvent: 'tick' }), { code: 'POE_ERR_NO_ACTIVE_SESSION' });
  await runSession({
    _start({ kernel }) {
      assert.throws(() => Reflect.construct(Wheel, [kernel]), { code: 'POE_ERR_WHEEL_BASE' });
    },
  });
});
