import { type KernelView, kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// Proxies: subscribed to one and several, by event and by code, posted to under both names, ended by us and by the server.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  for (const name of ['red', 'blue']) {
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(name);
          kernel.call('IKC', 'publish', name, ['paint', 'close']);
          kernel.call('IKC', 'monitor', '*', { shutdown: 'down' });
        },
        paint(_, ...args) {
          const shown = args.map((arg) => (Array.isArray(arg) ? `[${arg.join(' ')}]` : (arg ?? 'undef')));
          console.log(`${name} paints ${args.length}: ${shown.join(', ')}`);
        },
        secret() {
          console.log(`${name} keeps no secret`);
        },
        close({ kernel }) {
          kernel.post('IKC', 'shutdown');
        },
        down({ kernel }) {
          kernel.aliasRemove(name);
        },
      },
    });
  }
  return port;
}

function runClient(port: number): void {
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      Session.create({
        heap: { turn: 0, told: [] } as Heap,
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'monitor', '*', {
              subscribe: 'subscribed',
              unsubscribe: 'unsubscribed',
              error: 'error',
            });
            const wanted = ['Server/red', 'Server/blue/paint', 'Server/red/secret', 'Server/green', 'Nobody/x'];
            const specifiers = wanted.map((spec) => `poe://${spec}`);
            kernel.post('IKC', 'subscribe', specifiers, 'granted');
          },
          granted({ kernel, heap }, list) {
            console.log(`granted: ${list.join(' ')}`);
            heap.turn++;
            if (heap.turn === 1) {
              names(kernel);
              kernel.post('poe://Server/red', 'paint', 1, [2, 3], undefined);
              kernel.post('red', 'paint');
              kernel.post('blue', 'paint', 'sky');
              kernel.post('blue', '_paint', 'nothing');
              kernel.post('blue', 'secret', 'refused');
              kernel.call('blue', 'paint', 'called');
              kernel.delay('next', 0.2);
            } else {
              names(kernel);
              kernel.post('red', 'paint', 'again');
              kernel.post('IKC', 'post', 'poe://Server/red/close', 1);
              kernel.delay('after', 0.3);
            }
          },
          next({ kernel, heap }) {
            // The answers of the server come in one segment or in several.
            for (const text of (heap.told ?? []).sort()) console.log(text);
            heap.told = undefined;
            kernel.post('IKC', 'unsubscribe', 'poe://Server/red');
            kernel.delay('then', 0.1);
          },
          // biome-ignore lint/suspicious/noThenProperty: the event of the original
          then({ kernel }) {
            names(kernel);
            kernel.post('IKC', 'subscribe', 'poe://Server/red', 'granted');
          },
          after({ kernel }) {
            console.log('the server has gone');
            names(kernel);
            kernel.aliasRemove('me');
            kernel.post('IKC', 'shutdown');
          },
          subscribed({ heap }, _name, who, real, _data, spec) {
            if (real || who === 'Server') tell(heap, `subscribed: ${spec.session} of ${spec.kernel}`);
          },
          unsubscribed(_, _name, who, real, _data, spec) {
            if (real || who === 'Server') console.log(`unsubscribed: ${spec.session} of ${spec.kernel}`);
          },
          error({ heap }, _name, _who, _real, _data, op, text) {
            const clean = text
              .replace(/^\d+: /, '')
              .replace(/\.?\s+Request .*/s, '')
              .replace(/\s+$/, '');
            if (op !== 'channel-read') tell(heap, `error: ${op} ${clean}`);
          },
        },
      });
    },
  });
}

interface Heap {
  turn: number;
  told?: string[] | undefined;
}

function tell({ told }: Heap, text: string): void {
  if (told) told.push(text);
  else console.log(text);
}

function names(kernel: KernelView): void {
  const shown = ['poe://Server/red', 'red', 'poe://Server/blue', 'blue', 'poe://Server/green', 'green'].map(
    (name) => `${kernel.aliasResolve(name) ? '' : 'no '}${name}`,
  );
  console.log(`names: ${shown.join(' ')}`);
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
