import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('logger');
        kernel.call('IKC', 'publish', 'logger', ['log', 'close']);
      },
      log(_, ...args) {
        console.log(`log: ${args.length} args: ${args.join(' ')}`);
      },
      hidden() {
        console.log('hidden was reached');
      },
      close({ kernel }) {
        console.log('close');
        kernel.aliasRemove('logger');
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
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.post('IKC', 'subscribe', ['poe://Server/logger', 'poe://Server/unheard_of'], 'subscribed');
          },
          subscribed({ kernel }, granted) {
            console.log(`granted: ${granted.join(' ')}`);
            console.log(`proxy by full name: ${kernel.aliasResolve('poe://Server/logger') ? 'yes' : 'no'}`);
            console.log(`proxy by plain name: ${kernel.aliasResolve('logger') ? 'yes' : 'no'}`);
            const same = kernel.aliasResolve('logger') === kernel.aliasResolve('poe://Server/logger');
            console.log(`same session: ${same ? 'yes' : 'no'}`);
            kernel.post('poe://Server/logger', 'log', 'one', 'two', 'three');
            kernel.post('logger', 'log', 'short');
            kernel.post('logger', 'log');
            kernel.post('logger', 'hidden', 'x');
            const r = kernel.call('logger', 'log', 'by call');
            console.log(`call through the proxy returned ${r ?? 'undef'}`);
            kernel.post('logger', 'close');
            kernel.aliasRemove('me');
          },
          _stop() {
            console.log('my session stops');
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
