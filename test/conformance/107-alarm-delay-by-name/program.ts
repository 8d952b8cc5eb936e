import { kernel, Session } from 'poe-kernel';

const time = () => Date.now() / 1000;
const undef = undefined as never;

let t0 = 0;
const when = () => Math.round((time() - t0) * 10);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      t0 = time();
      console.log(`delay: ${kernel.delay('ring', 0.3, 'first')}`);
      console.log(`delay again: ${kernel.delay('ring', 0.1, 'second')}`);
      console.log(`alarm on another name: ${kernel.alarm('bell', t0 + 0.2, 'bell-1')}`);
      console.log(`alarm_add: ${kernel.alarmAdd('bell', t0 + 0.3, 'bell-2')}`);
      console.log(`delay_add: ${kernel.delayAdd('bell', 0.4, 'bell-3')}`);
      kernel.delaySet('gone', 0.1);
      kernel.alarmSet('gone', t0 + 0.1);
      kernel.delayAdd('gone', 0.1);
      console.log(`delay clears all: ${kernel.delay('gone')}`);
      for (const n of [1, 2, 3]) kernel.delayAdd('hum', 0.5, n);
      kernel.alarm('hum', t0 + 0.6, 'only');
      console.log(`no name, alarm: ${kernel.alarm(undef)}`);
      console.log(`no name, delay: ${kernel.delay(undef)}`);
      console.log(`no time, alarm_add: ${kernel.alarmAdd('x', undef)}`);
      console.log(`no time, delay_add: ${kernel.delayAdd('x', undef)}`);
    },
    ring(_, what) {
      console.log(`ring ${what}`);
    },
    bell(_, what) {
      console.log(`bell ${what}`);
    },
    gone() {
      console.log('gone fired?');
    },
    hum(_, what) {
      console.log(`hum ${what}`);
    },
    _stop() {
      const w = when();
      console.log(`stop, elapsed ${w >= 6 && w < 30 ? 'ok' : `wrong (${w})`}`);
    },
  },
});

await kernel.run();
