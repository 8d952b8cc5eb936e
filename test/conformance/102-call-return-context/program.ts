import { kernel, list, Session } from 'poe-kernel';

const ctx = (w: boolean | undefined) => (w === undefined ? 'void' : w ? 'list' : 'scalar');

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('teller');
    },
    balance({ kernel, wantarray }) {
      console.log(`  handler context: ${ctx(wantarray)}`);
      kernel.errno = 'EPERM';
      return list(10, 20, 30);
    },
    nothing() {},
    undefined() {
      return null;
    },
    hashref() {
      return { owner: 'ann' };
    },
    self({ session }) {
      return session;
    },
    quit({ kernel }) {
      kernel.aliasRemove('teller');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      const scalar = kernel.call('teller', 'balance');
      console.log(`scalar: ${scalar}, errno ${kernel.errno}`);
      const all = kernel.callList('teller', 'balance');
      console.log(`list: ${all.join(' ')}`);
      kernel.callVoid('teller', 'balance');
      console.log(`void done, errno ${kernel.errno}`);

      const none = kernel.callList('teller', 'nothing');
      console.log(`bare return in list context: ${none.length} items`);
      const one = kernel.call('teller', 'nothing');
      console.log(`bare return in scalar context: ${one === undefined ? 'undef' : 'defined'}`);
      const undef = kernel.callList('teller', 'undefined');
      console.log(`return undef in list context: ${undef.length} items`);
      const missing = kernel.callList('teller', 'no_such_event');
      console.log(`no handler in list context: ${missing.length} items`);

      console.log(`hash owner: ${kernel.call('teller', 'hashref').owner}`);

      const theirs = kernel.call('teller', 'self');
      console.log(`their session, scalar: ${theirs instanceof Session ? 'object' : typeof theirs}`);
      const [listed] = kernel.callList('teller', 'self');
      console.log(`their session, list: ${listed instanceof Session ? 'object' : typeof listed}`);
      const mine = kernel.call(session, 'me');
      console.log(`own session, scalar: ${mine instanceof Session ? 'object' : typeof mine}`);
      kernel.post('teller', 'quit');
    },
    me({ session }) {
      return session;
    },
  },
});

await kernel.run();
