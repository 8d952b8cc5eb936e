import { kernel, Session } from 'poe-kernel';

// What each method says when there is nothing to do for it, and what $! is then; a method that succeeds is asked as well.

const word = (value: unknown) =>
  value === undefined
    ? 'undef'
    : value instanceof Session
      ? 'POE::Session'
      : Array.isArray(value)
        ? 'ARRAY'
        : typeof value === 'number' && value > 1e9
          ? 'time'
          : String(value);

function tryIt(label: string, code: () => unknown) {
  kernel.errno = undefined as never;
  const value = code();
  console.log(`${label}: ${word(value)} / ${kernel.errno || 'none'}`);
}

const gone = Session.create({ inlineStates: { _start() {} } });
const goneId = gone.id;
await kernel.run();

let timerOfOther: any;
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('other');
      timerOfOther = kernel.delaySet('never', 30);
    },
    leave({ kernel }) {
      kernel.alarmRemoveAll();
      kernel.aliasRemove('other');
    },
    echo: (_, value) => value,
    none() {},
    dying() {
      throw 'x\n';
    },
  },
});
// What POE returns as a number of $! is a name here.
const code: Record<string, number> = { EPERM: 1, ESRCH: 3, EEXIST: 17 };
const asNumber = (value: string | number) => code[value] ?? value;
Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      const other: any = kernel.aliasResolve('other');
      tryIt('post to gone object', () => kernel.post(gone, 'x'));
      tryIt('post to gone id', () => kernel.post(goneId, 'x'));
      tryIt('post to other', () => kernel.post(other.id, 'echo'));
      tryIt('call gone', () => kernel.call(gone, 'x'));
      tryIt('call other', () => kernel.call('other', 'echo', 'hi'));
      tryIt('call with return;', () => kernel.call('other', 'none'));
      tryIt('call of no event', () => kernel.call('other', 'nix'));
      tryIt('signal gone', () => kernel.signal(gone, 'FOO'));
      tryIt('signal other', () => kernel.signal('other', 'FOO'));
      tryIt('alias_set', () => kernel.aliasSet('me'));
      tryIt('alias_set again', () => kernel.aliasSet('me'));
      tryIt('alias_set of other', () => asNumber(kernel.aliasSet('other')));
      tryIt('alias_remove of other', () => asNumber(kernel.aliasRemove('other')));
      tryIt('alias_remove of none', () => asNumber(kernel.aliasRemove('nix')));
      tryIt('alias_remove', () => kernel.aliasRemove('me'));
      tryIt('id to session', () => kernel.idIdToSession(goneId));
      tryIt('id to session other', () => kernel.idIdToSession(other.id));
      tryIt('session to id', () => kernel.idSessionToId(gone));
      tryIt('refcount up gone', () => kernel.refcountIncrement(goneId, 'tag'));
      tryIt('refcount down gone', () => kernel.refcountDecrement(goneId, 'tag'));
      tryIt('refcount up', () => kernel.refcountIncrement(session.id, 'tag'));
      tryIt('refcount up 2', () => kernel.refcountIncrement(session.id, 'tag'));
      tryIt('refcount up other tag', () => kernel.refcountIncrement(session.id, 'tug'));
      tryIt('refcount down', () => kernel.refcountDecrement(session.id, 'tag'));
      tryIt('refcount down 2', () => kernel.refcountDecrement(session.id, 'tag'));
      tryIt('refcount down tug', () => kernel.refcountDecrement(session.id, 'tug'));
      tryIt('alarm_remove 0', () => kernel.alarmRemove(999999));
      tryIt('alarm_remove of other', () => kernel.alarmRemove(timerOfOther));
      tryIt('alarm_adjust unknown', () => kernel.alarmAdjust(999999, 1));
      tryIt('alarm_adjust of other', () => kernel.alarmAdjust(timerOfOther, 1));
      const mine: any = kernel.delaySet('mine', 20);
      tryIt('alarm_adjust', () => kernel.alarmAdjust(mine, 1));
      tryIt('delay_adjust', () => kernel.delayAdjust(mine, 1));
      tryIt('alarm_remove', () => kernel.alarmRemove(mine));
      tryIt('alarm_remove again', () => kernel.alarmRemove(mine));
      tryIt('alarm_remove_all', () => kernel.alarmRemoveAll());
      tryIt('delay that is none', () => kernel.delay('mine'));
      tryIt('alarm that is none', () => kernel.alarm('mine'));
      tryIt('delay', () => kernel.delay('mine', 10));
      tryIt('delay away', () => kernel.delay('mine'));
      tryIt('alarm_add', () => kernel.alarmAdd('mine', Date.now() / 1000 + 10));
      tryIt('delay_add', () => kernel.delayAdd('mine', 10));
      tryIt('alarm away', () => kernel.alarm('mine'));
      tryIt('state none', () => kernel.state('nix'));
      tryIt('state', () => kernel.state('nix', () => {}));
      tryIt('state off', () => kernel.state('nix'));
      tryIt('state off again', () => kernel.state('nix'));
      tryIt('detach_child self', () => kernel.detachChild(session));
      tryIt('detach_child other', () => kernel.detachChild('other'));
      tryIt('detach_child none', () => kernel.detachChild('nix'));
      tryIt('detach_child gone', () => kernel.detachChild(gone));
      tryIt('detach_myself', () => kernel.detachMyself());
      tryIt('alias_list none', () => kernel.aliasList('nix')?.length ?? 0);
      tryIt('alias_list other', () => kernel.aliasList('other')?.join(' '));
      tryIt('alias_list mine', () => kernel.aliasList()?.join(' '));
      tryIt('post other leave', () => kernel.post('other', 'leave'));
      tryIt('yield', () => kernel.yield('last'));
    },
    last({ kernel }) {
      tryIt('other there', () => (kernel.aliasList('other') ? 'yes' : 'no'));
      kernel.yield('really');
    },
    really({ kernel }) {
      console.log(`other ${kernel.aliasResolve('other') ? 'there' : 'gone'}`);
    },
    _stop({ kernel, session }) {
      console.log('in stop');
      tryIt('post to self', () => kernel.post(session, 'x'));
      tryIt('yield', () => kernel.yield('x'));
      tryIt('alias', () => kernel.aliasSet('late'));
      tryIt('refcount', () => kernel.refcountIncrement(session.id, 'late'));
      tryIt('delay', () => kernel.delay('x', 1));
      tryIt('call', () => kernel.call(session, 'z', 1));
      tryIt('aliases', () => kernel.aliasList()?.join(','));
    },
    x() {
      console.log('never');
    },
    z: () => 'z in stop',
  },
});
await kernel.run();
console.log('done');
