import { prefork as preforkKernel } from '../../components/index.ts';
import type { Plugin } from '../../core/index.ts';
import { type PreforkPluginOptions, preforkSchema } from './options.ts';

/**
 * Has the program run in several processes, by config: every socket on which it listens from its beginning is served by children. What
 * the options say wins over `processes` and `connections` of a server in the program.
 *
 * @example
 * // poe.config.json: { "plugins": [{ "use": "prefork", "options": { "processes": 4 } }] }
 * applyPlugins(kernel, [[prefork, { processes: 4 }]]);
 * @remarks The machinery is `prefork` of poe-kernel/components; `supervisorOf(kernel)` has the children.
 */
export const prefork: Plugin<PreforkPluginOptions> = {
  name: 'prefork',
  once: true,
  schema: preforkSchema,
  apply(kernel, options) {
    preforkKernel(kernel, options);
  },
};
