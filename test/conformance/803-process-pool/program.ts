import { kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';

const jobs = [1, 2, 3, 4, 5, 6].map((n) => `job${n}`);
const log: string[] = [];
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.wheel = {};
      heap.pid = {};
      heap.done = {};
      for (let i = 0; i < 3; i++) kernel.yield('spawn');
    },
    spawn({ kernel, heap }) {
      const w = new Run({
        program: ['sh', '-c', 'while read x; do echo "did $x"; done; echo bye >&2; exit 3'],
        stdoutEvent: 'out',
        stderrEvent: 'err',
        closeEvent: 'closed',
        stdinEvent: 'flushed',
        errorEvent: 'error',
      });
      kernel.sigChild(w.pid, 'reaped', w.id);
      heap.wheel[w.id] = w;
      heap.pid[w.pid] = w.id;
      log.push(`put ${w.put(jobs.shift())}`);
    },
    flushed({ heap }, id) {
      log.push(`flushed ${heap.wheel[id] ? 'known' : 'unknown'}`);
    },
    out({ heap }, line, id) {
      log.push(`out ${line}`);
      if (jobs.length) heap.wheel[id].put(jobs.shift());
      else {
        heap.wheel[id].shutdownStdin();
        log.push('shut');
      }
    },
    err(_, line) {
      log.push(`err ${line}`);
    },
    error(_, op, errno, text, _id, handle) {
      log.push(`error ${op} ${errno} '${text}' ${handle}`);
    },
    closed({ heap }, ...args) {
      log.push(`closed args ${args.length}`);
      const id = args[0];
      heap.done[id] ??= 0;
      if (!heap.done[id]++) return;
      heap.wheel[id].destroy();
      delete heap.wheel[id];
    },
    reaped({ heap }, sig, pid, status, id) {
      log.push(`${sig} ${status >> 8} ${heap.pid[pid] === id ? 'right' : 'wrong'}`);
      heap.done[id] ??= 0;
      if (!heap.done[id]++) return;
      heap.wheel[id].destroy();
      delete heap.wheel[id];
    },
    _stop({ heap }) {
      log.push(`stop with ${Object.keys(heap.wheel).length}`);
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
