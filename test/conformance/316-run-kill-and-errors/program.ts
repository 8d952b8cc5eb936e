import { kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';

const status = (s: number) => (s & 127 ? `signal ${s & 127}` : `exit ${s >> 8}`);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('first');
    },
    start({ kernel, heap }, label, ...program) {
      const w = new Run({ program, stdoutEvent: 'out', stderrEvent: 'err', closeEvent: 'closed' });
      heap.w = w;
      heap.label = label;
      heap.open = 2;
      kernel.sigChild(w.pid, 'exited');
    },
    out({ heap }, line) {
      console.log(`${heap.label}: out ${line}`);
      if (heap.label === 'term') console.log(`kill returned ${heap.w.kill()}`);
      else if (heap.label === 'kill') console.log(`kill returned ${heap.w.kill('KILL')}`);
      else if (heap.label === 'trap' && line === 'ready') console.log(`kill returned ${heap.w.kill('INT')}`);
    },
    err({ heap }, line) {
      console.log(
        `${heap.label}: err says can't exec: ${/can't exec .*No such file/.test(line) ? 'yes' : `no (${line})`}`,
      );
    },
    closed({ kernel }) {
      kernel.yield('part');
    },
    exited({ kernel, heap }, _sig, _pid, wait) {
      heap.status = wait;
      kernel.yield('part');
    },
    part({ kernel, heap }) {
      if (--heap.open) return;
      console.log(`${heap.label}: ${status(heap.status)}`);
      const label: string = heap.label;
      if (label === 'term') console.log(`kill a dead one: ${heap.w.kill('TERM')}`);
      heap.w.destroy();
      delete heap.w;
      const next: Record<string, string> = { term: 'second', kill: 'third', trap: 'fourth', missing: 'fifth' };
      if (next[label] !== undefined) kernel.yield(next[label]);
    },
    first({ kernel, session }) {
      kernel.call(session, 'start', 'term', 'sh', '-c', 'echo up; exec sleep 30');
    },
    second({ kernel, session }) {
      kernel.call(session, 'start', 'kill', 'sh', '-c', 'echo up; exec sleep 30');
    },
    third({ kernel, session }) {
      const script = 'trap "echo caught; exit 9" INT; echo ready; while :; do sleep 0.1; done';
      kernel.call(session, 'start', 'trap', 'sh', '-c', script);
    },
    fourth({ kernel, session, heap }) {
      kernel.call(session, 'start', 'missing', 'no-such-program-here');
      // The original's child inherits its __WARN__ handler, which swallows the text.
      heap.w.event({ stderrEvent: undefined });
    },
    fifth({ kernel, session, heap }) {
      kernel.call(session, 'start', 'stdin', 'cat');
      heap.w.put('through cat');
      kernel.delay('shut', 0.2);
    },
    shut({ heap }) {
      heap.w.shutdownStdin();
      let outcome = 'accepted';
      try {
        heap.w.put('too late');
      } catch (error) {
        outcome = /without an open STDIN/.test((error as Error).message) ? 'died' : `odd ${error}`;
      }
      console.log(`put after shutdown_stdin: ${outcome}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
