import { childFunction, kernel, Session } from 'poe-kernel';
import { Line, Reference, Run } from 'poe-kernel/wheels';

const child = childFunction(import.meta.url, async () => {
  const filter = new Reference();
  let sum = 0;
  for await (const buf of process.stdin) {
    for (const ref of filter.get([buf]) as { name: string; numbers: number[] }[]) {
      for (const number of ref.numbers) sum += number;
      for (const octets of filter.put([{ name: ref.name, count: ref.numbers.length }])) process.stdout.write(octets);
    }
  }
  for (const octets of filter.put([{ name: 'total', count: sum }])) process.stdout.write(octets);
  process.stderr.write('bye;from;child;');
});

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.w = new Run({
        program: child,
        stdioFilter: new Reference(),
        stderrFilter: new Line({ literal: ';' }),
        stdinEvent: 'flushed',
        stdoutEvent: 'out',
        stderrEvent: 'err',
        closeEvent: 'closed',
      });
      const w = heap.w;
      heap.err = [];
      kernel.sigChild(w.pid, 'exited');
      w.put({ name: 'first', numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
      w.put({ name: 'second', numbers: [100, 200] }, { name: 'third', numbers: [] });
    },
    flushed({ heap }) {
      console.log('flushed');
      heap.w.shutdownStdin();
    },
    out(_, r) {
      console.log(`out: ${r.name} ${r.count}`);
    },
    err({ heap }, line) {
      heap.err.push(line);
    },
    closed({ kernel, heap }) {
      console.log(`err: ${heap.err.join(' ')}\nclosed`);
      heap.w.destroy();
      delete heap.w;
      kernel.yield('sorter');
    },
    exited() {},
    sorter({ kernel, heap }) {
      heap.w = new Run({
        program: 'sort -n | tr "\\n" ","',
        stdinFilter: new Line({ outputLiteral: '\n' }),
        stdoutFilter: new Line({ literal: ',' }),
        stdoutEvent: 'sorted',
        closeEvent: 'sort_closed',
      });
      kernel.sigChild(heap.w.pid, 'exited');
      heap.w.put('30', '4', '100', '25');
      kernel.delay('end_input', 0.2);
    },
    end_input({ heap }) {
      heap.w.shutdownStdin();
    },
    sorted(_, number) {
      console.log(`sorted: ${number}`);
    },
    sort_closed({ heap }) {
      console.log('sort closed');
      heap.w.destroy();
      delete heap.w;
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
