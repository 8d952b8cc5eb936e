import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// The server closes the connection of a client that it does not want, by the session of its channel; what was posted before arrives.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server', aliases: ['Alias'] }) as number;
  Session.create({
    heap: { channel: 0 },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('door');
        kernel.call('IKC', 'publish', 'door', ['knock']);
        kernel.call('IKC', 'monitor', '*', {
          channel: 'channel',
          error: 'error',
          register: 'came',
          unregister: 'went',
          data: { star: 1 },
        });
        kernel.call('IKC', 'monitor', 'Nick', { channel: 'nick', data: 'by nick' });
      },
      came(_, _name, who) {
        if (who === 'Client' || who === 'Nick') console.log(`came: ${who}`);
      },
      went({ kernel }, _name, who, real) {
        if (who === 'Client' || who === 'Nick') console.log(`went: ${who}`);
        if (!real) return;
        const r = kernel.call('IKC', 'post', 'poe://Client/guest/late', 1);
        console.log(`posted to ${r}`);
        kernel.aliasRemove('door');
        kernel.post('IKC', 'shutdown');
      },
      channel({ heap }, _name, who, _real, data, what, id) {
        if (who !== 'Client') return;
        console.log(`channel ${what}, data ${Object.entries(data).join()}`);
        heap.channel = id;
      },
      nick(_, name, who, real, data, what) {
        console.log(`nick: ${name} ${who} ${real ?? 'undef'} ${data} ${what}`);
      },
      error(_, _name, who, _real, _data, op, text) {
        if (who === 'Client') console.log(`error: ${op} ${text}`);
      },
      knock({ kernel, heap }, n) {
        console.log(`knock ${n}`);
        if (n === 2) {
          kernel.post('IKC', 'post', 'poe://Client/guest/note', 'go away');
          kernel.post(heap.channel, 'shutdown');
        }
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
    aliases: ['Nick'],
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('guest');
            kernel.call('IKC', 'publish', 'guest', ['note', 'late']);
            kernel.call('IKC', 'monitor', 'Server', {
              error: 'error',
              unregister: 'gone',
              channel: 'channel',
              data: 5,
            });
            kernel.call('IKC', 'monitor', 'Alias', { unregister: 'gone' });
            kernel.call('IKC', 'monitor', 'Alias', {});
            for (const n of [1, 2]) kernel.post('IKC', 'post', 'poe://Server/door/knock', n);
          },
          note(_, what) {
            console.log(`note: ${what}`);
          },
          late() {
            console.log('too late');
          },
          channel(_, name, who, _real, data, what) {
            console.log(`channel: ${name} ${who} ${data} ${what}`);
          },
          error(_, name, who, _real, _data, op, text) {
            console.log(`error: ${name} ${who} ${op} '${text}'`);
          },
          gone({ kernel }, name, who, _real, data) {
            console.log(`gone: ${name} ${who} ${data}`);
            kernel.aliasRemove('guest');
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
