import { events, type HandlerContext, Session } from 'poe-kernel';

interface Events {
  tick: [n: number];
  report: () => string;
}

class Counter {
  count = 0;
  _start({ kernel }: HandlerContext<unknown, Events>): void {
    kernel.yield('tick', 1);
  }
  tick(_: HandlerContext<unknown, Events>, n: number): void {
    this.count += n;
  }
  shout(_: HandlerContext, text: string): string {
    return text.toUpperCase();
  }
  static report(): string {
    return 'all is well';
  }
}
const counter = new Counter();
const declared = events<Events>();

Session.create({
  events: declared,
  objectStates: [
    [counter, ['_start', 'tick']],
    [new Counter(), { tick: 'tick', _stop: '_start' }],
  ],
  packageStates: [[Counter, ['report']]],
});

// @ts-expect-error: no such method
Session.create({ events: declared, objectStates: [[counter, ['tock']]] });
// @ts-expect-error: a property, not a method
Session.create({ events: declared, objectStates: [[counter, { tick: 'count' }]] });
// @ts-expect-error: the event brings a number
Session.create({ events: declared, objectStates: [[counter, { tick: 'shout' }]] });
// @ts-expect-error: the caller is promised a string
Session.create({ events: declared, objectStates: [[counter, { report: 'tick' }]] });
// @ts-expect-error: a method, but no such event
Session.create({ events: declared, objectStates: [[counter, ['shout']]] });
// @ts-expect-error: no such event
Session.create({ events: declared, objectStates: [[counter, { tock: 'tick' }]] });
// @ts-expect-error: a method of the objects, not of the class
Session.create({ events: declared, packageStates: [[Counter, ['tick']]] });

// Names that are no literals are checked when the session is made.
const names: string[] = ['_start', 'tick'];
const map: Record<string, string> = { tick: 'tick' };
Session.create({
  events: declared,
  objectStates: [
    [counter, names],
    [counter, map],
  ],
});

// So is everything where no events are declared.
Session.create({ inlineStates: { _start() {} }, objectStates: [[counter, ['tock']]] });
Session.create({ objectStates: [[{}, { anything: 'goes' }]], packageStates: [[Counter, names]] });
