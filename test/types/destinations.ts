import { events, type KernelView, kernel, type List, list, Session, type SessionId } from 'poe-kernel';
import { type Equal, expect, same } from './equal.ts';

interface Calculator {
  note: [text: string];
  add: (left: number, right: number) => number;
  load: (path: string) => Promise<string>;
  forget: () => void;
  range: (n: number) => List;
  owner: () => Session;
}

const calculator = Session.create({
  heap: {},
  events: events<Calculator>(),
  inlineStates: {
    _start() {},
    add: (_, left, right) => left + right,
    range: (_, n) => list(...Array(n).keys()),
  },
});

// --- a session carries its events

same<1 | undefined>()(kernel.post(calculator, 'note', 'text'));
kernel.callVoid(calculator, 'note', 'text');
// @ts-expect-error: no such event
kernel.post(calculator, 'nota', 'text');
// @ts-expect-error: its argument is a string
kernel.post(calculator, 'note', 1);
// @ts-expect-error: its argument is missing
kernel.post(calculator, 'note');
// @ts-expect-error: one argument too many
kernel.post(calculator, 'note', 'text', 'more');
// @ts-expect-error: no such event
kernel.call(calculator, 'sub', 1, 2);
// @ts-expect-error: its argument is a number
kernel.callList(calculator, 'range', '3');
// @ts-expect-error: no such event
kernel.callVoid(calculator, 'sub', 1, 2);

// --- and what its handlers return; a call may miss

same<number | undefined>()(kernel.call(calculator, 'add', 1, 2));
same<Promise<string> | undefined>()(kernel.call(calculator, 'load', 'path'));
same<undefined>()(kernel.call(calculator, 'forget'));
same<any>()(kernel.call(calculator, 'note', 'text'));
same<any>()(kernel.call(calculator, 'range', 3));
same<any[]>()(kernel.callList(calculator, 'range', 3));
same<string | Session | undefined>()(kernel.call(calculator, 'owner'));

// A session of another session's heap, or a parameter, is as good.
function record(to: Session<any, Calculator>, by: KernelView): void {
  by.post(to, 'note', 'text');
  // @ts-expect-error: its argument is a string
  by.post(to, 'note', 1);
}
record(calculator, kernel);

// --- names

interface Journal {
  entry: [text: string];
  size: () => number;
}

declare module 'poe-kernel' {
  interface Aliases {
    'test/types/journal': Journal;
  }
}

kernel.post('test/types/journal', 'entry', 'text');
same<number | undefined>()(kernel.call('test/types/journal', 'size'));
same<Session<any, Journal> | undefined>()(kernel.aliasResolve('test/types/journal'));
// @ts-expect-error: no such event
kernel.post('test/types/journal', 'entri', 'text');
// @ts-expect-error: its argument is a string
kernel.post('test/types/journal', 'entry', 1);

Session.create({
  events: events<Journal>(),
  inlineStates: { _start: ({ kernel }) => kernel.aliasSet('test/types/journal') },
});
Session.create({
  events: events<Calculator>(),
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('test/types/other');
      // @ts-expect-error: this session has not the events of that name
      kernel.aliasSet('test/types/journal');
    },
  },
});

// --- every other address is loose

declare const anyName: string;
declare const id: SessionId;
declare const unknownSession: Session;
declare const anything: any;
kernel.post('test/types/unknown', 'event', 1, 'two', {});
for (const address of [anyName, id, 7, unknownSession, kernel, anything]) kernel.post(address, 'event', 1, 'two', {});
same<any>()(kernel.call('test/types/unknown', 'event', 1));
same<any>()(kernel.call(unknownSession, 'event', 1));
same<any>()(kernel.call(anything, 'event', 1));
same<Session | KernelView | undefined>()(kernel.aliasResolve('test/types/unknown'));

// --- postbacks

interface Asking {
  answered: [made: [id: number], called: [error: Error | null, text?: string]];
  sum: (made: number[], called: [number]) => number;
  done: [];
  note: [text: string];
}
const asking = Session.create({ events: events<Asking>(), inlineStates: { _start() {} } });
const answered = asking.postback('answered', 1);
answered(null, 'text');
asking.postback('done')();
expect<Equal<Parameters<typeof answered>, [error: Error | null, text?: string]>>();
same<number | undefined>()(asking.callback('sum', 1, 2, 3)(4));
// @ts-expect-error: no such event
asking.postback('anwsered', 1);
// @ts-expect-error: it takes a text, not what it was made with and called with
asking.postback('note', 'text');
// @ts-expect-error: it is made with a number
asking.postback('answered', 'one');
// @ts-expect-error: it is made with a number
asking.postback('answered');
// @ts-expect-error: it is called with an error or null
answered('text');
// @ts-expect-error: it is called with a number
asking.callback('sum')('4');
unknownSession.postback('event', 1, 'two')(3, 'four');
same<any>()(unknownSession.callback('event', 1)(2));
