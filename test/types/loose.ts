import { events, type Handler, type KernelView, kernel, Session } from 'poe-kernel';
import { same } from './equal.ts';

// --- without events any name and any arguments pass, without a heap it is a record

const session = Session.create({
  inlineStates: {
    _start({ kernel, heap, session }, ...args) {
      same<KernelView>()(kernel);
      same<Record<string, any>>()(heap);
      same<any[]>()(args);
      heap.anything = { goes: true };
      kernel.yield('anything', 1, 'two', {});
      kernel.delay('anything', 1, 'two');
      kernel.alarmSet('anything', 1, 'two');
      kernel.selectRead({}, 'anything', 'two');
      kernel.sig('ANY', 'anything', 'two');
      kernel.state('anything', ({ heap }, n) => {
        heap.n = n;
      });
      kernel.post(session, 'anything', 1);
      session.postback('anything', 1)('two');
    },
    anything: (_, a, b, c) => a.b.c + b + c,
    _default(_, event, args) {
      same<any>()(event);
      same<any>()(args);
    },
  },
  args: { any: 'value' },
});
same<Session<Record<string, any>, any>>()(session);
kernel.post(session, 'anything', 1, 'two', {});
same<any>()(kernel.call(session, 'anything'));

// --- a heap is inferred also where events are not declared

Session.create({
  heap: { count: 0 },
  inlineStates: {
    _start({ kernel, heap }) {
      same<number>()(heap.count);
      kernel.yield('anything', 1);
      // @ts-expect-error: the heap has no such property
      heap.cuont++;
    },
  },
});

// --- handlers and states that are made elsewhere

const handlers: Record<string, Handler> = { tick() {} };
Session.create({ inlineStates: { _start() {}, ...handlers } });
const annotated: Handler<{ n: number }, [text: string]> = ({ heap }, text) => heap.n + text.length;
Session.create({ heap: { n: 0 }, inlineStates: { _start() {}, annotated } });

// --- open: some events are declared, and any other name passes

interface Open {
  tick: [n: number];
  [event: string]: any[];
}
Session.create({
  events: events<Open>(),
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('tick', 1);
      kernel.yield('anything', 1, 'two');
      // @ts-expect-error: its argument is a number
      kernel.yield('tick', 'one');
    },
    tick(_, n) {
      same<number>()(n);
    },
    anything(_, ...args) {
      same<any[]>()(args);
    },
  },
});
