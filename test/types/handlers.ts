import { events, type HandlerContext, type KernelView, type Sender, Session, type TypedKernel } from 'poe-kernel';
import { type Equal, expect, same } from './equal.ts';

interface Events {
  tick: [n: number];
  note: readonly [text: string, times?: number];
  add: (left: number, right: number) => number;
  load: (path: string) => Promise<Buffer>;
  forget: (what: string) => void;
}

interface Heap {
  sum: number;
}

// --- handlers know their arguments, their heap and what they return

const session = Session.create({
  heap: { sum: 0 },
  events: events<Events>(),
  inlineStates: {
    _start(context, ...args) {
      same<HandlerContext<Heap, Events>>()(context);
      same<TypedKernel<Heap, Events>>()(context.kernel);
      same<Heap>()(context.heap);
      same<Session<Heap, Events>>()(context.session);
      same<Sender>()(context.sender);
      same<any[]>()(args);
    },
    tick({ heap }, n) {
      same<number>()(n);
      heap.sum += n;
    },
    note(_, text, times) {
      same<string>()(text);
      same<number | undefined>()(times);
    },
    add: (_, left, right) => left + right,
    async load(_, path) {
      return Buffer.from(path);
    },
    forget: (_, what) => what.length,
    _stop(_, ...args) {
      same<[]>()(args);
    },
    _child(_, reason, child) {
      same<'create' | 'gain' | 'lose'>()(reason);
      same<Session>()(child);
    },
    _parent(_, before) {
      same<Session | KernelView>()(before);
    },
    _default(_, event, args) {
      same<string>()(event);
      same<unknown[]>()(args);
    },
  },
});
expect<Equal<typeof session, Session<Heap, Events>>>();

Session.create({
  events: events<Events>(),
  inlineStates: {
    _start() {},
    // @ts-expect-error: no such event is declared
    tock() {},
  },
});

Session.create({
  events: events<Events>(),
  inlineStates: {
    _start() {},

    // @ts-expect-error: the event brings a number
    tick(_, _n: string) {},
    // @ts-expect-error: the event brings one argument
    note(_, _text: string, _times: number | undefined, _more: string) {},
  },
});

Session.create({
  events: events<Events>(),
  inlineStates: {
    _start() {},
    // @ts-expect-error: the caller is promised a number
    add: (_, left, right) => `${left}${right}`,
    // @ts-expect-error: the caller is promised a promise
    load: (_, path) => Buffer.from(path),
  },
});

// A handler may take less than the event brings, as any function may.
Session.create({ events: events<Events>(), inlineStates: { _start() {}, tick() {}, add: () => 0 } });

// @ts-expect-error: a declaration is a tuple or a function
events<{ tick: number }>();

// --- _start and args

interface Started {
  _start: [name: string, port: number];
  again: [];
}
Session.create({
  events: events<Started>(),
  args: ['main', 80],
  inlineStates: {
    _start({ kernel }, name, port) {
      same<string>()(name);
      same<number>()(port);
      kernel.yield('_start', name, port);
    },
  },
});
// @ts-expect-error: _start needs its arguments
Session.create({ events: events<Started>(), inlineStates: { _start() {} } });
// @ts-expect-error: the port is a number
Session.create({ events: events<Started>(), args: ['main', '80'], inlineStates: { _start() {} } });

interface StartedWithOne {
  _start: [name: string];
}
Session.create({ events: events<StartedWithOne>(), args: 'main', inlineStates: { _start() {} } });
Session.create({ events: events<StartedWithOne>(), args: ['main'], inlineStates: { _start() {} } });
// @ts-expect-error: the name is a string
Session.create({ events: events<StartedWithOne>(), args: 3, inlineStates: { _start() {} } });

interface StartedWithList {
  _start: [names: string[]];
}
Session.create({ events: events<StartedWithList>(), args: [['a', 'b']], inlineStates: { _start() {} } });
// @ts-expect-error: an array is spread, so a list has to be in one
Session.create({ events: events<StartedWithList>(), args: ['a', 'b'], inlineStates: { _start() {} } });

// --- what was written for any session takes one with declared events

function announce({ kernel, session }: HandlerContext): void {
  kernel.post(session, 'anything', 1, 2, 3);
}
function hold(kernel: KernelView, held: Session): void {
  kernel.refcountIncrement(held, 'held');
}
Session.create({
  heap: { sum: 0 },
  events: events<Events>(),
  inlineStates: {
    _start(context) {
      announce(context);
      hold(context.kernel, context.session);
      if (context.sender === context.kernel) context.kernel.aliasSet('first');
      Session.create({ kernel: context.kernel, inlineStates: { _start() {} } });
    },
    tick: announce,
  },
});

// A subclass makes its own kind.
class Greeter<H, E> extends Session<H, E> {
  greet(): string {
    return `I am ${this.id}`;
  }
}
declare const greeter: Greeter<Heap, Events>;
const anySession: Session = greeter;
hold(anySession._kernel, greeter);
