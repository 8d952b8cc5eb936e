import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PeerOptions } from '../ikc/connect.ts';
import { endWhenUnread } from '../unread.ts';

const STATUS = `
Exit status:
  0  it went well
  1  the other side said no, an error came, or the connection went
  2  the command line is wrong
  3  no connection
  4  no answer in time`;

const ADDRESS = 'host:port of the server, in place of --host and --port';
const SPEC = 'session/event, or poe://kernel/session/event; with host:port in place of the kernel, that server';
const VALUE = 'JSON, or else text; default: undef';

/** Commands that talk to a running kernel. What they do is loaded once it is needed. */
export function addPeerCommands(program: Command): void {
  command(program, 'call', 'calls an event and prints what it returns', [
    'desk/add "[40, 2]" --port 31337',
    'localhost:31337/desk/add "[40, 2]" --json',
  ])
    .argument('<spec>', SPEC)
    .argument('[value]', VALUE)
    .option('--list', 'call in list context: the answer is the list of all values')
    .addHelpText('after', '\nA handler that returns undef does not answer: status 4, or --list.')
    .action(async (spec: string, value: string | undefined, options: PeerOptions & { list?: boolean }) =>
      (await import('../ikc/call.ts')).call(spec, value, options),
    );

  command(program, 'post', 'posts a value to an event, and waits until the server has taken it', [
    'localhost:31337/log/note "a note"',
    'log/note - --unix /run/app.sock < notes.jsonl',
  ])
    .argument('<spec>', SPEC)
    .argument('[value]', `${VALUE}; - for one of each line of standard input`)
    .action(async (spec: string, value: string | undefined, options: PeerOptions) =>
      (await import('../ikc/post.ts')).post(spec, value, options),
    );

  command(program, 'subscribe', 'subscribes to a session, and prints what it posts to its subscriber', [
    'localhost:31337/ticker',
    'ticker/follow "{\\"topic\\": \\"x\\"}" --events tick,done --port 31337',
  ])
    .argument('<spec>', 'session or session/event; the event is posted to through the proxy once it is granted')
    .argument('[value]', `what is posted: ${VALUE}`)
    .option('--events <names>', 'events, with commas, that the other side may post to us: each is printed', words)
    .option('--count <n>', 'end after so many events', whole)
    .addHelpText(
      'after',
      '\nWithout --events it says whether the subscription is granted, and ends. The other side posts to its SENDER,\nor to the session poe of this kernel, which --name names.',
    )
    .action(async (spec: string, value: string | undefined, options: PeerOptions & { events?: string[] }) =>
      (await import('../ikc/subscribe.ts')).subscribe(spec, value, options),
    );

  command(program, 'monitor', 'stays connected and prints what happens to the connection', [
    'localhost:31337',
    '--port 31337 --reconnect --json',
  ])
    .argument('[address]', ADDRESS)
    .option('--reconnect', 'connect again, and wait for a server that is not there yet')
    .option('--heartbeat <seconds>', 'ping an idle connection this often; 0: never (default: 20)', seconds)
    .option('--count <n>', 'end after so many lines', whole)
    .addHelpText('after', '\nEnds with Ctrl-C, or with status 1 when the connection goes and is not to be made again.')
    .action(async (address: string | undefined, options: PeerOptions) =>
      (await import('../ikc/monitor.ts')).monitor(address, options),
    );

  command(program, 'ping', 'asks a kernel whether it answers', [
    'localhost:31337',
    '--port 31337 --count 10 --interval 0.5',
  ])
    .argument('[address]', ADDRESS)
    .option('--count <n>', 'how many times (default: 1)', whole)
    .option('--interval <seconds>', 'wait between two (default: 1)', seconds)
    .action(async (address: string | undefined, options: PeerOptions) =>
      (await import('../ikc/ping.ts')).ping(address, options),
    );

  command(program, 'bench', 'measures how many calls or posts an event takes', [
    'desk/add "[40, 2]" --port 31337 --seconds 10 --in-flight 64',
    'localhost:31337/log/note "a note" --post',
  ])
    .argument('<spec>', SPEC)
    .argument('[value]', VALUE)
    .option('--seconds <n>', 'how long (default: 5)', seconds)
    .option('--in-flight <n>', 'calls at the same time (default: 1)', whole)
    .option(
      '--post',
      'post, in place of calling: 100 at a time, and a ping that is answered when they have been handled',
    )
    .addHelpText('after', '\nCtrl-C ends it early: what has been measured is printed.')
    .action(async (spec: string, value: string | undefined, options: PeerOptions) =>
      (await import('../ikc/bench.ts')).bench(spec, value, options),
    );

  command(program, 'ls', 'shows what a kernel is called and has published; without an address, the programs here', [
    'localhost:31337',
    '--port 31337 desk desk/add',
  ])
    .argument('[address]', ADDRESS)
    .option('--folder <folder>', 'without an address: folder of the sockets, if programs were given one')
    .argument('[wanted...]', 'session or session/event: says of each whether it is published')
    .addHelpText(
      'after',
      '\nA Perl kernel does not tell what it has published; ask it for sessions and events by name.\nStatus 1 if one of them is not published.',
    )
    .action(async (address: string | undefined, wanted: string[], options: PeerOptions) =>
      (await import('../ikc/ls.ts')).ls(address, wanted, options),
    );
}

function command(program: Command, name: string, description: string, examples: readonly string[]): Command {
  return program
    .command(name)
    .description(description)
    .option('--host <host>', 'host of the server (default: 127.0.0.1)')
    .option('--port <port>', 'port of the server (default: 603)', port)
    .addOption(
      new Option('--unix <path>', 'unix socket of the server, in place of host and port').conflicts(['host', 'port']),
    )
    .option('--name <name>', 'what this kernel is called (default: Client and process number)')
    .option('--timeout <seconds>', 'how long to wait', seconds, 30)
    .addOption(new Option('--protocol <protocol>', 'how to shake hands').choices(['IKC0', 'IKC']).default('IKC0'))
    .addOption(
      new Option('--serializer <name>', 'how values are written')
        .choices(['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer'])
        .default('Storable'),
    )
    .option('--json', 'print JSON, one value a line')
    .showHelpAfterError(`('poe ${name} --help' has all options and examples)`)
    .hook('preAction', endWhenUnread)
    .addHelpText('after', `\nExamples:\n${examples.map((each) => `  $ poe ${name} ${each}`).join('\n')}\n${STATUS}`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Give a number.');
  return value;
}

function whole(text: string): number {
  const value = seconds(text);
  if (!Number.isSafeInteger(value) || value === 0) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return value;
}

function port(text: string): number {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError('Give a number up to 65535.');
  return value;
}

function words(text: string): string[] {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Give names.');
  return names;
}
