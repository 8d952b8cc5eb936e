import { type DieDetails, events, Session } from 'poe-kernel';
import { same } from './equal.ts';

interface Events {
  tick: [n: number];
  note: [text: string, times?: number];
  add: (left: number, right: number) => number;
  nothing: [];
  readable: [handle: object, mode: 0 | 1 | 2, tag: string];
  accepted: [socket: Pipe, mode: number];
  reaped: [signal: string, pid: number, status: number];
  reapedJob: [signal: 'CHLD', pid: number, status: number, job: string];
  died: [signal: string, details: DieDetails];
  interrupted: [signal: string];
  interruptedFor: [signal: string, why: string];
}

interface Pipe {
  fd: number;
}
declare const pipe: Pipe;

class Counter {
  tick(_: unknown, n: number): number {
    return n;
  }
  static read(): void {}
}

Session.create({
  heap: { sum: 0 },
  events: events<Events>(),
  inlineStates: {
    _start({ kernel }) {
      // --- yield
      kernel.yield('tick', 1);
      kernel.yield('note', 'text');
      kernel.yield('note', 'text', 2);
      kernel.yield('nothing');
      kernel.yield('add', 1, 2);
      kernel.yield(Math.random() < 0.5 ? 'nothing' : 'nothing');
      // @ts-expect-error: no such event
      kernel.yield('tock', 1);
      // @ts-expect-error: an argument of the wrong type
      kernel.yield('tick', '1');
      // @ts-expect-error: an argument is missing
      kernel.yield('tick');
      // @ts-expect-error: one argument too many
      kernel.yield('tick', 1, 2);
      // @ts-expect-error: the kernel's own events are sent by the kernel, unless they are declared
      kernel.yield('_stop');
      // @ts-expect-error: any text will not do
      kernel.yield('tick' as string, 1);

      // --- alarms and delays
      kernel.delay('tick', 1, 2);
      kernel.delay('tick');
      kernel.delay('tick', null);
      kernel.delay('note', 1, 'text');
      kernel.delay('nothing', 1);
      kernel.delayAdd('tick', 1, 2);
      same<number | undefined>()(kernel.delaySet('tick', 1, 2));
      kernel.alarm('tick', 1, 2);
      kernel.alarmAdd('tick', 1, 2);
      same<number | undefined>()(kernel.alarmSet('tick', 1, 2));
      // @ts-expect-error: no such event
      kernel.delay('tock', 1);
      // @ts-expect-error: its argument is missing
      kernel.delay('tick', 1);
      // @ts-expect-error: its argument is a number
      kernel.delay('tick', 1, '2');
      // @ts-expect-error: no such event
      kernel.alarm('tock');
      // @ts-expect-error: its argument is missing
      kernel.delaySet('tick', 1);
      // @ts-expect-error: its argument is a number
      kernel.alarmSet('tick', 1, '2');
      // @ts-expect-error: no such event
      kernel.alarmAdd('tock', 1);
      // @ts-expect-error: no such event
      kernel.delayAdd('tock', 1);

      // --- handles
      kernel.selectRead(pipe, 'readable', 'in');
      kernel.selectRead(pipe, 'accepted');
      kernel.selectRead(pipe, 'nothing');
      kernel.selectRead(pipe);
      kernel.selectRead(pipe, null);
      kernel.selectWrite(pipe, 'readable', 'out');
      kernel.selectExpedite(pipe, 'readable', 'urgent');
      kernel.select(pipe, 'readable', 'readable', null, 'both');
      kernel.select(pipe);
      // @ts-expect-error: no such event
      kernel.selectRead(pipe, 'readabel', 'in');
      // @ts-expect-error: the tag is missing
      kernel.selectRead(pipe, 'readable');
      // @ts-expect-error: the tag is a string
      kernel.selectWrite(pipe, 'readable', 1);
      // @ts-expect-error: its handler takes a number, not a handle
      kernel.selectRead(pipe, 'tick');
      // @ts-expect-error: its handler takes a Pipe
      kernel.selectRead({}, 'accepted');
      // @ts-expect-error: the tag is a string
      kernel.select(pipe, 'readable', null, null, 1);

      // --- signals
      kernel.sig('INT', 'interrupted');
      kernel.sig('INT', 'interruptedFor', 'because');
      kernel.sig('INT', 'nothing');
      kernel.sig('INT');
      kernel.sig('CHLD', 'reaped');
      kernel.sig('CHLD', 'reapedJob', 'job');
      kernel.sig('DIE', 'died');
      kernel.sig('OWN', 'interruptedFor');
      kernel.sigChild(7, 'reaped');
      kernel.sigChild(7, 'reapedJob', 'job');
      kernel.sigChild(7);
      // @ts-expect-error: no such event
      kernel.sig('INT', 'interupted');
      // @ts-expect-error: INT brings its name only
      kernel.sig('INT', 'reaped');
      // @ts-expect-error: CHLD brings a process number, not details
      kernel.sig('CHLD', 'died');
      // @ts-expect-error: the job is missing
      kernel.sig('CHLD', 'reapedJob');
      // @ts-expect-error: its handler takes a number, not a name
      kernel.sig('OWN', 'tick');
      // @ts-expect-error: no such event
      kernel.sigChild(7, 'repaed');
      // @ts-expect-error: the job is a string
      kernel.sigChild(7, 'reapedJob', 7);

      // --- handlers
      kernel.state('tick', ({ heap, kernel }, n) => {
        same<number>()(n);
        heap.sum += n;
        kernel.yield('tick', n + 1);
      });
      kernel.state('add', (_, left, right) => left + right);
      kernel.state('tick');
      kernel.state('tick', null);
      kernel.state('tick', new Counter());
      kernel.state('note', new Counter(), 'tick');
      kernel.state('nothing', Counter, 'read');
      // @ts-expect-error: no such event
      kernel.state('tock', () => {});
      // @ts-expect-error: the event brings a number
      kernel.state('tick', (_, n: string) => n);
      // @ts-expect-error: the caller is promised a number
      kernel.state('add', (_, left: number, right: number) => `${left}${right}`);
      // @ts-expect-error: no such method
      kernel.state('nothing', Counter, 'red');

      // --- what it is in every other way
      same<string>()(kernel.id);
      same<{ sum: number }>()(kernel.session.getHeap());
      kernel.signal(kernel, 'ANY', 1, 2);
      kernel.aliasSet('any name');
    },
  },
});
