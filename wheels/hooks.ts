import { SyncHook } from 'tapable';
import type { KernelView } from '../core/index.ts';
import type { Wheel } from './wheel.ts';

/** Makes the hooks of the wheels of one kernel. */
function createWheelHooks() {
  return Object.freeze({
    /** Told when a wheel has its ID and its session; its kind has yet to fit it out. */
    wheelCreated: new SyncHook<[wheel: Wheel]>(['wheel'], 'wheelCreated'),
    /** Told when a wheel has given everything back. */
    wheelDestroyed: new SyncHook<[wheel: Wheel]>(['wheel'], 'wheelDestroyed'),
    /** Told of each failure of a wheel, and of the end of what it reads, before the session hears of it. */
    wheelFailed: new SyncHook<[wheel: Wheel, operation: string, errno: number, message: string]>(
      ['wheel', 'operation', 'errno', 'message'],
      'wheelFailed',
    ),
  });
}

export type WheelHooks = ReturnType<typeof createWheelHooks>;

/** Each kernel's, by its own hooks: those are one object for all of its views. */
const made = new WeakMap<object, WheelHooks>();

/**
 * Where plugins watch the wheels of a kernel.
 *
 * @param kernel - Any view of it.
 * @returns Its hooks, the same ones each time.
 * @example
 * wheelHooks(kernel).wheelFailed.tap('failures', (wheel, operation, errno, message) => {
 *   console.error(`${wheel.constructor.name} ${wheel.id}: ${operation}: ${message}`);
 * });
 */
export function wheelHooks(kernel: KernelView): WheelHooks {
  let hooks = made.get(kernel.hooks);
  if (hooks === undefined) {
    hooks = kernel.guardHooks(createWheelHooks());
    made.set(kernel.hooks, hooks);
  }
  return hooks;
}
