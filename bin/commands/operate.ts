import { type Command, InvalidArgumentError } from 'commander';
import type { ReloadOptions } from '../actions/reload.ts';
import type { ScaleWish } from '../actions/scale.ts';
import type { StopOptions } from '../actions/stop.ts';
import type { OperateOptions } from '../target.ts';

const TARGET = 'its name, its process number, or the path of its pid file';
const STATUS = `
Status: 0 done, 1 the program refused, 2 wrong usage, 3 there is no such program, 4 not done in time.`;

/** `poe reload`, `poe stop` and `poe scale`: what an operator has a running program do. */
export function addOperateCommands(program: Command): void {
  operating(program, 'reload', 60)
    .description('replaces the children of a program one by one, by the program as it is on disk')
    .option('--parent', 'replace the parent as well: by a new one with another config or version of Node')
    .addHelpText(
      'after',
      `
Nothing is taken away before its replacement serves; if the new ones do not come up, the old ones go on.
${STATUS}

Examples:
  $ poe reload shop
  $ poe reload --parent /run/shop.pid`,
    )
    .action(async (target: string, options: ReloadOptions) =>
      (await import('../actions/reload.ts')).reload(target, options),
    );

  operating(program, 'stop', 30)
    .description('ends a program: it finishes what it has, and the command waits for that')
    .option('--kill', 'kill it, and its children, if it has not ended in time')
    .addHelpText(
      'after',
      `
${STATUS}

Examples:
  $ poe stop shop
  $ poe stop 4711 --timeout 60 --kill`,
    )
    .action(async (target: string, options: StopOptions) => (await import('../actions/stop.ts')).stop(target, options));

  operating(program, 'scale', 60)
    .description('has more or fewer children of a program serve')
    .argument('<children>', 'how many are to serve, or as in +2 or -1 how many more or fewer', children)
    .addHelpText(
      'after',
      `
It lasts until the program ends; for longer, say it in the config.
${STATUS}

Examples:
  $ poe scale shop 8
  $ poe scale shop +2
  $ poe scale shop -1`,
    )
    .action(async (target: string, wish: ScaleWish, options: OperateOptions) =>
      (await import('../actions/scale.ts')).scale(target, wish, options),
    );
}

function operating(program: Command, name: string, timeout: number): Command {
  return program
    .command(name)
    .argument('<program>', TARGET)
    .option('--json', 'print JSON')
    .option('--folder <folder>', 'folder of the sockets, if the program was given one')
    .option('--timeout <seconds>', 'how long to wait', seconds, timeout);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of seconds.');
  return value;
}

function children(text: string): ScaleWish {
  if (!/^[-+]?\d{1,4}$/.test(text)) throw new InvalidArgumentError('Give a whole number, as in 4, +1 or -1.');
  return /^\d/.test(text) ? { count: Number(text) } : { by: Number(text) };
}
