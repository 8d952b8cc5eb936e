import { kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.wheel = new Run({
        program: ['sh', '-c', 'read line; echo "got $line"; echo oops >&2; sleep 0.2; echo done; exit 3'],
        stdinEvent: 'stdin_flushed',
        stdoutEvent: 'stdout',
        stderrEvent: 'stderr',
        errorEvent: 'io_error',
        closeEvent: 'closed',
      });
      const w = heap.wheel;
      [heap.out, heap.err, heap.eof] = [[], [], {}];
      kernel.sigChild(w.pid, 'exited', 'extra');
      console.log(`pid is a number: ${/^\d+$/.test(w.pid) ? 'yes' : 'no'}`);
      console.log(`put returned ${w.put('input line')}`);
    },
    stdin_flushed({ heap }, id, ...more) {
      console.log(`stdin flushed, id ${id === heap.wheel.id ? 'mine' : 'other'}, more args ${more.length}`);
    },
    stdout({ heap }, line, id) {
      heap.out.push(line + (id === heap.wheel.id ? '' : ' (wrong id)'));
    },
    stderr({ heap }, line) {
      heap.err.push(line);
    },
    io_error({ heap }, op, errno, text, id, name) {
      heap.eof[name] = `${op} ${errno} '${text}' ${id === heap.wheel.id ? 'mine' : 'other'}`;
    },
    closed({ kernel, heap }, id) {
      const both = Object.keys(heap.eof).length === 2;
      heap.close = `close id ${id === heap.wheel.id ? 'mine' : 'other'}, both ended: ${both ? 'yes' : 'no'}`;
      if (heap.exit) kernel.yield('report');
    },
    exited({ kernel, heap }, sig, pid, status, extra) {
      heap.exit = `${sig} for my pid: ${pid === heap.wheel.pid ? 'yes' : 'no'}, exit ${status >> 8}, ${extra}`;
      if (heap.close) kernel.yield('report');
    },
    report({ heap }) {
      console.log(`stdout: ${heap.out.join(' ')}\nstderr: ${heap.err.join(' ')}`);
      for (const name of Object.keys(heap.eof).sort()) console.log(`${name}: ${heap.eof[name]}`);
      console.log(`${heap.close}\n${heap.exit}`);
      heap.wheel.destroy();
      delete heap.wheel;
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
