import { z } from 'zod';
import type { Plugin } from '../../core/index.ts';
import { isPlugin } from './is-plugin.ts';

/** What an element of `plugins` may be. Options are checked by the plugin's own schema. */
const pluginEntry = z.strictObject({
  // A plugin itself, in place of its name, is for configs that are programs.
  use: z
    .custom<string | Plugin<unknown>>((use) => (typeof use === 'string' && use !== '') || isPlugin(use), {
      error: 'expected the name of a built-in plugin, a package, or a path that begins with a point',
    })
    .meta({
      type: 'string',
      minLength: 1,
      description:
        'a built-in plugin, a package, or a path, which begins with a point and goes out from the config file',
    }),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('what the plugin is to do; each plugin has keys of its own'),
});

/** What a config file may hold. */
export const fileSchema = z.strictObject({
  $schema: z.string().optional().describe('where an editor finds the schema of this file'),
  name: z.string().min(1).max(100).optional().describe('what the process is called in lists of processes'),
  pidFile: z.string().min(1).optional().describe('file that holds the number of the process while it runs'),
  hookFailures: z
    .int()
    .min(0)
    .default(10)
    .describe('throws in a row after which a tap of a plugin is switched off; 0 for never'),
  plugins: z.array(pluginEntry).default([]).describe('the plugins, in the order in which they are applied'),
});

export type FileConfig = z.output<typeof fileSchema>;
