import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Block, FollowTail } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const path = join(dir, 'file');
appendFileSync(path, 'alpha\nbeta\ngamma\ndelta\n');
const handle = openSync(path, 'r');

const cases: [label: string, params: object][] = [
  ['default', {}],
  ['Seek 0', { seek: 0 }],
  ['Seek 6', { seek: 6 }],
  ['Seek 999', { seek: 999 }],
  ['SeekBack 0', { seekBack: 0 }],
  ['SeekBack 8', { seekBack: 8 }],
  ['SeekBack 999', { seekBack: 999 }],
  ['Handle', { seek: 11, handle }],
  ['Block filter', { seek: 0, filter: new Block({ blockSize: 5 }) }],
];

Session.create({
  heap: { wheel: new Map<number, FollowTail>(), label: new Map<number, string>(), got: new Map<number, string[]>() },
  inlineStates: {
    _start({ kernel, heap }) {
      for (const [label, params] of cases) {
        const source = 'handle' in params ? {} : { filename: path };
        const w = new FollowTail({ ...source, ...params, inputEvent: 'line', pollInterval: 0.1 });
        heap.wheel.set(w.id, w);
        heap.label.set(w.id, label);
        heap.got.set(w.id, []);
      }
      kernel.delay('append', 0.3);
    },
    append({ kernel, heap }) {
      for (const got of heap.got.values()) got.push('+');
      appendFileSync(path, 'omega\n');
      kernel.delay('report', 0.5);
    },
    line({ heap }, line, id) {
      heap.got.get(id)?.push(String(line).replaceAll('\n', '|'));
    },
    report({ heap }) {
      for (const [id, wheel] of heap.wheel) {
        console.log(`${heap.label.get(id)}: ${heap.got.get(id)?.join(' ')}; tell ${wheel.tell()}`);
        wheel.destroy();
      }
    },
  },
});
await kernel.run();

for (const [label, params] of [
  ['both', { filename: path, seek: 1, seekBack: 1, inputEvent: 'x' }],
  ['neither', { inputEvent: 'x' }],
  ['two sources', { filename: path, handle, inputEvent: 'x' }],
  ['no event', { filename: path }],
] as const) {
  try {
    new FollowTail(params);
    console.log(`${label}: accepted`);
  } catch {
    console.log(`${label}: died`);
  }
}
closeSync(handle);
rmSync(dir, { recursive: true });
