import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// SENDER of a foreign request: kept by a reference count, answered at once, and answered later.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['at_once', 'later', 'both', 'close', 'private', 'unknown']);
      },
      at_once({ kernel, sender }, n) {
        kernel.post(sender, 'reply', `at once ${n}`, 'second');
      },
      later({ kernel, sender }, n) {
        kernel.refcountIncrement(sender.id, 'desk');
        kernel.delaySet('is_later', 0.1, sender.id, n);
      },
      is_later({ kernel }, sender, n) {
        kernel.post(sender, 'reply', `later ${n}`, ['a', { list: 1 }]);
        kernel.refcountDecrement(sender, 'desk');
      },
      both({ kernel, sender }, n) {
        kernel.call(sender, 'reply', `called ${n}`);
        return `answer ${n}`;
      },
      private({ kernel, sender }) {
        kernel.post(sender, '_hidden', 1);
        kernel.post(sender, 'reply', 'private');
      },
      unknown({ kernel, sender }) {
        kernel.post(sender, 'unknown', 1);
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
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      for (const name of ['ann', 'bob']) {
        Session.create({
          inlineStates: {
            _start({ kernel }) {
              kernel.aliasSet(name);
              kernel.call('IKC', 'publish', name, ['reply']);
              if (name === 'ann') kernel.call('IKC', 'monitor', '*', { error: 'error' });
              kernel.delay('step', name === 'ann' ? 0 : 0.3, 1);
            },
            step({ kernel }, n) {
              const desk = 'poe://Server/desk';
              if (n === 1) kernel.post('IKC', 'post', `${desk}/at_once`, name);
              else if (n === 2) kernel.post('IKC', 'post', `${desk}/later`, name);
              else if (n === 3) kernel.post('IKC', 'call', `${desk}/both`, name, 'poe:answer');
              else if (n === 4 && name === 'ann') kernel.post('IKC', 'post', `${desk}/private`, name);
              else if (n === 5 && name === 'ann') kernel.post('IKC', 'post', `${desk}/unknown`, name);
              else if (n > 5) {
                if (name === 'bob') kernel.post('IKC', 'post', `${desk}/close`, name);
                kernel.aliasRemove(name);
                return;
              }
              kernel.delay('step', 0.6, n + 1);
            },
            reply(_, ...args) {
              const shown = args.map((arg) =>
                Array.isArray(arg) ? `${arg[0]} and ${Object.entries(arg[1]).join()}` : arg,
              );
              console.log(`${name}: ${shown.join(' | ')}`);
            },
            answer(_, value) {
              console.log(`${name}: ${value}`);
            },
            error(_, _name, _who, _real, _data, op, text) {
              if (op.startsWith('local')) console.log(`error: ${op} ${text.replace(/\s+Request .*/s, '')}`);
            },
          },
        });
      }
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
