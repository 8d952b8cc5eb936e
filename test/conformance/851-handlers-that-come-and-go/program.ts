import { type HandlerContext, kernel, list, Session, toList } from 'poe-kernel';

// Handlers that come and go while they run, objects that share a session, classes of sessions, and what calls bring back.

class Greeter {
  count = 0;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  hello({ state }: HandlerContext, ...rest: string[]) {
    this.count++;
    return `${this.name} as ${state}: ${rest.join(' ')}`;
  }

  formal(_context: HandlerContext): unknown {
    return list('Good day (', `${this.name})`);
  }

  counted() {
    return this.count;
  }
}

class Polite extends Greeter {
  override formal(context: HandlerContext) {
    return `If you please: ${toList(super.formal(context)).join('')}`;
  }
}

class Tally extends Session {
  static made = 0;
  stepped = ++Tally.made;
}

const [ann, bob] = [new Greeter('Ann'), new Polite('Bob')];

const session = Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('house');
      for (const event of ['calls', 'changes', 'self_removal', 'replaced_while_queued', 'missing', 'end'])
        kernel.yield(event);
    },
    calls({ kernel, session }) {
      console.log([...kernel.callList(session, 'hello', 'a', 'b'), kernel.call('house', 'welcome')].join(' / '));
      const formal = kernel.callList(session, 'formal');
      const last = kernel.call(session, 'formal');
      console.log(`${formal.length} parts, the last is ${last}`);
      const formalToo = kernel.callList(session, 'formal_too');
      console.log(`${formalToo.length} part: ${formalToo.join(' ')}`);
      console.log(`counts ${['ann_count', 'bob_count'].map((event) => kernel.call(session, event)).join(' ')}`);
    },
    changes({ kernel, session }) {
      kernel.state('hello', bob);
      console.log(`now ${kernel.call(session, 'hello', 'x')}`);
      kernel.state('hello', ann, 'formal');
      console.log(`now ${kernel.call(session, 'hello', 'x')}`);
      kernel.state('hello', ({ state, object }: HandlerContext) =>
        list('nobody, ', state, ', ', object === undefined ? 'no object' : 'an object'),
      );
      console.log(`now ${kernel.callList(session, 'hello', 'x').join('')}`);
      console.log(`removed: ${kernel.state('hello')}, again: ${kernel.state('hello')}`);
      const value = kernel.call(session, 'hello', 'x', 'y');
      console.log(`now ${value}`);
    },
    self_removal({ kernel }) {
      kernel.state('self_removal');
      console.log('removed itself, and goes on');
      kernel.yield('self_removal', 'second');
    },
    replaced_while_queued({ kernel }) {
      for (const number of [1, 2, 3]) kernel.yield('version', number);
      kernel.state('version', ({ kernel }: HandlerContext, number: number) => {
        console.log(`old version, ${number}`);
        kernel.state('version', (_: HandlerContext, number: number) => console.log(`new version, ${number}`));
      });
    },
    missing({ kernel, session }) {
      const all = kernel.callList(session, 'nowhere', 1);
      console.log(`list ${all.join(' ')}`);
      kernel.state('_default');
      const none = kernel.callList(session, 'nowhere', 2);
      const nothing = kernel.call(session, 'nowhere', 3);
      console.log(`${none.length} things, ${nothing === undefined ? 'nothing' : 'something'}, ${kernel.errno}`);
    },
    _default({ wantarray }, event, args) {
      return wantarray ? list('list for', event) : `scalar for ${event} (${args.join(' ')})`;
    },
    end({ kernel }) {
      kernel.aliasRemove('house');
    },
    _stop() {
      console.log('house stops');
    },
  },
  objectStates: [
    [ann, { hello: 'hello', formal: 'formal', ann_count: 'counted' }],
    [bob, { welcome: 'hello', formal_too: 'formal', bob_count: 'counted' }],
  ],
});
console.log(
  `${session instanceof Session ? 'POE::Session' : 'something'} of ${kernel.aliasList(session)?.sort().join(' ')}`,
);
await kernel.run();

Tally.create({
  inlineStates: {
    _start({ kernel, session }) {
      console.log(session.constructor.name);
      kernel.yield('step', 2);
    },
    step({ kernel }, left) {
      if (left > 0) kernel.yield('step', left - 1);
    },
  },
});
await kernel.run();
console.log(`isa ${Tally.prototype instanceof Session ? 'session' : 'something'}, made: ${Tally.made}`);
