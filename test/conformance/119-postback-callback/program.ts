import { type Callback, kernel, list, type Postback, Session } from 'poe-kernel';

const stash = {} as { post: Postback; empty: Postback; call: Callback };

Session.create({
  inlineStates: {
    _start({ session }) {
      stash.post = session.postback('posted', 'p1', 'p2');
      stash.call = session.callback('called', 'c1');
      stash.empty = session.postback('posted');
    },
    posted({ session, sender }, creation, called) {
      const self = sender === session ? 'yes' : 'no';
      console.log(`posted: creation (${creation.join(' ')}) call (${called.join(' ')}), from self: ${self}`);
    },
    called({ wantarray }, creation, called) {
      const context = wantarray ? 'list' : 'scalar';
      console.log(`called: creation (${creation.join(' ')}) call (${called.join(' ')}) in ${context} context`);
      return wantarray ? list(1, 2, 3) : 'one';
    },
    _stop() {
      console.log('owner stops');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('use_them', 0.1);
    },
    use_them({ kernel }) {
      console.log(`postback returned ${stash.post('x', 'y')}`);
      console.log(`empty postback returned ${stash.empty()}`);
      const one = stash.call('z');
      const many = stash.call.callList();
      console.log(`callback gave ${one} and ${many.join(' ')}`);
      kernel.delay('drop_post', 0.1);
    },
    drop_post({ kernel }) {
      stash.post.destroy();
      stash.empty.destroy();
      console.log('postbacks dropped');
      kernel.delay('drop_call', 0.1);
    },
    drop_call({ kernel }) {
      console.log('callback weakened');
      stash.call.weaken();
      kernel.delay('late', 0.1);
    },
    late() {
      const r = stash.call('too late');
      console.log(`calling it after the session has gone: ${r ?? 'undef'}`);
      stash.call.destroy();
    },
  },
});

await kernel.run();
