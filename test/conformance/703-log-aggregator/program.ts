import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { FollowTail, Grep, Line, Map as MapFilter, Stackable } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
function logTo(file: string, ...lines: string[]) {
  appendFileSync(join(dir, file), lines.map((line) => `${line}\n`).join(''));
}
logTo('web.log', '10 INFO old entry before start');
logTo('db.log');

function parser() {
  return new Stackable({
    filters: [
      new Line({ literal: '\n' }),
      new Grep({ get: (line: string) => /\S/.test(line), put: () => true }),
      new MapFilter({
        get(line: string) {
          const [, time, level, text] = /^(\d+) (INFO|WARN|ERROR) (.*)/.exec(line) ?? [];
          if (level === undefined) return { level: 'UNPARSED', text: line };
          return { time, level, text };
        },
        put: (record) => record,
      }),
    ],
  });
}

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('aggregator');
      kernel.sig('USR1', 'usr1');
      heap.level = {};
      heap.source = {};
      heap.burst = [];
    },
    record({ kernel, heap }, source, rec) {
      heap.level[rec.level] = (heap.level[rec.level] ?? 0) + 1;
      heap.source[source] = (heap.source[source] ?? 0) + 1;
      if (rec.level === 'ERROR') {
        heap.burst.push(`${source}: ${rec.text}`);
        if (heap.burst.length === 3) {
          console.log(`ALERT three errors: ${heap.burst.sort().join('; ')}`);
          heap.burst = [];
          kernel.delay('burstOver');
        } else {
          kernel.delay('burstOver', 0.6);
        }
      } else if (rec.level === 'UNPARSED') {
        console.log(`cannot parse '${rec.text}' from ${source}`);
      }
    },
    burstOver({ heap }) {
      console.log(`errors calmed down at ${heap.burst.length}`);
      heap.burst = [];
    },
    reset: (_, file) => console.log(`${file} was reset`),
    report({ heap }, title) {
      for (const what of ['level', 'source']) {
        const counts = Object.keys(heap[what]).sort();
        console.log(
          `${title} by ${what}: ${counts.map((name) => `${name}=${heap[what][name]}`).join(' ') || 'nothing'}`,
        );
      }
    },
    usr1({ kernel, session }) {
      kernel.sigHandled();
      kernel.call(session, 'report', 'final');
      for (const file of ['web.log', 'db.log', 'job.log']) kernel.post(`tail ${file}`, 'shutdown');
      kernel.aliasRemove('aggregator');
      kernel.sig('USR1');
    },
    _stop: () => console.log('aggregator stops'),
  },
});

function tail(file: string) {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        kernel.aliasSet(`tail ${file}`);
        heap.wheel = new FollowTail({
          filename: join(dir, file),
          pollInterval: 0.05,
          filter: parser(),
          inputEvent: 'record',
          resetEvent: 'reset',
          errorEvent: 'failed',
        });
      },
      record: ({ kernel }, rec) => kernel.post('aggregator', 'record', file, rec),
      reset: ({ kernel }) => kernel.post('aggregator', 'reset', file),
      failed: (_, operation, errno) => console.log(`${file}: ${operation} ${errno}`),
      shutdown({ kernel, heap }) {
        heap.wheel.destroy();
        kernel.aliasRemove(`tail ${file}`);
      },
    },
  });
}
for (const file of ['web.log', 'db.log', 'job.log']) tail(file);

const script: (() => void)[] = [
  () => logTo('web.log', '100 INFO GET /', '101 INFO GET /a'),
  () => logTo('db.log', '102 WARN slow query', '103 ERROR deadlock'),
  () => kernel.post('aggregator', 'report', 'early'),
  () => appendFileSync(join(dir, 'web.log'), '105 INFO cut in '),
  () => logTo('web.log', 'two', '', 'what is this'),
  () => {},
  () => logTo('job.log', '200 INFO job one', '201 ERROR job two'),
  () => {
    logTo('db.log', '202 ERROR lost connection');
    logTo('web.log', '203 ERROR 500');
  },
  () => {
    renameSync(join(dir, 'web.log'), join(dir, 'web.log.1'));
    logTo('web.log', '300 INFO after rotation');
  },
  () => logTo('job.log', '301 WARN last'),
  () => process.kill(process.pid, 'SIGUSR1'),
];
Session.create({
  inlineStates: {
    _start: ({ kernel }) => kernel.delay('step', 0.4, 0),
    step({ kernel }, n) {
      console.log(`-- ${n + 1}`);
      script[n]?.();
      if (n < script.length - 1) kernel.delay('step', 0.4, n + 1);
    },
  },
});
await kernel.run();
console.log('run returned');
rmSync(dir, { recursive: true });
