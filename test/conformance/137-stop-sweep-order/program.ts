import { kernel, Session } from 'poe-kernel';

function member(name: string) {
  return Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
      },
      quit({ kernel }) {
        console.log(`${name}: quit`);
        kernel.aliasRemove(name);
        console.log(`${name}: quit handler ends`);
      },
      waver({ kernel }) {
        console.log(`${name}: waver`);
        kernel.aliasRemove(name);
        kernel.aliasSet(name);
      },
      job(_, what) {
        console.log(`${name}: job ${what}`);
      },
      _stop() {
        console.log(`${name}: _stop`);
      },
    },
  });
}

for (const name of ['a', 'b', 'c', 'd']) member(name);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('together', 0.1);
    },
    together({ kernel }) {
      for (const name of ['a', 'b', 'c']) kernel.post(name, 'quit');
      kernel.post('d', 'waver');
      kernel.delay('apart', 0.1);
    },
    apart({ kernel }) {
      console.log(`d still there: ${kernel.aliasResolve('d') ? 'yes' : 'no'}`);
      for (const name of ['e', 'f']) member(name);
      kernel.post('e', 'quit');
      kernel.yield('then');
    },
    // biome-ignore lint/suspicious/noThenProperty: an event of the program is called so
    then({ kernel }) {
      kernel.post('f', 'quit');
      kernel.post('d', 'quit');
      kernel.yield('bare');
    },
    bare({ kernel }) {
      const s = Session.create({
        inlineStates: {
          _start() {
            console.log('bare: start');
          },
          job(_, what) {
            console.log(`bare: job ${what}`);
          },
          _stop() {
            console.log('bare: _stop');
          },
        },
      });
      kernel.post(s, 'job', 'given by its creator');
    },
  },
});

await kernel.run();
