import { kernel, Session } from 'poe-kernel';

type Node = [name: string, ...kids: Node[]];

function node(name: string, ...kids: Node[]) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        kernel.sig('ROSTER', 'roster', name);
        kernel.sig('QUIET', 'quiet');
        for (const kid of kids) node(...kid);
      },
      roster({ kernel, sender, state }, signal, ...args) {
        const from = sender === kernel ? 'kernel' : 'session';
        console.log(`${name}: ${signal} (${args.join(' ')}) from ${from}, state ${state}`);
      },
      quiet() {
        console.log(`${name}: QUIET was heard`);
      },
      hush({ kernel }) {
        kernel.sig('QUIET');
      },
      bye({ kernel }) {
        kernel.aliasRemove(name);
        kernel.sig('ROSTER');
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      node('a', ['b', ['c']]);
      kernel.yield('step', 1);
    },
    step({ kernel, session }, n) {
      if (n === 1) {
        kernel.signal('b', 'ROSTER', 'to b');
        console.log('signal() came back before delivery');
      } else if (n === 2) {
        kernel.signal(kernel, 'ROSTER', 'to kernel', 'two args');
      } else if (n === 3) {
        kernel.signal(session, 'ROSTER', 'to the top session');
      } else if (n === 4) {
        kernel.signal('a', 'QUIET');
        for (const name of ['a', 'b']) kernel.call(name, 'hush');
      } else if (n === 5) {
        kernel.signal('c', 'NOBODY_WATCHES');
      } else {
        for (const name of ['a', 'b', 'c']) kernel.post(name, 'bye');
        return;
      }
      kernel.delay('step', 0.1, n + 1);
    },
  },
});

await kernel.run();
console.log('done');
