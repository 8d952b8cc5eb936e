import { kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

const shown = (value: unknown): string => (value === undefined || value === null ? 'undef' : `'${value}'`);
const ports = new Map<string, number>();
const ids: Record<string, string> = {};

function connectTo(name: string): void {
  Client.spawn({
    ip: '127.0.0.1',
    port: ports.get(name) as number,
    name: 'Own',
    onConnect(kernel) {
      console.log(`  connected to ${name}`);
      kernel.post('desk', 'hello', name);
    },
  });
}

function makeDefault(name: string | undefined): void {
  const result = kernel.call('IKC', 'default', name);
  console.log(`  default ${name?.includes('-') ? 'ID' : shown(name)}: ${shown(result)}`);
}

function post(...specs: (string | object)[]): void {
  for (const spec of specs) {
    const isHash = typeof spec !== 'string';
    const value = isHash ? 'by hash' : /-/.test(spec) ? 'by ID' : spec;
    const result = kernel.call('IKC', 'post', spec, value);
    console.log(`  ${isHash ? 'a hash' : spec.includes('-') ? 'by ID' : spec} went to ${shown(result)}`);
  }
}

const hash = { session: 'log', state: 'note' };
const toDefault = 'poe:/log/note';
const steps: [string, () => void][] = [
  [
    'nobody, since the default has gone',
    () => {
      makeDefault('First');
      post(toDefault, hash);
    },
  ],
  ['the first one', () => connectTo('First')],
  [
    'is the default',
    () =>
      post(
        toDefault,
        'poe://First/log/note',
        'poe://One/log/note',
        'poe://Two/log/note',
        hash,
        'poe:///log/note',
        '/log/note',
      ),
  ],
  ['the second one', () => connectTo('Second')],
  ['the default stays', () => post(toDefault, 'Two/log/note', 'poe://*/log/note')],
  [
    'another default',
    () => {
      makeDefault('Two');
      post(toDefault, hash);
    },
  ],
  [
    'by ID',
    () => {
      makeDefault(ids.First);
      post(toDefault, `poe://${ids.Second}/log/note`);
    },
  ],
  [
    'one that is unknown',
    () => {
      for (const name of ['Nobody', undefined, '', '*']) makeDefault(name);
      post(toDefault);
    },
  ],
  [
    'myself',
    () => {
      makeDefault('Own');
      post(toDefault);
    },
  ],
  [
    'the second one again',
    () => {
      makeDefault('Second');
      post(toDefault);
    },
  ],
  ['a call by default', () => kernel.call('IKC', 'call', 'poe:/log/who', 1, 'poe:answer')],
  ['it closes', () => post('poe:/log/close')],
  ['no default', () => post(toDefault, 'poe://Second/log/note', 'poe://Uno/log/note', 'poe://*/log/note')],
  ['the first one closes', () => post('poe://Uno/log/close')],
  ['nobody is left', () => post(toDefault, 'poe://First/log/note', 'poe://*/log/note', 'poe://Own/desk/note')],
];

// One kernel with two servers: which of them is the default, under all their names, while they come and go and come back.
function runOwn(): number {
  Responder.spawn();
  let port = 0;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['note', 'is_at', 'noted']);
        kernel.call('IKC', 'monitor', '*', { error: 'error', unregister: 'gone' });
        // Each server is a client of this program until it has told its port.
        port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Own' }) as number;
      },
      is_at({ kernel }, [name, at]) {
        ports.set(name, at);
        kernel.call('IKC', 'default', `Teller${name}`);
        if (ports.size === 2) kernel.delay('step', 0.3);
      },
      hello({ kernel }, name) {
        kernel.call('IKC', 'call', `poe://${name}/log/id`, 1, 'poe:has_id');
      },
      has_id(_, [name, id]) {
        ids[name] = id;
      },
      step({ kernel }) {
        const next = steps.shift();
        if (!next) {
          kernel.aliasRemove('desk');
          kernel.post('IKC', 'shutdown');
          return;
        }
        console.log(next[0]);
        next[1]();
        kernel.delay('step', 0.25);
      },
      note: (_, what) => console.log(`  noted here: ${what}`),
      granted: (_, specifiers) => console.log(`  granted: ${specifiers.join(' ')}`),
      answer: (_, answer) => console.log(`  answer: ${answer}`),
      error(_, _asked, name, _real, _data, operation, text) {
        if (operation.startsWith('channel')) return;
        const clean = text.replace(/\s+Request.*/s, '').replace(/^\d+: /, '');
        console.log(`  error: ${name} ${operation} ${clean}`);
      },
      gone(_, _asked, name) {
        if (/^(First|Second|One|Uno|Two)$/.test(name)) console.log(`  gone: ${name}`);
      },
    },
  });
  return port;
}

function runServer(name: string, aliases: string[], to: number): void {
  let port = 0;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('log');
        Responder.spawn();
        kernel.call('IKC', 'publish', 'log', ['note', 'who', 'id', 'close']);
        port = Server.spawn({ ip: '127.0.0.1', port: 0, name, aliases }) as number;
        Client.spawn({
          ip: '127.0.0.1',
          port: to,
          name: `Teller${name}`,
          onConnect(kernel) {
            const channel = kernel.getActiveSession().id;
            kernel.call('IKC', 'post', 'poe://Own/desk/is_at', [name, port]);
            kernel.post('log', 'told', channel);
          },
        });
      },
      told: ({ kernel }, channel) => kernel.delaySet('untell', 0.1, channel),
      untell: ({ kernel }, channel) => kernel.post(channel, 'shutdown'),
      note: (_, what) => console.log(`notes ${what}`),
      who: () => `I am ${name}`,
      id: ({ kernel }) => [name, kernel.id],
      close({ kernel }) {
        console.log('closes');
        kernel.aliasRemove('log');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
}

const [name, to] = words;
if (name === undefined) {
  const own = runOwn();
  const servers = ['First', 'Second'].map((server) => [server, startSecond(server, own)] as const);
  await kernel.run();
  console.log('over');
  for (const [server, process] of servers) await process.print(`${server}: `);
} else {
  runServer(name, name === 'First' ? ['Uno', 'One'] : ['Two'], Number(to));
  await kernel.run();
  console.log('over');
}
