import { kernel, Session } from 'poe-kernel';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('logger');
      kernel.delay('close', 0.3);
    },
    log({ kernel, sender }, text) {
      const known = kernel.idSessionToId(sender) ? 'yes' : 'no';
      console.log(`log: ${text}, sender known: ${known}, has id: ${sender.id ? 'yes' : 'no'}`);
      return 'logged';
    },
    close({ kernel }) {
      kernel.aliasRemove('logger');
      console.log('logger closes');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('mayfly');
      kernel.delay('end', 0.1);
    },
    end({ kernel }) {
      console.log('mayfly: last event');
      kernel.post('logger', 'log', 'queued by the last event');
      kernel.aliasRemove('mayfly');
    },
    _stop({ kernel, session }) {
      console.log('mayfly: _stop');
      console.log(`mayfly: call gave ${kernel.call('logger', 'log', 'called from _stop')}`);
      const r = kernel.post('logger', 'log', 'posted from _stop');
      console.log(`mayfly: post gave ${r}`);
      kernel.yield('ghost');
      kernel.delay('ghost', 0.05);
      kernel.post(session, 'ghost');
      kernel.aliasSet('haunt');
    },
    ghost() {
      console.log('mayfly: ghost event ran');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('check', 0.2);
    },
    check({ kernel }) {
      console.log(`haunt resolves: ${kernel.aliasResolve('haunt') ? 'yes' : 'no'}`);
    },
  },
});

await kernel.run();
