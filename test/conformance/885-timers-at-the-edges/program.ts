import { kernel, Session } from 'poe-kernel';

// Timers at the edges: times past, negative, fractional, equal; moved beyond now and back; taken away, all at once or by name; and what comes first.

const time = () => Date.now() / 1000;
const word = (value: unknown) => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value ?? 'undef'));
const show = (...values: unknown[]) => values.map(word).join(' ');
let base = 0;
const due = (t: any) => {
  const text = (t - base).toFixed(1);
  return text === '-0.0' ? '0.0' : text;
};

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('warm', 0.5);
      base = time();
      for (const event of ['past', 'equal']) kernel.yield(event);
    },
    warm() {},
    past({ kernel, session }) {
      kernel.yield('e', 'yield 1');
      kernel.alarmSet('e', 1, 'at 1');
      kernel.alarmSet('e', 0, 'at 0');
      kernel.alarmSet('e', -5, 'at -5');
      kernel.alarmSet('e', 0.5, 'at 0.5');
      kernel.alarmSet('e', -5.25, 'at -5.25');
      kernel.delaySet('e', -1, 'in -1');
      kernel.delaySet('e', -3, 'in -3');
      kernel.alarmSet('e', 1, 'at 1 again');
      kernel.post(session, 'e', 'post');
    },
    equal({ kernel }) {
      const t = time() + 0.1;
      for (const n of [1, 2, 3]) kernel.alarmSet('e', t, `equal ${n}`);
      for (const n of [1, 2]) kernel.alarmAdd('f', t, `added ${n}`);
      kernel.alarmSet('e', t - 0.01, 'just before');
      kernel.alarmSet('e', t + 0.01, 'just after');
      kernel.alarm('f', t, 'replaces');
      kernel.alarmSet('e', t, 'equal 4');
      const id: any = kernel.alarmSet('e', t + 5, 'moved to equal');
      kernel.alarmAdjust(id, -5);
      kernel.delay('next', 0.3);
    },
    e(_, what) {
      console.log(`e ${what}`);
    },
    f(_, what) {
      console.log(`f ${what}`);
    },
    next({ kernel }) {
      base = time();
      const id: any = {};
      for (const n of [1, 2, 3, 4, 5, 6]) id[n] = kernel.alarmSet('g', base + n, `g${n}`, undefined, [n]);
      console.log(`back ${due(kernel.alarmAdjust(id[4], -10))}`);
      console.log(`again ${due(kernel.alarmAdjust(id[4], -10))}`);
      console.log(`forth ${due(kernel.alarmAdjust(id[4], 20.1))}`);
      console.log(`delay ${due(kernel.delayAdjust(id[5], 0))} ${due(kernel.delayAdjust(id[5], -2))}`);
      console.log(`zero ${due(kernel.alarmAdjust(id[6], 0))}`);
      const list: any = kernel.alarmRemove(id[1]) ?? [];
      console.log(`removed ${list.length}: ${list[0]} ${due(list[1])} ${show(list[2][0], list[2][1])}`);
      const r: any = kernel.alarmRemove(id[2]);
      console.log(`removed ARRAY ${r.length}: ${r[0]} ${due(r[1])} ${show(r[2][0], r[2][1])}`);
      kernel.delay('h', 2, 'by name');
      kernel.delayAdd('h', 1, 'more');
      kernel.delayAdd('h', 3);
      for (const [n, t, ...args] of kernel.alarmRemoveAll())
        console.log(`all ${n} ${n === 'g' ? due(t) : 'delayed'} ${show(...args)}`);
      console.log(`nothing ${kernel.alarmRemoveAll().length}`);
      console.log(`gone ${show(kernel.alarmRemove(id[3]), kernel.alarmAdjust(id[3], 1))}`);
      kernel.delay('h', 0.02, 'first');
      kernel.delay('h', 0.01, 'second');
      kernel.delayAdd('h', 0.03, 'third');
      kernel.delay('i', 0.05);
      kernel.alarm('past_due', time() - 3, 'due');
      kernel.alarm('past_due');
      kernel.delay('neg', -1, 'neg');
      kernel.yield('neg', 'yielded');
      kernel.delay('zero', 0, 'zero');
      kernel.yield('zero', 'yielded');
    },
    h({ sender, session }, what) {
      console.log(`h ${what} ${sender === session ? 'self' : 'other'}`);
    },
    neg(_, what) {
      console.log(`neg ${what}`);
    },
    zero(_, what) {
      console.log(`zero ${what}`);
    },
    past_due() {
      console.log('never');
    },
    i({ kernel }) {
      kernel.yield('j', 1);
      kernel.yield('j', 2);
      kernel.delay('j', 0.03, 'late');
      kernel.delaySet('k', 0, 'k0');
      kernel.yield('j', 3);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    },
    j({ kernel }, n) {
      console.log(`j ${n}`);
      if (n === 1) {
        kernel.alarmSet('k', 1, 'long ago');
        kernel.delaySet('k', 0, 'now');
        kernel.yield('k', 'yielded');
      }
    },
    k({ kernel }, what) {
      console.log(`k ${what}`);
      if (what === 'yielded') kernel.yield('l');
    },
    l({ kernel }) {
      // a delay by name in its own handler, and the same name posted
      kernel.delay('m', 0.01, 3);
      kernel.yield('m', 2);
      kernel.delayAdd('m', 0.02, 1);
    },
    m({ kernel }, n) {
      console.log(`m ${n}`);
      if (n === 3) {
        kernel.delay('m');
        kernel.delay('n', 0.01, 'a', 'b');
      }
    },
    n({ kernel }, ...args) {
      console.log(`n ${args.join(' ')}`);
      console.log(`still ${kernel.alarmRemoveAll().length}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
