import { kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// The responder as an object: methods in the place of events of the session IKC, and what they return; those that work outside of it.
const ikc = Responder.spawn();

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'undef';
  if (Array.isArray(value)) return `[${[...value].sort().join(' ')}]`;
  return `'${value}'`;
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server', aliases: ['Nick'] }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        console.log(`publish: ${shown(ikc.publish('desk', ['note', 'echo', 'list', 'close']))}`);
        console.log(`published: ${shown(ikc.published('desk'))}`);
        console.log(`retract: ${shown(ikc.retract('desk', ['list']))}`);
        console.log(`published: ${shown(ikc.published('desk'))}`);
      },
      note: (_, ...args) => console.log(`note: ${args.map(shown).join(' | ')}`),
      echo(_, x) {
        console.log(`echo: ${shown(x)}`);
        return x;
      },
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runClient(port: number): void {
  const steps: [string, () => unknown][] = [
    ['post', () => ikc.post('poe://Server/desk/note', 'one')],
    // @ts-expect-error There is one argument; Perl does not mind another one
    ['post a list', () => ikc.post('poe://Server/desk/note', 'one', 'two')],
    ['post nothing', () => ikc.post('poe://Server/desk/note')],
    ['post to a hash', () => ikc.post({ kernel: 'Nick', session: 'desk', state: 'note' }, [1, 2])],
    ['post to nobody', () => ikc.post('poe://Nobody/desk/note', 'x')],
    ['post to all', () => ikc.post('poe://*/desk/note', 'all')],
    ['call', () => ikc.call('poe://Server/desk/echo', 'called', 'poe:/me/answer')],
    [
      'call by hash',
      () => ikc.call('poe://Server/desk/echo', 'called', { session: 'me', state: 'answer', args: ['more'] }),
    ],
    ['call for nobody', () => ikc.call('poe://Nobody/desk/echo', 'called', 'poe:/me/answer')],
    ['default', () => ikc.default('Nick')],
    ['default to nobody', () => ikc.default('Nobody')],
    ['publish', () => ikc.publish('me', ['answer', 'other'])],
    ['published', () => ikc.published('me')],
    ['retract one', () => ikc.retract('me', ['other'])],
    ['retract all', () => ikc.retract('me')],
    ['retract nothing', () => ikc.retract('me')],
    ['published', () => ikc.published('me')],
    ['monitor', () => kernel.call('IKC', 'monitor', 'Server', { unregister: 'gone' })],
    ['register_local', () => ikc.registerLocal('More')],
    ['close', () => ikc.post('poe://Server/desk/close')],
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
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.yield('step');
          },
          step({ kernel }) {
            const next = steps.shift();
            if (!next) return;
            console.log(`${next[0]}: ${shown(next[1]())}`);
            kernel.delay('step', 0.2);
          },
          answer: (_, ...args) => console.log(`  answer: ${args.map(shown).join(' | ')}`),
          error(_, _asked, name, _real, _data, operation, text) {
            if (operation.startsWith('channel')) return;
            const clean = text
              .replace(/\s+Request.*/s, '')
              .replace(/^\d+: /, '')
              .replace(/ at \S+ line.*/s, '');
            console.log(`  error: ${name} ${operation} ${clean}`);
          },
          gone({ kernel }) {
            console.log('  gone');
            kernel.delay('step');
            kernel.aliasRemove('me');
            kernel.post('IKC', 'shutdown');
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
  console.log('over');
}
