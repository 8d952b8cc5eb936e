import { appendFileSync, closeSync, mkdtempSync, openSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, oneWay, Session } from 'poe-kernel';
import { FollowTail, Stream, SysRW } from 'poe-kernel/wheels';

const outcome = (make: () => unknown): string => {
  try {
    make();
    return 'made';
  } catch {
    return 'dies';
  }
};

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const append = (name: string, text: string) => appendFileSync(`${dir}/${name}`, text);
append('old', 'a\nb\nc\n');
append('half', 'x\ny');
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.got = {};
      heap.t = {};
      heap.name = {};
      heap.push = (id: number, x: string) => {
        heap.got[heap.name[id]] ??= [];
        heap.got[heap.name[id]].push(x);
      };
      const e = { inputEvent: 'line', errorEvent: 'error', resetEvent: 'reset', pollInterval: 0.1 };
      heap.t.skip = new FollowTail({ filename: `${dir}/old`, ...e });
      heap.t.top = new FollowTail({ filename: `${dir}/old`, seek: 0, ...e });
      heap.t.mid = new FollowTail({ filename: `${dir}/old`, seek: 2, ...e });
      heap.t.beyond = new FollowTail({ filename: `${dir}/old`, seek: 1000, ...e });
      heap.t.back = new FollowTail({ filename: `${dir}/old`, seekBack: 3, ...e });
      heap.t.allback = new FollowTail({ filename: `${dir}/old`, seekBack: 1000, ...e });
      heap.t.half = new FollowTail({ filename: `${dir}/half`, ...e });
      heap.t.blocks = new FollowTail({
        filename: `${dir}/old`,
        seek: 0,
        driver: new SysRW({ blockSize: 4 }),
        filter: new Stream(),
        ...e,
      });
      heap.fh = openSync(`${dir}/old`, 'r');
      heap.t.handle = new FollowTail({ handle: heap.fh, seek: 4, ...e });
      const [r, w] = oneWay();
      heap.pipe = w;
      heap.t.pipe = new FollowTail({ handle: r, inputEvent: 'line', idleEvent: 'idle' });
      for (const k of Object.keys(heap.t)) heap.name[heap.t[k].id] = k;
      w.write('in the pipe\n');
      kernel.delay('grow', 0.5);
    },
    line({ heap }, l, id) {
      heap.push(id, String(l).replace(/\n/g, '|'));
    },
    error({ heap }, op, _errno, _text, id) {
      heap.push(id, `error ${op}`);
    },
    reset({ heap }, id) {
      heap.push(id, 'reset');
    },
    idle({ heap }, id) {
      heap.push(id, 'idle');
    },
    grow({ kernel, heap }) {
      for (const n of ['top', 'skip']) console.log(`position of ${n}: ${heap.t[n].tell()}`);
      append('old', 'd\n');
      append('half', 'z\nw\n');
      heap.pipe.end();
      delete heap.pipe;
      kernel.delay('rename', 0.5);
    },
    rename({ kernel, heap }) {
      heap.t.blocks.destroy();
      delete heap.t.blocks;
      heap.t.top.event({ inputEvent: 'line2' });
      renameSync(`${dir}/old`, `${dir}/older`);
      append('old', 'new 1\nnew 2\n');
      kernel.delay('finish', 0.6);
    },
    line2({ heap }, l, id) {
      heap.push(id, `2:${l}`);
    },
    finish({ heap }) {
      console.log(`position of top: ${heap.t.top.tell()}`);
      for (const w of Object.values<FollowTail>(heap.t)) w.destroy();
      closeSync(heap.fh);
      for (const n of Object.keys(heap.got).sort()) console.log(`${n}: ${heap.got[n].join(' ')}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
Session.create({
  inlineStates: {
    _start() {
      for (const [what, p] of [
        ['neither', { inputEvent: 'x' }],
        ['both', { inputEvent: 'x', filename: 'x', handle: 0 }],
        ['no event', { filename: `${dir}/old` }],
        ['two seeks', { inputEvent: 'x', filename: `${dir}/old`, seek: 0, seekBack: 0 }],
        ['directory', { inputEvent: 'x', filename: dir }],
      ] as [string, any][]) {
        console.log(`${what}: ${outcome(() => new FollowTail(p).destroy())}`);
      }
    },
    _stop() {},
  },
});
await kernel.run();
