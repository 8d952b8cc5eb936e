import { kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// Several sessions monitor the same kernel by its name, its alias, its ID, a specifier and `*`, for everything; some of it is taken back.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server', aliases: ['Nick'] }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['note', 'hello', 'close']);
      },
      hello: () => 'hello',
      note() {},
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

const KINDS = ['register', 'unregister', 'subscribe', 'unsubscribe', 'channel', 'error', 'shutdown'];

// What monitors bring is of any kind.
type Told = any;

function inWords(event: string, [asked, name, real, data, ...more]: Told[]): string {
  const kind = (text: string): string => (/^(Server|Nick|Client|\*|poe:.*)$/.test(text) ? text : 'ID');
  const words = more.map((one) => (typeof one === 'object' && one ? `${one.session}/${one.state ?? ''}` : one));
  if (/^(register|channel)$/.test(event)) words.pop();
  if (words.length > 0)
    words.push(
      String(words.pop())
        .replace(/\s+Request.*/s, '')
        .replace(/^\d+: /, ''),
    );
  const isReal = real === undefined ? 'undef' : real ? 'real' : 'false';
  return [event, kind(asked), kind(name), isReal, data ?? 'undef', ...words].join(' ');
}

function runClient(port: number): void {
  Responder.spawn();
  const told = new Map<string, string[]>();
  const watch = (who: string, all: string[]): void => {
    told.set(who, []);
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(who);
          const events = { data: `${who} data`, ...Object.fromEntries(KINDS.map((kind) => [kind, `on_${kind}`])) };
          for (const name of all) kernel.call('IKC', 'monitor', name, { ...events });
        },
        ...Object.fromEntries(
          KINDS.map((kind) => [
            `on_${kind}`,
            (_: unknown, ...args: Told[]) => told.get(who)?.push(inWords(kind, args)),
          ]),
        ),
        forget({ kernel }, name, events) {
          kernel.call('IKC', 'monitor', name, events);
        },
        leave({ kernel }) {
          kernel.aliasRemove(who);
        },
      },
    });
  };
  const tell = (): void => {
    for (const [who, lines] of told) for (const line of lines.splice(0)) console.log(`  ${who}: ${line}`);
  };
  watch('a', ['Server', '*']);
  watch('b', ['Nick']);
  watch('c', ['poe://Server/any/thing', 'poe://Nick']);
  const ikc = (...args: unknown[]): void => void kernel.post('IKC', ...(args as [string, ...unknown[]]));
  const steps: [string, () => void][] = [
    ['connected', () => {}],
    ['subscribed', () => ikc('subscribe', 'poe://Server/desk', 'granted')],
    ['refused', () => ikc('post', 'poe://Server/desk/secret', 1)],
    ['refused by alias', () => ikc('post', 'poe://Nick/desk/secret', 1)],
    ['unknown', () => ikc('post', 'poe://Nobody/desk/secret', 1)],
    [
      'a and c forget one name each',
      () => {
        kernel.call('a', 'forget', 'Server', {});
        kernel.call('c', 'forget', 'Nick');
      },
    ],
    ['unsubscribed', () => ikc('unsubscribe', 'poe://Server/desk')],
    ['b monitors less', () => kernel.call('b', 'forget', 'Nick', { error: 'on_error', data: 'less' })],
    ['refused again', () => ikc('call', 'poe://Nick/nowhere/secret', 1, 'poe:granted')],
    ['closed', () => ikc('post', 'poe://Server/desk/close', 1)],
    [
      'shutdown',
      () => {
        kernel.aliasRemove('main');
        for (const who of ['a', 'b', 'c']) kernel.post(who, 'leave');
        ikc('shutdown');
      },
    ],
  ];
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('main');
        Client.spawn({
          ip: '127.0.0.1',
          port,
          name: 'Client',
          onConnect: (kernel) => void kernel.post('main', 'step'),
        });
      },
      granted: (_, specifiers) => console.log(`granted: ${specifiers.join(' ')}`),
      step({ kernel }) {
        const next = steps.shift();
        if (!next) return;
        next[1]();
        kernel.delay('tell', 0.15, next[0]);
      },
      tell({ kernel }, what) {
        console.log(what);
        tell();
        kernel.yield('step');
      },
    },
  });
  void kernel.run().then(() => {
    console.log('at the end');
    tell();
  });
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  runClient(Number(port));
}
