import type { Duplex } from 'node:stream';
import { kernel, oneWay, Session } from 'poe-kernel';
import { allocateWheelId, Wheel } from 'poe-kernel/wheels';

class Beats extends Wheel<{ beatEvent: string }> {
  constructor({ handle, every, beatEvent }: { handle: Duplex; every: number; beatEvent: string }) {
    super(kernel, { beatEvent }, ['beatEvent']);
    let seen = 0;
    this.onDestroy(() => console.log('wheel destroyed'));
    this.watchRead(handle, () => {
      const buf = handle.read();
      if (!buf) {
        this.kernel.selectRead(handle);
        this.send(this.events.beatEvent, 'end');
        return;
      }
      for (let n = buf.length; n > 0; n--) if (++seen % every === 0) this.send(this.events.beatEvent, seen);
    });
  }
}

const [r, w] = oneWay();

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.beats = new Beats({ handle: r, every: 3, beatEvent: 'beat' });
      console.log(`isa POE::Wheel: ${heap.beats instanceof Wheel ? 'yes' : 'no'}`);
      w.write('xxxx');
    },
    beat({ heap, state }, count, id) {
      console.log(`beat ${count}, id ${id === heap.beats.id ? 'mine' : 'other'}, in ${state}`);
      if (count === 3) {
        heap.beats.event({ beatEvent: 'other' });
        w.write('xxxxxx');
      }
    },
    other({ heap }, count) {
      console.log(`other ${count}`);
      if (count === 9) w.destroy();
      else if (count === 'end') heap.beats.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();

let outcome = 'works';
try {
  Reflect.construct(Wheel, [kernel]);
} catch {
  outcome = 'died';
}
console.log(`POE::Wheel->new: ${outcome}`);
const [x, y] = [allocateWheelId(), allocateWheelId()];
console.log(`ids in sequence: ${y === x + 1 ? 'yes' : 'no'}`);
