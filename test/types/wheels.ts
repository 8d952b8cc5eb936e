import { type EventFor, events, kernel, Session } from 'poe-kernel';
import {
  Curses,
  FollowTail,
  ListenAccept,
  ReadLine,
  type ReadLineEvents,
  ReadWrite,
  type ReadWriteEvents,
  Reference,
  Run,
  SocketFactory,
  type SocketFactoryEvents,
  Stream,
  Wheel,
  type WheelOptions,
} from 'poe-kernel/wheels';
import { type Equal, expect, same } from './equal.ts';

interface Events {
  accepted: SocketFactoryEvents['successEvent'];
  failed: SocketFactoryEvents['failureEvent'];
  line: ReadWriteEvents['inputEvent'];
  octets: [record: Buffer, wheelId: number];
  message: [record: unknown];
  gone: [operation: string, errno: number];
  flushed: [];
  toggled: [on: boolean];
  typed: ReadLineEvents['inputEvent'];
}

/** A wheel of one's own. */
class Ticker<E = any> extends Wheel {
  constructor(options: WheelOptions<E> & { tickEvent: EventFor<E, [count: number, wheelId: number]> }) {
    super(options.kernel ?? kernel);
    this.send(options.tickEvent, 1);
  }
}

declare const handle: object;

Session.create({
  heap: { wheels: new Map<number, ReadWrite>() },
  events: events<Events>(),
  inlineStates: {
    _start({ kernel, heap }) {
      // --- the kernel that is given brings the events
      const lines = new ReadWrite({
        kernel,
        handle,
        inputEvent: 'line',
        errorEvent: 'gone',
        flushedEvent: 'flushed',
      });
      expect<Equal<typeof lines, ReadWrite<Events, string>>>();
      new ReadWrite({ kernel, handle, inputEvent: undefined });
      // @ts-expect-error: no such event
      new ReadWrite({ kernel, handle, inputEvent: 'lien' });
      // @ts-expect-error: its handler takes a boolean
      new ReadWrite({ kernel, handle, inputEvent: 'toggled' });
      // @ts-expect-error: its handler takes a socket first
      new ReadWrite({ kernel, handle, errorEvent: 'accepted' });
      // @ts-expect-error: its handler takes a record first
      new ReadWrite({ kernel, handle, flushedEvent: 'line' });

      // --- wheels of terminals
      const typing = new ReadLine({ kernel, inputEvent: 'typed' });
      expect<Equal<typeof typing, ReadLine<Events>>>();
      // @ts-expect-error: its handler takes a boolean
      new ReadLine({ kernel, inputEvent: 'toggled' });
      // @ts-expect-error: without a line there is none
      new ReadLine({ kernel, inputEvent: 'line' });
      // @ts-expect-error: it shows lines in other ways
      new ReadLine({ kernel, inputEvent: 'typed', putMode: 'later' });
      new Curses({ kernel, inputEvent: 'line' });
      // @ts-expect-error: its handler takes a boolean
      new Curses({ kernel, inputEvent: 'toggled' });
      const tail = new FollowTail({
        kernel,
        filename: 'log',
        inputEvent: 'line',
        errorEvent: 'gone',
        idleEvent: 'flushed',
      });
      expect<Equal<typeof tail, FollowTail<Events, string>>>();
      tail.event({ resetEvent: 'flushed' });
      new FollowTail({ kernel, handle: 3, filter: new Stream(), inputEvent: 'octets' });
      // @ts-expect-error: its handler takes a boolean
      new FollowTail({ kernel, filename: 'log', inputEvent: 'toggled' });
      // @ts-expect-error: its handler takes a record first
      new FollowTail({ kernel, filename: 'log', inputEvent: 'line', resetEvent: 'line' });
      // @ts-expect-error: no such event
      tail.event({ idleEvent: 'idel' });

      // --- the filter says what a record is
      new ReadWrite({ kernel, handle, filter: new Stream(), inputEvent: 'octets' });
      new ReadWrite({ kernel, handle, inputFilter: new Stream(), inputEvent: 'octets' });
      new ReadWrite({ kernel, handle, filter: new Reference(), inputEvent: 'message' });
      // @ts-expect-error: lines are strings
      new ReadWrite({ kernel, handle, inputEvent: 'octets' });
      // @ts-expect-error: records of a Stream are Buffers
      new ReadWrite({ kernel, handle, filter: new Stream(), inputEvent: 'line' });
      // @ts-expect-error: anything can come from a peer
      new ReadWrite({ kernel, handle, filter: new Reference(), inputEvent: 'line' });

      // --- so does a type argument, where there is no kernel at hand
      new ReadWrite<Events>({ handle, inputEvent: 'line' });
      new ReadWrite<Events, Buffer>({ handle, filter: new Stream(), inputEvent: 'octets' });
      // @ts-expect-error: its handler takes a boolean
      new ReadWrite<Events>({ handle, inputEvent: 'toggled' });

      // --- renaming is checked too
      lines.event({ inputEvent: 'message', flushedEvent: undefined });
      // @ts-expect-error: its handler takes a boolean
      lines.event({ inputEvent: 'toggled' });

      // --- a heap need not know the events
      heap.wheels.set(lines.id, lines);
      heap.wheels.set(
        lines.id,
        new ReadWrite({ kernel, handle, filter: new Stream(), inputEvent: 'octets', errorEvent: 'gone' }),
      );

      // --- the other wheels
      const factory = new SocketFactory({ kernel, successEvent: 'accepted', failureEvent: 'failed' });
      factory.event({ successEvent: 'flushed' });
      // @ts-expect-error: no such event
      factory.event({ failureEvent: 'filed' });
      // @ts-expect-error: its handler takes a record first
      new SocketFactory({ kernel, successEvent: 'line', failureEvent: 'failed' });
      // @ts-expect-error: no such event
      new SocketFactory({ kernel, successEvent: 'accepted', failureEvent: 'filed' });
      // @ts-expect-error: an event is missing
      new SocketFactory({ kernel, successEvent: 'accepted' });
      const acceptor = new ListenAccept({ kernel, handle, acceptEvent: 'message', errorEvent: 'failed' });
      // @ts-expect-error: its handler takes an operation first
      acceptor.event({ acceptEvent: 'failed' });
      // @ts-expect-error: its handler takes an address as text, and a peer comes
      new ListenAccept({ kernel, handle, acceptEvent: 'accepted' });

      // --- and one's own
      new Ticker({ kernel, tickEvent: 'flushed' });
      // @ts-expect-error: its handler takes a boolean
      new Ticker({ kernel, tickEvent: 'toggled' });
    },
  },
});

// --- loose without either

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.a = new ReadWrite({ handle, inputEvent: 'anything', errorEvent: 'at all' });
      heap.b = new ReadWrite({ kernel, handle, filter: new Stream(), inputEvent: 'anything' });
      const wheel = new SocketFactory({ kernel, successEvent: 'anything', failureEvent: 'at all' });
      same<SocketFactory<any>>()(wheel);
      wheel.event({ successEvent: 'something else' });
      new Ticker({ tickEvent: 'anything' });
      const child = new Run({ kernel, program: ['ls'], stdoutEvent: 'anything', stderrFilter: new Stream() });
      child.event({ closeEvent: 'at all' });
      // @ts-expect-error: a child would not find a plain function
      new Run({ program: () => {} });
    },
  },
});
Session.create({
  events: events<Events>(),
  inlineStates: {
    _start: () => void new ReadWrite({ handle, inputEvent: 'anything' }),
  },
});
