import { kernel, Session } from 'poe-kernel';

function family(error: unknown) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('elder');
        kernel.sig('DIE', 'noticed');
        Session.create({
          inlineStates: {
            _start({ kernel }) {
              kernel.aliasSet('junior');
              kernel.delay('crash', 0.1);
              kernel.delay('never', 0.5);
            },
            crash() {
              console.log('junior: crashing');
              throw error;
            },
            never() {
              console.log('junior: never');
            },
            _stop() {
              console.log('junior: _stop');
            },
          },
        });
      },
      noticed(_, _signal, info) {
        console.log(`elder: noticed ${info.errorStr instanceof Failure ? 'Failure' : 'text'}`);
      },
      _child(_, reason) {
        console.log(`elder: _child ${reason}`);
      },
      _stop() {
        console.log('elder: _stop');
      },
    },
  });
}

class Failure extends Error {}

const outcome = (show: (error: Error) => string) =>
  kernel.run().then(
    () => 'run returned',
    (error) => `run died: ${show(error)}`,
  );

family('plain text');
console.log(await outcome(String));

family(new Error('no newline'));
console.log(
  await outcome(({ message, stack = '' }) =>
    message === 'no newline' && /at \S+program\.js:\d+/.test(stack) ? 'text with place' : `odd ${stack}`,
  ),
);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('hi');
    },
    hi() {
      console.log('third run works');
    },
  },
});
await kernel.run();
console.log('end');
