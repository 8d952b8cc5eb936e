import type { KernelView } from './kernel-view.ts';

/**
 * Something that watches over a kernel or changes what it does, by tapping its hooks.
 *
 * @example
 * const counter: Plugin = {
 *   name: 'counter',
 *   apply(kernel) {
 *     let sessions = 0;
 *     kernel.hooks.sessionStarted.tap('counter', () => { sessions++; });
 *     return () => console.log(`${sessions} sessions were started`);
 *   },
 * };
 */
export interface Plugin {
  /** Names the plugin in messages and in its taps. */
  readonly name: string;
  /** Taps in. May return what undoes it. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a plugin may return nothing at all
  apply(kernel: KernelView): (() => void) | void;
}

/**
 * Applies plugins to a kernel, in order.
 *
 * @returns What undoes all of them, the last one first. Every plugin gets its turn; what goes wrong on the way comes out as one
 * AggregateError at the end.
 * @example
 * const undo = applyPlugins(kernel, [counter]);
 * await kernel.run();
 * undo();
 */
export function applyPlugins(kernel: KernelView, plugins: readonly Plugin[]): () => void {
  const undone = plugins.map((plugin) => plugin.apply(kernel));
  return () => {
    const errors: unknown[] = [];
    for (const undo of undone.splice(0).reverse()) {
      try {
        undo?.();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Cannot undo every plugin');
  };
}
