import { kernel, Session } from 'poe-kernel';

let count = 2;

function target(name: string, handled: boolean | undefined, signal: string) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        kernel.delay('alive', 0.1 * ++count);
        if (handled !== undefined) kernel.sig(signal, 'caught');
      },
      caught({ kernel }, sig) {
        console.log(`${name}: caught ${sig}`);
        if (handled) kernel.sigHandled();
        return 1;
      },
      alive({ kernel }) {
        console.log(`${name}: survived`);
        kernel.aliasRemove(name);
      },
      _stop({ kernel }) {
        console.log(`${name}: _stop, alias still set: ${kernel.aliasResolve(name) ? 'yes' : 'no'}`);
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('go');
    },
    go({ kernel }) {
      for (const [name, handled, signal] of [
        ['usr1-unwatched', undefined, 'USR1'],
        ['madeup-watched', false, 'NOISE'],
        ['term-unwatched', undefined, 'TERM'],
        ['hup-unhandled', false, 'HUP'],
        ['quit-handled', true, 'QUIT'],
        ['kill-handled', true, 'KILL'],
        ['zombie-handled', true, 'ZOMBIE'],
        ['destroy-handled', true, 'UIDESTROY'],
        ['destroy-unwatched', undefined, 'UIDESTROY'],
      ] as const) {
        target(name, handled, signal);
        kernel.signal(name, signal);
        if (name === 'term-unwatched') kernel.post(name, 'alive');
      }
    },
  },
});

await kernel.run();
console.log('done');
