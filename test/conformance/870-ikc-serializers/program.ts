import { kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { blessed, PerlRef } from 'poe-kernel/wheels';
import { startSecond, words } from '../../helpers/second-process.ts';

// What each serializer carries, there and back.
function show(value: unknown): string {
  if (value === null || value === undefined) return 'undef';
  if (typeof value !== 'object') {
    const text = String(value);
    return `'${text.replace(/[^ -~]/gu, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`)}'`;
  }
  const name = (value as { [blessed]?: string })[blessed];
  const inside = (): string => {
    if (value instanceof PerlRef) return `\\${show(value.value)}`;
    if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
    const hash = value as Record<string, unknown>;
    const pairs = Object.keys(hash)
      .sort()
      .map((key) => `${show(key)} => ${show(hash[key])}`);
    return `{${pairs.join(', ')}}`;
  };
  return `${name === undefined ? '' : `${name} `}${inside()}`;
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('mirror');
        kernel.call('IKC', 'publish', 'mirror', ['look', 'close']);
      },
      look(_, value) {
        console.log(`got ${show(value)}`);
        return value;
      },
      close({ kernel }) {
        kernel.aliasRemove('mirror');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

const bless = <T extends object>(value: T, name: string): T => Object.assign(value, { [blessed]: name });

function runClient(port: number): void {
  // biome-ignore format: as the lines in Perl
  const values: unknown[] = [
    'text', '', 0, 42, -7, '007', 1.5, 'a \'quoted\' "one"\\', 'two\nlines', '$x @y %z', '\xe9',
    [], {}, [1, [2, { three: 3 }]], [undefined, 'x'], { '': 1, 'a b': [undefined], "it's": '\\' },
    new PerlRef('scalar'), bless({ name: 'it' }, 'Some::Thing'), bless([1], 'List'),
  ];
  const ways = [
    ['Storable'],
    ['FreezeThaw'],
    ['POE::Component::IKC::Freezer'],
    ['FreezeThaw', 'Storable'],
    ['POE::Component::IKC::Freezer', 'Storable'],
  ];
  Session.create({
    heap: { values: [] as unknown[], last: false, channel: 0 },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('me');
        Responder.spawn();
        kernel.call('IKC', 'monitor', 'Server', { unregister: 'way' });
        kernel.yield('way');
      },
      way({ kernel, heap }) {
        const way = ways.shift();
        if (!way) {
          kernel.aliasRemove('me');
          kernel.post('IKC', 'shutdown');
          return;
        }
        console.log(`-- ${way.join(' ')}`);
        heap.values = [...values];
        heap.last = ways.length === 0;
        Client.spawn({
          ip: '127.0.0.1',
          port,
          name: 'Client',
          serializers: way,
          onConnect: (kernel) => void kernel.post('me', 'next', kernel.getActiveSession().id),
          onError: (operation) => console.log(`error: ${operation}`),
        });
      },
      next({ kernel, heap }, channel) {
        heap.channel = channel;
        kernel.yield('ask');
      },
      ask({ kernel, heap }) {
        if (heap.values.length > 0) {
          kernel.call('IKC', 'call', 'poe://Server/mirror/look', heap.values.shift(), 'poe:answer');
        } else if (heap.last) kernel.call('IKC', 'post', 'poe://Server/mirror/close', 1);
        else kernel.call(heap.channel, 'shutdown');
      },
      answer({ kernel }, value) {
        console.log(show(value));
        kernel.yield('ask');
      },
    },
  });
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  runClient(Number(port));
  await kernel.run();
  console.log('over');
}
