import { kernel, Session } from 'poe-kernel';

const time = () => Date.now() / 1000;

console.log(
  `outside: session is kernel: ${kernel.getActiveSession() === kernel ? 'yes' : 'no'}` +
    `, event ${kernel.getActiveEvent() === undefined ? 'undef' : 'set'}`,
);
console.log(`queue: ${kernel.getEventCount()} next ${kernel.getNextEventTime() === undefined ? 'undef' : 'set'}`);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      console.log(`start: event ${kernel.getActiveEvent()}, queue ${kernel.getEventCount()}`);
      kernel.delay('later', 0.2);
      kernel.yield('now');
      kernel.yield('now2');
      console.log(`after three: ${kernel.getEventCount()}`);
    },
    now({ kernel, session }) {
      const me = kernel.getActiveSession() === session ? 'yes' : 'no';
      console.log(`now: active is me: ${me}, event ${kernel.getActiveEvent()}`);
    },
    now2({ kernel }) {
      const left = (kernel.getNextEventTime() as number) - time();
      console.log(`now2: queue ${kernel.getEventCount()}, next in the past: ${left <= 0 ? 'yes' : 'no'}`);
      kernel.yield('now3');
    },
    now3({ kernel }) {
      const left = (kernel.getNextEventTime() as number) - time();
      console.log(`now3: queue ${kernel.getEventCount()}, next within ${left > 0 && left < 0.25 ? '0.2' : 'odd'} s`);
    },
    later({ kernel }) {
      console.log(`later: queue ${kernel.getEventCount()}`);
    },
  },
});
console.log(`created: queue ${kernel.getEventCount()}`);
await kernel.run();
console.log(`after run: queue ${kernel.getEventCount()}`);
