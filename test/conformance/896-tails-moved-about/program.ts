import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Block, FollowTail, Line, RecordBlock, Stackable, SysRW } from 'poe-kernel/wheels';

// Tails of one log, moved about: where they begin, filters and events that change on the way, blocks of a small driver, and what tell() says.

const dir = mkdtempSync(join(tmpdir(), 'tails-'));
const log = `${dir}/log`;
const add = (text: string) => appendFileSync(log, text);
const cut = (text = '') => writeFileSync(log, text);
const shown = (x: any): string =>
  Array.isArray(x) ? `[${x.map(shown).join(',')}]` : String(x).replaceAll('\n', '\\n');

const begins: [string, Record<string, number>][] = [
  ['nothing said', {}],
  ['SeekBack 0', { seekBack: 0 }],
  ['SeekBack 1', { seekBack: 1 }],
  ['SeekBack 7', { seekBack: 7 }],
  ['SeekBack 1000', { seekBack: 1000 }],
  ['Seek 0', { seek: 0 }],
  ['Seek 4', { seek: 4 }],
  ['Seek 1000', { seek: 1000 }],
];
function begin() {
  const next = begins.shift();
  if (!next) return filters();
  const [label, params] = next;
  cut('one\ntwo\nthree\npart');
  const got: string[] = [];
  Session.create({
    inlineStates: {
      _start({ heap }) {
        heap.tail = new FollowTail({
          filename: log,
          inputEvent: 'line',
          errorEvent: 'error',
          idleEvent: 'idle',
          resetEvent: 'reset',
          pollInterval: 0.02,
          ...params,
        });
        got.push(`at ${heap.tail.tell()}`);
      },
      line(_, line) {
        got.push(`<${line}>`);
      },
      error(_, operation, errno) {
        got.push(`${operation} ${errno}`);
      },
      reset() {
        got.push('reset');
      },
      idle({ heap }) {
        heap.times = (heap.times ?? 0) + 1;
        if (heap.times === 1) {
          got.push(`at ${heap.tail.tell()}`);
          add('ial\nfour\n');
        } else if (heap.times === 2) {
          got.push(`at ${heap.tail.tell()}`);
          console.log(`${label}: ${got.join(' ')}`);
          heap.tail.destroy();
        }
      },
      _stop: begin,
    },
  });
}

function filters() {
  cut('old\n');
  Session.create({
    inlineStates: {
      _start({ heap }) {
        heap.filter = new Stackable({ filters: [new Line({ literal: '\n' })] });
        heap.tail = new FollowTail({
          filename: log,
          inputEvent: 'line',
          idleEvent: 'idle',
          resetEvent: 'reset',
          pollInterval: 0.02,
          driver: new SysRW({ blockSize: 5 }),
          filter: heap.filter,
        });
      },
      line({ heap }, line) {
        console.log(`line ${line}`);
        if (line === 'blocks') {
          heap.filter.push(new Block({ blockSize: 4 }));
          heap.filter.shift();
          heap.tail.event({ inputEvent: 'block' });
        }
      },
      block({ heap }, block) {
        console.log(`block ${shown(block)}`);
        if (String(block) === 'ijkl') {
          heap.filter.unshift(new Line({ literal: '\n' }));
          heap.filter.pop();
          heap.filter.push(new RecordBlock({ blockSize: 2 }));
          heap.tail.event({ inputEvent: 'pair', idleEvent: 'quiet' });
        }
      },
      pair(_, pair) {
        console.log(`pair ${shown(pair)}`);
      },
      reset() {
        console.log('reset');
      },
      idle({ heap }) {
        heap.times = (heap.times ?? 0) + 1;
        console.log(`at ${heap.tail.tell()}`);
        if (heap.times === 1) add('first line\nsecond\n');
        if (heap.times === 2) add('blocks\n');
        if (heap.times === 3) add('abcdefghijkl');
      },
      quiet({ kernel, heap }) {
        heap.quiet = (heap.quiet ?? 0) + 1;
        console.log(`at ${heap.tail.tell()}`);
        if (heap.quiet === 1) add('p\nq\nr');
        if (heap.quiet === 2) cut('new\n');
        if (heap.quiet === 3) add('u\nv\n');
        if (heap.quiet === 4) {
          heap.tail.event({ idleEvent: undefined, resetEvent: undefined });
          cut();
          kernel.delay('more', 0.1);
        }
      },
      more({ heap }) {
        console.log('more');
        heap.tail.event({ idleEvent: 'last' });
        add('x\ny\n');
      },
      last({ heap }) {
        if (!heap.tail.tell()) return;
        console.log(`at ${heap.tail.tell()}`);
        heap.tail.destroy();
      },
      _stop: two,
    },
  });
}

function two() {
  cut('a\nb\n');
  Session.create({
    inlineStates: {
      _start({ heap }) {
        heap.file = openSync(log, 'r');
        heap.by = {
          name: new FollowTail({ filename: log, seek: 0, inputEvent: 'line', idleEvent: 'idle', pollInterval: 0.02 }),
          handle: new FollowTail({
            handle: heap.file,
            seekBack: 2,
            inputEvent: 'line',
            idleEvent: 'idle',
            pollInterval: 0.02,
          }),
        };
        heap.name = { [heap.by.name.id]: 'name', [heap.by.handle.id]: 'handle' };
        heap.got = { name: [], handle: [] };
        heap.idle = {};
      },
      line({ heap }, line, id) {
        heap.got[heap.name[id]].push(line);
      },
      idle({ heap }, id) {
        heap.idle[heap.name[id]] = true;
        if (Object.keys(heap.idle).length < 2) return;
        heap.idle = {};
        for (const name of ['handle', 'name']) {
          console.log(`${name}: ${heap.got[name].join(' ') || 'nothing'}, at ${heap.by[name].tell()}`);
          heap.got[name] = [];
        }
        heap.times = (heap.times ?? 0) + 1;
        if (heap.times === 1) add('c\n');
        if (heap.times === 2) {
          heap.by.name.event({ inputEvent: 'other' });
          add('d\n');
        }
        if (heap.times === 3) {
          heap.by.name.destroy();
          heap.by.handle.destroy();
          closeSync(heap.file);
        }
      },
      other(_, line) {
        console.log(`other ${line}`);
      },
      _stop() {
        console.log('stopped');
      },
    },
  });
}

for (const [label, bad] of [
  ['InputEvent x', { inputEvent: 'x' }],
  ['Filename log', { filename: log }],
  ['Filename log Handle GLOB InputEvent x', { filename: log, handle: process.stdin, inputEvent: 'x' }],
  ['Filename log InputEvent x Seek 1 SeekBack 1', { filename: log, inputEvent: 'x', seek: 1, seekBack: 1 }],
  ['Filename log Handle GLOB', { filename: log, handle: process.stdin }],
] as [string, any][]) {
  let outcome = 'fine';
  try {
    new FollowTail(bad);
  } catch {
    outcome = 'dies';
  }
  console.log(`new with ${label}: ${outcome}`);
}
begin();
await kernel.run();
rmSync(dir, { recursive: true });
