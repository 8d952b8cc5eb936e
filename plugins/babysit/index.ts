import type { z } from 'zod';
import { babysitChildren, watchBlocks } from '../../components/index.ts';
import type { Plugin } from '../../core/index.ts';
import { schema } from './options.ts';

/**
 * Looks after the children of a preforked program every few seconds: those that have gone, hang, are stopped, burn processor time, say
 * nothing or have grown too large are replaced, and it is told why. In every process it tells of handlers that block the event loop.
 *
 * @example
 * applyPlugins(kernel, [[prefork, { processes: 4 }], [babysit, { interval: 10, maxRss: 512 * 1024 * 1024 }]]);
 */
export const babysit: Plugin<z.infer<typeof schema>> = {
  name: 'babysit',
  once: true,
  schema,
  apply(kernel, { blocked, ...options }) {
    const stopLooking = babysitChildren(kernel, options);
    const stopWatching = blocked > 0 ? watchBlocks(blocked) : undefined;
    return () => {
      stopLooking();
      stopWatching?.();
    };
  },
};
