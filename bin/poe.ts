#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addNewCommand } from './commands/new.ts';
import { addPeekCommands } from './commands/peek.ts';
import { addPeerCommands } from './commands/peer.ts';
import { addTopCommand } from './commands/top.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('poe')
  .description(
    'Talks to running POE kernels, of Perl or of poe-kernel, over IKC, looks into programs, and writes what a new part begins with',
  )
  .version(version)
  .showHelpAfterError();

addPeerCommands(program);
addPeekCommands(program);
addTopCommand(program);
addNewCommand(program);

await program.parseAsync();
