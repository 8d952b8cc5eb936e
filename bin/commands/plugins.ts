import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../config-options.ts';

/** `poe plugins`: which plugins there are, and what they do. */
export function addPluginsCommand(program: Command): void {
  withConfigOptions(program.command('plugins [plugin]'))
    .option('--json', 'as JSON')
    .description("lists the plugins of the config in order, each with the hooks it taps; or one plugin's options")
    .addHelpText(
      'after',
      `
The plugins are applied to a kernel that never runs, and undone. What they cost a program that
runs, \`poe run --plugin-times\` tells.

Examples:
  $ poe plugins
  $ poe plugins log`,
    )
    .action(async (name: string | undefined, options: ConfigOptions & { json?: true }) => {
      const { describe, list } = await import('../actions/plugins.ts');
      await (name === undefined ? list(options) : describe(name, options));
    });
}
