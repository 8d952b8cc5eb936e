import type { Plugin } from 'poe-kernel';

export interface SkeletonOptions {
  /** Called with how many sessions were started, when the plugin is taken back. */
  report?: (started: number) => void;
}

/**
 * A plugin that counts the sessions that are started.
 *
 * @example
 * const undo = applyPlugins(kernel, [skeleton()]);
 */
export function skeleton({ report = console.log }: SkeletonOptions = {}): Plugin {
  return {
    name: 'skeleton',
    apply(kernel) {
      let started = 0;
      kernel.hooks.sessionStarted.tap('skeleton', () => {
        started++;
      });
      return () => report(started);
    },
  };
}
