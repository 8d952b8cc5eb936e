import { KernelView } from './kernel-view.ts';
import { toScalar } from './list.ts';
import { SessionNode } from './session-node.ts';

/**
 * The value of a handler as another session gets it, in scalar context: sessions and kernels arrive as their text, which is
 * an address. POE: Kernel, _dispatch_event.
 */
export function handOver(value: unknown): unknown {
  const scalar = toScalar(value);
  return scalar instanceof SessionNode || scalar instanceof KernelView ? String(scalar) : scalar;
}
