import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// Names that are long, odd, or look like something else; of kernels, sessions and events.
const long = 'n'.repeat(3000);
const server = `K${'k'.repeat(200)}`;
const aliases = ['42', 'host.test:603', '-', 'a.b-c_d', '0.5'];
const odd = ['a b', '-', 'x.y', 'a:b'];
const sessions = [long, ...odd, '007', 'IKC2', 'poe', 'UPPER', 'un_der', '\xe9t\xe9', 'a?b', 'a/b', '*', '   '];
const events = [long, ...odd, '42', '_hidden', 'a?b', 'a/b', '*', '\xe9'];

function short(name: string): string {
  return name
    .replace(/((.)\2{20,})/g, (all, _run, one) => `${one} x ${all.length}`)
    .replace(/[^ -~]/g, (character) => `\\x{${character.charCodeAt(0).toString(16)}}`);
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: server, aliases }) as number;
  for (const name of sessions) {
    const handlers = [...events, 'ok'].map((event) => [
      event,
      (_: unknown, x: unknown) => `${event} of ${name} has ${x}`,
    ]);
    Session.create({
      inlineStates: {
        ...Object.fromEntries(handlers),
        _start({ kernel }) {
          kernel.aliasSet(name);
          kernel.call('IKC', 'publish', name, [...events, 'ok']);
          kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
        },
        leave({ kernel }) {
          kernel.aliasRemove(name);
        },
      },
    });
  }
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['close']);
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
  const todo = [
    ...[server, ...aliases].map((name) => ['text', name, 'desk', 'nothing'] as const),
    ...sessions.map((name) => ['hash', server, name, 'ok'] as const),
    ...[long, 'a b', '-', '007', 'IKC2', 'poe', 'UPPER', 'un_der', '   '].map(
      (name) => ['text', server, name, 'ok'] as const,
    ),
    ...[long, 'a b', '-', '42', '_hidden', '   '].map((event) => ['text', server, 'UPPER', event] as const),
    ...events.map((event) => ['hash', server, 'UPPER', event] as const),
  ];
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: `C${'c'.repeat(200)}`,
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.yield('step');
          },
          step({ kernel }) {
            const next = todo.shift();
            if (!next) {
              kernel.post('IKC', 'post', `poe://${server}/desk/close`);
              kernel.aliasRemove('me');
              return;
            }
            const [how, to, session, state] = next;
            const spec = how === 'text' ? `poe://${to}/${session}/${state}` : { kernel: to, session, state };
            console.log(`${how} ${[to, session, state].map(short).join(' , ')}`);
            kernel.call('IKC', 'call', spec, 'x', 'poe:answer');
          },
          answer({ kernel }, answer) {
            kernel.yield('step');
            console.log(`  ${short(answer)}`);
          },
          error({ kernel }, _asked, _name, _real, _data, operation, text) {
            if (operation.startsWith('channel')) return;
            kernel.yield('step');
            const clean = text
              .replace(/\s+Request.*/s, '')
              .replace(/^\d+: /, '')
              .replace(/ at \S+ line.*/s, '');
            console.log(`  error: ${operation} ${short(clean)}`);
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
