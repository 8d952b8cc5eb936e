import { kernel, Session } from 'poe-kernel';

const time = () => Date.now() / 1000;
const errname = () => kernel.errno || 'none';

let foreign = 0;
Session.create({
  inlineStates: {
    _start({ kernel }) {
      foreign = kernel.delaySet('tick', 0.9) as number;
    },
    tick() {
      console.log('foreign tick');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      const t = time();
      heap.a = kernel.alarmSet('fire', t + 0.2, 'a');
      heap.b = kernel.alarmSet('fire', t + 0.3, 'b');
      heap.c = kernel.delaySet('fire', 9.0, 'c');
      heap.d = kernel.delaySet('fire', 0.5, 'd');
      let at = kernel.alarmAdjust(heap.a, 0.2) as number;
      console.log(`a moved to +${(at - t).toFixed(1)}`);
      at = kernel.alarmAdjust(heap.b, -0.2) as number;
      console.log(`b moved to +${(at - t).toFixed(1)}`);
      at = kernel.delayAdjust(heap.c, 0.2) as number;
      console.log(`c restarted for +${(at - time()).toFixed(1)}`);
      kernel.errno = 0;
      console.log(`foreign: ${kernel.delayAdjust(foreign, 1) === undefined ? 'undef' : 'set'}`);
      kernel.errno = 0;
      console.log(`foreign: ${kernel.alarmAdjust(foreign, 1) === undefined ? 'undef' : 'set'}, ${errname()}`);
    },
    fire({ kernel, heap }, which) {
      console.log(`fire ${which}`);
      if (which === 'b') {
        kernel.errno = 0;
        const r = kernel.alarmAdjust(heap.b, 1);
        console.log(`adjust a fired one: ${r === undefined ? 'undef' : 'set'}, ${errname()}`);
        const zero = kernel.alarmAdjust(heap.d, 0);
        console.log(`adjust by 0: ${zero === undefined ? 'undef' : 'time'}`);
      }
    },
  },
});

await kernel.run();
