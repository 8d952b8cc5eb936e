import { kernel, Session } from 'poe-kernel';
import { Client, Server, type SpecifierLike } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function shown(what: unknown): string {
  if (Array.isArray(what)) return `[${what.join(' ')}]`;
  if (typeof what !== 'object' || what === null) return String(what ?? 'undef');
  return Object.entries(what)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server', aliases: ['First', 'Second'] }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('log');
        kernel.call('IKC', 'publish', 'log', ['note', 'close']);
      },
      note(_, what) {
        console.log(`note: ${shown(what)}`);
      },
      close({ kernel }) {
        kernel.aliasRemove('log');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runClient(port: number): void {
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel, session }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            const post = (spec: SpecifierLike, value?: unknown): void => {
              const r = kernel.call('IKC', 'post', spec, value);
              console.log(`${typeof spec === 'object' ? 'hash' : spec} returned ${r ?? 'undef'}`);
            };
            post('poe://Server/log/note', 'by name');
            post('poe://First/log/note', 'by alias');
            post('Second/log/note', 'short');
            post({ kernel: 'Server', session: 'log', state: 'note' }, 'by hash');
            post({ kernel: 'Server', session: 'log', state: 'note' }, { a: 1, b: 2 });
            post('poe://Server/log/note', [1, 2, 3]);
            post('poe://Server/log/note');
            post('poe://Nobody/log/note', 'lost');
            post('poe://*/log/note', 'to all');
            kernel.call('IKC', 'default', 'Second');
            post('poe:/log/note', 'to the default');
            post({ session: 'log', state: 'note' }, 'to the default, by hash');
            post('poe://Server/log', 'no state');
            kernel.call('IKC', 'post2', 'poe://Server/log/note', session, 'post2');
            kernel.call('IKC', 'raw_message', { event: 'poe://Server/log/note', params: 'raw' }, session);
            kernel.call('IKC', 'post', 'poe://Server/log/note?ignored', 'with arguments');
            kernel.delay('leave', 0.2);
          },
          error(_, _name, who, _real, _data, op, text) {
            const clean = text.replace(/^\d+: /, '').replace(/\s+at \S+ line.*/s, '');
            console.log(`error: ${who} ${op} ${clean}`);
          },
          leave({ kernel }) {
            kernel.post('IKC', 'post', 'poe://Server/log/close', 1);
            kernel.call('IKC', 'monitor', '*', { unregister: 'gone' });
          },
          gone({ kernel }, _asked, _name, real) {
            if (!real) return;
            const r = kernel.call('IKC', 'post', 'poe://Server/log/note', 'too late');
            console.log(`after the end: ${r ?? 'undef'}`);
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
  console.log('client run returned');
}
