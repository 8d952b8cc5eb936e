import { kernel, Session } from 'poe-kernel';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('callee');
      kernel.sig('DIE', 'got_die');
    },
    fragile() {
      console.log('callee: fragile');
      throw new Error('callee broke');
    },
    got_die({ kernel }, _signal, info) {
      const e = info.errorStr.message;
      console.log(`callee: DIE from ${info.event}, sent by ${info.fromState}: ${e}`);
      kernel.sigHandled();
    },
    done({ kernel }) {
      kernel.aliasRemove('callee');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('go');
    },
    go({ kernel, session }) {
      let r: unknown;
      let e: string | undefined;
      try {
        r = kernel.call('callee', 'fragile');
        console.log('caller: call came back');
      } catch (error) {
        e = (error as Error).message;
      }
      console.log(`caller: value ${r ?? 'undef'}, $@ ${e === undefined ? 'empty' : 'set'}`);
      try {
        r = kernel.call(session, 'own');
        console.log('caller: not reached');
        r = 1;
      } catch (error) {
        e = (error as Error).message;
      }
      console.log(`caller: own call ${r ? 'came back' : `died: ${e}`}`);
      kernel.yield('next');
    },
    own() {
      console.log('caller: own');
      throw new Error('own broke');
    },
    next({ kernel }) {
      console.log('caller: still running');
      kernel.post('callee', 'done');
    },
  },
});

await kernel.run();
console.log('run returned');
