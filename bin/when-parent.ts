import { type Supervisor, supervisorOf } from '../components/index.ts';
import type { Kernel } from '../core/index.ts';

/**
 * Calls back once it turns out that this process is the parent of a program that runs in several processes: a plugin may have said so
 * already, or the program does as it starts.
 */
export function whenParent(kernel: Kernel, callback: (supervisor: Supervisor) => void): void {
  let isKnown = false;
  const look = (): void => {
    const supervisor = isKnown ? undefined : supervisorOf(kernel);
    if (supervisor === undefined) return;
    isKnown = true;
    callback(supervisor);
  };
  look();
  // The supervisor's own session is among those that start; it is known as such a moment later.
  kernel.hooks.sessionStarted.tap('poe run', () => {
    if (!isKnown) setImmediate(look);
  });
}
