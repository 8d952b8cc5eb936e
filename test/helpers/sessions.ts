import { type HandlerContext, kernel, Session } from 'poe-kernel';

type Loose = any;
type States = Record<string, (context: HandlerContext<Loose>, ...args: Loose[]) => unknown>;

/**
 * Runs one session with these states on the exported kernel until it has stopped, and gives back its log: what the states
 * put there with `heap.log.push`. `run` hangs for ever where a session lives too long, which the test's time limit turns
 * into a failure.
 */
export async function runSession(states: States): Promise<Loose[]> {
  const heap: Loose = { log: [] };
  Session.create({ heap, inlineStates: states });
  await kernel.run();
  return heap.log;
}

/** Waits until `reached()` is true; a few milliseconds between looks. */
export async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The warnings of poe-kernel that come while `code` runs. */
export async function warningsOf(code: () => void): Promise<string[]> {
  const found: string[] = [];
  const listen = (warning: Error): void => void found.push(warning.message);
  process.on('warning', listen);
  code();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  return found;
}
