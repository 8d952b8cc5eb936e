import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

const clean = (text: string): string =>
  text
    .replace(/^\d+: /, '')
    .replace(/\s+Request.*/s, '')
    .replace(/ at \S+ line.*/s, '');

// The answer goes to somebody else: an rsvp that names another kernel, or another rsvp of the one in between.
function runHub(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Hub' }) as number;
  Session.create({
    heap: { here: new Set<string>() },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['enter', 'double', 'relay', 'again', 'close', 'take']);
        kernel.call('IKC', 'monitor', '*', { error: 'error', unregister: 'gone' });
      },
      enter({ kernel, heap }, name) {
        heap.here.add(name);
        if (heap.here.size === 2) kernel.post('IKC', 'post', 'poe://Ann/guest/begin');
      },
      double(_, n) {
        console.log(`double ${n}`);
        return 2 * n;
      },
      take(_, n) {
        console.log(`hub takes ${n}`);
      },
      // Asks the next kernel, which answers to whoever asked first.
      relay({ kernel }, [to, n, rsvp]) {
        console.log(`relays to ${kernel.call('IKC', 'call', to, n, rsvp) ?? ''}`);
      },
      error(_, _asked, name, _real, _data, operation, text) {
        if (!operation.startsWith('channel')) console.log(`error: ${name} ${operation} ${clean(text)}`);
      },
      close({ kernel }) {
        for (const name of ['Bob', 'Ann']) kernel.post('IKC', 'post', `poe://${name}/guest/bye`);
      },
      gone({ kernel, heap }, _asked, name, real) {
        if (real || !heap.here.delete(name) || heap.here.size > 0) return;
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

type Step = readonly [what: string, run: () => void];

function runGuest(name: string, port: number, steps: Step[]): void {
  const told =
    (event: string) =>
    (_: unknown, ...args: unknown[]) => {
      console.log(`${event}: ${args.map((one) => one ?? 'undef').join(' | ')}`);
    };
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name,
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('guest');
            kernel.call('IKC', 'publish', 'guest', ['begin', 'take', 'triple', 'bye']);
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.post('IKC', 'post', 'poe://Hub/desk/enter', name);
          },
          begin: ({ kernel }) => kernel.yield('step'),
          step({ kernel }) {
            const next = steps.shift();
            if (!next) return;
            console.log(`-- ${next[0]}`);
            next[1]();
            kernel.delay('step', 0.2);
          },
          take: told('take'),
          hidden: told('hidden'),
          answer: told('answer'),
          triple(_, n) {
            console.log(`triple ${n}`);
            return 3 * n;
          },
          error(_, _asked, who, _real, _data, operation, text) {
            if (!operation.startsWith('channel')) console.log(`error: ${who} ${operation} ${clean(text)}`);
          },
          bye({ kernel }) {
            kernel.aliasRemove('guest');
            kernel.post('IKC', 'shutdown');
          },
        },
      });
    },
  });
}

function stepsOfAnn(): Step[] {
  const call = (what: string, spec: string, value: unknown, rsvp: unknown): Step => [
    what,
    () => console.log(`sent to ${kernel.call('IKC', 'call', spec, value, rsvp) ?? 'undef'}`),
  ];
  const relay = (what: string, to: string, n: number, rsvp: unknown): Step =>
    call(what, 'poe://Hub/desk/relay', [to, n, rsvp], 'poe:answer');
  const at = (name: string, state: string, ...args: unknown[]): object => ({
    kernel: name,
    session: 'guest',
    state,
    ...(args.length > 0 ? { args: args[0] } : {}),
  });
  const double = 'poe://Hub/desk/double';
  return [
    call('to the published event of another kernel', double, 1, 'poe://Bob/guest/take'),
    call('by a hash with arguments', double, 2, at('Bob', 'take', 'kept')),
    call('to what that has not published', double, 3, 'poe://Bob/guest/hidden'),
    call('to an event of the one that is asked', double, 4, 'poe://Hub/desk/take'),
    call('to what is not published there', double, 5, 'poe://Hub/desk/gone'),
    call('to everybody', double, 6, 'poe://*/guest/take'),
    relay('through the hub, back to me', 'poe://Bob/guest/triple', 7, at('Ann', 'take')),
    relay('through the hub, to the hub', 'poe://Bob/guest/triple', 8, 'poe://Hub/desk/take'),
    relay('through the hub, to him who is asked', 'poe://Bob/guest/triple', 9, 'poe://Bob/guest/take'),
    relay('through the hub, to what I have not published', 'poe://Bob/guest/triple', 10, at('Ann', 'hidden')),
    relay('through the hub, to me, who am asked as well', 'poe://Ann/guest/triple', 11, at('Ann', 'take', 'again')),
    relay('everybody is asked', 'poe://*/guest/triple', 12, 'poe://Hub/desk/take'),
    relay('somebody unknown is asked', 'poe://Cid/guest/triple', 13, 'poe://Hub/desk/take'),
    call('the answer is a call of its own', double, 14, 'poe://Hub/desk/double'),
    [
      'my own kernel, and the answer to Bob',
      () => {
        kernel.call('IKC', 'call', 'poe://Ann/guest/triple', 15, 'poe://Bob/guest/take');
        kernel.call('IKC', 'call', 'poe://Ann/guest/triple', 16, 'poe://Hub/desk/take');
      },
    ],
    ['over', () => kernel.post('IKC', 'post', 'poe://Hub/desk/close')],
  ];
}

const [name, port] = words;
if (name === undefined) {
  const hub = runHub();
  const guests = ['Ann', 'Bob'].map((guest) => [guest, startSecond(guest, hub)] as const);
  await kernel.run();
  for (const [guest, process] of guests) await process.print(`${guest}: `);
} else {
  runGuest(name, Number(port), name === 'Ann' ? stepsOfAnn() : []);
  await kernel.run();
  console.log('over');
}
