import { kernel, Session } from 'poe-kernel';

const quote = (...args: unknown[]) =>
  args
    .map((a) => (a instanceof Session ? 'POE::Session' : Array.isArray(a) ? 'ARRAY' : a === undefined ? 'undef' : a))
    .join(',');

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      kernel.yield('order', 'tea', 2);
      kernel.yield('order');
      kernel.delay('timer', 0.05, 'x');
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.yield('work');
            return 'kid-started';
          },
          work() {
            console.log('kid works');
          },
          _default(_, event) {
            console.log(`kid default: ${event}`);
            return `kid-${event}`;
          },
        },
      });
      const r = kernel.call(session, 'price', 'tea');
      console.log(`call returned ${r}`);
      const args = [1, [2]];
      kernel.call(session, 'mutate', ...args);
      console.log(`args after: ${args[0]}`);
    },
    _default({ state }, event, args) {
      console.log(`default: STATE ${state} event ${event} args (${quote(...args)})`);
      if (event === 'mutate') args[0] = 99;
      return `answer to ${event}`;
    },
  },
});

await kernel.run();
