#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../core/package-root.ts';
import { addConfigCommands } from './commands/config.ts';
import { addNewCommand } from './commands/new.ts';
import { addOperateCommands } from './commands/operate.ts';
import { addPeekCommands } from './commands/peek.ts';
import { addPeerCommands } from './commands/peer.ts';
import { addPluginsCommand } from './commands/plugins.ts';
import { addRunCommand } from './commands/run.ts';
import { addTopCommand } from './commands/top.ts';
import { EXIT } from './exit.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as {
  version: string;
};

// Commands are made from the program, so that they have these settings as well.
const program = new Command('poe')
  .description(
    'Runs programs under plugins, looks into them, talks to running POE kernels, of Perl or of poe-kernel, over IKC, and writes what a new part begins with',
  )
  .version(version)
  .enablePositionalOptions()
  .showHelpAfterError("('poe COMMAND --help' has all options and examples)")
  .exitOverride();

addRunCommand(program);
addConfigCommands(program);
addPluginsCommand(program);
addPeerCommands(program);
addPeekCommands(program);
addTopCommand(program);
addOperateCommands(program);
addNewCommand(program);

// Who reads may have had enough, as `head` has. What a program under `poe run` does then is its own affair.
if (process.argv[2] !== 'run') {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit());
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // It has said what is wrong. Help and version end here as well, with status 0.
  process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
}
