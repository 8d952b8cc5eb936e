import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { FollowTail } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const path = join(dir, 'app.log');
function append(text: string, flag = 'a') {
  writeFileSync(path, text, { flag });
}
append('old line 1\nold line 2\n');

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.tail = new FollowTail({
        filename: path,
        pollInterval: 0.05,
        inputEvent: 'line',
        resetEvent: 'reset',
        errorEvent: 'failed',
      });
      kernel.delay('step', 0.2, 1);
    },
    step({ kernel, heap }, n) {
      console.log(`-- step ${n}`);
      if (n === 1) append('first\nsecond\n');
      else if (n === 2) append('half a ');
      else if (n === 3) append('line\nthird\n');
      else if (n === 4) append('fresh 1\n', 'w');
      else if (n === 5) append('fresh 2\n');
      else if (n === 6) {
        heap.tail.event({ inputEvent: 'otherLine' });
        append('fresh 3\n');
      } else {
        heap.tail.destroy();
        append('unseen\n');
        return;
      }
      kernel.delay('step', 0.25, n + 1);
    },
    line({ heap }, line, id, ...more) {
      console.log(`line: ${line}${id === heap.tail.id ? '' : ' (wrong id)'}${more.length > 0 ? ' (more args)' : ''}`);
    },
    otherLine: (_, line) => console.log(`other_line: ${line}`),
    reset: ({ heap }, id) => console.log(`reset, id ${id === heap.tail.id ? 'mine' : 'other'}`),
    failed: (_, operation, errno) => console.log(`failed: ${operation} ${errno}`),
    _stop: () => console.log('stop'),
  },
});
await kernel.run();
rmSync(dir, { recursive: true });
