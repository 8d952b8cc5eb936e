import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function clean(text: string): string {
  return text
    .replace(/\.? +Request.*/s, '')
    .replace(/^\d+: /, '')
    .trimEnd();
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('shop');
        kernel.call('IKC', 'publish', 'shop', ['buy', 'temporary', 'withdraw', 'close']);
        kernel.post('IKC', 'monitor', '*', { error: 'error' });
      },
      buy(_, what) {
        console.log(`buy ${what}`);
        return `bought ${what}`;
      },
      temporary() {
        console.log('temporary');
        return 'still here';
      },
      withdraw({ kernel }) {
        kernel.call('IKC', 'retract', 'shop', ['temporary']);
        return 'withdrawn';
      },
      secret() {
        console.log('secret was reached');
      },
      error(_, _name, _kernelName, _real, _data, stage, text) {
        console.log(`server error: ${stage}: ${clean(text)}`);
      },
      close({ kernel }) {
        kernel.aliasRemove('shop');
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
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.yield('step', 1);
          },
          step({ kernel }, n) {
            console.log(`-- step ${n}`);
            if (n === 1) kernel.post('IKC', 'call', 'poe://Server/shop/secret', '', 'poe:answer');
            else if (n === 2) kernel.post('IKC', 'call', 'poe://Server/nowhere/x', '', 'poe:answer');
            else if (n === 3) {
              const r = kernel.call('IKC', 'post', 'poe://Nobody/shop/buy', 'x');
              console.log(`returned ${r ? 'true' : 'false'}`);
            } else if (n === 4) kernel.post('IKC', 'call', 'poe://Server/shop/temporary', '', 'poe:answer');
            else if (n === 5) kernel.post('IKC', 'call', 'poe://Server/shop/withdraw', '', 'poe:answer');
            else if (n === 6) kernel.post('IKC', 'call', 'poe://Server/shop/temporary', '', 'poe:answer');
            else if (n === 7) kernel.post('IKC', 'call', 'poe://Server/shop/buy', 'milk', 'poe:answer');
            else {
              kernel.post('IKC', 'post', 'poe://Server/shop/close', '');
              kernel.aliasRemove('me');
              return;
            }
            kernel.delay('step', 0.2, n + 1);
          },
          answer(_, value) {
            console.log(`answer: ${value}`);
          },
          error(_, _name, _kernelName, _real, _data, stage, text) {
            console.log(`error: ${stage}: ${clean(text)}`);
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
