/** Functions that tests run in child processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { childFunction, Kernel, kernel, Session } from 'poe-kernel';

/** An export, found by its name. */
export function named(...args: unknown[]): void {
  console.log(JSON.stringify(args));
}

export const notAFunction = 17;

export const tellArguments = childFunction(import.meta.url, (...args) => {
  console.log(args.map((arg) => (arg instanceof Map ? `map of ${arg.size}` : JSON.stringify(arg))).join(' '));
});

export const returns = childFunction(import.meta.url, () => 'nobody sees this');

export const throwsText = childFunction(import.meta.url, () => {
  throw 'it broke\n';
});

export const rejects = childFunction(import.meta.url, async () => {
  await sleep(10);
  throw new Error('later');
});

export const makesAMistake = childFunction(import.meta.url, () => {
  (undefined as unknown as { name: string }).name.toString();
});

export const failsInATimer = childFunction(import.meta.url, async () => {
  setTimeout(() => {
    throw new Error('in a timer');
  }, 10);
  await sleep(60_000);
});

export const setsExitCode = childFunction(import.meta.url, () => {
  process.exitCode = 7;
  // Returning ends the child, whatever still waits.
  setTimeout(() => {}, 60_000);
});

export const talksMuch = childFunction(import.meta.url, () => {
  for (let n = 0; n < 200; n++) process.stdout.write(`${'x'.repeat(9_999)}\n`);
});

export const runsAKernel = childFunction(import.meta.url, async () => {
  for (const own of [kernel, new Kernel()]) {
    Session.create({
      kernel: own,
      inlineStates: {
        _start: ({ kernel }) => void kernel.delay('tick', 0.01),
        tick: () => console.log('tick'),
      },
    });
    await own.run();
  }
});
