import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Grep, Line, Run, type RunOptions, Stackable } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
interface Case extends RunOptions {
  put?: string[];
  kill?: string | number;
}
const cases: [name: string, options: Case][] = [
  ['nostdin', { program: 'cat; echo "end $?"', noStdin: true }],
  ['redirect', { program: 'cat; echo to-stderr >&2', redirectStdin: `${dir}/in`, redirectStdout: `${dir}/out` }],
  ['missing', { program: ['/nonexistent/program', 'x'] }],
  ['onlyerr', { program: ['sh', '-c', 'echo a >&2; echo b >&2; kill -TERM $$'] }],
  ['late', { program: ['sh', '-c', '(sleep 0.3; echo late) & echo early; exit 5'] }],
  ['perlish', { program: 'printf "x\\ny\\n\\nz"; exit 2' }],
  ['args', { program: 'printf', programArgs: ['%s-%s\\n', 'a b', '$HOME'] }],
  [
    'stack',
    {
      program: 'seq 1 6',
      stdoutFilter: new Stackable({
        filters: [new Line(), new Grep({ get: (n: string) => Number(n) % 2, put: () => 1 })],
      }),
    },
  ],
  ['stdinput', { program: 'sort -r', put: ['b', 'c', 'a'] }],
  ['group', { program: ['sh', '-c', 'trap "echo got; exit 4" INT; while :; do sleep 0.05; done'], kill: 'INT' }],
  ['hard', { program: ['sh', '-c', 'sleep 5; true'], kill: -9 }],
  ['nosuch', { program: 'cat', kill: 'KILL' }],
];
writeFileSync(`${dir}/in`, 'redirected\n');
function runCase([name, { put, kill, ...options }]: [name: string, options: Case]): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap: h }) {
        h.log = [];
        h.errs = [];
        h.left = 2;
        h.w = new Run({
          ...options,
          ...(options.redirectStdout ? {} : { stdoutEvent: 'out' }),
          stderrEvent: 'err',
          closeEvent: 'closed',
          errorEvent: 'error',
          ...(put ? { stdinEvent: 'flushed' } : {}),
        });
        kernel.sigChild(h.w.pid, 'child');
        if (put) h.w.put(...put);
        if (kill) kernel.delay('kill', 0.3);
      },
      flushed({ heap }) {
        heap.w.shutdownStdin();
      },
      kill({ heap }) {
        heap.log.push(`kill ${heap.w.kill(kill)}`);
      },
      out({ heap }, l) {
        heap.log.push(`out [${l}]`);
      },
      err({ heap }, l) {
        heap.errs.push(`err [${l}]`.replace(/pid \d+/, 'pid N'));
      },
      error({ heap }, op, e, _t, _id, handle) {
        if (e) heap.log.push(`error ${op} ${e} ${handle}`);
      },
      closed({ kernel, heap }) {
        heap.log.push('closed');
        kernel.yield('part');
      },
      child({ kernel, heap }, _s, _p, status) {
        heap.status = status;
        kernel.yield('part');
      },
      part({ heap: h }) {
        if (--h.left) return;
        h.w.destroy();
        delete h.w;
        const s = h.status;
        console.log(`${name}: ${[...h.errs, ...h.log, `exit ${s >> 8} signal ${s & 127}`].join(', ')}`);
        const next = cases.shift();
        if (next) runCase(next);
      },
    },
  });
}
runCase(cases.shift() as [string, Case]);
await kernel.run();
process.stdout.write(`out file: ${readFileSync(`${dir}/out`)}`);
rmSync(dir, { recursive: true });
