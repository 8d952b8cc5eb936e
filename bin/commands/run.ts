import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { RunOptions } from '../actions/run.ts';
import { withConfigOptions } from '../config-options.ts';
import { fail, MISUSED } from '../fail.ts';
import { commandOfOtherCopy } from '../own-copy.ts';

/** `poe run PROGRAM`: a program under the plugins of its config. */
export function addRunCommand(program: Command): void {
  withConfigOptions(program.command('run <program> [arguments...]'))
    .description('runs a program of JavaScript or TypeScript under the plugins of its config')
    .option('--name <name>', 'what the process is called in lists of processes')
    .option('--pidfile <file>', 'file for the number of the process; refuses to start while another one has it')
    .option('--plugin-times', 'tells at the end what each tap of a plugin has cost')
    // How a plugin that runs the program in several processes starts the others.
    .addOption(new Option('--again').hideHelp())
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Options for the command stand before the program, those after it are the program's.

Status: 0 the program ended well, 1 an exception ended it, 2 wrong usage or config;
a signal that nobody watches ends it as ever (a shell shows 128 and the signal's number).

Examples:
  $ poe run server.ts
  $ poe run --config production.json server.js --port 8080
  $ POE_PLUGINS=+log POE_LOG_LEVEL=info poe run --pidfile /run/shop.pid server.ts`,
    )
    .action(run);
}

/** Leaves a program to the copy of the package that it will import. This one must not even be loaded then: a process has one. */
async function run(path: string, args: string[], options: RunOptions): Promise<void> {
  if (!existsSync(path)) fail(`There is no program ${path}`, MISUSED);
  const other = commandOfOtherCopy(dirname(resolve(path)));
  if (other === undefined) await (await import('../actions/run.ts')).run(path, args, options);
  else await import(other);
}
