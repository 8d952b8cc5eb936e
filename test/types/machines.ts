import { kernel, type MachineContext, NFA, type Session, states } from 'poe-kernel';
import { same } from './equal.ts';

interface Door {
  closed: { push: [who: string]; look: () => string };
  open: { enter: [who: string]; pull: []; look: () => string };
}
interface Runstate {
  visitors: string[];
}

const door = NFA.spawn({
  runstate: { visitors: [] as string[] },
  states: states<Door>(),
  inlineStates: {
    closed: {
      push({ machine }, who) {
        same<string>()(who);
        machine.gotoState('open', 'enter', who);
      },
      look: () => 'closed',
      _default(_, event) {
        same<string>()(event);
      },
    },
    open: {
      enter(context, who) {
        same<MachineContext<Runstate, Door>>()(context);
        const { kernel, machine, runstate } = context;
        runstate.visitors.push(who);
        kernel.delay('pull', 1);
        kernel.yield('push', who);
        machine.callState('pull', 'closed', 'push', who);
        // @ts-expect-error: no such event in any state
        kernel.yield('kick');
        // @ts-expect-error: no such state
        machine.gotoState('ajar');
        // @ts-expect-error: no such event in that state
        machine.gotoState('open', 'push', who);
        // @ts-expect-error: its argument is missing
        machine.gotoState('open', 'enter');
        // @ts-expect-error: its argument is a string
        machine.gotoState('open', 'enter', 1);
        // @ts-expect-error: no such event to come back with
        machine.callState('kick', 'closed');
      },
      pull: ({ machine }) => machine.gotoState('closed'),
      leave() {},
    },
  },
});
same<NFA<Runstate, Door>>()(door);

door.gotoState('closed');
kernel.post(door, 'push', 'Ann');
same<string | undefined>()(kernel.call(door, 'look'));
// @ts-expect-error: no such state
door.gotoState('locked');
// @ts-expect-error: no such event
kernel.post(door, 'kick');
// @ts-expect-error: its argument is a string
kernel.post(door, 'push', 1);
const session: Session = door;
session.postback('anything');

NFA.spawn({
  states: states<Door>(),
  inlineStates: {
    closed: {
      // @ts-expect-error: no such event in that state
      pull() {},
    },
  },
});
NFA.spawn({
  states: states<Door>(),
  inlineStates: {
    // @ts-expect-error: no such state
    ajar: {},
  },
});
NFA.spawn({
  states: states<Door>(),
  inlineStates: {
    closed: {
      // @ts-expect-error: the caller is promised a string
      look: () => 1,
    },
  },
});

// --- loose without states

const loose = NFA.spawn({
  inlineStates: {
    home: {
      go({ machine, runstate, kernel }, ...args) {
        same<any[]>()(args);
        runstate.anything = 1;
        kernel.yield('anything', 1, 2);
        machine.gotoState('anywhere', 'with', 'any', 'arguments');
        machine.callState(undefined, 'anywhere', undefined, 1);
      },
    },
  },
  objectStates: { away: [[{}, ['anything']]] },
});
loose.gotoState('nowhere');
kernel.post(loose, 'anything', 1);
