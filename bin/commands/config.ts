import type { Command } from 'commander';
import pc from 'picocolors';
import { configJsonSchema, originText, readConfig } from '../../plugins/index.ts';
import { type ConfigOptions, requestOf, withConfigOptions } from '../config-options.ts';
import { failBy } from '../fail.ts';
import { columns } from '../table.ts';

/** `poe check` and `poe config`: what a config says, without a program that runs. */
export function addConfigCommands(program: Command): void {
  withConfigOptions(program.command('check [program]'))
    .description('checks the config and plugins of a program or folder; runs and applies nothing')
    .addHelpText('after', '\nExamples:\n  $ poe check\n  $ poe check server.ts\n  $ poe check --config production.json')
    .action((of: string | undefined, options: ConfigOptions) => check(of ?? '.', options));

  const config = program.command('config').description('shows the config of a program, or the schema of configs');
  withConfigOptions(config.command('print [program]'))
    .description('prints each value that is in effect, and where it is from')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  $ poe config print\n  $ POE_LOG_LEVEL=info poe config print server.ts')
    .action((of: string | undefined, options: ConfigOptions & { json?: true }) => print(of ?? '.', options));
  config
    .command('schema')
    .description('prints the JSON Schema of config files, for editors')
    .addHelpText('after', '\nExample:\n  $ poe config schema > poe.schema.json')
    .action(async () => console.log(JSON.stringify(await configJsonSchema(), null, 2)));
}

async function check(of: string, options: ConfigOptions): Promise<void> {
  const { file, plugins } = await readConfig(requestOf(of, options)).catch(failBy);
  if (file === undefined) console.log('There is no config, and nothing wrong with the environment');
  else console.log(`${pc.green('right')}  ${file}`);
  for (const { plugin, from } of plugins) console.log(`  ${plugin.name}${pc.dim(`  ${from}`)}`);
}

async function print(of: string, options: ConfigOptions & { json?: true }): Promise<void> {
  const { settings } = await readConfig(requestOf(of, options)).catch(failBy);
  if (options.json) {
    console.log(JSON.stringify(settings, shownInJson, 2));
    return;
  }
  const rows = settings.map(({ key, value, origin }) => [
    key,
    JSON.stringify(value, shownInJson) ?? 'undefined',
    originText(origin),
  ]);
  console.log(columns(rows));
}

/** What JSON does not have. */
function shownInJson(_key: string, value: unknown): unknown {
  return typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}
