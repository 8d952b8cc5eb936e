import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('calc');
        const r = kernel.call('IKC', 'publish', 'calc', ['note', 'sum', 'silent', 'finish']);
        console.log(`publish returned ${r}`);
      },
      note(_, ...args) {
        const [first] = args;
        console.log(`note: ${args.length} arg: ${Array.isArray(first) ? `ARRAY of ${first.join(' ')}` : first}`);
      },
      sum(_, numbers) {
        console.log(`sum of ${numbers.join(' ')}`);
        return numbers.reduce((total: number, n: number) => total + n, 0);
      },
      silent() {
        console.log('silent');
      },
      finish({ kernel }) {
        console.log('finish');
        kernel.aliasRemove('calc');
        kernel.delay('bye', 0.2);
        return 'finishing';
      },
      bye({ kernel }) {
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
            const r = kernel.call('IKC', 'post', 'poe://Server/calc/note', 'a string');
            console.log(`post returned ${r ? 'true' : 'false'}`);
            kernel.post('IKC', 'post', { kernel: 'Server', session: 'calc', state: 'note' }, [1, 2, 3]);
            kernel.post('IKC', 'call', 'poe://Server/calc/sum', [1, 2, 3, 4], 'poe:got_sum');
            kernel.post('IKC', 'call', 'poe://Server/calc/silent', undefined, 'poe:got_silent');
            kernel.post('IKC', 'call', 'poe://Server/calc/sum', [10, 20], { session: 'me', state: 'got_other' });
          },
          got_sum(_, ...args) {
            console.log(`got_sum ${args.join(' ')}`);
          },
          got_silent() {
            console.log('got_silent?');
          },
          got_other({ kernel }, sum) {
            console.log(`got_other ${sum}`);
            kernel.post('IKC', 'call', 'poe://Server/calc/finish', '', 'poe:finished');
          },
          finished({ kernel }, value) {
            console.log(`finished: ${value}`);
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
  console.log('server run returned');
  await client.print('client: ');
} else {
  runClient(Number(port));
  await kernel.run();
  console.log('client run returned');
}
