import { spawn } from 'node:child_process';
import { kernel, Session } from 'poe-kernel';

const status = (s: number) => (s & 127 ? `signal ${s & 127}` : `exit ${s >> 8}`);

const which = new Map<number, string>();
function job(name: string, command: string): number {
  const { pid } = spawn('sh', ['-c', command], { stdio: 'inherit' });
  if (pid === undefined) throw new Error('no child process');
  which.set(pid, name);
  return pid;
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.sig('CHLD', 'blanket', 'extra');
      kernel.delay('guard', 20);
      const pid = job('first', 'sleep 0.1; exit 7');
      kernel.sigChild(pid, 'reaped', 'arg1', 'arg2');
    },
    reaped(_, signal, pid, wait, ...args) {
      console.log(`reaped: ${signal} ${which.get(pid)} ${status(wait)} (${args.join(' ')})`);
    },
    blanket({ kernel, heap }, signal, pid, wait, ...args) {
      console.log(`blanket: ${signal} ${which.get(pid)} ${status(wait)} (${args.join(' ')})`);
      heap.n = (heap.n ?? 0) + 1;
      if (heap.n === 1) {
        const pid = job('second', 'exec sleep 5');
        kernel.sigChild(pid, 'reaped', 'killed one');
        process.kill(pid, 'SIGTERM');
      } else if (heap.n === 2) {
        const pid = job('third', 'sleep 0.1; exit 0');
        kernel.sigChild(pid, 'reaped', 'replaced');
        kernel.sigChild(pid, 'reaped_other', 'kept');
      } else {
        kernel.sig('CHLD');
        kernel.delay('guard');
      }
    },
    guard() {
      console.log('guard: a child was never reaped');
    },
    reaped_other(_, _signal, pid, wait, arg) {
      console.log(`reaped_other: ${which.get(pid)} ${status(wait)} (${arg})`);
    },
    _stop() {
      console.log('stop');
    },
  },
});

await kernel.run();
