import { type KernelView, kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// Subscribing to single events, to what is not granted, to a session that is yet to come, and anew after the end.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['note', 'open', 'close']);
        kernel.call('IKC', 'publish', 'late', ['note']);
      },
      note: (_, ...args) => console.log(`desk notes ${args.join(' ')}`),
      hidden: () => console.log('must not be reached'),
      open() {
        Session.create({
          inlineStates: {
            _start: ({ kernel }) => kernel.aliasSet('late'),
            note({ kernel }, ...args) {
              console.log(`late notes ${args.join(' ')}`);
              kernel.aliasRemove('late');
            },
          },
        });
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
  const steps: ((kernel: KernelView) => unknown)[] = [
    (kernel) => kernel.call('IKC', 'subscribe', ['poe://Server/desk/note'], 'granted'),
    (kernel) => kernel.call('IKC', 'subscribe', ['poe://Server/desk/hidden', 'poe://Server/late'], 'granted'),
    (kernel) => console.log(`posted ${kernel.post('desk', 'note', 1, 'a') ? 'yes' : 'no'}`),
    (kernel) => kernel.post('desk', 'hidden', 2),
    (kernel) => kernel.post('poe://Server/late', 'note', 3),
    (kernel) => kernel.post('poe://Server/desk', 'open'),
    (kernel) => kernel.post('late', 'note', 4, 'b'),
    (kernel) => kernel.call('IKC', 'subscribe', 'poe://Server/desk', 'granted'),
    (kernel) => kernel.call('IKC', 'unsubscribe', 'poe://Server/desk'),
    (kernel) => console.log(`posted ${kernel.post('desk', 'note', 5) ? 'yes' : 'no'}`),
    (kernel) => kernel.call('IKC', 'subscribe', ['poe://Server/desk/close'], 'granted'),
    (kernel) => kernel.post('desk', 'note', 6),
    (kernel) => kernel.post('desk', 'close'),
  ];
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('visitor');
        Responder.spawn();
        kernel.call('IKC', 'monitor', 'Server', {
          subscribe: 'subscribed',
          unsubscribe: 'unsubscribed',
          unregister: 'gone',
        });
        kernel.call('IKC', 'monitor', '*', { error: 'error' });
        Client.spawn({ ip: '127.0.0.1', port, name: 'Client', onConnect: (kernel) => kernel.post('visitor', 'step') });
      },
      step({ kernel }) {
        const next = steps.shift();
        if (next === undefined) return;
        next(kernel);
        kernel.delay('step', 0.1);
      },
      granted: (_, specifiers) => console.log(`granted: ${specifiers.join(' ')}`),
      subscribed: (_, _name, _kernel, _real, _data, to) => console.log(`subscribed to ${to.session}, ${to.state}`),
      unsubscribed: (_, _name, _kernel, _real, _data, to) => console.log(`unsubscribed from ${to.session}`),
      error(_, _name, _kernel, _real, _data, operation, text) {
        if (!operation.startsWith('channel')) console.log(`${operation}: ${text.replace(/ sent by .*/, '')}`);
      },
      gone({ kernel }) {
        console.log('gone');
        kernel.delay('step');
        kernel.aliasRemove('visitor');
        kernel.post('IKC', 'shutdown');
      },
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
}
