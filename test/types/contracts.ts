/** One contract types both sides: what publishes it and what calls it. */
import { events, type Kernel, type List, Session } from 'poe-kernel';
import { type Remote, Responder } from 'poe-kernel/ikc';
import { same } from './equal.ts';

interface TimeServer {
  now: (zone: string) => string;
  later: (seconds: number) => Promise<Date>;
  find: (name: string) => { id: number } | undefined;
  zones: () => string[];
  all: (zone?: string) => List;
  note: [text: string];
  reset: [];
  forget: (zone: string) => void;
}

declare const kernel: Kernel;
const ikc = Responder.spawn({ kernel });

// --- the publisher

const server = Session.create({
  kernel,
  heap: {},
  events: events<TimeServer>(),
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('timeserver');
    },
    now: (_, zone) => zone.toUpperCase(),
    // @ts-expect-error: its argument is a number
    later: async (_, seconds: string) => new Date(seconds),
    // @ts-expect-error: its result is a list of strings
    zones: () => [1, 2],
    find: (_, name) => (name === '' ? undefined : { id: 1 }),
  },
});

ikc.publish<TimeServer>('timeserver', ['now', 'later', 'find', 'zones', 'all', 'note', 'reset', 'forget']);
ikc.publish<TimeServer>('timeserver', ['forget', 'reset', 'note', 'all', 'zones', 'find', 'later', 'now']);
ikc.publish<TimeServer>(server, ['now', 'later', 'find', 'zones', 'all', 'note', 'reset', 'forget']);
// @ts-expect-error: one is missing
ikc.publish<TimeServer>('timeserver', ['now', 'later', 'find', 'zones', 'all', 'note', 'reset']);
// @ts-expect-error: no such event
ikc.publish<TimeServer>('timeserver', ['now', 'later', 'find', 'zones', 'all', 'note', 'reset', 'forgett']);
// @ts-expect-error: one too many
ikc.publish<TimeServer>('timeserver', ['now', 'later', 'find', 'zones', 'all', 'note', 'reset', 'forget', 'x']);

// A session that declares its events can publish some of them.
ikc.publish(server, ['now', 'zones']);
// @ts-expect-error: no such event
ikc.publish(server, ['now', 'zone']);

// Everything else is loose.
declare const names: string[];
declare const anySession: Session;
ikc.publish('anything', ['some', 'events']);
ikc.publish('anything', names);
ikc.publish(anySession, ['some', 'events']);
ikc.publish(7, []);

// --- the caller

const time = ikc.remote<TimeServer>('poe://Pulse/timeserver', { timeout: 5 });

same<Promise<string>>()(time.now('UTC'));
same<Promise<Date>>()(time.later(5));
// undef is never the answer of a call
same<Promise<{ id: number }>>()(time.find('x'));
same<Promise<string[]>>()(time.zones());
same<Promise<unknown>>()(time.all());
same<Promise<unknown>>()(time.all('UTC'));
same<Promise<string>>()(time.now.with({ timeout: 1, signal: AbortSignal.timeout(10) })('UTC'));
same<Promise<[string]>>()(time.now.with({ list: true })('UTC'));
same<Promise<unknown[]>>()(time.all.with({ list: true })());
same<Promise<[{ id: number }]>>()(time.find.with({ list: true })('x'));
// An event without a declared result answers anything.
same<Promise<unknown>>()(time.note('text'));
same<number | undefined>()(time.now.post('UTC'));
same<number | undefined>()(time.forget.post('UTC'));
same<number | undefined>()(time.reset.post());

// @ts-expect-error: its argument is a string
time.now(1);
// @ts-expect-error: its argument is missing
time.now();
// @ts-expect-error: it has no argument
time.zones('UTC');
// @ts-expect-error: one argument too many
time.now('UTC', 'CET');
// @ts-expect-error: no such event
time.noww('UTC');
// @ts-expect-error: it never answers, and can only be posted
time.forget('UTC');
// @ts-expect-error: its argument is a string
time.forget.post(1);
// @ts-expect-error: its argument is a string
time.now.with({ timeout: 1 })(1);
// @ts-expect-error: no such option
time.now.with({ timeOut: 1 });
// @ts-expect-error: no such option
ikc.remote<TimeServer>('poe://Pulse/timeserver', { timeOut: 1 });
// @ts-expect-error: the methods are there, not more
time.then;
// @ts-expect-error: nothing can be set
time.now = ikc.remote<TimeServer>('poe://Other/timeserver').now;

async function use(remote: Remote<TimeServer>): Promise<string> {
  const text: string = await remote.now('UTC');
  // @ts-expect-error: its result is a string
  const number: number = await remote.now('UTC');
  return text + String(number);
}
void use(time);

// --- what is no contract: IKC carries one argument

interface TwoArguments {
  add: (left: number, right: number) => number;
}
// @ts-expect-error: two arguments
ikc.remote<TwoArguments>('poe://Pulse/calc');
// @ts-expect-error: two arguments
ikc.publish<TwoArguments>('calc', ['add']);
// @ts-expect-error: two arguments
ikc.remote<{ note: [text: string, more: string] }>('poe://Pulse/notes');

// --- events of names that every object has are no methods

const odd = ikc.remote<{ then: () => string; toString: () => string; ok: () => string }>('poe://Pulse/odd');
same<Promise<string>>()(odd.ok());
// @ts-expect-error: a remote is no promise
odd.then();
same<string>()(odd.toString());

// --- without a contract

const loose = ikc.remote('poe://Perl/anything');
void loose.any?.({ argument: 1 }).then((value) => value.length);
