import { type KernelView, kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// What is published is taken back, and published anew, while requests are under way and answers are still owed.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['work', 'slow', 'on', 'off', 'all', 'published', 'close']);
      },
      work(_, x) {
        console.log(`works at ${x}`);
        return `did ${x}`;
      },
      slow({ kernel }, [x, rsvp]) {
        kernel.delaySet('slow_done', 0.1, x, rsvp);
      },
      slow_done({ kernel }, x, rsvp) {
        console.log(`slow answer goes to ${kernel.call('IKC', 'post', rsvp, `slowly did ${x}`)}`);
      },
      on({ kernel }) {
        kernel.call('IKC', 'publish', 'desk', ['work']);
        return 'on';
      },
      off({ kernel }) {
        kernel.call('IKC', 'retract', 'desk', ['work']);
        return 'off';
      },
      all({ kernel }) {
        kernel.call('IKC', 'retract', 'desk');
        kernel.delaySet('again', 0.2);
        return 'nothing left';
      },
      again({ kernel }) {
        kernel.call('IKC', 'publish', 'desk', ['work', 'close']);
      },
      published: ({ kernel }) => (kernel.call('IKC', 'published', 'desk') as string[]).sort().join(' '),
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runClient(port: number): void {
  const call = (kernel: KernelView, event: string, x: number): unknown =>
    kernel.call('IKC', 'call', `poe://Server/desk/${event}`, x, 'poe:answer');
  // Answers come as they are read, errors behind what is posted already: each kind in its own order.
  const answers: string[] = [];
  const errors: string[] = [];
  const steps: ((kernel: KernelView) => unknown)[] = [
    (kernel) => {
      for (const [event, x] of [
        ['work', 1],
        ['work', 2],
        ['off', 1],
        ['work', 3],
        ['published', 1],
        ['on', 1],
        ['work', 4],
      ] as const) {
        call(kernel, event, x);
      }
    },
    (kernel) => {
      kernel.call('IKC', 'post', 'poe://Server/desk/slow', [5, 'poe://Client/visitor/slow']);
      call(kernel, 'all', 1);
      call(kernel, 'work', 6);
    },
    (kernel) => call(kernel, 'work', 7),
    (kernel) => {
      kernel.call('IKC', 'retract', 'visitor');
      call(kernel, 'work', 8);
    },
    (kernel) => kernel.call('IKC', 'post', 'poe://Server/desk/close'),
  ];
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('visitor');
            kernel.call('IKC', 'publish', 'visitor', ['slow']);
            kernel.call('IKC', 'monitor', 'Server', { error: 'error', unregister: 'gone' });
            kernel.yield('step');
          },
          step({ kernel }) {
            const next = steps.shift();
            if (next === undefined) return;
            next(kernel);
            kernel.delay('step', 0.4);
          },
          answer: (_, value) => answers.push(value),
          slow: (_, value) => console.log(`slow: ${value}`),
          error(_, _name, _kernel, _real, _data, operation, text) {
            if (!operation.startsWith('channel')) errors.push(`${operation}: ${text.replace(/\s+Request.*/s, '')}`);
          },
          gone({ kernel }) {
            for (const answer of answers) console.log(`answer: ${answer}`);
            for (const error of errors) console.log(error);
            kernel.delay('step');
            kernel.aliasRemove('visitor');
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
}
