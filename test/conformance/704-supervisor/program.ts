import { kernel, Session } from 'poe-kernel';
import { Line, Run } from 'poe-kernel/wheels';

interface Worker {
  wheel?: Run;
  starts: number;
  open: number;
  status?: number;
}
interface Supervisor {
  log: Record<string, string[]>;
  worker: Record<string, Worker>;
  nameOf: Map<number, string>;
  closing: boolean;
}

const spec: Record<string, { program: string[]; limit: number }> = {
  steady: {
    program: ['sh', '-c', 'echo ready; while read line; do echo "got $line"; done; echo drained'],
    limit: 3,
  },
  oneshot: { program: ['sh', '-c', 'echo one job; exit 0'], limit: 3 },
  crasher: { program: ['sh', '-c', 'echo trying; exit 4'], limit: 2 },
  hanger: {
    program: ['sh', '-c', 'trap "" TERM; echo stubborn; exec 0</dev/null; while :; do sleep 0.05; done'],
    limit: 0,
  },
};

const status = (s: number) => (s & 127 ? `signal ${s & 127}` : `exit ${s >> 8}`);

function note(heap: Supervisor, name: string | undefined, text: string): void {
  if (name === undefined) return;
  heap.log[name] ??= [];
  heap.log[name].push(text);
}

const heap: Supervisor = { log: {}, worker: {}, nameOf: new Map(), closing: false };

Session.create({
  heap,
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('supervisor');
    },
    start({ kernel, heap }, name: string) {
      if (heap.closing) return;
      const w = new Run({
        program: spec[name]?.program ?? [],
        stdioFilter: new Line({ literal: '\n' }),
        stdoutEvent: 'output',
        stderrEvent: 'output',
        closeEvent: 'closed',
        errorEvent: 'io_error',
      });
      const starts = (heap.worker[name]?.starts ?? 0) + 1;
      heap.worker[name] = { wheel: w, starts, open: 2 };
      heap.nameOf.set(w.id, name);
      kernel.sigChild(w.pid, 'exited', name);
      note(heap, name, `start ${starts}`);
    },
    output({ heap }, line, id) {
      note(heap, heap.nameOf.get(id), `says ${line}`);
    },
    io_error({ heap }, op, errno, _text, id, handle) {
      if (errno) note(heap, heap.nameOf.get(id), `${op} error on ${handle}`);
    },
    closed({ kernel, heap }, id) {
      kernel.yield('ended', heap.nameOf.get(id));
    },
    exited({ kernel, heap }, _sig, _pid, wait, name) {
      (heap.worker[name] as Worker).status = wait;
      kernel.yield('ended', name);
    },
    ended({ kernel, heap }, name) {
      const worker = heap.worker[name] as Worker;
      if (--worker.open) return;
      const wait = worker.status ?? 0;
      note(heap, name, `ends with ${status(wait)}`);
      heap.nameOf.delete(worker.wheel?.id ?? 0);
      worker.wheel?.destroy();
      delete worker.wheel;
      if (heap.closing) kernel.yield('check_end');
      else if (wait === 0) note(heap, name, 'is done');
      else if (worker.starts > (spec[name]?.limit ?? 0)) note(heap, name, 'is given up');
      else kernel.delayAdd('start', 0.1, name);
    },
    tell({ heap }, name, line) {
      const worker = heap.worker[name];
      if (worker?.wheel) worker.wheel.put(line);
      else note(heap, name, 'cannot be told');
    },
    shutdown({ kernel, heap }) {
      heap.closing = true;
      for (const name of Object.keys(heap.worker).sort()) {
        const wheel = heap.worker[name]?.wheel;
        if (!wheel) continue;
        note(heap, name, 'is asked to end');
        wheel.shutdownStdin();
        if (name === 'hanger') wheel.kill('TERM');
      }
      kernel.delay('force', 0.6);
    },
    force({ heap }) {
      for (const name of Object.keys(heap.worker).sort()) {
        const wheel = heap.worker[name]?.wheel;
        if (!wheel) continue;
        note(heap, name, `is killed, ${wheel.kill('KILL')} signalled`);
      }
    },
    check_end({ kernel, heap }) {
      if (Object.values(heap.worker).some((worker) => worker.wheel)) return;
      kernel.delay('force');
      kernel.aliasRemove('supervisor');
      for (const name of Object.keys(heap.log).sort()) console.log(`${name}: ${heap.log[name]?.join(', ')}`);
    },
    _stop() {
      console.log('supervisor stops');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      for (const name of Object.keys(spec).sort()) kernel.post('supervisor', 'start', name);
      kernel.delay('talk', 0.4);
    },
    talk({ kernel }) {
      for (const name of ['steady', 'oneshot']) kernel.post('supervisor', 'tell', name, 'hello');
      kernel.delay('hurt', 0.3);
    },
    hurt({ kernel }) {
      const supervisor = kernel.aliasResolve('supervisor') as Session<Supervisor>;
      process.kill(supervisor.getHeap().worker.steady?.wheel?.pid as number, 'SIGKILL');
      kernel.delay('again', 0.5);
    },
    again({ kernel }) {
      kernel.post('supervisor', 'tell', 'steady', 'welcome back');
      kernel.delay('end', 0.3);
    },
    end({ kernel }) {
      console.log('shutting down');
      kernel.post('supervisor', 'shutdown');
    },
  },
});
await kernel.run();
console.log('run returned');
