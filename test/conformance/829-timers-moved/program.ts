import { kernel, Session } from 'poe-kernel';

// Timers of one name and of many, moved about while they wait: which come, in which order, and what the methods say.

const time = () => Date.now() / 1000;
// A multiple of 1/16, so that sums are exact.
const base = Math.floor(16 * time()) / 16 + 0.25;

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      // The same moment: in the order in which they were set, also those that were moved there.
      const early = kernel.alarmSet('tick', base - 1 / 16, 'moved there first') ?? 0;
      kernel.alarmSet('tick', base, 'set first');
      const late = kernel.alarmSet('tick', base + 1 / 16, 'moved there second') ?? 0;
      kernel.alarmSet('tick', base, 'set second');
      console.log(`early ${((kernel.alarmAdjust(early, 1 / 16) ?? 0) - base).toFixed(2)}`);
      console.log(`late ${((kernel.alarmAdjust(late, -1 / 16) ?? 0) - base).toFixed(2)}`);
      kernel.alarmAdd('tick', base, 'added');

      // By name: alarm and delay replace all timers of the name, the ones with an ID too.
      const id = kernel.delaySet('gone', 0.01, 'by id') ?? 0;
      kernel.delayAdd('gone', 0.01, 'added');
      kernel.alarm('gone', base + 0.1, 'instead');
      console.log(`the old one: ${kernel.alarmAdjust(id, 1) === undefined ? 'gone' : 'there'}, ${kernel.errno}`);

      kernel.delay('later', 0.4);
      console.log(`alarm without a time: ${kernel.alarm('never')}`);
      const mine = kernel.delaySet('mine', 9, 1, 2);
      kernel.post(session, 'thief', mine);
      Session.create({
        inlineStates: {
          _start({ kernel }, id) {
            const got = kernel.alarmRemove(id) ?? [];
            console.log(`another session removes: ${got.length}, ${kernel.errno}`);
            console.log(`and moves: ${kernel.delayAdjust(id, 1) === undefined ? 'no' : 'yes'}, ${kernel.errno}`);
            console.log(`its own: ${kernel.alarmRemoveAll().length}`);
          },
        },
        args: [mine],
      });
    },
    thief({ kernel }, id) {
      const [name, , args = []] = kernel.alarmRemove(id) ?? [];
      console.log(`removed ${name} (${args.join(' ')})`);
      const again = kernel.alarmRemove(id) ?? [];
      console.log(`again: ${again.length}, ${kernel.errno}`);
    },
    tick({ kernel }, text) {
      console.log(`tick ${text}`);
      if (text !== 'added') return;
      // Due at once: before what is posted now, in the order of their times.
      kernel.yield('now', 'posted');
      kernel.alarmAdd('now', time() - 1, 'a second ago');
      kernel.alarmAdd('now', time() - 2, 'two seconds ago');
      kernel.delayAdd('now', 0, 'no delay');
      kernel.delayAdd('now', -5, 'a delay below 0');
      kernel.yield('now', 'posted last');
    },
    now(_, text) {
      console.log(`now ${text}`);
    },
    gone(_, text) {
      console.log(`gone ${text}`);
    },
    never() {
      console.log('never');
    },
    later({ kernel }) {
      for (const seconds of [30, 10, 20, 10]) kernel.delaySet(`t${seconds}`, seconds, seconds, `x${seconds}`);
      const all = kernel.alarmRemoveAll().sort((a, b) => a[1] - b[1]);
      console.log(all.map(([name, , ...args]) => `${name}(${args.join(' ')})`).join(' '));
      kernel.delay('loop', 0, 3);
    },
    loop({ kernel }, n) {
      console.log(`loop ${n}`);
      if (n > 1) kernel.delay('loop', 0, n - 1);
    },
    _stop() {
      console.log('stopped');
    },
  },
});
await kernel.run();
