import { setTimeout as sleep } from 'node:timers/promises';
import { type ChildFunction, childFunction, kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';

const job: Record<string, [code: ChildFunction, ...args: string[]]> = {
  plain: [
    childFunction(import.meta.url, (...args) => {
      console.log(`args: ${args.join(' ')}`);
      console.error('a warning');
    }),
    'x',
    'y',
  ],
  exiter: [
    childFunction(import.meta.url, () => {
      console.log('leaving');
      process.exit(42);
    }),
  ],
  dier: [
    childFunction(import.meta.url, () => {
      console.log('before');
      throw new Error('it broke');
    }),
  ],
  slow: [
    childFunction(import.meta.url, async () => {
      for (let n = 1; n <= 3; n++) {
        console.log(`tick ${n}`);
        await sleep(50);
      }
    }),
  ],
};

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('run', ...Object.keys(job).sort());
    },
    run({ kernel, heap }, name, ...rest) {
      const [code, ...args] = job[name] as [ChildFunction, ...string[]];
      const w = new Run({
        program: code,
        programArgs: args,
        stdoutEvent: 'out',
        stderrEvent: 'err',
        closeEvent: 'closed',
      });
      heap.run = { name, wheel: w, rest, out: [], err: [] };
      kernel.sigChild(w.pid, 'exited');
    },
    out({ heap }, line) {
      heap.run.out.push(line);
    },
    err({ heap }, line) {
      heap.run.err.push(line);
    },
    closed({ kernel, heap }) {
      heap.run.closed = 1;
      kernel.yield('maybe_next');
    },
    exited({ kernel, heap }, _sig, _pid, status) {
      heap.run.status = status;
      kernel.yield('maybe_next');
    },
    maybe_next({ kernel, heap }) {
      const run = heap.run;
      if (!run?.closed || run.status === undefined) return;
      console.log(`${run.name}: out (${run.out.join('|')}) err (${run.err.join('|')}) exit ${run.status >> 8}`);
      run.wheel.destroy();
      delete heap.run;
      if (run.rest.length > 0) kernel.yield('run', ...run.rest);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
