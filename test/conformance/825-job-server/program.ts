import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { FollowTail, Run } from 'poe-kernel/wheels';

const dir = mkdtempSync(join(tmpdir(), 'poe-'));
const logfile = `${dir}/jobs.log`;
let port: number | undefined;
const trace: string[] = [];
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('queue');
      Object.assign(heap, { waiting: [], running: new Map(), max: 2, next: 1, most: 0 });
    },
    submit({ kernel, heap }, client, cmd) {
      const n = heap.next++;
      heap.waiting.push([n, client, cmd]);
      kernel.yield('schedule');
      return n;
    },
    schedule({ kernel, heap }) {
      while (heap.waiting.length > 0 && heap.running.size < heap.max) {
        const [n, client, cmd] = heap.waiting.shift();
        const w = new Run({
          program: ['sh', '-c', cmd],
          stdoutEvent: 'out',
          stderrEvent: 'err',
          closeEvent: 'closed',
          errorEvent: 'ignore',
        });
        heap.running.set(w.id, { n, client, wheel: w });
        heap.most = Math.max(heap.most, heap.running.size);
        kernel.sigChild(w.pid, 'ended', w.id);
        writeLog(`start ${n}`);
      }
    },
    out({ kernel, heap }, l, id) {
      const j = heap.running.get(id);
      kernel.post(j.client, 'answer', `${j.n}: ${l}`);
    },
    err({ kernel, heap }, l, id) {
      const j = heap.running.get(id);
      kernel.post(j.client, 'answer', `${j.n}! ${l}`);
    },
    ignore() {},
    closed({ kernel, heap }, id) {
      heap.running.get(id).closed = 1;
      kernel.yield('finish', id);
    },
    ended({ kernel, heap }, _signal, _pid, status, id) {
      heap.running.get(id).status = status >> 8;
      kernel.yield('finish', id);
    },
    finish({ kernel, heap }, id) {
      const j = heap.running.get(id);
      if (j === undefined || !j.closed || j.status === undefined) return;
      j.wheel.destroy();
      heap.running.delete(id);
      writeLog(`end ${j.n} ${j.status}`);
      kernel.post(j.client, 'answer', `${j.n}. exit ${j.status}`);
      kernel.yield('schedule');
    },
    quit({ kernel, heap }) {
      trace.push(`most at once: ${heap.most}`);
      kernel.aliasRemove('queue');
    },
  },
});
function writeLog(line: string): void {
  appendFileSync(logfile, `${line}\n`);
}
ServerTCP.create({
  alias: 'jobs',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  clientConnected({ heap }) {
    heap.open = 0;
  },
  clientInput({ kernel, heap, session }, l) {
    const run = /^run (.*)/.exec(l);
    if (run) {
      const n = kernel.call('queue', 'submit', session.id, run[1]);
      heap.open++;
      heap.client.put(`${n} accepted`);
    } else heap.client.put(`what is '${l}'?`);
  },
  clientError() {},
  inlineStates: {
    answer({ heap }, text) {
      if (heap.client) heap.client.put(text);
    },
  },
});
writeLog('log begins');
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('watcher');
      heap.count = {};
      heap.tail = new FollowTail({ filename: logfile, inputEvent: 'line', pollInterval: 0.05, seek: 0 });
    },
    line({ heap }, l) {
      const [word] = l.split(' ');
      heap.count[word] = (heap.count[word] ?? 0) + 1;
    },
    quit({ kernel, heap }) {
      kernel.aliasRemove('watcher');
      const counts = Object.keys(heap.count).sort();
      trace.push(`log: ${counts.map((word) => `${word} ${heap.count[word]}`).join(', ')}`);
      heap.tail.destroy();
    },
  },
});
let clients = 2;
for (const name of ['anna', 'bert']) {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    connected({ heap }) {
      heap.done = 0;
      heap.server.put(
        'run echo hello from a job; sleep 0.1',
        'run echo trouble >&2; sleep 0.1; exit 3',
        'run sleep 0.1; seq 3',
        'dance',
      );
    },
    serverInput({ kernel, heap }, l) {
      trace.push(`${name} ${l.replace(/^\d+/, 'N')}`);
      if (/exit/.test(l) && ++heap.done === 3) kernel.yield('shutdown');
    },
    disconnected({ kernel }) {
      if (--clients) return;
      kernel.post('jobs', 'shutdown');
      kernel.post('ender', 'go');
    },
    serverError() {},
  });
}
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('ender');
    },
    go({ kernel }) {
      kernel.delay('now', 0.3);
    },
    now({ kernel }) {
      for (const name of ['queue', 'watcher']) kernel.post(name, 'quit');
      kernel.aliasRemove('ender');
    },
  },
});
await kernel.run();
for (const line of trace.sort()) console.log(line);
rmSync(dir, { recursive: true });
