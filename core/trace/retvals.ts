import { debugFor } from '../debug.ts';
import type { Engine } from '../engine.ts';
import { around } from './around.ts';
import { shown } from './describe.ts';

const debug = debugFor('kernel:retvals');

/** Tells of each method that misses, and why. */
export function traceMisses(engine: Engine): void {
  if (!debug.enabled) return;
  around(engine, 'missed', (missed) => (method, errno, found) => {
    debug('miss in %s: %s%s', method, errno, found === undefined ? '' : `, ${shown(found)}`);
    missed(method, errno, found);
  });
}
