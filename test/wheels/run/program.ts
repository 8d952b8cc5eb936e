/** A program that runs functions of its own file, and what happens to one that the child cannot come to. */
import { childFunction, Kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';

const kernel = new Kernel();
const greeting = 'hello';
const own = childFunction(import.meta.url, (name) => console.log(`${greeting} ${name}`));
if (process.argv[2] !== undefined) childFunction(import.meta.url, () => {});

Session.create({
  kernel,
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('run', own);
    },
    run({ kernel, heap }, program) {
      heap.wheel = new Run({
        kernel,
        program,
        programArgs: ['world'],
        stdoutEvent: 'say',
        stderrEvent: 'say',
        closeEvent: 'closed',
      });
      kernel.sigChild(heap.wheel.pid, 'ended');
    },
    say(_, line) {
      console.log(line);
    },
    closed({ heap }) {
      heap.wheel.destroy();
    },
    ended({ kernel, heap }, _signal, _pid, status) {
      console.log(`exit ${status >> 8}`);
      if (heap.again) return;
      heap.again = true;
      kernel.yield('run', childFunction(import.meta.url, 'exportedBelow'));
    },
  },
});
await kernel.run();
console.log('end of the program');

export function exportedBelow(): void {}
