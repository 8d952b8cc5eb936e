import { kernel, Session, type SessionId, type SessionOrKernel } from 'poe-kernel';

const name = new Map<SessionId, string>();
const who = (s: SessionOrKernel) => (s instanceof Session ? name.get(s.id) : 'kernel');

function newWorker(label: string) {
  Session.create({
    inlineStates: {
      _start({ session, sender }) {
        name.set(session.id, label);
        console.log(`${label}: parent is ${who(sender)}`);
      },
      _stop() {},
    },
  });
}

const remind = (what: string) => kernel.yield('reminder', what);

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      name.set(session.id, 'factory');
      kernel.aliasSet('factory');
    },
    build(_, what) {
      newWorker(what);
      remind('built');
      return `built ${what}`;
    },
    _child(_, reason, child) {
      if (reason === 'create') console.log(`factory: _child ${reason} ${who(child)}`);
    },
    reminder({ kernel }, what) {
      console.log(`factory: reminder ${what}`);
      kernel.aliasRemove('factory');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      name.set(session.id, 'shop');
      console.log(`shop: ${kernel.call('factory', 'build', 'w1')}`);
      newWorker('w2');
      remind('opened');
      console.log(`shop: active session is ${who(kernel.getActiveSession())}`);
    },
    _child(_, reason, child) {
      if (reason === 'create') console.log(`shop: _child ${reason} ${who(child)}`);
    },
    reminder(_, what) {
      console.log(`shop: reminder ${what}`);
    },
  },
});

console.log(`outside: active session is ${who(kernel.getActiveSession())}`);
newWorker('w3');
await kernel.run();
