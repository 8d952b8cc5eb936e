#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addConfigCommands } from './commands/config.ts';
import { addNewCommand } from './commands/new.ts';
import { addPeekCommands } from './commands/peek.ts';
import { addPeerCommands } from './commands/peer.ts';
import { addPluginsCommand } from './commands/plugins.ts';
import { addRunCommand } from './commands/run.ts';
import { addTopCommand } from './commands/top.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('poe')
  .description(
    'Runs programs under plugins, looks into them, talks to running POE kernels, of Perl or of poe-kernel, over IKC, and writes what a new part begins with',
  )
  .version(version)
  .enablePositionalOptions()
  .showHelpAfterError();

addRunCommand(program);
addConfigCommands(program);
addPluginsCommand(program);
addPeerCommands(program);
addPeekCommands(program);
addTopCommand(program);
addNewCommand(program);

await program.parseAsync();
