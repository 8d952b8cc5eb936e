import { type Command, InvalidArgumentError } from 'commander';
import type { RunningOptions } from '../actions/plugins.ts';
import { type ConfigOptions, withConfigOptions } from '../config-options.ts';

/** `poe plugins`: which plugins there are, and what they do. */
export function addPluginsCommand(program: Command): void {
  withConfigOptions(program.command('plugins [plugin]'))
    .option('--json', 'as JSON')
    .option(
      '--program <program>',
      'the plugins of a program that runs, by its name or number, and what their taps cost',
    )
    .option('--seconds <seconds>', 'with --program: how long to look', seconds, 1)
    .option('--folder <folder>', 'with --program: folder of the sockets, if the program was given one')
    .description("lists the plugins of the config in order, each with the hooks it taps; or one plugin's options")
    .addHelpText(
      'after',
      `
The plugins are applied to a kernel that never runs, and undone. With --program those of a running
program are listed, with calls and milliseconds of each tap since somebody first asked, or since the
beginning if the program was started with \`poe run --plugin-times\`.

Examples:
  $ poe plugins
  $ poe plugins log
  $ poe plugins --program shop --seconds 10`,
    )
    .action(async (name: string | undefined, options: ConfigOptions & RunningOptions & { program?: string }) => {
      const { describe, list, listRunning } = await import('../actions/plugins.ts');
      if (options.program !== undefined) await listRunning(options.program, options);
      else await (name === undefined ? list(options) : describe(name, options));
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 3600)) throw new InvalidArgumentError('Give seconds, from 0 to 3600.');
  return value;
}
