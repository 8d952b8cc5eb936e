import { inspect } from 'node:util';
import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { around } from './around.ts';
import { nameOf } from './describe.ts';

const debug = debugFor('kernel:destroy');

/** Tells what sessions leave in their heaps. */
export function traceHeaps(engine: Engine): void {
  if (!debug.enabled) return;
  around(engine.sessions, 'stop', (stop) => (session) => {
    const name = nameOf(session);
    const lived = session._alive;
    stop(session);
    // One that stops already comes here again, from a handler of its end.
    if (!lived || session._alive || !('getHeap' in session)) return;
    debug('leave heap of %s: %s', name, describeHeap(session.getHeap()));
  });
}

function describeHeap(heap: unknown): string {
  // The heap that the kernel makes has no class, and inspect would say so at length.
  const plain = typeof heap === 'object' && heap !== null && heap.constructor === undefined ? { ...heap } : heap;
  return inspect(plain, { depth: 2, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 200 });
}
