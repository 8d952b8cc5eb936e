import { kernel, Session } from 'poe-kernel';
import { Block, Grep, Line, Run, Stackable, Stream } from 'poe-kernel/wheels';

// Children of many kinds, one after the other: filters of their three streams, much data through them, signals by name and number, and what the wheel says of itself meanwhile.

type Code = (heap: any, what: string, record?: any) => void;
const steps: [string, Record<string, any>, Code][] = [
  [
    'filters of three kinds',
    {
      program: ['sh', '-c', 'printf "a;b;c" ; printf "e1|e2|" >&2 ; cat >/dev/null; printf ";d;" ; exit 7'],
      stdinFilter: new Block({ blockSize: 2 }),
      stdoutFilter: new Line({ literal: ';' }),
      stderrFilter: new Line({ literal: '|' }),
    },
    (heap, what, record) => {
      if (what === 'out' && record === 'b') {
        heap.wheel.put('xxyy');
        heap.wheel.event({ stdinEvent: 'flushed' });
      }
      if (what === 'flushed') heap.wheel.shutdownStdin();
    },
  ],
  [
    'much through cat',
    { program: 'cat', stdioFilter: new Line({ literal: '\n' }), stdinEvent: 'flushed', quiet: 1 },
    (heap, what, record) => {
      if (what === 'start') {
        heap.wheel.put(
          ...Array.from({ length: 3000 }, (_, n) => `${String(n + 1).padStart(5, '0')} ${'x'.repeat(94)}`),
        );
        console.log(`octets ${heap.wheel.getDriverOutOctets()}, messages ${heap.wheel.getDriverOutMessages()}`);
      }
      if (what === 'out') {
        heap.lines = (heap.lines ?? 0) + 1;
        heap.order ||= !new RegExp(`^0*${heap.lines} `).test(record);
      }
      if (what === 'flushed') {
        console.log(
          `flushed, octets ${heap.wheel.getDriverOutOctets()}, messages ${heap.wheel.getDriverOutMessages()}`,
        );
        heap.wheel.shutdownStdin();
      }
      if (what === 'closed') console.log(`lines ${heap.lines}, ${heap.order ? 'out of order' : 'in order'}`);
    },
  ],
  [
    'killed by name',
    { program: ['sh', '-c', 'trap "echo hup; exit 3" HUP; echo ready; while :; do sleep 0.05; done'] },
    (heap, what, record) => {
      if (what === 'out' && record === 'ready')
        console.log(`kill 0: ${heap.wheel.kill(0)}, HUP: ${heap.wheel.kill('HUP')}`);
    },
  ],
  [
    'killed by number',
    { program: ['sh', '-c', 'echo ready; exec sleep 60'] },
    (heap, what) => {
      if (what === 'out') console.log(`kill 9: ${heap.wheel.kill(9)}`);
    },
  ],
  [
    'killed by default',
    { program: ['sh', '-c', 'echo ready; exec sleep 60'] },
    (heap, what) => {
      if (what === 'out') console.log(`kill: ${heap.wheel.kill()}`);
    },
  ],
  [
    'environment and directory',
    { program: ['sh', '-c', 'cd /; echo "$GREETING in $(pwd) with $#: $1,$2"', 'sh'], programArgs: ['one two', ''] },
    () => {},
  ],
  ['words with quotes', { program: `printf '%s\\n' "a  b" 'c d' e\\ f $((1+2))` }, () => {}],
  ['words for exec', { program: 'echo  plain   words ', programArgs: ['more', 'args'] }, () => {}],
  [
    'octets as they come',
    { program: ['sh', '-c', 'printf "\\000\\377\\n"; printf "no end"'], stdoutFilter: new Stream(), joined: 1 },
    (heap, what, record) => {
      if (what === 'out') heap.all = (heap.all ?? '') + record.toString('latin1');
      if (what === 'closed') console.log([...heap.all].map((c) => c.charCodeAt(0)).join(' '));
    },
  ],
  [
    'an unfinished line',
    { program: ['sh', '-c', 'echo whole; printf part; printf "err part" >&2'] },
    (heap, what) => {
      if (what !== 'closed') return;
      const text = (filter: any) => (filter.getPending() ?? []).map(String).join('|');
      console.log(`pending ${text(heap.wheel.getStdoutFilter())} and ${text(heap.wheel.getStderrFilter())}`);
    },
  ],
  [
    'a filter changed',
    { program: ['sh', '-c', 'read l; echo "$l"; read l; echo "$l $l"'] },
    (heap, what, record) => {
      if (what === 'start') heap.wheel.put('one');
      if (what === 'out' && record === 'one') {
        heap.wheel.setStdinFilter(new Stream());
        heap.wheel.put('two\n');
        const filters = [heap.wheel.getStdinFilter(), heap.wheel.getStdoutFilter(), heap.wheel.getStderrFilter()];
        console.log(`filters ${filters.map((filter) => filter.constructor.name).join(' ')}`);
      }
    },
  ],
  [
    'standard error of lines that matter',
    {
      program: ['sh', '-c', 'for i in 1 2 3 4; do echo "info $i" >&2; done; echo "error 5" >&2'],
      stderrFilter: new Stackable({ filters: [new Line(), new Grep({ code: (line: any) => /error|3/.test(line) })] }),
    },
    () => {},
  ],
  ['nothing at all', { program: ['/no/such/program'] }, () => {}],
  ['a program that is no program', { program: ['/etc/passwd', 'x'] }, () => {}],
];

process.env.GREETING = 'hello';
function runStep() {
  const step = steps.shift();
  if (!step) return;
  const [label, { quiet, joined, ...params }, code] = step;
  const done = (heap: any) => {
    if (!heap.closed || heap.status === undefined) return;
    console.log(`status ${heap.status >> 8}, signal ${heap.status & 127}`);
    heap.wheel.destroy();
    delete heap.wheel;
  };
  console.log(`-- ${label}`);
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        heap.err = [];
        heap.errors = [];
        heap.wheel = new Run({
          stdoutEvent: 'out',
          stderrEvent: 'err',
          errorEvent: 'error',
          closeEvent: 'closed',
          ...params,
        } as any);
        kernel.sigChild(heap.wheel.pid, 'ended', 'tag');
        code(heap, 'start');
      },
      out({ heap }, record) {
        if (!quiet && !joined) console.log(`out ${record}`);
        code(heap, 'out', record);
      },
      err({ heap }, record) {
        heap.err.push(String(record).replace(/(?<= pid )\d+/, 'PID'));
      },
      flushed({ heap }) {
        if (!quiet && !heap.flushed) {
          heap.flushed = 1;
          console.log('flushed');
        }
        code(heap, 'flushed');
      },
      error({ heap }, operation, errno, _text, _id, stream) {
        heap.errors.push(`${stream} ${operation} ${errno}`);
      },
      closed({ heap }) {
        code(heap, 'closed');
        for (const line of heap.err) console.log(`err ${line}`);
        for (const line of heap.errors.sort()) console.log(line);
        heap.closed = 1;
        done(heap);
      },
      ended({ heap }, _signal, _pid, status) {
        heap.status = status;
        done(heap);
      },
      _stop() {
        console.log('stopped');
      },
    },
  });
}
Session.create({
  inlineStates: {
    _start: runStep,
    _child(_, what) {
      if (what === 'lose') runStep();
    },
  },
});
await kernel.run();
