import { type KernelView, kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';

// What monitors are told, and with which data, when both change while notifications are under way.
Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Own' });
const shared = { count: 0 };

function shown(data: unknown): string {
  if (data === undefined) return 'undef';
  return typeof data === 'object' ? `count ${(data as typeof shared).count}` : String(data);
}

function trouble(kernel: KernelView, name: string): void {
  kernel.call('IKC', 'post', `poe://${name}/s/e`, 1);
}

const steps: [name: string, act: (kernel: KernelView) => void][] = [
  [
    'what is queued keeps its data',
    (kernel) => {
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'one' });
      trouble(kernel, 'Nobody');
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'two' });
      trouble(kernel, 'Nobody');
    },
  ],
  [
    'no data',
    (kernel) => {
      kernel.call('IKC', 'monitor', '*', { error: 'error' });
      trouble(kernel, 'Nobody');
    },
  ],
  [
    'a hash is the same hash',
    (kernel) => {
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: shared });
      shared.count = 1;
      trouble(kernel, 'Nobody');
      shared.count = 2;
    },
  ],
  [
    'another event',
    (kernel) => {
      trouble(kernel, 'Nobody');
      kernel.call('IKC', 'monitor', '*', { error: 'other', data: 'three' });
      trouble(kernel, 'Nobody');
    },
  ],
  [
    'taken back with one under way',
    (kernel) => {
      trouble(kernel, 'Nobody');
      kernel.call('IKC', 'monitor', '*', {});
      trouble(kernel, 'Nobody');
    },
  ],
  [
    'each name has data of its own',
    (kernel) => {
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'all' });
      kernel.call('IKC', 'monitor', 'Own', { error: 'error', data: 'own' });
      kernel.call('IKC', 'monitor', 'poe://Own/any/thing', { error: 'other', data: 'specifier' });
      trouble(kernel, 'Own');
    },
  ],
  [
    'one of them is taken back',
    (kernel) => {
      kernel.call('IKC', 'monitor', 'Own', {});
      trouble(kernel, 'Own');
    },
  ],
  [
    'changed by what it tells',
    (kernel) => {
      kernel.call('IKC', 'monitor', 'poe://Own/any/thing', {});
      kernel.call('IKC', 'monitor', '*', { error: 'change', data: 'before' });
      for (let n = 1; n <= 2; n++) trouble(kernel, 'Nobody');
    },
  ],
  ['and afterwards', (kernel) => trouble(kernel, 'Nobody')],
  [
    'two events of one name',
    (kernel) => {
      kernel.call('IKC', 'monitor', '*', { error: 'error', shutdown: 'leave', data: 'last' });
      trouble(kernel, 'Nobody');
    },
  ],
];

function told(event: string, name: string, kernel: string, real: unknown, data: unknown, operation: string): void {
  console.log(`  ${event}: ${name}, ${kernel}, ${real ?? 'undef'}, ${shown(data)}, ${operation}`);
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('desk');
      kernel.yield('step');
    },
    step({ kernel }) {
      const next = steps.shift();
      if (next === undefined) {
        kernel.post('IKC', 'shutdown');
        return;
      }
      const [name, act] = next;
      console.log(name);
      act(kernel);
      kernel.delay('step', 0.05);
    },
    error: (_, name, kernel, real, data, operation) => told('error', name, kernel, real, data, operation),
    other: (_, name, kernel, real, data, operation) => told('other', name, kernel, real, data, operation),
    change(context, name, kernel, real, data, operation) {
      told('change', name, kernel, real, data, operation);
      context.kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'after' });
    },
    leave({ kernel }, _name, _kernel, _real, data) {
      console.log(`  leave: ${shown(data)}`);
      kernel.delay('step');
      kernel.aliasRemove('desk');
    },
  },
});
await kernel.run();
console.log('over');
