import { type HandlerContext, kernel, Session } from 'poe-kernel';

class Greeter {
  readonly who: string;
  constructor(who: string) {
    this.who = who;
  }
  greet(_: HandlerContext, whom: string) {
    console.log(`greet: ${this.who} greets ${whom}`);
  }
  static hail({ object }: HandlerContext, whom: string) {
    const who = object instanceof Greeter ? `object of ${object.who}` : `package ${object.name}`;
    console.log(`hail: ${who} hails ${whom}`);
  }
  hail(context: HandlerContext, whom: string) {
    Greeter.hail(context, whom);
  }
}

const died = (code: () => void) => {
  try {
    code();
    return 'odd: lived';
  } catch (error) {
    return /has no method/.test((error as Error).message) ? 'died' : `odd: ${error}`;
  }
};

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('job', 1);
      kernel.yield('swap', 'second');
      kernel.yield('job', 2);
      kernel.yield('swap', undefined);
      kernel.yield('job', 3);
      kernel.yield('objects');
    },
    job(_, n) {
      console.log(`job ${n} by the first handler`);
    },
    swap({ kernel }, which) {
      if (which !== undefined) {
        const r = kernel.state('job', (_: HandlerContext, n: number) =>
          console.log(`job ${n} by the ${which} handler`),
        );
        console.log(`state returned ${r}`);
      } else {
        kernel.state('job');
      }
    },
    objects({ kernel, session }) {
      kernel.state('greet', new Greeter('Ann'));
      kernel.state('salute', new Greeter('Bob'), 'hail');
      kernel.state('shout', Greeter, 'hail');
      kernel.call(session, 'greet', 'x');
      kernel.call(session, 'salute', 'y');
      kernel.call(session, 'shout', 'z');
      console.log(`object: ${died(() => kernel.state('bad', new Greeter('Cid'), 'no_such_method'))}`);
      console.log(`package: ${died(() => kernel.state('bad', Greeter))}`);
      kernel.state('once', ({ kernel }: HandlerContext, n: number) => {
        console.log(`once ${n}`);
        kernel.state('once');
        console.log('still running after removing itself');
      });
      for (const n of [1, 2]) kernel.yield('once', n);
    },
    _default(_, event, args) {
      if (/^(job|once)$/.test(event)) console.log(`default: ${event} ${args.join(' ')}`);
    },
  },
});

await kernel.run();
