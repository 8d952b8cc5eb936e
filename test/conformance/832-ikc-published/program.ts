import { kernel, Session } from 'poe-kernel';
import { Responder } from 'poe-kernel/ikc';

// Everything within one kernel: messages to an own name are checked as those of others are.
Responder.spawn();

const clean = (text: string): string =>
  text
    .replace(/^\d+: /, '')
    .replace(/\. {2}Request.*/s, '')
    .replace(/ at \S+ line.*/s, '');

function show(what: string, value: unknown): void {
  let shown = value;
  if (Array.isArray(value)) {
    shown = value
      .filter((event) => !/^(do_you_have|ping|remote_error|published)$/.test(event))
      .sort()
      .join(' ');
  } else if (typeof value === 'object' && value !== null) {
    const lists = value as Record<string, string[]>;
    shown = Object.keys(lists)
      .filter((name) => name !== 'IKC')
      .sort()
      .map((name) => `${name}: ${[...(lists[name] ?? [])].sort().join(',')}`)
      .join('; ');
  }
  console.log(`${what}: ${shown === undefined ? 'undef' : shown === '' ? 'empty' : shown}`);
}

const got =
  (event: string) =>
  (_: unknown, ...args: unknown[]) => {
    console.log(`${event} got ${args.join(', ')}`);
    return `value of ${event}`;
  };

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      kernel.aliasSet('one');
      kernel.aliasSet('other');
      show('register_local', kernel.call('IKC', 'register_local', ['Here', 'AlsoHere']));
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'star' });
      kernel.call('IKC', 'monitor', 'Here', { error: 'error', data: 'here' });
      show('publish a session', kernel.call('IKC', 'publish', session, ['a', 'b']));
      show('publish an alias', kernel.call('IKC', 'publish', 'one', ['c']));
      show('publish the sender', kernel.call('IKC', 'publish', undefined, ['d']));
      show('publish what is to come', kernel.call('IKC', 'publish', 'ghost', ['boo']));
      show('published of one', kernel.call('IKC', 'published', 'one'));
      show('published of other', kernel.call('IKC', 'published', 'other'));
      show('published of all', kernel.call('IKC', 'published'));
      show('retract b', kernel.call('IKC', 'retract', 'one', ['b']));
      show('published of one', kernel.call('IKC', 'published', 'one'));
      show('published of other', kernel.call('IKC', 'published', 'other'));
      show('retract ghost', kernel.call('IKC', 'retract', 'ghost'));
      show('ping', kernel.call('IKC', 'ping'));
      kernel.yield('step', 1);
    },
    step({ kernel }, n) {
      const specs = [
        'poe://Here/one/a',
        'poe://AlsoHere/other/b',
        'poe://Here/one/b',
        'poe://Here/ghost/boo',
        'poe://Nowhere/one/a',
        'poe://Here/one/secret',
        'Here/one/c',
        'AlsoHere/one/a?extra',
      ];
      const spec = specs[n - 1];
      if (spec === undefined) {
        kernel.yield('end');
        return;
      }
      console.log(`-- ${spec}`);
      const sent = kernel.call('IKC', 'post', spec, n);
      console.log(`sent to ${sent ?? 'undef'}`);
      kernel.delay('step', 0.05, n + 1);
    },
    end({ kernel }) {
      kernel.call('IKC', 'call', 'poe://Here/one/a', 'called', 'poe:answer');
      kernel.call('IKC', 'call', 'poe://Here/one/a', 'called', {
        kernel: 'AlsoHere',
        session: 'other',
        state: 'answer',
        args: 'more',
      });
      kernel.call('IKC', 'call', 'poe://Here/IKC/ping', 'called', 'poe:answer');
      kernel.delay('over', 0.1);
    },
    over({ kernel }) {
      for (const name of ['one', 'other']) kernel.aliasRemove(name);
      kernel.post('IKC', 'shutdown');
    },
    answer(_, ...args) {
      console.log(
        `answer: ${args.map((arg) => (Array.isArray(arg) ? `[${arg.join(' ')}]` : (arg ?? 'undef'))).join(', ')}`,
      );
    },
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'secret'].map((event) => [event, got(event)])),
    error(_, _asked, who, _real, data, op, text) {
      console.log(`error for ${data}: ${who} ${op} ${clean(text)}`);
    },
  },
});
await kernel.run();
console.log('run returned');
