import type { Handle, KernelView } from '../../core/index.ts';
import { closeUnheld, own } from '../../wheels/index.ts';

/** What the program says to a connection before it is served: the handle to go on with, or nothing to refuse it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing refuses
export type Answer = Handle | null | undefined | false | void;

/**
 * Lets the program look at a socket before a wheel gets it. What it refuses is closed, unless a wheel of its own has taken
 * it; what it gives in place of the socket, a TLS socket for instance, is closed with the wheel as the socket would be.
 *
 * @param ask - Asks the program, which may answer with a promise. Without it the socket is taken as it is.
 * @param take - Goes on with the handle; with undefined if it was refused.
 * @returns What `take` returns, or the promise of it.
 */
export function handOver(
  kernel: KernelView,
  socket: Handle,
  ask: (() => Answer | Promise<Answer>) | undefined,
  take: (handle: Handle | undefined) => unknown,
): unknown {
  const decide = (answer: Answer): unknown => {
    const handle = typeof answer === 'object' && answer !== null ? answer : undefined;
    if (handle === undefined) closeUnheld(socket, kernel);
    else own(handle);
    return take(handle);
  };
  const fail = (error: unknown): never => {
    closeUnheld(socket, kernel);
    throw error;
  };
  if (ask === undefined) return decide(socket);
  let answer: ReturnType<typeof ask>;
  try {
    answer = ask();
  } catch (error) {
    return fail(error);
  }
  return answer instanceof Promise ? answer.then(decide, fail) : decide(answer);
}

/** What is still to be waited for, of two handlers that have run. */
export function both(first: unknown, second: unknown): unknown {
  return first instanceof Promise || second instanceof Promise ? Promise.all([first, second]) : undefined;
}
