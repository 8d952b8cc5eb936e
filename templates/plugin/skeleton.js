/**
 * A plugin that counts the sessions that are started.
 *
 * @example
 * const undo = applyPlugins(kernel, [skeleton()]);
 */
export function skeleton({ report = console.log } = {}) {
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
