import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { Kernel, type KernelView, kernel, oneWay, Session } from 'poe-kernel';
import {
  allocateWheelId,
  Curses,
  FollowTail,
  ListenAccept,
  ReadLine,
  ReadWrite,
  Run,
  SocketFactory,
  Wheel,
} from 'poe-kernel/wheels';
import { runSession, warningsOf } from '../helpers/sessions.ts';

/** The example of the class's documentation. */
class Ticker extends Wheel<{ tickEvent?: string | undefined; tockEvent?: string | undefined }> {
  constructor({ kernel, tickEvent, tockEvent }: { kernel: KernelView; tickEvent?: string; tockEvent?: string }) {
    super(kernel, { tickEvent, tockEvent }, ['tickEvent']);
    const tick = this.addState('tick', () => {
      this.send(this.events.tickEvent);
      this.send(this.events.tockEvent, 'tock');
      if (!this.destroyed) this.kernel.delay(tick, 0.1);
    });
    this.kernel.delay(tick, 0.1);
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

test('a wheel that ends with its session misses nothing, also with POE_ASSERT_DEFAULT', async () => {
  const kernel = new Kernel({ assert: { default: true } });
  let ticker: Ticker | undefined;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        ticker = new Ticker({ kernel, tickEvent: 'tick' });
        throw new Error('it broke');
      },
      _stop() {},
    },
  });
  await assert.rejects(kernel.run(), /it broke/);
  assert.equal(ticker?.destroyed, true);
});

test('a wheel that cannot end does not keep others from it: run rejects with the reason', async () => {
  class Clumsy extends Ticker {
    constructor(options: ConstructorParameters<typeof Ticker>[0]) {
      super(options);
      this.onDestroy(() => {
        throw new Error('still in use');
      });
    }
  }
  const kernel = new Kernel();
  let after: Ticker | undefined;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        new Clumsy({ kernel, tickEvent: 'tick' });
        after = new Ticker({ kernel, tickEvent: 'tick' });
        kernel.yield('end');
      },
      end: ({ kernel }) => kernel.signal(kernel, 'TERM'),
    },
  });
  await assert.rejects(kernel.run(), /still in use/);
  assert.equal(after?.destroyed, true);
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
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.ticker = new Ticker({ kernel, tickEvent: 'tick' });
    },
    tick({ heap }) {
      if (heap.log.push('tick') === 2) heap.ticker.destroy();
    },
    undefined: () => assert.fail('no such event'),
  });
  assert.deepEqual(log, ['tick', 'tick']);
});

test('event() renames events, turns optional ones on and off, and warns of the rest', async () => {
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.ticker = new Ticker({ kernel, tickEvent: 'tick', tockEvent: 'tock' });
    },
    tick: ({ heap }) => heap.log.push('tick'),
    async tock({ heap }) {
      heap.log.push('tock');
      heap.ticker.event({ tickEvent: 'other', tockEvent: undefined });
      const warnings = await warningsOf(() => heap.ticker.event({ tickEvent: undefined, tuckEvent: 'x' }));
      heap.log.push(...warnings);
    },
    other({ heap }) {
      heap.log.push('other');
      heap.ticker.event({ tockEvent: 'last' });
    },
    last: ({ heap }) => heap.ticker.destroy(),
  });
  assert.deepEqual(log, [
    'tick',
    'tock',
    'tickEvent requires an event name; it stays as it was',
    "Ignoring unknown Ticker parameter 'tuckEvent'",
    'other',
  ]);
});

test('watchRead() and watchWrite() call while a handle is ready, and give it back at the end', async () => {
  class Copier extends Wheel {
    constructor(kernel: KernelView, from: Duplex, to: Duplex) {
      super(kernel);
      let held: Buffer | null = null;
      this.watchRead(from, () => {
        held = from.read();
        if (held === null) this.destroy();
      });
      this.watchWrite(to, () => {
        if (held !== null) to.write(held);
        held = null;
      });
    }
  }
  const [source, tap] = oneWay();
  const [drain, sink] = oneWay();
  await runSession({
    _start({ kernel, heap }) {
      heap.copier = new Copier(kernel, source, sink);
      tap.end('all of it');
    },
  });
  assert.equal(String(drain.read()), 'all of it');
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
  assert.throws(() => new Ticker({ kernel }), {
    code: 'POE_ERR_WHEEL_PARAMETER',
    message: 'tickEvent required: cannot make a Ticker without it',
  });
  await runSession({
    _start({ kernel }) {
      assert.throws(() => Reflect.construct(Wheel, [kernel]), { code: 'POE_ERR_WHEEL_BASE' });
    },
  });
});

test('each wheel refuses to be made of nothing, and of what is no object', () => {
  for (const Made of [SocketFactory, ListenAccept, ReadWrite, Run, FollowTail, ReadLine, Curses]) {
    const refusal = (found: string) => ({
      code: 'POE_ERR_WHEEL_PARAMETER',
      message: `Cannot make a ${Made.name}: ${found}`,
      hint: `Pass them by name: new ${Made.name}({ ... })`,
    });
    for (const given of [[], [null]])
      assert.throws(() => Reflect.construct(Made, given), refusal('it has no parameters'));
    for (const given of ['handle', 5, ['handle', 5]]) {
      assert.throws(() => Reflect.construct(Made, [given]), refusal('its parameters are no object'));
    }
  }
});
