import { kernel, NFA } from 'poe-kernel';

function machine(name: string, options: Record<string, unknown> = {}) {
  const nfa = NFA.spawn({
    options,
    inlineStates: {
      idle: {
        start({ kernel, machine }) {
          kernel.aliasSet(name);
          console.log(`${name} idle/start`);
          machine.callState('answered', 'ask', 'question', 'colour');
          console.log(`${name} idle/start goes on, now in ${machine.getCurrentState()}`);
        },
        answered({ kernel, state }, text) {
          console.log(`${name} ${state}/answered ${text}`);
          kernel.aliasRemove(name);
        },
      },
      ask: {
        question({ machine, state }, what) {
          console.log(`${name} ${state}/question ${what}`);
          machine.callState('confirmed', 'confirm', 'check', what);
        },
        confirmed({ machine, state }, ok) {
          console.log(`${name} ${state}/confirmed ${ok}`);
          machine.returnState(`blue (${ok})`);
        },
      },
      confirm: {
        check({ machine, state }) {
          console.log(`${name} ${state}/check`);
          machine.returnState('sure');
          console.log(`${name} check goes on, now in ${machine.getCurrentState()}`);
        },
      },
    },
  });
  nfa.gotoState('idle', 'start');
}

machine('slow');
await kernel.run();
machine('fast', { immediate: 1 });
await kernel.run();

for (const [what, act, re] of [
  ['unknown state', (m: NFA) => m.gotoState('nowhere'), /there is no 'nowhere'/],
  ['unknown entry', (m: NFA) => m.gotoState('home', 'nothing'), /no handler for the entry event 'nothing'/],
  ['empty stack', (m: NFA) => m.returnState(), /nothing has called/],
  ['unknown event', (m: NFA) => kernel.post(m, 'huh'), /neither a handler for it/],
] as const) {
  const nfa = NFA.spawn({
    inlineStates: {
      home: {
        in({ kernel }) {
          kernel.aliasSet('nfa');
          kernel.yield('go');
        },
        go({ machine }) {
          act(machine);
        },
      },
    },
  });
  nfa.gotoState('home', 'in');
  const died = await kernel.run().then(
    () => undefined,
    (error: Error) => error.message,
  );
  console.log(`${what}: ${died === undefined ? 'no error' : re.test(died) ? 'run died as expected' : `odd ${died}`}`);
}
