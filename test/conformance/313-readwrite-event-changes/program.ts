import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

const far: Record<string, ReturnType<typeof twoWay>[1]> = {};
const label: Record<number, string> = {};

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.wheel = {};
      for (const name of ['left', 'right']) {
        const [near, other] = twoWay();
        far[name] = other;
        const w = new ReadWrite({ handle: near, inputEvent: 'line', errorEvent: 'failed' });
        label[w.id] = name;
        heap.wheel[w.id] = heap[name] = w;
      }
      kernel.yield('step', 1);
    },
    step({ kernel, heap }, n) {
      console.log(`-- step ${n}`);
      if (n === 1) far.left?.write('one\n');
      else if (n === 2) far.right?.write('two\nthree\n');
      else if (n === 3) {
        heap.left.event({ inputEvent: 'otherLine' });
        far.left?.write('four\n');
      } else if (n === 4) {
        heap.left.event({ inputEvent: undefined });
        far.left?.write('five\n');
      } else if (n === 5) heap.left.event({ inputEvent: 'line' });
      else if (n === 6) {
        heap.right.event({ errorEvent: undefined });
        far.right?.destroy();
      } else if (n === 7) far.left?.destroy();
      else {
        heap.left.destroy();
        heap.right.destroy();
        return;
      }
      kernel.delay('step', 0.1, n + 1);
    },
    line({ heap }, line, id) {
      console.log(`line from ${label[id]}: ${line}`);
      if (line === 'two') heap.wheel[id].event({ inputEvent: 'otherLine' });
    },
    otherLine(_, line, id) {
      console.log(`other_line from ${label[id]}: ${line}`);
    },
    failed(_, op, errno, _text, id) {
      console.log(`failed from ${label[id]}: ${op} ${errno}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
