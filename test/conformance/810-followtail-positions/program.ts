import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HandlerContext, kernel, Session } from 'poe-kernel';
import { Block, FollowTail } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const append = (name: string, text: string) => appendFileSync(`${dir}/${name}`, text);
append('a', 'one\ntwo\nthree\n');
append('b', 'abcdefghij');
const tells = (h: Record<string, FollowTail>) =>
  console.log(['back', 'seek', 'neg', 'big', 'end'].map((n) => `${n}=${h[n]?.tell()}`).join(' '));
Session.create({
  inlineStates: {
    _start({ kernel, heap: h }) {
      h.log = [];
      h.back = new FollowTail({
        filename: `${dir}/a`,
        seekBack: 6,
        inputEvent: 'back',
        pollInterval: 0.1,
        idleEvent: 'idle',
        resetEvent: 'reset',
      });
      h.seek = new FollowTail({ filename: `${dir}/a`, seek: 4, inputEvent: 'seek', pollInterval: 0.1 });
      h.neg = new FollowTail({
        filename: `${dir}/b`,
        seek: -4,
        inputEvent: 'neg',
        pollInterval: 0.1,
        filter: new Block({ blockSize: 2 }),
      });
      h.big = new FollowTail({ filename: `${dir}/a`, seekBack: 1000, inputEvent: 'big', pollInterval: 0.1 });
      h.end = new FollowTail({ filename: `${dir}/a`, inputEvent: 'end', pollInterval: 0.1 });
      h.late = new FollowTail({
        filename: `${dir}/late`,
        inputEvent: 'late',
        pollInterval: 0.1,
        resetEvent: 'late_reset',
        errorEvent: 'late_error',
      });
      tells(h);
      kernel.delay('one', 0.35);
    },
    ...Object.fromEntries(
      ['back', 'seek', 'neg', 'big', 'end', 'late', 'other'].map((n) => [
        n,
        ({ heap }: HandlerContext, x: unknown) => {
          heap.log.push(`${n} [${x}]`);
        },
      ]),
    ),
    idle({ heap }) {
      heap.idle = 1;
    },
    reset({ heap }) {
      heap.log.push('reset');
    },
    late_reset({ heap }) {
      heap.log.push('late_reset');
    },
    late_error({ heap }, op, e) {
      heap.log.push(`late_error ${op} ${e}`);
    },
    one({ kernel, session, heap: h }) {
      kernel.call(session, 'show', 'one');
      console.log(`idle ${h.idle ? 'yes' : 'no'}`);
      tells(h);
      append('a', 'four\nfi');
      append('b', 'k');
      append('late', 'early\nbird\n');
      h.end.event({ inputEvent: 'other' });
      h.back.event({ idleEvent: undefined });
      kernel.delay('two', 0.5);
    },
    two({ kernel, session, heap: h }) {
      kernel.call(session, 'show', 'two');
      tells(h);
      for (const n of ['seek', 'neg', 'big']) {
        h[n].destroy();
        delete h[n];
      }
      append('a', 've\n');
      append('late', 'no newline');
      kernel.delay('three', 0.4);
    },
    three({ kernel, session, heap }) {
      kernel.call(session, 'show', 'three');
      for (const n of ['back', 'end', 'late']) {
        heap[n].destroy();
        delete heap[n];
      }
    },
    show({ heap }, what) {
      for (const l of heap.log.sort()) console.log(`${what}: ${l}`);
      heap.log = [];
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
rmSync(dir, { recursive: true });
