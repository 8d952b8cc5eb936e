import { kernel, Session, type SessionId, type SessionOrKernel } from 'poe-kernel';

const name = new Map<SessionId, string>();
const who = (s: SessionOrKernel) => (s instanceof Session ? name.get(s.id) : 'kernel');
const perlName = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      name.set(session.id, 'parent');
      kernel.aliasSet('parent');
      kernel.sig('DIE', 'oops');
      Session.create({
        inlineStates: {
          _start({ kernel, session }) {
            name.set(session.id, 'child');
            kernel.aliasSet('child');
            kernel.sig('DIE', 'oops', 'extra');
          },
          oops({ kernel }, signal, info, ...rest) {
            console.log(`child: ${signal} (${rest.join(' ')})`);
            console.log(`  keys: ${Object.keys(info).map(perlName).sort().join(' ')}`);
            console.log(
              `  event ${info.event} from_state ${info.fromState} dest ${who(info.destSession)}` +
                ` source ${who(info.sourceSession)}`,
            );
            console.log(`  error: ${/^(boom \d)/.exec(info.errorStr.message)?.[1] ?? 'odd'}`);
            if (/boom 2/.test(info.errorStr.message)) kernel.sigHandled();
          },
          risky({ kernel }, n) {
            console.log(`child: risky ${n}`);
            kernel.yield('after', n);
            throw new Error(`boom ${n}`);
          },
          queued(_, n) {
            console.log(`child: queued before the crash, n=${n}`);
          },
          after(_, n) {
            console.log(`child: after ${n}`);
          },
        },
      });
      kernel.yield('go', 1);
    },
    go({ kernel }, n) {
      kernel.post('child', 'risky', n);
      kernel.post('child', 'queued', n);
      if (n === 1) kernel.delay('go', 0.1, 2);
      if (n === 2) kernel.delay('finish', 0.3);
    },
    oops({ kernel }, signal, info) {
      console.log(`parent: ${signal} for ${who(info.destSession)}`);
      if (/boom 1/.test(info.errorStr.message)) kernel.sigHandled();
    },
    finish({ kernel }) {
      console.log('parent: all survived');
      kernel.signal(kernel, 'KILL');
    },
  },
});

await kernel.run();
console.log('run returned normally');
