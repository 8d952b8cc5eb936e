import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ConfigRequest } from '../plugins/index.ts';
import { fail, MISUSED } from './fail.ts';

/** What every command that reads a config takes. */
export interface ConfigOptions {
  /** False for `--no-config`. */
  config?: string | false;
}

/** Adds the options of {@link ConfigOptions}. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config (default: the one found from the program upwards)')
    .option('--no-config', 'no config, also none that would be found')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISUSED));
}

/** The config that is meant: one that is named, or that of a program or folder. */
export function requestOf(of: string, { config }: ConfigOptions): ConfigRequest {
  // The option is true by itself, as there is one that makes it false.
  const named = typeof config === 'string' ? resolve(config) : undefined;
  return { cwd: folderOf(of), config: config === false ? false : named };
}

/** The folder of a program, or the folder itself. */
function folderOf(path: string): string {
  const absolute = resolve(path);
  const found = statSync(absolute, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) fail(`There is no ${path}`, MISUSED);
  return found.isDirectory() ? absolute : dirname(absolute);
}
