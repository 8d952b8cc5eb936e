import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Line, ReadWrite, SysRW } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
writeFileSync(
  `${dir}/in`,
  [1, 2, 3, 4, 5]
    .map((n) => `line ${n}\n`)
    .join('')
    .concat('no newline'),
);
Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.in = openSync(`${dir}/in`, 'r');
      heap.out = openSync(`${dir}/out`, 'w');
      heap.seen = [];
      heap.copy = new ReadWrite({
        inputHandle: heap.in,
        outputHandle: heap.out,
        driver: new SysRW({ blockSize: 7 }),
        inputFilter: new Line({ literal: '\n' }),
        outputFilter: new Line({ literal: '\n' }),
        inputEvent: 'line',
        errorEvent: 'copied',
        flushedEvent: 'flushed',
      });
    },
    line({ heap }, l) {
      heap.seen.push(l);
      heap.copy.put(l.toUpperCase());
    },
    copied({ kernel, heap }, op, errno) {
      console.log(
        `copied: ${op} ${errno}, ${heap.seen.length} lines, pending ${(heap.copy.getInputFilter().getPending() ?? []).join('')}`,
      );
      heap.ended = 1;
      kernel.yield('check');
    },
    flushed({ kernel }) {
      kernel.yield('check');
    },
    check({ kernel, heap }) {
      if (!(heap.ended && heap.copy && !heap.copy.getDriverOutOctets())) return;
      heap.copy.destroy();
      delete heap.copy;
      closeSync(heap.in);
      closeSync(heap.out);
      console.log(`file: ${readFileSync(`${dir}/out`, 'latin1').trimEnd().split('\n').join('|')}`);
      kernel.yield('fifo');
    },
    fifo({ kernel, heap }) {
      execFileSync('mkfifo', ['-m', '600', `${dir}/fifo`]);
      heap.r = openSync(`${dir}/fifo`, constants.O_RDWR | constants.O_NONBLOCK);
      heap.fifo = new ReadWrite({
        inputHandle: heap.r,
        outputHandle: process.stderr,
        filter: new Line({ literal: '\n' }),
        inputEvent: 'word',
        errorEvent: 'fifo_error',
      });
      heap.words = 0;
      heap.writes = 0;
      kernel.yield('write');
    },
    write({ heap }) {
      const w = openSync(`${dir}/fifo`, 'w');
      writeSync(w, `writer ${++heap.writes}\n`);
      closeSync(w);
    },
    word({ kernel, heap }, w) {
      console.log(`fifo: ${w}`);
      if (++heap.words < 3) kernel.yield('write');
      else {
        heap.fifo.destroy();
        delete heap.fifo;
        kernel.host.handles.portOf(heap.r).close();
        console.log('no end of file between writers');
      }
    },
    fifo_error({ heap }, op, errno) {
      console.log(`fifo error ${op} ${errno}`);
      heap.fifo.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
