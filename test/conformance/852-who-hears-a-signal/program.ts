import { spawn } from 'node:child_process';
import { kernel, Session } from 'poe-kernel';

// Signals: who hears which, with what, when watchers come and go in the middle of it, and children that several sessions wait for.

type More = Record<string, (context: any) => unknown>;

const log: string[] = [];
const note = (...words: unknown[]) => void log.push(words.join(' '));
const report = (title: string) => console.log(`${title}: ${log.splice(0).join('; ')}`);
const isThere = (name: string) => (kernel.aliasResolve(name) === undefined ? 'gone' : 'there');

function listener(name: string, more: More) {
  Session.create({
    inlineStates: {
      _start(context) {
        context.kernel.aliasSet(name);
        more.start?.(context);
      },
      heard(context, signal, ...rest) {
        note(`${name} hears ${signal}`, ...rest);
        more[signal]?.(context);
      },
      other(_, signal, ...rest) {
        note(`${name} hears ${signal} elsewhere`, ...rest);
      },
      leave({ kernel }) {
        for (const signal of ['FOO', 'BAR', 'TERM']) kernel.sig(signal);
        kernel.aliasRemove(name);
      },
      _stop() {
        note(`${name} stops`);
        return `last of ${name}`;
      },
      _child() {},
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('main');
      listener('Ann', {
        start({ kernel }) {
          kernel.sig('FOO', 'heard', 'extra', 'words');
          kernel.sig('BAR', 'heard');
          listener('Ann junior', {
            start: ({ kernel }) => ['FOO', 'TERM'].forEach((signal) => void kernel.sig(signal, 'heard')),
            TERM: ({ kernel }) => kernel.sigHandled(),
          });
        },
      });
      listener('Bob', {
        start: ({ kernel }) => kernel.sig('FOO', 'heard'),
        FOO({ kernel }) {
          kernel.sig('FOO');
          kernel.sig('BAR', 'other', 'new');
        },
      });
      kernel.yield('one');
    },
    one({ kernel }) {
      note('to Ann', kernel.signal('Ann', 'FOO', 1, 2));
      note('to Bob', kernel.signal('Bob', 'FOO', 3));
      note('to nobody', kernel.signal('nobody', 'FOO') === undefined ? kernel.errno : 'yes');
      kernel.yield('two');
    },
    two({ kernel }) {
      report('one');
      kernel.signal('Bob', 'FOO', 'again');
      kernel.signal('Bob', 'BAR', 'first');
      kernel.signal('Ann', 'BAR', 'second');
      kernel.yield('three');
    },
    three({ kernel }) {
      report('two');
      kernel.signal('Ann', 'TERM', 'please');
      kernel.yield('four');
    },
    four({ kernel }) {
      report('three');
      note('Ann is', isThere('Ann'));
      kernel.signal('Ann', 'QUIT');
      kernel.yield('five');
    },
    five({ kernel }) {
      note('Ann is', isThere('Ann'));
      report('four');
      kernel.post('Bob', 'leave');
      kernel.aliasRemove('main');
    },
    _child(_, what, _child, value) {
      if (what === 'lose') note('lost', value ?? '');
    },
    _stop() {
      note('main stops');
      report('end');
    },
  },
});
await kernel.run();
report('after');

// One child, waited for by two sessions; one of them changes its mind.
Session.create({
  inlineStates: {
    _start({ kernel }) {
      const { pid = 0 } = spawn('sh', ['-c', 'sleep 0.3; exit 7']);
      kernel.sigChild(pid, 'ended', 'first');
      kernel.sig('CHLD', 'any');
      for (const name of ['keeps', 'drops']) {
        Session.create({
          inlineStates: {
            _start({ kernel }) {
              kernel.sigChild(pid, 'ended', name);
              if (name === 'drops') kernel.yield('change');
            },
            change({ kernel }) {
              kernel.sigChild(pid);
              note(`${name}: not any more`);
            },
            ended(_, signal, child, status, extra) {
              note(`${name}: ${signal} of`, child === pid ? 'its child' : 'another', status >> 8, extra);
            },
            _stop() {
              note(`${name} stops`);
            },
          },
        });
      }
    },
    ended(_, signal, _child, status, extra) {
      note(`parent: ${signal}`, status >> 8, extra);
    },
    any({ kernel }, signal, _child, status) {
      note(`parent: any ${signal}`, status >> 8);
      kernel.sig('CHLD');
    },
    _child() {},
    _stop() {
      note('parent stops');
    },
  },
});
await kernel.run();
for (const line of log.sort()) console.log(line);
