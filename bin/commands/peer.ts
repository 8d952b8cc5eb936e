import { type Command, InvalidArgumentError } from 'commander';
import { ClientLite, type Protocol } from '../../components/ikc/index.ts';
import { fail } from '../fail.ts';

/** What every command that talks to a server takes. */
interface ServerOptions {
  host: string;
  port: number;
  unix?: string;
  name?: string;
  timeout: number;
  protocol: Protocol;
}

/** Commands that ask something of a running kernel. */
export function addPeerCommands(program: Command): void {
  command(program, 'ping', 'asks a kernel whether it answers', async (client) => {
    if (!(await client.ping())) fail(client.error());
    console.log('PONG');
  });

  command(
    program,
    'call <event> [value]',
    'calls an event and prints what it returns',
    async (client, event, value) => {
      const answer = await client.call(event as string, parseValue(value));
      if (answer === undefined) fail(client.error());
      console.log(JSON.stringify(answer, bigints, 2));
    },
  );

  command(program, 'post <event> [value]', 'posts a value to an event', async (client, event, value) => {
    if ((await client.post(event as string, parseValue(value))) === undefined) fail(client.error());
  });
}

/** Adds a command that runs with a connected client. */
function command(
  program: Command,
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
