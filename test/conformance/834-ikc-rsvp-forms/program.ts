import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

const clean = (text: string): string => text.replace(/^\d+: /, '').replace(/\s+Request .*/s, '');

// The server calls the client, with every form of rsvp.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('boss');
        kernel.call('IKC', 'publish', 'boss', ['ready', 'open_answer', 'done']);
        kernel.call('IKC', 'monitor', '*', { error: 'error' });
      },
      ready({ kernel }) {
        const double = 'poe://Client/worker/double';
        kernel.post('IKC', 'call', double, 1, 'poe:answer');
        kernel.post('IKC', 'call', double, 2, 'poe:/boss/answer');
        kernel.post('IKC', 'call', double, 3, { state: 'answer', args: ['kept', 'too'] });
        kernel.post('IKC', 'call', double, 4, { session: 'other', state: 'answer' });
        kernel.post('IKC', 'call', double, 5, 'poe://Client/worker/noted');
        kernel.post('IKC', 'call', double, 6, 'poe://Server/boss/open_answer?more');
        kernel.post('IKC', 'call', double, 7, 'poe://Nobody/boss/answer');
        kernel.post('IKC', 'call', double, undefined, 'poe:answer');
        kernel.post('IKC', 'call', 'poe://Client/worker/nothing', 8, 'poe:never');
        kernel.post('IKC', 'call', 'poe://Client/worker/missing', 9, 'poe:never');
        kernel.post('IKC', 'call', 'poe://Client/worker/zero', 10, 'poe:answer');
        kernel.post('IKC', 'call', 'poe://Client/worker/empty', 11, 'poe:answer');
        // A permission that is left over lets one message pass.
        kernel.post('IKC', 'call', 'poe://Client/worker/nothing', 12, 'poe:/boss/left_over');
        kernel.delaySet('next', 0.2);
      },
      next({ kernel }) {
        for (const n of [1, 2]) kernel.post('IKC', 'post', 'poe://Client/worker/try', n);
        kernel.delaySet('end', 0.2);
      },
      end({ kernel }) {
        kernel.post('IKC', 'post', 'poe://Client/worker/report', 1);
      },
      done({ kernel }) {
        kernel.aliasRemove('boss');
        kernel.post('other', 'leave');
        kernel.post('IKC', 'shutdown');
      },
      answer(_, ...args) {
        const words = args.map((arg) => (Array.isArray(arg) ? `[${arg.join(' ')}]` : arg === '' ? 'empty' : arg));
        console.log(`answer: ${words.join(' ')}`);
      },
      open_answer(_, ...args) {
        console.log(`open answer: ${args.join(' ')}`);
      },
      left_over(_, n) {
        console.log(`left over: ${n}`);
      },
      never() {
        console.log('never');
      },
      error(_, _name, who, _real, _data, op, text) {
        console.log(`error: ${who} ${op} ${clean(text)}`);
      },
    },
  });
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('other');
      },
      answer(_, value) {
        console.log(`other got ${value}`);
      },
      leave({ kernel }) {
        kernel.aliasRemove('other');
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
        heap: { noted: [] as unknown[] },
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('worker');
            const events = ['double', 'noted', 'nothing', 'missing', 'zero', 'empty', 'try', 'report'];
            kernel.call('IKC', 'publish', 'worker', events);
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.post('IKC', 'post', 'poe://Server/boss/ready', 1);
          },
          double: (_, n) => (n === null ? 'undef came' : 2 * n),
          nothing: () => undefined,
          zero: () => 0,
          empty: () => '',
          noted({ heap }, value) {
            heap.noted.push(value);
          },
          try({ kernel }, n) {
            kernel.post('IKC', 'post', 'poe://Server/boss/left_over', n);
          },
          report({ kernel, heap }) {
            console.log(`noted: ${heap.noted.join(' ')}`);
            kernel.post('IKC', 'post', 'poe://Server/boss/done', 1);
            kernel.delay('leave', 0.5);
          },
          error(_, _name, _who, _real, _data, op, text) {
            console.log(`error: ${op} ${clean(text)}`);
          },
          leave({ kernel }) {
            kernel.aliasRemove('worker');
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
