import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { childFunction, kernel, Session } from 'poe-kernel';
import { type Conduit, Run } from 'poe-kernel/wheels';

const terminal = () => (process.stdin.isTTY && process.stdout.isTTY ? 'terminal' : 'no terminal');

const child = childFunction(import.meta.url, async () => {
  console.log(`child has ${terminal()}`);
  const [line] = await once(createInterface({ input: process.stdin }), 'line');
  console.error(`err ${line}`);
  console.log(`out ${line}`);
});

let warned = '';
kernel.hooks.warn.tap('program', (_code, message) => {
  warned += message;
  return false;
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('run', 'pipe');
    },
    run({ kernel, heap }, conduit) {
      warned = '';
      heap.w = new Run({
        program: child,
        conduit,
        stdoutEvent: 'out',
        stderrEvent: 'err',
        errorEvent: 'failed',
        closeEvent: 'closed',
      });
      console.log(`${conduit}: ${/ignoring stderrEvent/.test(warned) ? 'StderrEvent refused' : 'no warning'}`);
      heap.conduit = conduit;
      heap.done ??= 0;
      kernel.sigChild(heap.w.pid, 'exited');
      heap.w.put(`hello ${conduit}`);
    },
    out({ heap }, line) {
      heap.got ??= {};
      heap.got.out ??= [];
      heap.got.out.push(line);
    },
    err({ heap }, line) {
      heap.got ??= {};
      heap.got.err ??= [];
      heap.got.err.push(line);
    },
    failed({ heap }, op, errno, _text, _id, name) {
      heap.got ??= {};
      heap.got.errors ??= [];
      heap.got.errors.push(`${op} of ${name}: ${errno === 0 || errno === constants.errno.EIO ? 'EIO or end' : errno}`);
    },
    closed({ kernel, heap }) {
      if (++heap.done === 2) kernel.yield('both');
    },
    exited({ kernel, heap }) {
      if (++heap.done === 2) kernel.yield('both');
    },
    both({ kernel, heap }) {
      const got: Record<string, string[]> = heap.got;
      delete heap.got;
      for (const name of Object.keys(got).sort()) console.log(`  ${name}: ${got[name]?.sort().join(', ')}`);
      heap.w.destroy();
      delete heap.w;
      heap.done = 0;
      const next: Record<string, Conduit> = { pipe: 'pty', pty: 'pty-pipe' };
      if (next[heap.conduit] !== undefined) kernel.yield('run', next[heap.conduit]);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
let outcome = 'accepted';
try {
  new Run({ program: 'true', conduit: 'telepathy' as Conduit });
} catch {
  outcome = 'died';
}
console.log(`unknown conduit: ${outcome}`);
