#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { ClientLite, type Protocol } from '../components/ikc/index.ts';

/** What every command that talks to a server takes. */
interface ServerOptions {
  host: string;
  port: number;
  unix?: string;
  name?: string;
  timeout: number;
  protocol: Protocol;
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('poe')
  .description('Talks to running POE kernels, of Perl or of poe-kernel, over IKC')
  .version(version)
  .showHelpAfterError();

command('ping', 'asks a kernel whether it answers', async (client) => {
  if (!(await client.ping())) fail(client.error());
  console.log('PONG');
});

command('call <event> [value]', 'calls an event and prints what it returns', async (client, event, value) => {
  const answer = await client.call(event as string, parseValue(value));
  if (answer === undefined) fail(client.error());
  console.log(JSON.stringify(answer, bigints, 2));
});

command('post <event> [value]', 'posts a value to an event', async (client, event, value) => {
  if ((await client.post(event as string, parseValue(value))) === undefined) fail(client.error());
});

await program.parseAsync();

/** Adds a command that runs with a connected client. */
function command(
  usage: string,
  description: string,
  run: (client: ClientLite, event?: string, value?: string) => Promise<void>,
): void {
  program
    .command(usage)
    .description(description)
    .option('--host <host>', 'host of the server', '127.0.0.1')
    .option('--port <port>', 'port of the server', number, 603)
    .option('--unix <path>', 'unix socket of the server, in place of host and port')
    .option('--name <name>', 'what this kernel is called')
    .option('--timeout <seconds>', 'how long to wait', number, 30)
    .option('--protocol <protocol>', 'how to shake hands: IKC0 or IKC', 'IKC0')
    .action(async (...args: unknown[]) => {
      const options = args.at(-2) as ServerOptions;
      const client = await connect(options);
      try {
        await run(client, ...(args.slice(0, -2) as string[]));
      } finally {
        // What was written still leaves.
        client.disconnect();
      }
    });
}

async function connect({ host, port, unix, name, timeout, protocol }: ServerOptions): Promise<ClientLite> {
  const client = await ClientLite.spawn({ ip: host, port, unix, name, timeout, protocol });
  if (client === undefined) fail(`Cannot connect to ${unix ?? `${host}:${port}`}: ${ClientLite.error()}`);
  return client;
}

/** A value from the command line: JSON, or else text. */
function parseValue(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Give a number.');
  return value;
}

function fail(why: string): never {
  console.error(pc.red(why));
  process.exit(1);
}
