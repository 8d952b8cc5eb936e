import { kernel, Session, type SessionId, type SessionOrKernel } from 'poe-kernel';

const name = new Map<SessionId, string>();
const who = (s: SessionOrKernel) => (s instanceof Session ? name.get(s.id) : 'kernel');
const errname = () => kernel.errno || 'none';

function child(me: string, atStart = false) {
  return Session.create({
    inlineStates: {
      _start({ kernel, session }) {
        name.set(session.id, me);
        kernel.aliasSet(me);
        kernel.refcountIncrement(session.id, 'work');
        if (atStart) {
          const r = kernel.detachMyself();
          console.log(`${me}: detached in _start, returned ${r}`);
        }
        return `hello from ${me}`;
      },
      leave({ kernel }) {
        let r = kernel.detachMyself();
        console.log(`${me}: detach_myself returned ${r ?? 'undef'}`);
        kernel.errno = 0;
        r = kernel.detachMyself();
        console.log(`${me}: again ${r ?? 'undef'} ${errname()}`);
      },
      _parent(_, from, to) {
        console.log(`${me}: _parent ${who(from)} -> ${who(to)}`);
      },
      _stop() {
        console.log(`${me}: _stop`);
      },
      end({ kernel, session }) {
        kernel.refcountDecrement(session.id, 'work');
        kernel.aliasRemove(me);
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      name.set(session.id, 'parent');
      kernel.aliasSet('parent');
      child('one');
      child('two');
      child('three', true);
      kernel.yield('go');
    },
    _child(_, reason, child, value) {
      console.log(`parent: _child ${reason} ${who(child)} (${value ?? 'undef'})`);
    },
    go({ kernel }) {
      let r = kernel.detachChild('one');
      console.log(`parent: detach_child returned ${r}`);
      kernel.errno = 0;
      r = kernel.detachChild('one');
      console.log(`parent: again ${r ?? 'undef'} ${errname()}`);
      kernel.errno = 0;
      r = kernel.detachChild('nobody');
      console.log(`parent: unknown ${r ?? 'undef'} ${errname()}`);
      kernel.call('two', 'leave');
      let after = 0;
      for (const which of ['one', 'two', 'three']) {
        after += 0.1;
        kernel.delayAdd('finish', after, which);
      }
    },
    finish({ kernel }, which) {
      console.log(`parent: finish ${which}`);
      kernel.post(which, 'end');
      if (which === 'three') kernel.aliasRemove('parent');
    },
    _stop() {
      console.log('parent: _stop');
    },
  },
});

await kernel.run();
