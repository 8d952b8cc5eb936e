import { constants } from 'node:os';
import { type Kernel, Peek, warn } from '../core/index.ts';

type Ending = 'SIGHUP' | 'SIGINT' | 'SIGTERM';
/** A program that is just starting may still run its kernel. */
const PATIENCE_MS = 2000;

/** The signals that end a program as ever unless somebody watches them, and that somebody does by now. */
export function watchedEndings(): Ending[] {
  return (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).filter((signal) => process.listenerCount(signal) > 0);
}

/**
 * Ends the program by a signal that its plugins watch and nobody else, if their kernel does not run: it would come to them when the program
 * runs that kernel, which one with a kernel of its own never does.
 *
 * @param signals - Those that the plugins watch.
 */
export function endWithUnrunKernel(kernel: Kernel, signals: readonly Ending[]): void {
  const peek = new Peek(kernel);
  for (const signal of signals) {
    const own = (): void => {
      if (peek.isKernelRunning() || process.listeners(signal).some((each) => !known.has(each))) return;
      setTimeout(() => {
        if (peek.isKernelRunning()) return;
        warn('POE_WARN_KERNEL_NOT_RUN', `Ended by ${signal}: nobody runs the kernel that the plugins watch over`);
        // A warning is written a moment later.
        setImmediate(() => process.exit(128 + constants.signals[signal]));
      }, PATIENCE_MS);
    };
    const known = new Set<unknown>([...process.listeners(signal), own]);
    process.on(signal, own);
  }
}
