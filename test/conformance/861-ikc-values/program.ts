import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { blessed, PerlRef } from 'poe-kernel/wheels';
import { startSecond, words } from '../../helpers/second-process.ts';

// Values of every kind, there and back: each side says what it was given.
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

function show(value: unknown, depth = 0): string {
  if (depth > 6) return 'deeper';
  if (value === null || value === undefined) return 'undef';
  if (typeof value !== 'object') {
    const text = String(value);
    if ([...text].length > 60) return `text of ${[...text].length}`;
    return `'${text.replace(/[^ -~]/gu, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`)}'`;
  }
  const name = (value as { [blessed]?: string })[blessed];
  return `${name === undefined ? '' : `${name} `}${showInside(value, depth + 1)}`;
}

function showInside(value: object, depth: number): string {
  if (value instanceof PerlRef) return `\\${show(value.value, depth)}`;
  if (Array.isArray(value)) return `[${value.map((one) => show(one, depth)).join(', ')}]`;
  const hash = value as Record<string, unknown>;
  return `{${Object.keys(hash)
    .sort()
    .map((key) => `${show(key)} => ${show(hash[key], depth)}`)
    .join(', ')}}`;
}

const bless = <T extends object>(value: T, name: string): T => Object.assign(value, { [blessed]: name });

function runClient(port: number): void {
  const shared = ['shared'];
  const circle: Record<string, unknown> = { name: 'circle' };
  circle.self = circle;
  // biome-ignore format: as the lines in Perl
  const values: unknown[] = [
    undefined, '', 0, '0', 1, -1, '007', '1e3', 2147483647, 2147483648, -2147483649, 9007199254740991, 1.5, -0.25, 1e100, 0.1, ' 5',
    'two\nlines', 'nul\0inside', '\xe9\xff', '\u20ac and \u{1f600}', 'x'.repeat(70_000), '\u263a'.repeat(300),
    [], {}, [[]], [undefined], [undefined, undefined, 0], { '': 'empty key' }, { 0: 'zero', '\xe9': 'latin', '\u20ac': 'euro' },
    [1, [2, [3, { four: [5] }]]], { a: undefined, b: [], c: {} },
    new PerlRef('scalar'), new PerlRef(undefined), new PerlRef(new PerlRef('inner')), [new PerlRef(1), new PerlRef('x')],
    bless({ name: 'it' }, 'Some::Thing'), bless([1, 2], 'List'), bless(new PerlRef('in'), 'Scalar'), [1, 2, 3].map((n) => bless({ n }, 'Same')),
    { ['__proto__']: 'x', constructor: 'y', toString: 'z', length: 3 },
    [1, 2, 3].map((id) => ({ id, tags: [`t${id}`] })),
    [shared, shared], circle,
  ];
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.yield('next');
          },
          next({ kernel }) {
            if (values.length === 0) {
              kernel.post('IKC', 'post', 'poe://Server/mirror/close', 1);
              kernel.aliasRemove('me');
              return;
            }
            // An answer of undef is none.
            const value = values.shift();
            kernel.post('IKC', 'call', 'poe://Server/mirror/look', value, 'poe:answer');
            if (value === undefined) kernel.yield('answer', undefined);
          },
          answer({ kernel }, value) {
            console.log(show(value));
            const isPair = Array.isArray(value) && value.length === 2 && typeof value[0] === 'object';
            if (isPair && value[0] !== null && value[0] === value[1]) console.log('  one and the same');
            if (value?.self !== undefined && value.self === value) console.log('  a circle');
            kernel.yield('next');
          },
        },
      });
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
}
