import { kernel, NFA, Session } from 'poe-kernel';

const at = ({ event, state }: { event: string; state: string }) => `[${state}/${event}]`;

const door = NFA.spawn({
  runstate: { count: 0 },
  inlineStates: {
    initial: {
      setup(context, ...args) {
        const { kernel, machine } = context;
        console.log(`${at(context)} args ${args.join(' ')}`);
        kernel.aliasSet('door');
        machine.gotoState('closed', 'enter', 'first');
        kernel.post(machine, 'early');
      },
      early: (context) => console.log(`${at(context)} was queued`),
      leave: (context) => console.log(at(context)),
    },
    closed: {
      enter(context, what) {
        console.log(`${at(context)} (${what})`);
        context.runstate.count++;
      },
      early: (context) => console.log(`${at(context)} came too late for initial`),
      push(context, who) {
        console.log(`${at(context)} opening`);
        context.machine.gotoState('open', 'enter', who);
      },
      leave: (context) => console.log(at(context)),
      _default: (context, event, args) => console.log(`${at(context)} default for ${event} (${args.join(' ')})`),
    },
    open: {
      enter(context, who) {
        console.log(`${at(context)} by ${who}`);
        context.kernel.delay('slam', 0.1);
      },
      slam(context) {
        console.log(at(context));
        context.machine.gotoState('closed', 'enter', 'again');
      },
      knock: (context) => console.log(`${at(context)} come in`),
    },
  },
});
console.log(`current before: ${door.getCurrentState()}`);
door.gotoState('initial', 'setup', 1, 2);
console.log(`current after: ${door.getCurrentState()}`);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('visit', 0.05);
    },
    visit({ kernel }) {
      kernel.post('door', 'knock', 'quietly');
      kernel.post('door', 'push', 'visitor');
      kernel.delay('inside', 0.05);
      kernel.delay('leave', 0.4);
    },
    inside({ kernel }) {
      kernel.post('door', 'knock');
    },
    leave({ kernel }) {
      console.log(`count ${door.getRunstate().count}`);
      kernel.call('door', 'bye');
      door.stop();
    },
  },
});

await kernel.run();
console.log('done');
