import { appendFileSync, mkdtempSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { FollowTail } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const path = join(dir, 'app.log');
function append(text: string) {
  appendFileSync(path, text);
}

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.idle = 0;
      heap.tail = new FollowTail({
        filename: path,
        pollInterval: 0.05,
        inputEvent: 'line',
        resetEvent: 'reset',
        idleEvent: 'idle',
        errorEvent: 'failed',
      });
      kernel.delay('step', 0.2, 1);
    },
    step({ kernel, heap }, n) {
      console.log(`-- step ${n}, idle polls since: ${heap.idle ? 'some' : 'none'}`);
      heap.idle = 0;
      if (n === 1) append('born late 1\nborn late 2\n');
      else if (n === 2) append('still the first file\n');
      else if (n === 3) {
        append('last of the first\n');
        renameSync(path, `${path}.1`);
      } else if (n === 4) append('second file 1\n');
      else if (n === 5) unlinkSync(path);
      else if (n === 6) append('third file 1\nthird file 2\n');
      else {
        heap.tail.destroy();
        return;
      }
      kernel.delay('step', 0.3, n + 1);
    },
    line: (_, line) => console.log(`line: ${line}`),
    reset: () => console.log('reset'),
    idle({ heap }) {
      heap.idle++;
    },
    failed: (_, operation, errno) => console.log(`failed: ${operation} ${errno}`),
    _stop: () => console.log('stop'),
  },
});
await kernel.run();
rmSync(dir, { recursive: true });
