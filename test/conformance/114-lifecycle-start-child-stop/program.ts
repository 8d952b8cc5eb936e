import { kernel, list, Session } from 'poe-kernel';

const show = (v: unknown) => (v === undefined ? 'undef' : typeof v === 'object' ? 'session' : v);
const ref = (v: unknown) => (v instanceof Session ? 'POE::Session' : '');

Session.create({
  inlineStates: {
    _start({ kernel, session, sender }) {
      console.log(`root _start: SENDER is kernel: ${sender === kernel ? 'yes' : 'no'}`);
      const child = Session.create({
        args: ['a', 'b', 'c'],
        inlineStates: {
          _start({ kernel, sender }, ...args) {
            const parentIs = sender === session ? 'root' : 'other';
            console.log(`child _start: args ${args.join(' ')}, SENDER ${parentIs}`);
            kernel.yield('work');
            return list('one', 'two', 'three');
          },
          work() {
            console.log('child work');
          },
          _stop({ kernel, session, sender }, ...args) {
            const by = sender === kernel ? 'kernel' : 'other';
            const known = kernel.idIdToSession(session.id) ? 'yes' : 'no';
            console.log(`child _stop: ${args.length} args, SENDER ${by}, own id known: ${known}`);
            return 'farewell';
          },
        },
      });
      console.log(`create returned a session: ${ref(child)}`);
      Session.create({ inlineStates: { _start() {} } });
      console.log('second create returned');
    },
    _child({ kernel, sender }, reason, child, value, ...rest) {
      const by = sender === kernel ? 'kernel' : 'other';
      console.log(`root _child: ${reason}, ${ref(child)}, value ${show(value)}, more ${rest.length}, SENDER ${by}`);
    },
    _stop() {
      console.log('root _stop');
    },
  },
});
console.log('before run');
await kernel.run();
console.log('after run');
