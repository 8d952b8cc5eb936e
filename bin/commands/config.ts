import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../config-options.ts';

/** Plugins are loaded by those commands only that need them. */
const load = () => import('../actions/config.ts');

/** `poe check` and `poe config`: what a config says, without a program that runs. */
export function addConfigCommands(program: Command): void {
  withConfigOptions(program.command('check [program]'))
    .description('checks the config and plugins of a program or folder; runs and applies nothing')
    .option('--json', 'as JSON, also what is wrong')
    .addHelpText('after', '\nExamples:\n  $ poe check\n  $ poe check server.ts\n  $ poe check --config production.json')
    .action(async (of: string | undefined, options: ConfigOptions & { json?: true }) =>
      (await load()).check(of ?? '.', options),
    );

  const config = program.command('config').description('shows the config of a program, or the schema of configs');
  withConfigOptions(config.command('print [program]'))
    .description('prints each value that is in effect, and where it is from')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  $ poe config print\n  $ POE_LOG_LEVEL=info poe config print server.ts')
    .action(async (of: string | undefined, options: ConfigOptions & { json?: true }) =>
      (await load()).print(of ?? '.', options),
    );
  config
    .command('schema')
    .description('prints the JSON Schema of config files, for editors')
    .addHelpText('after', '\nExample:\n  $ poe config schema > poe.schema.json')
    .action(async () => (await load()).printSchema());
}
