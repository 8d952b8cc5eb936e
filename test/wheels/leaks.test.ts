import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { kernel } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';
import { runSession, until } from '../helpers/sessions.ts';

const skip = process.platform !== 'linux';
const descriptors = (): number => readdirSync('/proc/self/fd').length;
const events = { successEvent: 'accepted', failureEvent: 'failed' };

/** Connects `count` times, `atOnce` at a time; `ended` says how each connection ends. */
async function connections(
  count: number,
  atOnce: number,
  ended: 'byClient' | 'byServer' | 'bySignal',
): Promise<number> {
  let most = 0;
  const log = await runSession({
    _start({ kernel, heap }) {
      heap.started = 0;
      heap.wheels = new Map();
      heap.listener = new SocketFactory({ ...events, bindAddress: '127.0.0.1' });
      for (let n = 0; n < atOnce; n++) kernel.yield('connect');
    },
    connect({ heap }) {
      if (heap.started === count) return;
      heap.started++;
      const remotePort = heap.listener.getsockname().port;
      const wheel = new SocketFactory({ ...events, successEvent: 'up', remoteAddress: '127.0.0.1', remotePort });
      heap.wheels.set(wheel.id, wheel);
    },
    accepted({ heap }, handle) {
      const wheel = new ReadWrite({ handle, inputEvent: 'asked', errorEvent: 'gone', flushedEvent: 'answered' });
      heap.wheels.set(wheel.id, wheel);
    },
    up({ heap }, handle, _address, _port, id) {
      heap.wheels.get(id).destroy();
      heap.wheels.delete(id);
      const wheel = new ReadWrite({ handle, inputEvent: 'told', errorEvent: 'gone' });
      heap.wheels.set(wheel.id, wheel);
      wheel.put('question');
    },
    asked: ({ heap }, line, id) => heap.wheels.get(id).put(line),
    answered({ kernel, heap }, id) {
      if (ended === 'byServer') kernel.call(kernel.getActiveSession(), 'gone', 'closed', 0, '', id);
      else if (ended === 'bySignal' && heap.log.length === count - 1) kernel.signal(kernel, 'TERM');
    },
    told({ kernel, heap }, line, id) {
      assert.equal(line, 'question');
      heap.log.push(id);
      most = Math.max(most, descriptors());
      if (ended === 'byClient') kernel.call(kernel.getActiveSession(), 'gone', 'closed', 0, '', id);
      kernel.yield('connect');
    },
    gone({ kernel, heap }, _operation, number, _text, id) {
      assert.equal(number, 0);
      heap.wheels.get(id)?.destroy();
      heap.wheels.delete(id);
      if (heap.wheels.size === 0 && heap.log.length === count) heap.listener.destroy();
      else kernel.yield('connect');
    },
    failed: (_, ...args) => assert.fail(String(args)),
  });
  assert.ok(log.length >= count - 1);
  return most;
}

for (const ended of ['byClient', 'byServer', 'bySignal'] as const) {
  // Those that a signal ends are all there until then: with two descriptors each, no more than any system lets a process open.
  const count = ended === 'bySignal' ? 400 : 1000;
  test(`${count} connections ended ${ended} leave no descriptor, watcher or handler behind`, { skip }, async () => {
    // What the process itself opens at the first use is there before counting.
    await connections(10, 5, ended);
    await until(() => kernel.getEventCount() === 0);
    const before = descriptors();
    const most = await connections(count, 20, ended);
    assert.ok(most > before, 'connections were seen');
    await until(() => descriptors() <= before);
    assert.equal(kernel.getEventCount(), 0);
  });
}
