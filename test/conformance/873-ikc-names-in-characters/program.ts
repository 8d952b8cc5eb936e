import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// Names that Perl holds as characters: in hashes, in texts, as values; of kernels, sessions and events. They mean what the same names in octets
// mean. A string of JavaScript is one or the other as need be.
const short = (text: string): string =>
  text.replace(/[^ -~]/gu, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`);

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server', aliases: ['Nick'] }) as number;
  for (const name of ['desk', 'caf\xe9', '\u20acuro']) {
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(name);
          kernel.call('IKC', 'publish', name, ['echo', 'gr\xfc\xdf', '\u2713', 'tell', 'close']);
          kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
        },
        leave({ kernel }) {
          kernel.aliasRemove(name);
        },
        echo(_, x) {
          console.log(short(`${name}: ${x}`));
          return x;
        },
        'gr\xfc\xdf': (_, x) => `greets ${x}`,
        '\u2713': (_, x) => `ticks ${x}`,
        tell: ({ kernel }, to) => `told ${kernel.call('IKC', 'post', to, 'by the server')}`,
        close({ kernel }) {
          kernel.post('IKC', 'shutdown');
        },
      },
    });
  }
  return port;
}

interface Hash {
  kernel: string;
  session: string;
  state: string;
}
type Todo = string | Hash | [to: string | Hash];

function runClient(port: number): void {
  const todo: Todo[] = [];
  for (let n = 0; n < 2; n++) {
    for (const name of ['Server', 'Nick', 'Nobody']) todo.push({ kernel: name, session: 'desk', state: 'echo' });
    todo.push({ kernel: 'Server', session: 'caf\xe9', state: 'echo' });
    todo.push({ kernel: 'Server', session: 'desk', state: 'gr\xfc\xdf' });
    todo.push('poe://Server/desk/echo', 'Nick/desk/echo');
  }
  todo.push({ kernel: 'Server', session: '\u20acuro', state: 'echo' });
  todo.push({ kernel: 'Server', session: 'desk', state: '\u2713' });
  // Where the server is to post to, by names in characters.
  todo.push([{ kernel: 'Client', session: 'me', state: 'hear' }], ['poe://Client/me/hear']);
  todo.push([{ kernel: 'Alias', session: 'me', state: 'hear' }]);
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    aliases: ['Alias'],
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'publish', 'me', ['hear']);
            kernel.call('IKC', 'monitor', 'Server', { error: 'error' });
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            console.log(`default: ${kernel.call('IKC', 'default', 'Nick')}`);
            kernel.yield('step');
          },
          step({ kernel }) {
            const next = todo.shift();
            if (next === undefined) {
              kernel.post('IKC', 'post', 'poe://Server/desk/close');
              kernel.aliasRemove('me');
              return;
            }
            const [to, value] = Array.isArray(next) ? ['poe://Server/desk/tell', next[0]] : [next, 'x\xe9'];
            console.log(short(typeof to === 'string' ? to : [to.kernel, to.session, to.state].join('/')));
            kernel.call('IKC', 'call', to, value, { session: 'me', state: 'answer' });
          },
          answer({ kernel }, answer) {
            console.log(`  ${short(answer)}`);
            kernel.delay('step', 0.05);
          },
          hear: (_, what) => console.log(`  hears: ${what}`),
          error({ kernel }, _asked, name, _real, _data, operation, text) {
            if (operation.startsWith('channel')) return;
            const clean = text.replace(/\s+Request.*/s, '').replace(/^\d+: /, '');
            console.log(`  error: ${short(`${name} ${operation} ${clean}`)}`);
            kernel.delay('step', 0.05);
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
