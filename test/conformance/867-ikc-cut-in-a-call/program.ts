import { kernel, Session } from 'poe-kernel';
import { Client, Responder, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

const clean = (text: string): string => text.replace(/\s+Request.*/s, '').replace(/^\d+: /, '');

// The connection ends while calls are under way, by one side and by the other, and a new one is made under the same name.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    heap: { channel: 0, count: 0 },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        const all = ['echo', 'slow', 'cut_me', 'cut_now', 'sender_later', 'count', 'close'];
        kernel.call('IKC', 'publish', 'desk', all);
        kernel.call('IKC', 'monitor', '*', {
          channel: 'channel',
          register: 'came',
          unregister: 'went',
          error: 'error',
        });
      },
      channel({ heap }, _asked, name, _real, _data, what, id) {
        if (what === 'ready' && name === 'Client') heap.channel = id;
      },
      came(_, _asked, name) {
        if (name === 'Client') console.log(`came: ${name}`);
      },
      went(_, _asked, name) {
        if (name === 'Client') console.log(`went: ${name}`);
      },
      error(_, _asked, name, _real, _data, operation, text) {
        if (!operation.startsWith('channel')) console.log(`error: ${name} ${operation} ${clean(text)}`);
      },
      echo({ heap }, x) {
        heap.count++;
        console.log(`echo ${x}`);
        return x;
      },
      slow({ kernel }, args: unknown[]) {
        kernel.delaySet('slow_done', 0.6, ...args);
      },
      slow_done({ kernel }, x, rsvp) {
        const sent = kernel.call('IKC', 'post', rsvp, x);
        console.log(`slow answer ${x} went to ${sent ?? 'undef'}`);
      },
      // The answer of the handler that closes the channel.
      cut_me({ kernel, heap }) {
        kernel.post(heap.channel, 'shutdown');
        return 'cut';
      },
      cut_now({ kernel, heap }) {
        kernel.call(heap.channel, 'shutdown');
        return 'cut now';
      },
      sender_later({ kernel, sender }, what) {
        kernel.refcountIncrement(sender.id, 'desk');
        kernel.delaySet('to_sender', 0.7, sender.id, what);
      },
      to_sender({ kernel }, sender, what) {
        const isThere = kernel.idIdToSession(sender) ? 'yes' : 'no';
        console.log(`sender is there: ${isThere}, posted: ${kernel.post(sender, 'hear', what) ? 'yes' : 'no'}`);
        console.log(`let go: ${kernel.refcountDecrement(sender, 'desk')}`);
      },
      count: ({ heap }) => heap.count,
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runClient(port: number): void {
  const desk = 'poe://Server/desk';
  let channel = 0;
  const call = (what: string, x: unknown): void =>
    void kernel.call('IKC', 'call', `${desk}/${what}`, x, { state: 'answer', args: `to ${what}` });
  const connect = (): void => {
    Client.spawn({
      ip: '127.0.0.1',
      port,
      name: 'Client',
      onConnect: (kernel) => void kernel.call('me', 'connected', kernel.getActiveSession().id),
    });
  };
  const steps: [what: string, run: () => void, wait?: number | 'lost'][] = [
    ['fine', () => call('echo', 1)],
    [
      'cut by a post of the server',
      () => {
        call('echo', 2);
        call('cut_me', 1);
        call('echo', 3);
      },
      'lost',
    ],
    [
      'while it is down',
      () => {
        const sent = kernel.call('IKC', 'post', `${desk}/echo`, 4);
        console.log(`posted to ${sent ?? 'undef'}`);
        call('echo', 5);
      },
    ],
    ['connected anew', connect],
    ['fine', () => call('echo', 6)],
    [
      'cut by a call of the server',
      () => {
        call('echo', 7);
        call('cut_now', 1);
      },
      'lost',
    ],
    ['connected anew', connect],
    [
      'cut by me, behind a call',
      () => {
        call('echo', 8);
        kernel.call(channel, 'shutdown');
      },
      'lost',
    ],
    ['connected anew', connect],
    [
      'slow answers and senders that are kept',
      () => {
        kernel.call('IKC', 'post', `${desk}/slow`, ['parcel', 'poe://Client/me/hear']);
        kernel.call('IKC', 'post', `${desk}/sender_later`, 'letter');
        kernel.delaySet('cut', 0.1);
      },
      'lost',
    ],
    ['connected anew, before the slow ones are through', connect, 1],
    ['and then', () => call('count', 1)],
    ['over', () => kernel.post('IKC', 'post', `${desk}/close`), 'lost'],
  ];
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('me');
        Responder.spawn();
        kernel.call('IKC', 'publish', 'me', ['hear']);
        kernel.call('IKC', 'monitor', '*', { error: 'error' });
        kernel.call('IKC', 'monitor', 'Server', { unregister: 'gone' });
        kernel.delay('step', 0.2);
        connect();
      },
      connected(_, id) {
        channel = id;
        console.log('connected');
      },
      step({ kernel }) {
        const next = steps.shift();
        if (!next) {
          kernel.aliasRemove('me');
          kernel.post('IKC', 'shutdown');
          return;
        }
        console.log(`-- ${next[0]}`);
        next[1]();
        const wait = next[2] ?? 0.2;
        if (wait !== 'lost') kernel.delay('step', wait);
      },
      cut({ kernel }) {
        kernel.call(channel, 'shutdown');
      },
      gone({ kernel }) {
        console.log('gone');
        kernel.delay('step', 0.05);
      },
      hear: (_, what) => console.log(`heard: ${what}`),
      answer: (_, answer, what) => console.log(`answer: ${answer} ${what}`),
      error(_, _asked, name, _real, _data, operation, text) {
        if (!operation.startsWith('channel')) console.log(`error: ${name} ${operation} ${clean(text)}`);
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
  console.log('over');
}
