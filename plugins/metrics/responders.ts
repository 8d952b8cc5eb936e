import { Responder } from '../../components/index.ts';
import type { KernelView } from '../../core/index.ts';

/**
 * Calls back with the responder of a kernel, as soon as there is one. Does not make one: a program without IKC stays without.
 *
 * @returns What ends the waiting.
 */
export function whenResponder(kernel: KernelView, name: string, found: (responder: Responder) => void): () => void {
  let isWaiting = true;
  const look = (): void => {
    const responder = isWaiting ? Responder.of(kernel) : undefined;
    if (responder === undefined) return;
    isWaiting = false;
    found(responder);
  };
  look();
  if (isWaiting) kernel.hooks.sessionStarted.tap(name, look);
  return () => {
    isWaiting = false;
  };
}
