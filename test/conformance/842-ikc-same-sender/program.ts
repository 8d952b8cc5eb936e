import { kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';

// Which requests come from the same SENDER: one serves them all, also those that answer to it, until somebody holds it.
Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Own' });
const seen = new Map<unknown, number>();

function number(id: unknown): number {
  const known = seen.get(id) ?? seen.size + 1;
  seen.set(id, known);
  return known;
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('desk');
      kernel.call('IKC', 'publish', 'desk', ['look', 'reply', 'keep', 'let_go']);
      kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
    },
    leave: ({ kernel }) => kernel.aliasRemove('desk'),
    look({ sender }, x) {
      console.log(`look ${x}: sender ${number(sender.id)}`);
    },
    reply({ kernel, sender }, x) {
      console.log(`reply ${x}: sender ${number(sender.id)}`);
      kernel.post(sender, 'answer', x);
    },
    keep({ kernel, sender, heap }, x) {
      console.log(`keep ${x}: sender ${number(sender.id)}`);
      heap.held = sender.id;
      kernel.refcountIncrement(heap.held, 'desk');
    },
    let_go({ kernel, sender, heap }, x) {
      console.log(`let_go ${x}: sender ${number(sender.id)}, held was ${number(heap.held)}`);
      kernel.post(heap.held, 'answer', `late ${x}`);
      kernel.refcountDecrement(heap.held, 'desk');
    },
  },
});
const todo: [event: string, n: number][] = [
  ['look', 1],
  ['reply', 2],
  ['reply', 3],
  ['look', 4],
  ['keep', 5],
  ['look', 6],
  ['reply', 7],
  ['let_go', 8],
  ['look', 9],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('visitor');
      kernel.call('IKC', 'publish', 'visitor', ['answer']);
      kernel.yield('step');
    },
    step({ kernel }) {
      const next = todo.shift();
      if (next === undefined) {
        kernel.yield('over');
        return;
      }
      kernel.post('IKC', 'post', `poe://Own/desk/${next[0]}`, next[1]);
      kernel.delay('step', 0.02);
    },
    answer: (_, x) => console.log(`answer ${x}`),
    over({ kernel }) {
      kernel.aliasRemove('visitor');
      kernel.post('IKC', 'shutdown');
    },
  },
});
await kernel.run();
console.log('over');
