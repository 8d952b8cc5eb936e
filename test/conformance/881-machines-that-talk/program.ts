import { kernel, type MachineContext, NFA } from 'poe-kernel';

// Two machines that play a game by post and call, and what stacks, entries and wrong turns do to them.

const where = (machine: NFA) => machine.getCurrentState();
const word = (value: unknown) =>
  value === undefined || value === null
    ? 'undef'
    : Array.isArray(value)
      ? 'ARRAY'
      : typeof value === 'object'
        ? 'HASH'
        : String(value);
const show = (...values: unknown[]) => values.map(word).join(' ');

function player(name: string, other: string) {
  return NFA.spawn({
    runstate: { name, other, seen: [] as number[] },
    inlineStates: {
      waiting: {
        enter({ kernel, state, event }, ...args) {
          kernel.aliasSet(name);
          console.log(`${name} waits (${show(...args)}) as ${show(state, event)}`);
          return 'entered';
        },
        serve({ kernel, machine, runstate }, n) {
          kernel.post(runstate.other, 'ball', n, name);
          machine.gotoState('playing', 'enter', n);
        },
        ball({ kernel, machine, sender }, n, from) {
          console.log(`${name} starts with ${n} of ${from}, sender ${kernel.aliasList(sender)?.[0]}`);
          machine.gotoState('playing', 'enter', n);
          kernel.yield('ball', n, from);
        },
        over() {
          console.log(`${name} already waits`);
        },
        bye() {
          console.log(`${name} says bye`);
        },
      },
      playing: {
        enter({ runstate }, n) {
          console.log(`${name} plays from ${n}`);
          runstate.seen.push(n);
        },
        ball({ kernel, machine, runstate }, n) {
          console.log(`${name} has the ball ${n}`);
          const answer = kernel.call(runstate.other, 'ask', n);
          console.log(`${name} was told ${show(answer)}`);
          if (n >= 5) {
            machine.callState('judged', 'judging', 'first', n);
            return;
          }
          kernel.post(runstate.other, 'ball', n + 1, name);
        },
        ask: ({ runstate, state, event }, n) => `${runstate.name} in ${state} by ${event}: ${n}`,
        judged({ kernel, runstate }, ...args) {
          console.log(`${name} judged: ${show(...args)}`);
          kernel.post(runstate.other, 'over', 'lost');
          kernel.yield('over', 'won');
        },
        over({ kernel, machine }, how) {
          console.log(`${name}: ${how}`);
          machine.gotoState('waiting');
          kernel.yield('bye');
        },
        bye() {
          console.log(`${name} plays on`);
        },
      },
      judging: {
        first({ machine }, n) {
          console.log(`${name} judging first ${where(machine)}`);
          machine.callState('second_done', 'deeper', 'second', n, 'x');
        },
        second_done({ machine }, ...args) {
          console.log(`${name} back in ${where(machine)}: ${show(...args)}`);
          machine.returnState('a', undefined, 'c');
        },
        ask: () => `${name} is busy judging`,
      },
      deeper: {
        second({ machine }, ...args) {
          console.log(`${name} deeper ${show(...args)}`);
          machine.callState('third_done', 'deeper', 'third');
        },
        third({ machine }) {
          console.log(`${name} third in ${where(machine)}`);
          machine.returnState();
        },
        third_done({ machine }, ...args) {
          console.log(`${name} third done with ${args.length} values`);
          machine.returnState(['list', 'of'], { a: 1 });
        },
        _default(_, event) {
          console.log(`${name} deep down has '${event}'`);
          return `deep ${name}`;
        },
      },
    },
  });
}

{
  const [ann, bob] = [player('ann', 'bob'), player('bob', 'ann')];
  console.log(`goto gave ${show(ann.gotoState('waiting', 'enter', 1, undefined, 'z'))}`);
  bob.gotoState('waiting', 'enter');
  if (ann.id === bob.id) console.log('same');
  kernel.post('ann', 'serve', 3);
}
const watch = NFA.spawn({
  inlineStates: {
    on: {
      start({ kernel }) {
        kernel.aliasSet('referee');
        kernel.delay('look', 0.3);
      },
      look({ kernel, machine }) {
        for (const name of ['ann', 'bob']) {
          const m = kernel.aliasResolve(name) as NFA;
          console.log(`${name} is in ${where(m)}, saw ${(m.getRunstate() as { seen: number[] }).seen.join(' ')}`);
          kernel.signal(m, 'KILL');
        }
        machine.gotoState('off', 'quit', 'now');
      },
    },
    off: {
      quit({ kernel }, when) {
        console.log(`referee quits ${when}`);
        kernel.aliasRemove('referee');
      },
      _stop() {
        console.log('not called');
      },
    },
  },
});
watch.gotoState('on', 'start');
await kernel.run();
console.log('--');

// Stacks and wrong turns, each a machine of its own, with an exception that a handler of DIE hears.
const said: Record<string, string> = {
  POE_ERR_MACHINE_STACK: 'empty stack',
  POE_ERR_MACHINE_STATE: "nonexistent state 'nowhere'",
};
const turns: Record<string, (context: MachineContext) => void> = {
  calls({ kernel, machine }) {
    console.log(`  called: ${show(kernel.call(machine, 'again', 5))}`);
  },
  dies() {
    throw 'turn dies\n';
  },
  loop({ machine }) {
    machine.gotoState('home', 'again', 1);
  },
  noback({ machine }) {
    machine.returnState('x');
  },
  noentry({ machine }) {
    machine.gotoState('other');
  },
  nowhere({ machine }) {
    machine.gotoState('nowhere', 'in');
  },
  onward({ machine }) {
    machine.callState('back', 'other', 'hop');
  },
  twice({ machine }) {
    machine.callState('back', 'other', 'in', 1);
    machine.returnState('r');
  },
};
for (const [name, turn] of Object.entries(turns)) {
  for (const immediate of [0, 1]) {
    const m = NFA.spawn({
      options: { immediate },
      inlineStates: {
        home: {
          in({ kernel }) {
            kernel.sig('DIE', 'died');
            kernel.yield('go');
          },
          go: turn,
          again({ state, event }, n) {
            console.log(`  again ${show(state, event, n)}`);
            return 7;
          },
          back({ state, event }, ...args) {
            console.log(`  back ${show(state, event)} ${show(...args)}`);
          },
          died({ kernel }, _signal, details) {
            const e = said[details.errorStr.code] ?? String(details.errorStr).trim();
            console.log(`  died in home: ${e}, ${details.event}`);
            kernel.sigHandled();
          },
        },
        other: {
          in({ state, event }, n) {
            console.log(`  in ${show(state, event, n)}`);
          },
          hop({ machine }) {
            console.log(`  hop ${where(machine)}`);
            machine.gotoState('third', 'in');
          },
          died({ kernel }, _signal, details) {
            console.log(`  died in other: ${details.errorStr}`);
            kernel.sigHandled();
          },
        },
        third: {
          in({ machine }) {
            console.log(`  third ${where(machine)}`);
            machine.returnState('from third');
          },
        },
      },
    });
    console.log(`${name}, ${immediate ? 'at once' : 'by event'}`);
    m.gotoState('home', 'in');
    try {
      await kernel.run();
      console.log('  over');
    } catch (error) {
      console.log(`  run died: ${error}`);
    }
  }
}
