import { getPriority } from 'node:os';
import { kernel, Session } from 'poe-kernel';
import { Line, Run, type RunOptions } from 'poe-kernel/wheels';

type Step = (wheel: Run) => unknown;
interface Steps {
  start?: Step;
  flushed?: Step;
  closed?: Step;
  resume?: Step;
  options?: Partial<RunOptions>;
}
type Case = [name: string, conduit: 'pipe' | 'socketpair' | 'inet', program: string, on: Steps];
const cases: Case[] = [];
for (const conduit of ['pipe', 'socketpair', 'inet'] as const) {
  cases.push(
    [
      `${conduit}, paused until after the end`,
      conduit,
      'echo one; echo two >&2; printf rest; exit 3',
      {
        start: (w) => console.log(`${w.pauseStdout()} ${w.pauseStderr()}`),
        resume: (w) => console.log(`${w.resumeStdout()} ${w.resumeStderr()}`),
      },
    ],
    [
      `${conduit}, input that a process took over`,
      conduit,
      'exec 5<&0; (cat; echo end) <&5 & exit 4',
      { resume: (w) => w.put('late'), flushed: (w) => w.shutdownStdin() },
    ],
    [
      `${conduit}, filters changed on the way`,
      conduit,
      'cat',
      {
        start(w) {
          w.put('a', 'b');
          w.setStdinFilter(new Line({ literal: '!' }));
          w.put('c');
          console.log(`${w.getDriverOutOctets()} octets in ${w.getDriverOutMessages()}`);
        },
        flushed(w) {
          w.shutdownStdin();
          try {
            w.put('x');
            console.log('put');
          } catch {
            console.log('no input any more');
          }
        },
      },
    ],
    [
      `${conduit}, standard output closed early`,
      conduit,
      'echo a; exec >&- 2>&-; read x; exit $x',
      { closed: (w) => w.put(6) },
    ],
  );
}
cases.push(['niceness', 'pipe', 'nice', { options: { priority: 2 } }]);
function runCase([name, conduit, program, on]: Case): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap: h }) {
        console.log(`== ${name}`);
        h.out = [];
        h.err = [];
        h.ends = [];
        h.w = new Run({
          conduit,
          program,
          stdoutEvent: 'out',
          stderrEvent: 'err',
          stdinEvent: 'flushed',
          closeEvent: 'closed',
          errorEvent: 'error',
          ...on.options,
        });
        kernel.sigChild(h.w.pid, 'child');
        h.left = 2;
        on.start?.(h.w);
      },
      out({ heap }, l) {
        heap.out.push(l);
      },
      err({ heap }, l) {
        heap.err.push(l);
      },
      flushed({ heap }) {
        on.flushed?.(heap.w);
      },
      error({ heap }, op, errno, _text, _id, stream) {
        heap.ends.push(`${op} ${errno} ${stream}`);
      },
      closed({ kernel, heap }) {
        on.closed?.(heap.w);
        kernel.yield('part');
      },
      child({ kernel, heap }, _signal, _pid, status) {
        heap.status = status >> 8;
        kernel.delay('resume', 0.1);
        kernel.yield('part');
      },
      resume({ heap }) {
        if (heap.w) on.resume?.(heap.w);
      },
      part({ kernel, heap: h }) {
        if (--h.left) return;
        const rest = [h.w.getStdoutFilter(), h.w.getStderrFilter()].flatMap((filter) => filter.getPending() ?? []);
        h.w.destroy();
        delete h.w;
        kernel.delay('resume');
        if (name === 'niceness') h.out[0] -= getPriority();
        console.log(`out: ${h.out.join(' ')}\nerr: ${h.err.join(' ')}\nrest: ${rest.join(' ')}`);
        console.log(`ends: ${h.ends.sort().join(', ')}\nexit ${h.status}`);
        const next = cases.shift();
        if (next) runCase(next);
      },
    },
  });
}
runCase(cases.shift() as Case);
await kernel.run();
