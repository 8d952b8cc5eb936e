import { type HandlerContext, kernel, Session } from 'poe-kernel';

// Families: who is told what, and when, as members leave them in odd moments: in their _start and _stop, while they are called, by a signal, three generations at once.

type Handler = (context: HandlerContext, ...args: any[]) => unknown;

const name = new Map<unknown, string>();
const named = (session: any) =>
  session === undefined ? 'undef' : session.id === kernel.id ? 'kernel' : (name.get(session.id) ?? '?');
const v = (value: unknown) => value ?? 'undef';
const codes: Record<string, number> = { EPERM: 1, ESRCH: 3 };
const errno = () => codes[kernel.errno] ?? 0;

function member(called: string, is: Partial<Record<'start' | 'stop' | 'child' | 'parent' | 'work', Handler>> = {}) {
  return Session.create({
    inlineStates: {
      _start(context) {
        name.set(context.session.id, called);
        console.log(`  ${called} starts, sender ${named(context.sender)}`);
        is.start?.(context);
        console.log(`  ${called} has started`);
        return `start of ${called}`;
      },
      _stop(context) {
        console.log(`  ${called} stops`);
        is.stop?.(context);
        console.log(`  ${called} has stopped`);
        return `stop of ${called}`;
      },
      _child(context, what, child, value) {
        const active = named(context.kernel.getActiveSession());
        console.log(`  ${called}: ${what} ${named(child)} ${v(value)}, sender ${named(context.sender)} in ${active}`);
        is.child?.(context, what, child, value);
      },
      _parent(context, from, to) {
        console.log(`  ${called}: from ${named(from)} to ${named(to)}`);
        is.parent?.(context, from, to);
      },
      heard(_, what) {
        console.log(`  ${called} hears ${what}`);
      },
      work(context, ...args) {
        console.log(`  ${called} works ${args.map(v).join(' ')} for ${named(context.sender)}`);
        return is.work ? is.work(context, ...args) : 'done';
      },
      free({ kernel }) {
        kernel.aliasRemove(called);
        console.log(`  ${called} is free`);
        return 1;
      },
    },
  });
}
const hold: Handler = ({ kernel, session }) => kernel.aliasSet(name.get(session.id) as string);

async function scene(title: string, code: () => void) {
  console.log(title);
  code();
  try {
    await kernel.run();
  } catch (error) {
    console.log(`  run died: ${error}`);
  }
}

await scene('a child that detaches itself as it starts', () => {
  member('mother', {
    start({ kernel }) {
      member('child', {
        start({ kernel }) {
          console.log(`  ${v(kernel.detachMyself())}`);
          kernel.yield('work', 1);
        },
      });
      kernel.yield('work');
    },
  });
});
await scene('a grandchild moved up by its grandmother', () => {
  member('grandmother', {
    start({ kernel }) {
      member('mother', {
        start(context) {
          hold(context);
          member('child', { start: hold });
        },
      });
      console.log(`  detach child: ${v(kernel.detachChild('child'))} ${errno()}`);
      console.log(`  detach mother: ${v(kernel.detachChild('mother'))}`);
      for (const to of ['mother', 'child']) kernel.post(to, 'free');
    },
  });
});
await scene('three generations by one signal', () => {
  member('grandmother', {
    start(context) {
      hold(context);
      member('mother', {
        start(context) {
          hold(context);
          context.kernel.sig('TERM', 'heard');
          member('child', {
            start(context) {
              hold(context);
              context.kernel.sig('TERM', 'heard');
            },
          });
        },
      });
      context.kernel.delay('work', 0.02);
    },
    work({ kernel }) {
      kernel.signal('grandmother', 'TERM');
      console.log('  signalled');
    },
  });
});
await scene('a mother who goes before her children', () => {
  member('grandmother', {
    start(context) {
      hold(context);
      member('mother', {
        start(context) {
          hold(context);
          member('first', {
            start({ kernel }) {
              kernel.delay('work', 0.05);
            },
            work() {
              console.log('  first is done');
            },
          });
        },
      });
      context.kernel.yield('work');
    },
    work({ kernel }) {
      kernel.call('mother', 'free');
      console.log('  called');
      kernel.yield('free');
    },
  });
});
await scene('an exchange of words in _stop', () => {
  member('mother', {
    start(context) {
      hold(context);
      member('child', {
        start({ kernel }) {
          kernel.yield('work');
        },
        stop({ kernel, session }) {
          console.log(`  to the mother: ${v(kernel.call('mother', 'work', 'last words'))}`);
          console.log(`  to itself: ${v(kernel.call(session, 'work', 'again'))}`);
          console.log(`  post: ${v(kernel.post(session, 'work', 'never'))}`);
          kernel.post('mother', 'work', 'post from the end');
          kernel.yield('work', 'never');
          console.log(`  active: ${named(kernel.getActiveSession())} ${kernel.getActiveEvent()}`);
        },
      });
    },
  });
  kernel.post('mother', 'free');
});
await scene('a child made in _stop', () => {
  member('mother', {
    start({ kernel }) {
      kernel.yield('work');
    },
    stop() {
      member('late', {
        start({ kernel }) {
          kernel.yield('work', 'late');
        },
      });
    },
  });
});
await scene('a child made in _child', () => {
  let n = 0;
  member('mother', {
    start() {
      member('child 0');
    },
    child(_, what) {
      if (what === 'lose' && n < 2) member(`child ${++n}`);
    },
  });
});
await scene('a mother asks a child that has no reason to live', () => {
  member('mother', {
    start({ kernel }) {
      const child = member('child', { start: hold });
      console.log(`  freed: ${v(kernel.call('child', 'free'))}`);
      console.log(`  asked: ${v(kernel.call(child, 'work', 'still'))} ${errno()}`);
      console.log(`  posted: ${v(kernel.post(child, 'work', 'still'))} ${errno()}`);
      kernel.yield('work', 'x');
    },
  });
});
await scene('a child that is called frees itself, and works on', () => {
  member('mother', {
    start({ kernel }) {
      member('child', {
        start: hold,
        work({ kernel, session }, n) {
          kernel.aliasRemove('child');
          if (n) console.log(`  inner ${v(kernel.call(session, 'work', n - 1))}`);
          return `level ${n}`;
        },
      });
      console.log(`  got ${v(kernel.call('child', 'work', 2))}`);
      console.log(`  there: ${named(kernel.aliasResolve('child'))}`);
      kernel.yield('work');
    },
  });
});
await scene('moved while the mother stops', () => {
  member('grandmother', {
    start(context) {
      hold(context);
      member('mother', {
        start(context) {
          hold(context);
          member('child', {
            start: hold,
            parent({ kernel }) {
              console.log(`  parent detach: ${v(kernel.detachMyself())}`);
            },
          });
        },
      });
      context.kernel.yield('work');
    },
    work({ kernel }) {
      kernel.signal('mother', 'KILL');
      kernel.delay('free', 0.02);
      kernel.sig('KILL', 'heard');
    },
  });
});
await scene('stopped by the kernel in a nested call', () => {
  member('mother', {
    start(context) {
      member('child', {
        start(context) {
          hold(context);
          context.kernel.delay('work', 5, 'never');
        },
        work({ kernel }) {
          kernel.stop();
          console.log('  stop returned');
          console.log(`  and calls ${v(kernel.call('mother', 'heard', 'me'))}`);
          return 'stopped';
        },
      });
      hold(context);
      context.kernel.yield('work');
    },
    work({ kernel }) {
      console.log(`  nested: ${v(kernel.call('child', 'work'))}`);
    },
  });
});
console.log('done');
