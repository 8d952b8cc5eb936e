import { kernel, Session } from 'poe-kernel';

const warned: string[] = [];
kernel.hooks.warn.tap('program', (_code, message) => {
  warned.push(message);
  return false;
});

function report(label: string) {
  const n = warned.filter((message) => /lost_\w+/.test(message)).length;
  const [event] = /lost_\w+/.exec(warned.join(' ')) ?? [];
  console.log(`${label}: ${n ? `warned about ${event}` : 'silent'}`);
  warned.length = 0;
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('lost_a');
      kernel.yield('check');
    },
    check({ kernel, session }) {
      report('no option');
      console.log(`old value: ${session.option('default', 1) === undefined ? 'undef' : 'defined'}`);
      kernel.yield('lost_b');
      kernel.yield('check2');
    },
    check2({ kernel, session }) {
      report('option default 1');
      kernel.call(session, 'lost_c');
      report('by call');
      console.log(`was: ${session.option('default', 0)}`);
      kernel.call(session, 'lost_d');
      report('option default 0');
    },
  },
});

Session.create({
  options: { default: 1 },
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('lost_e');
      kernel.yield('check');
    },
    _default(_, event) {
      if (/^lost/.test(event)) console.log(`default got ${event}`);
    },
    check() {
      report('with _default');
    },
  },
});

await kernel.run();
