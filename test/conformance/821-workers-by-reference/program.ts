import { childFunction, kernel, Session } from 'poe-kernel';
import { Line, Reference, Run } from 'poe-kernel/wheels';

const worker = childFunction(import.meta.url, async (name: string, factor: number) => {
  const filter = new Reference();
  for await (const buf of process.stdin) {
    for (const job of filter.get([buf]) as any[]) {
      if (job.do === 'die') throw new Error('cannot do that');
      console.error(`${name} does ${job.id}`);
      const result = {
        id: job.id,
        worker: name,
        value: job.do === 'sum' ? job.of.reduce((a: number, b: number) => a + b, 0) * factor : null,
      };
      for (const chunk of filter.put([result])) process.stdout.write(chunk);
    }
  }
  process.exit(7);
});
const jobs = [1, 2, 3, 4, 5].map((id) => ({ id, do: 'sum', of: Array.from({ length: id }, (_, i) => i + 1) }));
const log: string[] = [];
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.w = new Map();
      heap.byPid = new Map();
      for (const name of ['anna', 'bert']) {
        const w = new Run({
          program: worker,
          programArgs: [name, 10],
          closeOnCall: true,
          stdioFilter: new Reference(),
          stderrFilter: new Line(),
          stdoutEvent: 'result',
          stderrEvent: 'remark',
          closeEvent: 'closed',
          errorEvent: 'trouble',
        });
        heap.w.set(w.id, w);
        heap.byPid.set(w.pid, w);
        kernel.sigChild(w.pid, 'ended', name);
        kernel.yield('next_job', w.id);
      }
    },
    next_job({ heap }, id) {
      if (jobs.length > 0) heap.w.get(id).put(jobs.shift());
      else if (!heap.killed) {
        heap.killed = 1;
        heap.w.get(id).put({ do: 'die', id: 0 });
      } else heap.w.get(id).shutdownStdin();
    },
    result({ kernel }, r, id) {
      log.push(`result ${r.id}: ${r.value}`);
      kernel.yield('next_job', id);
    },
    remark(_, l) {
      l = l.replace(/^(anna|bert) /, 'somebody ');
      if (/^(somebody|cannot)/.test(l)) log.push(`remark: ${l}`);
    },
    trouble(_, op, errno, _text, _id, handle) {
      log.push(`trouble: ${op} ${errno} ${handle}`);
    },
    closed({ heap }, id) {
      log.push('closed');
      heap.w.get(id).destroy();
      heap.w.delete(id);
    },
    ended({ heap }, _sig, pid, status) {
      log.push(`ended with ${status >> 8}`);
      heap.byPid.delete(pid);
    },
    _stop({ heap }) {
      console.log(`stop, workers left ${heap.w.size}`);
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
