import { kernel, Session } from 'poe-kernel';

function one(name: string, delay: number) {
  return Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.delay('tick', delay);
      },
      tick() {
        console.log(`${name}: tick`);
      },
      _stop() {
        console.log(`${name}: _stop`);
      },
    },
  });
}

await kernel.run();
console.log('run without sessions returned');

const a = one('a', 0.1).id;
await kernel.run();
console.log('first run over');
const b = one('b', 0.1).id;
console.log(`ids continue: ${b > a ? 'yes' : 'no'}`);
await kernel.run();
console.log('second run over');

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('outer');
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('inner');
            kernel.delay('late', 3);
            kernel.yield('halt');
          },
          halt({ kernel }) {
            console.log('inner: calling stop');
            kernel.yield('lost');
            kernel.stop();
            console.log(`inner: after stop, outer known: ${kernel.aliasResolve('outer') ? 'yes' : 'no'}`);
          },
          lost() {
            console.log('inner: lost event ran');
          },
          late() {
            console.log('inner: late');
          },
          _stop() {
            console.log('inner: _stop');
          },
        },
      });
    },
    _child(_, reason) {
      console.log(`outer: _child ${reason}`);
    },
    _stop() {
      console.log('outer: _stop');
    },
  },
});
await kernel.run();
console.log('run after stop() over');

one('c', 0.1);
await kernel.run();
console.log('end');
