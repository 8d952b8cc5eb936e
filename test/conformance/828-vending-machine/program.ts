import { kernel, type MachineContext, NFA, Session } from 'poe-kernel';

// A vending machine: calls of states within calls, what comes while it is elsewhere, its _default, postbacks, names and heirs.

class Coins {
  sum = 0;
  need = 0;

  enter({ machine }: MachineContext, need: number) {
    this.need = need;
    console.log(`  coins: ${need} wanted, have ${this.sum}`);
    if (this.sum >= need) machine.returnState(this.sum);
  }

  coin({ machine, state, event }: MachineContext, value: number) {
    this.sum += value;
    console.log(`  coins: ${this.sum} of ${this.need} in '${state}' by '${event}'`);
    if (this.sum >= this.need) {
      const { sum } = this;
      this.sum = 0;
      machine.returnState(sum);
    }
  }
}

const Brewing = {
  begin({ kernel }: MachineContext, what: string) {
    console.log(`  brewing ${what}`);
    kernel.delay('ready', 0.05, what);
  },

  ready({ machine }: MachineContext, what: string) {
    console.log(`  ${what} is ready`);
    machine.returnState(`a cup of ${what}`);
  },

  later({ state, event }: MachineContext, what: string) {
    console.log(`  brewing: no '${what}' now, '${state}' by '${event}'`);
    return 'no';
  },
};

const machine = NFA.spawn({
  runstate: { sold: 0, what: '', customer: 0 as number | string },
  inlineStates: {
    off: {
      start({ kernel, machine, runstate }) {
        kernel.aliasSet('vendor');
        console.log(`off: starts in '${machine.getCurrentState()}' with ${runstate.sold} sold`);
        machine.gotoState('idle', 'begin', 'first');
        console.log(`off: still in '${machine.getCurrentState()}'? no`);
      },
    },
    idle: {
      begin({ event }, text) {
        console.log(`idle: ${text}, came by '${event}'`);
      },
      order({ runstate, machine, sender }, what, price) {
        console.log(`idle: ${what} for ${price}`);
        Object.assign(runstate, { what, customer: sender.id });
        machine.callState('paid', 'paying', 'enter', price);
      },
      paid({ runstate, machine }, sum) {
        console.log(`idle: ${sum} paid`);
        machine.callState('made', 'brewing', 'begin', runstate.what);
      },
      made({ kernel, runstate }, cup) {
        runstate.sold++;
        kernel.post(runstate.customer, 'served', cup, runstate.sold);
      },
      close({ kernel, machine }) {
        console.log('idle: closing');
        kernel.aliasRemove('vendor');
        machine.gotoState('closed');
      },
      _default(_, event, args) {
        console.log(`idle: does not know '${event}' (${args.join(' ')})`);
      },
    },
    closed: {
      _default(_, event) {
        console.log(`closed: '${event}'`);
      },
    },
  },
  objectStates: { paying: [[new Coins(), ['enter', 'coin']]] },
  packageStates: { brewing: [[Brewing, { begin: 'begin', ready: 'ready', _default: 'later' }]] },
});
console.log(`in ${machine.getCurrentState() === undefined ? 'no state' : 'a state'} yet`);
machine.gotoState('off', 'start');
console.log(`in '${machine.getCurrentState()}' now`);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('customer');
      kernel.post('vendor', 'coin', 9);
      kernel.post('vendor', 'order', 'tea', 3);
      kernel.delay('insert', 0.1, 1);
    },
    insert({ kernel }, count) {
      const answer = kernel.call('vendor', 'coin', 1);
      if (answer === 'no') console.log(`customer: ${answer}`);
      if (count < 4) kernel.delay('insert', 0.02, count + 1);
    },
    served({ kernel }, cup, number) {
      console.log(`customer: ${cup}, the ${number}th`);
      if (number === 1) {
        kernel.post('vendor', 'order', 'soup', 0);
      } else {
        kernel.post('vendor', 'close');
        kernel.post('vendor', 'knock', 1);
        kernel.aliasRemove('customer');
      }
    },
    _stop() {
      console.log('customer leaves');
    },
  },
});
await kernel.run();
console.log('done');
